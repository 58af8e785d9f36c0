"""Entries of the audit log, for reading: the newest first, a page at a time, narrowed down."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from service.storage.tables.audit import audit


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry.

    Attributes:
        number: from 1.
        at: when, ISO 8601 in UTC.
        actor: the account that did it.
        action: what was done, as `summary.publish`.
        subject: what it was done to; may be empty.
        details: what else there is to know.
        hash: what later entries are chained to.
    """

    number: int
    at: str
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; what is empty or None does not narrow.

    Attributes:
        actor: by whom.
        action: what was done.
        day: on which day, in UTC.
    """

    actor: str = ""
    action: str = ""
    day: date | None = None


def read_entries(
    connection: Connection, wanted: Wanted, *, before: int | None = None, most: int = 50
) -> Sequence[Entry]:
    """Entries, the newest first.

    Args:
        connection: the transaction.
        wanted: which.
        before: only those with a smaller number, for the next page.
        most: how many at most.
    """
    rows = select(audit).order_by(audit.c.number.desc()).limit(most)
    if wanted.actor:
        rows = rows.where(audit.c.actor == wanted.actor)
    if wanted.action:
        rows = rows.where(audit.c.action == wanted.action)
    if wanted.day:
        # Moments are text here, part of what is hashed; as such they are in order.
        rows = rows.where(audit.c.at.startswith(wanted.day.isoformat(), autoescape=True))
    if before is not None:
        rows = rows.where(audit.c.number < before)
    return [
        Entry(row.number, row.at, row.actor, row.action, row.subject, _details(row.details), row.hash)
        for row in connection.execute(rows)
    ]


def read_actors(connection: Connection) -> list[str]:
    """Everybody who is named in an entry as who did it."""
    return list(connection.execute(select(audit.c.actor).distinct().order_by(audit.c.actor)).scalars())


def read_actions(connection: Connection) -> list[str]:
    """All that was ever done."""
    return list(connection.execute(select(audit.c.action).distinct().order_by(audit.c.action)).scalars())


def _details(stored: str) -> dict[str, Any]:
    """The details; as they stand there where somebody spoilt them, since the log must show that too."""
    try:
        found = json.loads(stored)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"unreadable": stored}
