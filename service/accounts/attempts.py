"""Attempt: somebody gives a name and a password; after several wrong ones in a row they have to wait.

An attempt is counted before its password is looked at, in a transaction of its own: so many at once are no
way around the pause, and nobody waits for the database while a password is checked. Whatever is wrong, the
answer is the same and takes as long: it tells nobody which names exist, or which of them have to wait.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from service.accounts.accounts import Member, Role
from service.accounts.passwords import hash_password, is_outdated, is_right
from service.storage.audit import SYSTEM, record
from service.storage.database import Database
from service.storage.tables.accounts import accounts

FREE_FAILURES = 5
"""Wrong passwords in a row up to the first pause."""

FIRST_PAUSE = timedelta(seconds=15)
"""It doubles with each further wrong password,"""

LONGEST_PAUSE = timedelta(minutes=15)
"""up to this: about a hundred guesses a day, and nobody is kept out for good by somebody else's."""


FAILURE_TAKES = 0.5
"""Seconds: more than checking a password and noting the failure, so that what was noted does not show."""


def log_in(database: Database, name: str, password: str, now: datetime) -> Member | None:
    """Who has this name and password; None for a wrong one, and while a pause after wrong ones lasts.

    Raises:
        BusyError: too many passwords are to be checked at once.
    """
    started = time.monotonic()
    member = _enter(database, name, password, now)
    if member is None:
        time.sleep(max(0.0, started + FAILURE_TAKES - time.monotonic()))
    return member


def prove(database: Database, name: str, password: str, now: datetime) -> Row[Any] | None:
    """The account of this name, where the password is its own; else the failure stays counted.

    Raises:
        BusyError: too many passwords are to be checked at once.
    """
    with database.begin() as connection:
        found = _count(connection, name.strip().lower(), now)
    right = is_right(found.password if found else None, password)
    if found is None:
        return None
    with database.begin() as connection:
        if right:
            none = {"failures": 0, "locked_until": None}
            connection.execute(update(accounts).where(accounts.c.id == found.id).values(none))
        elif pause := pause_after(found.failures + 1):
            seconds = int(pause.total_seconds())
            record(connection, SYSTEM, "account.pause", found.name, at=now, seconds=seconds)
    return found if right else None


def pause_after(failures: int) -> timedelta | None:
    """How long to wait after so many wrong passwords in a row; None where there is no need."""
    if failures < FREE_FAILURES:
        return None
    return min(FIRST_PAUSE * (1 << min(failures - FREE_FAILURES, 10)), LONGEST_PAUSE)


def _enter(database: Database, name: str, password: str, now: datetime) -> Member | None:
    found = prove(database, name, password, now)
    if found is None:
        return None
    outdated = is_outdated(found.password)
    changed: dict[str, object] = {"password": hash_password(password)} if outdated else {}
    with database.begin() as connection:
        # It may have been disabled, or got another password, while this one was checked.
        is_same = (accounts.c.password == found.password) & ~accounts.c.disabled
        entered = update(accounts).where((accounts.c.id == found.id) & is_same)
        if not connection.execute(entered.values(last_login=now, **changed)).rowcount:
            return None
        record(connection, found.name, "account.login", found.name, at=now)
    return Member(found.id, found.name, Role(found.role))


def _count(connection: Connection, name: str, now: datetime) -> Row[Any] | None:
    """Counts an attempt as a failure until it is known to be none; None where none is open to this name."""
    wanted = select(accounts).where(accounts.c.name == name).with_for_update()
    found = connection.execute(wanted).one_or_none()
    if found is None or found.disabled or found.password is None:
        return None
    if found.locked_until and found.locked_until > now:
        return None
    pause = pause_after(found.failures + 1)
    counted = {"failures": found.failures + 1, "locked_until": now + pause if pause else None}
    connection.execute(update(accounts).where(accounts.c.id == found.id).values(counted))
    return found
