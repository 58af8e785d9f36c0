"""Purging: what was kept goes on time, and cannot be read from the files any more."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from service import purging
from service.feedback import Reason
from service.kept_commands import questions as questions_command
from service.library import Library
from service.purging import purge
from service.reviewing import Finding, Verdict, pin, read_checks, read_groups
from service.storage.audit import SYSTEM
from service.storage.database import Database
from service.storage.tables.audit import audit
from service.storage.tables.kept import kept_questions
from tests.kept import NOW, asked, keep, rated, sure
from tests.postgres import Postgres

MARKED = "does knitting garlic interfere"
"""Words that no other part of the database has."""


def _questions(database: Database) -> list[str]:
    with database.reading() as connection:
        rows = connection.execute(select(kept_questions.c.question).order_by(kept_questions.c.id))
        return [row.question for row in rows]


def test_what_is_old_enough_goes_and_the_rest_stays(database: Database, library: Library) -> None:
    """Questions go after the days, those that only wait for feedback within one day."""
    keep(
        database,
        library,
        [
            asked("is it old", 1, at=NOW - timedelta(days=30)),
            asked("is it young", 2, at=NOW - timedelta(days=29)),
            sure("is it held too long", 3, at=NOW - timedelta(days=1)),
            sure("is it held", 4, at=NOW - timedelta(hours=2)),
            sure("did it not help", 5, at=NOW - timedelta(days=2)),
            rated(5, reason=Reason.other),
        ],
    )
    assert purge(database, NOW, 30) == (2, True)
    assert _questions(database) == ["is it young", "is it held", "did it not help"]
    assert purge(database, NOW, 30) == (0, True)


def test_all_goes_where_storing_was_turned_off(database: Database, library: Library) -> None:
    """No days means that nothing is kept, not that it is kept for good."""
    keep(database, library, [asked("is it young", 1), sure("is it held", 2)])
    assert purge(database, NOW, 0).questions == 2
    assert _questions(database) == []


def test_a_flood_does_not_fill_the_disk(
    database: Database, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the most that are kept the oldest go, however young they are."""
    monkeypatch.setattr(purging, "MOST_KEPT", 2)
    keep(database, library, [asked(f"is it {n}", n, at=NOW - timedelta(minutes=9 - n)) for n in (1, 2, 3, 4)])
    assert purge(database, NOW, 30).questions == 2
    assert _questions(database) == ["is it 3", "is it 4"]


def test_a_purge_is_recorded_without_a_word_of_what_went(database: Database, library: Library) -> None:
    """How many went, by nobody's hand; a purge that deletes nothing is not recorded."""
    keep(database, library, [asked(MARKED, at=NOW - timedelta(days=3))])
    purge(database, NOW, 2)
    purge(database, NOW, 2)
    with database.reading() as connection:
        (entry,) = connection.execute(select(audit)).all()
    assert (entry.actor, entry.action, entry.details) == (SYSTEM, "queue.purge", '{"questions": 1}')


def test_a_source_check_outlives_the_question_without_its_words(database: Database, library: Library) -> None:
    """What staff wrote stays; it belongs to no question any more."""
    keep(database, library, [asked(MARKED, at=NOW - timedelta(days=3))])
    with database.begin() as connection:
        (group,) = read_groups(connection)
        finding = Finding(Verdict.needs_summary, wording="Do herbs matter?", note="Nothing on herbs.")
        pin(connection, group.leader, finding, "vera", NOW)
    purge(database, NOW, 2)
    with database.reading() as connection:
        (check,) = read_checks(connection)
    assert (check.kept_id, check.wording, check.note) == (None, "Do herbs matter?", "Nothing on herbs.")


def _files_with(folder: Path, words: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_no_byte_of_it_is_left_in_sqlites_files(database: Database, library: Library, tmp_path: Path) -> None:
    """Neither in the database nor in its write-ahead log: the words were there, and are nowhere."""
    events = [asked(f"{MARKED} {n}", n, at=NOW - timedelta(days=3)) for n in range(40)]
    keep(database, library, events)
    keep(database, library, [rated(7), asked("is it young", 99)])
    assert _files_with(tmp_path, MARKED)
    assert purge(database, NOW, 2) == (40, True)
    assert _files_with(tmp_path, MARKED) == []
    assert _files_with(tmp_path, "is it young") == ["plaincite.db"]


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_reader_can_only_put_it_off(database: Database, library: Library, tmp_path: Path) -> None:
    """While somebody reads the old pages the purge says that their bytes are there; the next one has them."""
    keep(database, library, [asked(MARKED, at=NOW - timedelta(days=3))])
    with database.reading() as connection:
        connection.execute(select(kept_questions)).all()
        assert purge(database, NOW, 2) == (1, False)
    assert purge(database, NOW, 2) == (0, True)
    assert _files_with(tmp_path, MARKED) == []


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_postgresqls_table_is_written_anew(database: Database, library: Library, postgres: Postgres) -> None:
    """The table's files have no byte of it; the server's own log is not ours to cut."""
    keep(database, library, [asked(MARKED, 1, at=NOW - timedelta(days=3)), asked("is it young", 2)])

    def files_with(words: str) -> bool:
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("CHECKPOINT"))
            own = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
            folder = postgres.folder / "data" / "base" / str(own.scalar_one())
        return bool(_files_with(folder, words))

    assert files_with(MARKED)
    purge(database, NOW, 2)
    assert not files_with(MARKED)
    assert files_with("is it young")


def test_the_command_purges_as_the_service_does(
    database: Database, database_address: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says how many went; with --all every question goes."""
    monkeypatch.setenv("PLAINCITE_DATABASE", database_address)
    monkeypatch.setenv("PLAINCITE_KEEP_QUESTIONS", "365")
    keep(database, library, [asked("is it old", 1, at=NOW - timedelta(days=4000)), asked("is it young", 2)])
    done = CliRunner().invoke(questions_command, ["purge"])
    assert (done.exit_code, done.output) == (0, "1 question was deleted.\n")
    assert CliRunner().invoke(questions_command, ["purge", "--all"]).exit_code == 0
    assert _questions(database) == []
