"""Database: where the desks keep what they must, in an SQLite file or in PostgreSQL."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parent / "migrations"

PATIENCE = 10
"""Seconds that a command waits for another one that writes to the same SQLite file, or for PostgreSQL to
take a connection."""

DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""What a plain address means: there is one driver for each."""


MIGRATING = 0x706C6D69
"""The number of the lock that PostgreSQL gives to whoever makes or changes tables."""

_upgrading = threading.Lock()
"""Alembic keeps the connection that it works on in a module: one at a time in a process."""


class DatabaseError(Exception):
    """The database cannot be used; the text is one line and says what to do."""


class Database:
    """The database behind the desks. Safe to use from several threads.

    Attributes:
        engine: SQLAlchemy's, for what needs more than a transaction (backup, migrations).
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, address: str) -> Self:
        """Opens a database and brings its tables up to date; an SQLite file is made where there is none.

        Args:
            address: `sqlite:///var/plaincite.db` or `postgresql://user:password@host/name`.

        Raises:
            DatabaseError: the address cannot be used, nothing answers there, or a newer plaincite wrote it.
        """
        url = _url(address)
        database = cls(_engine(url))
        try:
            if url.get_backend_name() == "sqlite":
                _make_file(url)
            database.migrate()
        except DatabaseError:
            database.close()
            raise
        except (SQLAlchemyError, OSError) as error:
            database.close()
            raise _told(url, error) from error
        return database

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, or, where it ends in an error, nothing."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads, as of one moment; it keeps no writer waiting."""
        with self.engine.connect().execution_options(reading=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection

    def migrate(self) -> None:
        """Brings the tables up to date.

        Raises:
            DatabaseError: they are those of a newer plaincite.
        """
        with self.engine.begin() as connection:
            _wait_for_others(connection)
            found = MigrationContext.configure(connection).get_current_revision()
            if found is not None and found not in known_revisions():
                raise DatabaseError(
                    f"{_shown(self.engine.url)}: it was written by a newer plaincite (its tables are at "
                    f"{found}); update plaincite, or restore a backup that this one made"
                )
            upgrade(connection)

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()


def known_revisions() -> list[str]:
    """The states of the tables that this plaincite knows, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_migrations()).walk_revisions()]


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Brings the tables to a later state, in the transaction."""
    config = _migrations()
    config.attributes["connection"] = connection
    with _upgrading:
        command.upgrade(config, revision)


def _wait_for_others(connection: Connection) -> None:
    """Two that make the same tables at once would fail; SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _url(address: str) -> URL:
    try:
        url = make_url(address)
        driver = DRIVERS.get(url.drivername, url.drivername)
        if driver not in DRIVERS.values():
            raise ArgumentError("unknown")
        return url.set(drivername=driver)
    except (ArgumentError, ValueError) as error:
        # The address may hold a password, so it is not repeated.
        raise DatabaseError(
            "PLAINCITE_DATABASE is no address of a database; write sqlite:///var/plaincite.db or "
            "postgresql://user:password@host/name"
        ) from error


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        # Connections that the server has closed meanwhile are noticed before they are used.
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": PATIENCE})
    # A connection a transaction: an idle one would keep the write-ahead log from being cut back.
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ARG001  # SQLAlchemy's shape
    # The driver would begin a transaction only at the first change, so that what was read before it could
    # have changed meanwhile; SQLAlchemy's documentation on pysqlite gives this way out.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: two writers wait for each other at the start instead of failing in the middle.
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _make_file(url: URL) -> None:
    """Makes the file readable by nobody else before anything is in it."""
    if not url.database or url.database == ":memory:":
        raise DatabaseError("PLAINCITE_DATABASE names no file; write sqlite:///var/plaincite.db")
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)


def _told(url: URL, error: SQLAlchemyError | OSError) -> DatabaseError:
    """What went wrong with a database, on one line."""
    if isinstance(error, SQLAlchemyError):
        kind = "" if isinstance(error, OperationalError) else f"{type(error).__name__}: "
        return DatabaseError(f"{_shown(url)}: {kind}{_reason(error)}")
    return DatabaseError(f"{_shown(url)}: {error.strerror or error}")


def _shown(url: URL) -> str:
    """The address without its password."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def _reason(error: SQLAlchemyError) -> str:
    """The driver's own words, on one line, without the statement and its values."""
    return " ".join(str(getattr(error, "orig", None) or error).split())[:300]
