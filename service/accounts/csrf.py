"""CSRF tokens: a form of ours carries one that only this session's pages were given."""

import hashlib
import hmac
import secrets

FIELD = "csrf"
HEADER = "x-csrf-token"


def make_token(secret: bytes, session: str) -> str:
    """A token for a form; each is another one, so that compressed pages give none of it away (BREACH).

    Args:
        secret: the signing key.
        session: the key of the session that the form belongs to; of the login form, its own cookie's value.
    """
    nonce = secrets.token_urlsafe(12)
    return f"{nonce}.{_signature(secret, session, nonce)}"


def is_token(token: str, secret: bytes, session: str) -> bool:
    """Whether a token was made for this session."""
    nonce, _, signature = token.partition(".")
    expected = _signature(secret, session, nonce)
    return hmac.compare_digest(signature.encode(), expected.encode())


def _signature(secret: bytes, session: str, nonce: str) -> str:
    return hmac.new(secret, f"csrf {session} {nonce}".encode(), hashlib.sha256).hexdigest()
