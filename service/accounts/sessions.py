"""Sessions: a random key in a signed cookie; the database knows only its hash, and when it ends."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from itsdangerous import BadSignature, Signer
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from service.accounts.accounts import Member, Role
from service.storage.database import Database
from service.storage.tables import accounts as tables

IDLE = timedelta(hours=2)
"""A session ends after this long without a request,"""

LONGEST = timedelta(hours=12)
"""and after this long whatever happens: a working day."""

COOKIE = "__Host-plaincite"
"""The prefix makes browsers refuse it without Secure, from a subdomain, or for a part of the site alone."""

SEEN_EVERY = timedelta(minutes=1)
"""How often a session's last use is written down: not on every request."""


class Session(NamedTuple):
    """A session that has not ended.

    Attributes:
        member: whose it is.
        hash: the SHA-256 of its key.
        created: when it began.
        seen: when it was last used.
    """

    member: Member
    hash: str
    created: datetime
    seen: datetime


def begin_session(
    connection: Connection, member: Member, secret: bytes, now: datetime, *, instead_of: str = ""
) -> str:
    """Begins a session; its cookie's value. Sessions that have ended are cleared away.

    Args:
        connection: the transaction.
        member: whose it is.
        secret: what the cookie is signed with.
        now: the time.
        instead_of: the cookie that the browser had until now, whose session ends with this.
    """
    end_session(connection, instead_of, secret)
    connection.execute(delete(tables.sessions).where(~_is_open(now)))
    key = secrets.token_urlsafe(32)
    values = {"key": _hash(key), "account_id": member.id, "created": now, "seen": now}
    connection.execute(insert(tables.sessions).values(values))
    return _signer(secret).sign(key).decode()


def find_session(connection: Connection, cookie: str, secret: bytes, now: datetime) -> Session | None:
    """The session of a cookie; None where there is none, or not any more."""
    key = session_key(cookie, secret)
    if key is None:
        return None
    wanted = (tables.sessions.c.key == _hash(key)) & _is_open(now) & ~tables.accounts.c.disabled
    found = connection.execute(
        select(
            tables.accounts.c.id,
            tables.accounts.c.name,
            tables.accounts.c.role,
            tables.sessions.c.key,
            tables.sessions.c.created,
            tables.sessions.c.seen,
        )
        .join(tables.sessions, tables.sessions.c.account_id == tables.accounts.c.id)
        .where(wanted)
    ).one_or_none()
    if found is None:
        return None
    member = Member(found.id, found.name, Role(found.role))
    return Session(member, found.key, found.created, found.seen)


def note_use(database: Database, session: Session, now: datetime) -> None:
    """Notes that a session was used, so that it does not end yet; at most once in SEEN_EVERY."""
    if now - session.seen > SEEN_EVERY:
        with database.begin() as connection:
            used = update(tables.sessions).where(tables.sessions.c.key == session.hash)
            connection.execute(used.values(seen=now))


def list_sessions(connection: Connection, member: Member, now: datetime) -> list[Session]:
    """The sessions of a member that have not ended, the last used one first."""
    own = (tables.sessions.c.account_id == member.id) & _is_open(now)
    found = connection.execute(select(tables.sessions).where(own).order_by(tables.sessions.c.seen.desc()))
    return [Session(member, row.key, row.created, row.seen) for row in found]


def end_session(connection: Connection, cookie: str, secret: bytes) -> None:
    """Ends the session of a cookie."""
    key = session_key(cookie, secret)
    if key:
        connection.execute(delete(tables.sessions).where(tables.sessions.c.key == _hash(key)))


def end_sessions(connection: Connection, account_id: int, *, but: str | None = None) -> None:
    """Ends all sessions of an account, `but` the one with this hash."""
    wanted = tables.sessions.c.account_id == account_id
    if but:
        wanted &= tables.sessions.c.key != but
    connection.execute(delete(tables.sessions).where(wanted))


def session_key(cookie: str, secret: bytes) -> str | None:
    """The key in a cookie; None where it was not signed by us."""
    try:
        return _signer(secret).unsign(cookie).decode()
    except (BadSignature, UnicodeDecodeError):
        return None


def signing_secret(connection: Connection) -> bytes:
    """The key that cookies are signed with, made the first time."""
    stored = select(tables.secrets.c.value).where(tables.secrets.c.name == "signing")
    found = connection.execute(stored).scalar_one_or_none()
    if found is None:
        found = secrets.token_bytes(32)
        connection.execute(insert(tables.secrets).values(name="signing", value=found))
    return bytes(found)


def _is_open(now: datetime) -> ColumnElement[bool]:
    return (tables.sessions.c.created >= now - LONGEST) & (tables.sessions.c.seen >= now - IDLE)


def _signer(secret: bytes) -> Signer:
    return Signer(secret, salt="plaincite.session", digest_method=hashlib.sha256)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
