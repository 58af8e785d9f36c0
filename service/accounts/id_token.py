"""ID token: what a provider signs about somebody, checked (OpenID Connect Core 1.0, 3.1.3.7)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that only the provider can make: never `none`, never one by a secret that others share."""

LEEWAY = 60
"""Seconds by which the provider's clock may be off."""

LONGEST_SUBJECT = 255
"""Characters, by the standard."""


class Expected(NamedTuple):
    """What a token has to say.

    Attributes:
        issuer: whose it is.
        client_id: whom it is for: us.
        nonce: which login it is for.
        algorithms: how the provider says that it signs.
        now: the time.
    """

    issuer: str
    client_id: str
    nonce: str
    algorithms: Sequence[str]
    now: datetime


def check_id_token(response: Mapping[str, Any], keys: Any, expected: Expected) -> dict[str, Any]:
    """The claims of the ID token in a provider's response.

    Args:
        response: what the provider gave for the code.
        keys: the provider's key set, as it publishes it.
        expected: what the token has to say.

    Raises:
        JoseError: the signature or a claim is wrong.
        ValueError: there is no token, no key set, or no signature that can be trusted.
    """
    algorithms = [name for name in expected.algorithms if name in ALGORITHMS]
    if not algorithms:  # an empty list would mean the library's own choice, which has HS256 in it
        raise ValueError("no signature that can be trusted")
    token = response.get("id_token")
    if not isinstance(token, str) or not isinstance(keys, dict) or not isinstance(keys.get("keys"), list):
        raise ValueError("no token, or no keys")
    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
    decoded = jwt.decode(token, KeySet.import_key_set({"keys": keys["keys"]}), registry=registry)
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        {
            "iss": {"essential": True, "value": expected.issuer},
            "sub": {"essential": True},
            # Without this, a token for another service would do that names us as the one who asked (`azp`).
            "aud": {"essential": True, "value": expected.client_id},
        },
        {
            "client_id": expected.client_id,
            "nonce": expected.nonce,
            "access_token": response.get("access_token"),
        },
    )
    claims.validate(now=int(expected.now.timestamp()), leeway=LEEWAY)
    if len(claims["sub"]) > LONGEST_SUBJECT:
        raise ValueError("no subject")
    return dict(claims)
