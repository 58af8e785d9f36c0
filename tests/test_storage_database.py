import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import OperationalError, StatementError

from service.storage import database as databases
from service.storage.audit import record
from service.storage.chain import verify
from service.storage.database import Database, DatabaseError
from service.storage.tables import metadata
from tests.conftest import ROOT


def test_migrations_lead_to_the_tables_of_the_code(database: Database) -> None:
    """What the migrations make of an empty database is, type by type, what the code expects."""
    with database.begin() as connection:
        thorough = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=thorough)
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_opening_twice_changes_nothing(database: Database, database_address: str) -> None:
    """A database that is up to date is opened as it is, with what is in it."""
    with database.begin() as connection:
        connection.execute(insert(metadata.tables["secrets"]).values(name="signing", value=b"\x00\xff"))
    Database.open(database_address).close()
    with database.reading() as connection:
        assert connection.execute(select(metadata.tables["secrets"].c.value)).scalar_one() == b"\x00\xff"


def test_database_of_a_newer_plaincite_is_refused(database: Database, database_address: str) -> None:
    """Tables at a revision that nobody here knows are left alone, in one line that says what to do."""
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match=r"newer plaincite .*9999.*update plaincite"):
        Database.open(database_address)


def test_several_may_open_an_empty_database_at_once(database_address: str) -> None:
    """Several that come to a new database together all find their tables."""
    opened: list[Database] = []
    threads = [
        threading.Thread(target=lambda: opened.append(Database.open(database_address))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    for database in opened:
        database.close()


OPEN = """
import sys
from service.storage.database import Database
from service.storage.audit import record
database = Database.open(sys.argv[1])
for _ in range(5):
    with database.begin() as connection:
        record(connection, "ann", "summary.publish")
database.close()
"""


def test_processes_share_a_database(database_address: str) -> None:
    """Four processes that start on an empty database, and write to it at once, wait for one another."""
    started = [
        subprocess.Popen([sys.executable, "-c", OPEN, database_address], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    ended = [(process.communicate(timeout=120)[1], process.returncode) for process in started]
    assert ended == [(b"", 0)] * 4
    database = Database.open(database_address)
    with database.reading() as connection:
        assert (verify(connection).entries, verify(connection).fault) == (20, "")
    database.close()


def test_moments_are_the_same_everywhere(database: Database) -> None:
    """A moment comes back in UTC to the microsecond, whatever zone it had; without one it is refused."""
    accounts = metadata.tables["accounts"]
    moment = datetime(2026, 11, 22, 20, 15, 30, 123456, tzinfo=timezone(timedelta(hours=-5)))
    values = {"name": "ann", "role": "staff", "created": moment}
    with database.begin() as connection:
        connection.execute(insert(accounts).values(values))
        (found,) = connection.execute(select(accounts.c.created)).scalars()
    assert (found, found.tzinfo) == (moment, UTC)
    with pytest.raises(StatementError, match="needs a time zone"), database.begin() as connection:
        connection.execute(insert(accounts).values(values | {"created": moment.replace(tzinfo=None)}))


def test_reading_sees_one_moment_and_writes_nothing(database: Database) -> None:
    """A transaction that reads sees nothing of what is written meanwhile, and keeps no writer waiting."""
    with database.begin() as connection:
        record(connection, "ann", "account.login")
    with database.reading() as connection:
        before = verify(connection)
        with database.begin() as writing:
            record(writing, "ann", "account.login")
        assert verify(connection) == before


def test_a_file_is_closed_to_others(tmp_path: Path) -> None:
    """The file of a new SQLite database can be read by nobody else, nor what SQLite writes beside it."""
    database = Database.open(f"sqlite:///{tmp_path}/deep/plaincite.db")
    with database.begin() as connection:
        record(connection, "ann", "account.login")
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "deep").iterdir()}
    database.close()
    assert modes["plaincite.db"] == 0o600
    assert set(modes.values()) == {0o600}


def test_a_locked_file_is_an_error_that_the_desks_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another process does not let go of the file in time, the wait ends in an OperationalError."""
    monkeypatch.setattr(databases, "PATIENCE", 0.2)
    address = f"sqlite:///{tmp_path}/plaincite.db"
    database, other = Database.open(address), Database.open(address)
    with database.begin(), pytest.raises(OperationalError, match="locked"), other.begin():
        pass
    with other.begin() as connection:
        record(connection, "ann", "account.login")
    database.close()
    other.close()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://a@b/c", "PLAINCITE_DATABASE is no address"),
        ("nonsense", "PLAINCITE_DATABASE is no address"),
        ("sqlite://", "names no file"),
        ("sqlite:////proc/nowhere/plaincite.db", "/proc/nowhere"),
        ("postgresql://ann:secret@127.0.0.1:1/plaincite", "127.0.0.1"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line(address: str, says: str) -> None:
    """Whatever is wrong is said in a line, and a password is never repeated."""
    with pytest.raises(DatabaseError, match=says) as told:
        Database.open(address)
    assert "\n" not in str(told.value)
    assert "secret" not in str(told.value)
