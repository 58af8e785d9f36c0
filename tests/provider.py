"""An OpenID Connect provider that says whatever a test wants: for what an honest one would never say."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

CLIENT_ID = "plaincite"
CLIENT_SECRET = "a secret of two"  # noqa: S105  # of the tests alone
KEY = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig"})

Change = Callable[[dict[str, Any]], object]
Sign = Callable[[dict[str, Any]], str]


def signing(key: RSAKey, **header: Any) -> Sign:
    """Signs as a provider does."""
    return lambda claims: jwt.encode(header, claims, key)


def signing_with_secret(secret: bytes) -> Sign:
    """Signs with a text that others know as well, which no library lets one do by mistake."""

    def sign(claims: dict[str, Any]) -> str:
        signed = f"{_encoded({'alg': 'HS256', 'kid': 'one'})}.{_encoded(claims)}"
        return f"{signed}.{_base64(hmac.digest(secret, signed.encode(), 'sha256'))}"

    return sign


def signing_with_nothing(claims: dict[str, Any]) -> str:
    """Leaves the signature out, and says so."""
    return f"{_encoded({'alg': 'none'})}.{_encoded(claims)}."


def _encoded(part: dict[str, Any]) -> str:
    return _base64(json.dumps(part).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class HostileProvider:
    """Follows the protocol but for what a test changes, and checks that we do (PKCE, secret, addresses).

    Attributes:
        issuer: where it is.
        asked: the paths that were asked for, in order.
        discovery, claims, token, jwks, user_info: change what it says just before it says it.
        sign: signs an ID token.
        failing: paths that answer 500.
    """

    def __init__(self) -> None:
        self.issuer = ""
        self.asked: list[str] = []
        self.discovery: Change = lambda _: None
        self.claims: Change = lambda _: None
        self.token: Change = lambda _: None
        self.jwks: Change = lambda _: None
        self.user_info: Change = lambda _: None
        self.sign: Sign = signing(KEY, alg="RS256", kid="one")
        self.failing: set[str] = set()
        self.now: Callable[[], float] = time.time
        self._codes: dict[str, dict[str, str]] = {}

    def app(self) -> ASGIApp:
        answers = {
            "/.well-known/openid-configuration": self._discovery,
            "/authorize": self._authorize,
            "/token": self._token,
            "/jwks": self._jwks,
            "/userinfo": self._user_info,
        }
        routes = [
            Route(path, self._asked(path, answer), methods=["GET", "POST"])
            for path, answer in answers.items()
        ]
        return Starlette(routes=routes)

    def _asked(self, path: str, answer: Callable[..., Any]) -> Callable[..., Any]:
        async def wrapped(request: Request) -> Response:
            self.asked.append(path)
            if path in self.failing:
                return JSONResponse({}, 500)
            return await answer(request)  # type: ignore[no-any-return]

        return wrapped

    async def _discovery(self, _: Request) -> Response:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        self.discovery(said)
        return JSONResponse(said)

    async def _authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(query["scope"].split())
        code = f"code-{len(self._codes)}"
        self._codes[code] = query
        return RedirectResponse(
            f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
        )

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self._codes.pop(str(form.get("code")), None)
        if asked is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        digest = sha256(str(form["code_verifier"]).encode()).digest()
        assert _base64(digest) == asked["code_challenge"]
        assert form["redirect_uri"] == asked["redirect_uri"]
        assert request.headers["authorization"].startswith("Basic ")
        now = int(self.now())
        claims = {
            "iss": self.issuer,
            "sub": "person-1",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "email": "eva@clinic.example",
            "email_verified": True,
        }
        self.claims(claims)
        said = {
            "access_token": "an access token",
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.sign(claims),
        }
        self.token(said)
        return JSONResponse(said)

    async def _jwks(self, _: Request) -> Response:
        said: dict[str, Any] = dict(KeySet([KEY]).as_dict(private=False))
        self.jwks(said)
        return JSONResponse(said)

    async def _user_info(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer an access token"
        said: dict[str, Any] = {"sub": "person-1"}
        self.user_info(said)
        return JSONResponse(said)
