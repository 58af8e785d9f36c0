"""OpenID Connect: who somebody is, in the word of the organisation's own provider, checked before it counts.

Authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9207). The provider
is asked for its addresses and keys at each login, and at no other time.
"""

import hmac
import logging
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc.errors import JoseError
from pydantic import BaseModel, ValidationError

from service.accounts.id_token import Expected, check_id_token

SCOPE = "openid email"

PATIENCE = 5.0
"""Seconds that one request to the provider may take."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

AWAY = "{name} does not answer right now. Try again in a few minutes, or ask whoever looks after it."
DENIED = "{name} did not let you in, or you went back. You can try again."
STALE = "That way to log in was begun somewhere else, or too long ago. Please begin again."
DISTRUSTED = "What {name} said could not be trusted, so you were not let in. Ask whoever runs this service."

CODE = re.compile(r"[a-z_]{1,40}")

logger = logging.getLogger("plaincite.oidc")


class SignOnError(Exception):
    """Somebody cannot be let in; the text is a sentence for them.

    Attributes:
        status: what HTTP calls it.
    """

    def __init__(self, text: str, status: Literal[403, 502] = 403) -> None:
        super().__init__(text)
        self.status = status


class Provider(NamedTuple):
    """The organisation's provider, as the settings name it.

    Attributes:
        issuer: its address, exactly as it signs it.
        client_id: what it calls this service.
        client_secret: how this service shows to be it; empty where PKCE alone does.
        name: what people call it.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str


class Departure(NamedTuple):
    """What has to fit when somebody comes back; kept by their browser alone, in a signed cookie."""

    state: str
    nonce: str
    verifier: str


class Identity(NamedTuple):
    """Who came back.

    Attributes:
        issuer: whose word it is.
        subject: what the issuer calls the person, for good.
        email: their address in small letters, where the issuer has verified it; else empty.
    """

    issuer: str
    subject: str
    email: str


class Discovery(BaseModel):
    """What is used of a provider's description of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


def depart(provider: Provider, redirect_uri: str) -> tuple[str, Departure]:
    """Where to send somebody, and what to keep until they come back.

    Raises:
        SignOnError: the provider cannot be reached or makes no sense.
    """
    departure = Departure(*(secrets.token_urlsafe(32) for _ in Departure._fields))
    with _plainly(provider), _client(provider, redirect_uri) as client:
        url, _ = client.create_authorization_url(
            _discover(client, provider).authorization_endpoint,
            state=departure.state,
            nonce=departure.nonce,
            code_verifier=departure.verifier,
        )
    return str(url), departure


def arrive(
    provider: Provider, redirect_uri: str, departure: Departure, query: Mapping[str, str], now: datetime
) -> Identity:
    """Who came back, after all that was said of them has been checked.

    Args:
        provider: where they come from.
        redirect_uri: where they came back to; the same as at their departure.
        departure: what was kept when they left.
        query: what their browser brought along.
        now: the time.

    Raises:
        SignOnError: they were not let in, or something of it cannot be trusted.
    """
    if not hmac.compare_digest(query.get("state", "").encode(), departure.state.encode()):
        raise SignOnError(STALE)
    with _plainly(provider), _client(provider, redirect_uri) as client:
        discovery = _discover(client, provider)
        _check_answer(provider, discovery, query)
        client.token_endpoint_auth_method = _authentication(provider, discovery)
        token = client.fetch_token(
            discovery.token_endpoint,
            grant_type="authorization_code",
            code=query["code"],
            code_verifier=departure.verifier,
        )
        keys = _json(client, discovery.jwks_uri)
        algorithms = discovery.id_token_signing_alg_values_supported
        expected = Expected(provider.issuer, provider.client_id, departure.nonce, algorithms, now)
        claims = check_id_token(token, keys, expected)
        email = _verified_email(claims) or _verified_email(_user_info(client, discovery, claims["sub"]))
    return Identity(provider.issuer, claims["sub"], email)


def is_safe(url: str) -> bool:
    """Whether nobody on the way can read or change what is sent there: https, or this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _client(provider: Provider, redirect_uri: str) -> OAuth2Client:
    return OAuth2Client(
        provider.client_id,
        provider.client_secret or None,
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        timeout=PATIENCE,
    )


@contextmanager
def _plainly(provider: Provider) -> Iterator[None]:
    """Whatever goes wrong becomes a sentence; the log gets its kind, never what was sent."""
    try:
        yield
    except SignOnError as error:
        raise SignOnError(str(error).format(name=provider.name), error.status) from error
    except httpx2.HTTPError as error:
        logger.warning("provider away", extra={"kind": type(error).__name__})
        raise SignOnError(AWAY.format(name=provider.name), 502) from error
    except (AuthlibBaseError, JoseError, ValidationError, ValueError, httpx2.InvalidURL) as error:
        logger.warning("provider distrusted", extra={"kind": type(error).__name__, "reason": _code_of(error)})
        raise SignOnError(DISTRUSTED.format(name=provider.name)) from error


def _code_of(error: Exception) -> str:
    """The short code of an error, such as `invalid_client`, which tells whoever set this up what is wrong."""
    code = getattr(error, "error", "") or ""
    return code if CODE.fullmatch(str(code)) else ""


def _discover(client: OAuth2Client, provider: Provider) -> Discovery:
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    discovery = Discovery.model_validate(_json(client, address))
    # Whoever could put another issuer's description there could send people elsewhere (Discovery, 4.3).
    if discovery.issuer != provider.issuer:
        raise ValueError("another issuer")
    endpoints = (discovery.authorization_endpoint, discovery.token_endpoint, discovery.jwks_uri)
    if not all(
        is_safe(endpoint) for endpoint in (*endpoints, discovery.userinfo_endpoint or provider.issuer)
    ):
        raise ValueError("an endpoint without https")
    return discovery


def _json(client: OAuth2Client, address: str) -> Any:
    response = client.request("GET", address, withhold_token=True)
    response.raise_for_status()
    return response.json()


def _check_answer(provider: Provider, discovery: Discovery, query: Mapping[str, str]) -> None:
    says_issuer = "iss" in query or discovery.authorization_response_iss_parameter_supported
    if says_issuer and query.get("iss") != provider.issuer:
        raise ValueError("an answer of another issuer")
    if "error" in query or not query.get("code"):
        raise SignOnError(DENIED)


def _authentication(provider: Provider, discovery: Discovery) -> str:
    if not provider.client_secret:
        return "none"
    supported = discovery.token_endpoint_auth_methods_supported
    is_posted = "client_secret_post" in supported and "client_secret_basic" not in supported
    return "client_secret_post" if is_posted else "client_secret_basic"


def _user_info(client: OAuth2Client, discovery: Discovery, subject: str) -> Mapping[str, Any]:
    """What the provider tells of a person when asked again; many keep the e-mail address for this."""
    if not discovery.userinfo_endpoint:
        return {}
    response = client.get(discovery.userinfo_endpoint)
    response.raise_for_status()
    said = response.json()
    # Core 1.0, 5.3.2: it may be somebody else's.
    return said if isinstance(said, dict) and said.get("sub") == subject else {}


def _verified_email(claims: Mapping[str, Any]) -> str:
    email, verified = claims.get("email"), claims.get("email_verified")
    # Some providers write their booleans as text.
    is_verified = verified is True or verified == "true"
    return email.strip().lower() if is_verified and isinstance(email, str) else ""
