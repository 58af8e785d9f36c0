"""Audit log: who did what when; each entry holds the hash of the one before, so that a change shows."""

import hashlib
import json
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select, text

from service.storage.tables.audit import audit

START = "0" * 64
"""What the first entry is chained to."""

SYSTEM = "plaincite"
"""Who does what nobody asked for just then: purges, start-up repairs."""


def record(
    connection: Connection,
    actor: str,
    action: str,
    subject: str = "",
    *,
    at: datetime | None = None,
    **details: str | int | float | bool | None,
) -> None:
    """Adds an entry, in the transaction of what it tells of.

    Args:
        connection: the transaction.
        actor: the account's name, or SYSTEM.
        action: what was done, as `summary.publish`.
        subject: what it was done to: a study's id, an account's name.
        at: when; now where it is not given.
        details: what else there is to know; never a patient's words.
    """
    _wait_for_turn(connection)
    number, previous = connection.execute(
        select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)
    ).one_or_none() or (0, START)
    entry: dict[str, str | int] = {
        "number": number + 1,
        "at": (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
        "actor": actor,
        "action": action,
        "subject": subject,
        "details": json.dumps(details, sort_keys=True, ensure_ascii=False),
        "previous": previous,
    }
    connection.execute(insert(audit).values(**entry, hash=entry_hash(entry)))


def entry_hash(entry: "dict[str, str | int]") -> str:
    """The SHA-256 of an entry's fields but its own hash, as a JSON list in the order of the table."""
    names = ("number", "at", "actor", "action", "subject", "details", "previous")
    fields = json.dumps([entry[name] for name in names], ensure_ascii=False)
    return hashlib.sha256(fields.encode()).hexdigest()


def _wait_for_turn(connection: Connection) -> None:
    """Two entries at once would be chained to the same one; SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": 0x706C6169})


def count_entries(connection: Connection) -> int:
    """How many entries there are."""
    return connection.execute(select(func.count()).select_from(audit)).scalar_one()
