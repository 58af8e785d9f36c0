"""Purging: what was kept goes on time, and its bytes with it as far as the database can be made to."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, true

from service.storage.audit import SYSTEM, record
from service.storage.tables.kept import kept_questions

if TYPE_CHECKING:
    from service.storage.database import Database

HELD = timedelta(hours=23)
"""How long a question is held whose answer seems good, in case somebody says that it did not help. Purges
come by the hour, so that none is held for more than the day that patients are told of."""

MOST_KEPT = 20_000
"""Questions kept at most, whatever the days say; of a flood the oldest go before it fills a disk."""

PATIENCE = 1000
"""Milliseconds to wait for somebody who reads the old pages of an SQLite file; the next purge tries again."""

logger = logging.getLogger("plaincite.purging")


class Purged(NamedTuple):
    """What a purge did.

    Attributes:
        questions: how many went.
        is_clean: whether their bytes went as well; False where a reader kept the old pages alive just then.
    """

    questions: int
    is_clean: bool


def purge(database: "Database", now: datetime, days: int) -> Purged:
    """Deletes what has been kept long enough, and sees to it that it cannot be read from the files.

    Args:
        database: where it is kept.
        now: the time.
        days: for how many days questions are kept; 0 keeps none, so that all go.

    In SQLite deleted rows are overwritten (`secure_delete`), and the write-ahead log, which may still hold
    them, is emptied into the database and cut to nothing. PostgreSQL writes the table anew (`VACUUM FULL`);
    what its own log holds goes when that is recycled. Backups are the operator's to replace.
    """
    with database.begin() as connection:
        gone = _delete(connection, now, days)
        if gone:
            record(connection, SYSTEM, "queue.purge", at=now, questions=gone)
    is_clean = _sweep_sqlite(database) if _is_sqlite(database) else _sweep_postgresql(database)
    if gone or not is_clean:
        logger.info("purged", extra={"questions": gone, "clean": is_clean})
    return Purged(gone, is_clean)


def _delete(connection: Connection, now: datetime, days: int) -> int:
    kept = kept_questions.c
    gone = connection.execute(delete(kept_questions).where(past_their_day(now, days))).rowcount
    count = connection.execute(select(func.count()).select_from(kept_questions)).scalar_one()
    if count > MOST_KEPT:
        first = select(kept.id).order_by(kept.at, kept.id).limit(count - MOST_KEPT)
        gone += connection.execute(delete(kept_questions).where(kept.id.in_(first))).rowcount
    return gone


def past_their_day(now: datetime, days: int) -> ColumnElement[bool]:
    """Which of the kept questions have been kept long enough."""
    kept = kept_questions.c
    if not days:
        return true()
    return or_(kept.held & (kept.at <= now - HELD), kept.at <= now - timedelta(days=days))


def _is_sqlite(database: "Database") -> bool:
    return database.engine.dialect.name == "sqlite"


def _sweep_sqlite(database: "Database") -> bool:
    """Empties the write-ahead log; False where somebody who reads keeps it open."""
    # Outside of SQLAlchemy's transaction, within which no checkpoint can be made.
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        # Whoever writes waits as long as this waits for those who read.
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy


def _sweep_postgresql(database: "Database") -> bool:
    """Writes the table anew, also where nothing went just now: what helped somebody went before."""
    alone = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with alone.connect() as connection:
        connection.exec_driver_sql(f"VACUUM FULL {kept_questions.name}")
    return True
