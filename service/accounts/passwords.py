"""Passwords: kept as argon2id hashes, of which a few are checked at a time."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.accounts.strength import MOST

AT_ONCE = 2
"""Passwords that are checked at a time: each takes 64 MiB, and whoever floods the login waits in line."""

PATIENCE = 10.0
"""Seconds to wait in that line."""

hasher = PasswordHasher()
"""Argon2id with the parameters of RFC 9106 for little memory, as the library has them."""

NOBODY = hasher.hash("nobody has this password")
"""Checked where there is no account, so that a wrong name takes as long as a wrong password."""

_turns = BoundedSemaphore(AT_ONCE)


class BusyError(Exception):
    """Too many passwords are to be checked at once."""


def hash_password(password: str) -> str:
    """The password as it is kept."""
    return hasher.hash(_normal(password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether a password is the one that is kept; takes as long where there is none.

    Raises:
        BusyError: too many others are being checked.
    """
    with _turn():
        try:
            hasher.verify(kept or NOBODY, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return hasher.check_needs_rehash(kept)


def _normal(password: str) -> bytes:
    """One spelling of a text that keyboards write in several (NIST SP 800-63B, 3.1.1.2); too much is cut."""
    return unicodedata.normalize("NFKC", password[: MOST + 1]).encode(errors="replace")[: 4 * MOST]


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        yield
    finally:
        _turns.release()
