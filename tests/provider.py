"""Two OpenID Connect providers: a real one, and one that says what an honest one would never say."""

import base64
import hmac
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import httpx
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
        shown: how we showed who we are.
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
        self.shown = ""
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
        if "authorization" in request.headers:
            self.shown = request.headers["authorization"]
        else:
            self.shown = f"{form['client_id']}:{form.get('client_secret', '')}"
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


@contextmanager
def real_provider_for(*people: dict[str, Any]) -> Iterator[str]:
    """A provider that others wrote, as a server of its own on another host than ours; its issuer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    claims = [argument for person in people for argument in ("--user-claims", json.dumps(person))]
    options = ["--port", str(port), "--require-nonce", "true", *claims]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", *options]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(process, f"http://127.0.0.1:{port}/jwks")
            yield f"http://localhost:{port}"
        finally:
            process.terminate()


def _wait_for(process: "subprocess.Popen[bytes]", address: str) -> None:
    while process.poll() is None:
        try:
            httpx.get(address, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
