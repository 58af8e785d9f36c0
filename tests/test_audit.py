import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from service.storage.append_only import REFUSAL, protect, unprotect
from service.storage.audit import entry_hash, record
from service.storage.chain import Anchor, Verdict, verify
from service.storage.database import Database
from service.storage.entries import Wanted, read_actions, read_actors, read_entries
from service.storage.tables.audit import audit

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def log(database: Database) -> Database:
    """A log of five entries."""
    with database.begin() as connection:
        for number in range(1, 6):
            record(
                connection, "ann", "summary.publish", f"study{number}", at=NOON, version=number, why="Né “so”"
            )
    return database


@pytest.fixture
def spoilt(log: Database) -> Iterator[Connection]:
    """A transaction of somebody who owns the database, and has taken the triggers away."""
    with log.begin() as connection:
        unprotect(connection)
        yield connection


def judge(database: Database, *anchors: Anchor) -> Verdict:
    with database.reading() as connection:
        return verify(connection, anchors)


def written_anew(connection: Connection, number: int) -> None:
    """An entry as somebody writes it who knows how hashes are made, and all later ones with it."""
    rows = connection.execute(select(audit).where(audit.c.number >= number).order_by(audit.c.number)).all()
    previous = rows[0].previous
    for row in rows:
        entry = {**row._mapping, "previous": previous}
        if row.number == number:
            entry["subject"] = "another"
        previous = entry["hash"] = entry_hash(entry)
        connection.execute(update(audit).where(audit.c.number == row.number).values(entry))


def test_an_empty_log_is_whole(database: Database) -> None:
    """A log without entries has nothing wrong, and no anchor to note down."""
    assert judge(database) == Verdict(0, None, "", "")
    assert judge(database).told == "The audit log is empty."


def test_a_whole_log(log: Database) -> None:
    """Entries as they were made follow one another; the verdict names the last one as an anchor."""
    verdict = judge(log)
    assert (verdict.entries, verdict.fault) == (5, "")
    assert verdict.told == (
        "The audit log is unbroken: 5 entries are in order; the last is of 2026-11-22T12:00:00+00:00."
    )
    assert judge(log, Anchor.read(str(verdict.last))).fault == ""


def test_entries_made_at_once_follow_one_another(database_address: str) -> None:
    """Several processes that write entries at the same time make one chain."""
    servers = [Database.open(database_address) for _ in range(4)]

    def work(server: Database) -> None:
        for _ in range(10):
            with server.begin() as connection:
                record(connection, "ann", "summary.publish")

    threads = [threading.Thread(target=work, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (judge(servers[0]).entries, judge(servers[0]).fault) == (40, "")
    for server in servers:
        server.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'bob' WHERE number = 2",
        "DELETE FROM audit WHERE number = 5",
        "DELETE FROM audit",
    ],
)
def test_database_refuses_to_change_the_log(log: Database, statement: str) -> None:
    """Whatever program sends it: an entry is neither changed nor deleted."""
    with pytest.raises(DBAPIError, match=REFUSAL), log.begin() as connection:
        connection.execute(text(statement))
    assert judge(log).fault == ""


def test_database_refuses_ways_round(log: Database) -> None:
    """Nor does it take what fires no trigger of updates or deletions: TRUNCATE, INSERT OR REPLACE."""
    statement = {
        "postgresql": "TRUNCATE audit",
        "sqlite": "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE number = 2",
    }[log.engine.dialect.name]
    with pytest.raises(DBAPIError, match=REFUSAL), log.begin() as connection:
        connection.execute(text(statement))
    assert judge(log).entries == 5


def test_protection_can_be_put_back(log: Database) -> None:
    """After a transaction that took it away and put it back, the log is refused to others again."""
    with log.begin() as connection:
        unprotect(connection)
        protect(connection)
    with pytest.raises(DBAPIError, match=REFUSAL), log.begin() as connection:
        connection.execute(text("DELETE FROM audit"))


@pytest.mark.parametrize("field", ["at", "actor", "action", "subject", "details"])
def test_a_changed_entry_is_named(spoilt: Connection, field: str) -> None:
    """Whichever field of an entry was changed, the walk stops at that entry and says so."""
    spoilt.execute(update(audit).where(audit.c.number == 3).values({field: "other"}))
    verdict = verify(spoilt)
    assert (verdict.entries, verdict.fault) == (
        2,
        "entry 3 was changed: its hash is not that of what it says",
    )


def test_an_entry_written_anew_is_named_by_the_next(spoilt: Connection) -> None:
    """An entry with a new hash of its own is found out by the one after it."""
    entry = dict(spoilt.execute(select(audit).where(audit.c.number == 3)).one()._mapping)
    entry["actor"] = "bob"
    spoilt.execute(update(audit).where(audit.c.number == 3).values(entry | {"hash": entry_hash(entry)}))
    verdict = verify(spoilt)
    assert verdict.entries == 3
    assert verdict.fault == "entry 4 was made after another entry 3 than the one that is there"


@pytest.mark.parametrize(
    ("gone", "fault"),
    [
        ([1], "entry 1 is missing"),
        ([3], "entry 3 is missing"),
        ([2, 3], "entries 2 to 3 are missing"),
    ],
)
def test_missing_entries_are_named(spoilt: Connection, gone: list[int], fault: str) -> None:
    """Entries taken out of the beginning or the middle are told by their numbers."""
    spoilt.execute(delete(audit).where(audit.c.number.in_(gone)))
    assert verify(spoilt).fault == fault


def test_an_entry_before_the_first_is_named(spoilt: Connection) -> None:
    """Nothing can be put in before the first entry."""
    entry = dict(spoilt.execute(select(audit).where(audit.c.number == 1)).one()._mapping)
    spoilt.execute(insert(audit).values(entry | {"number": 0, "hash": "0" * 64}))
    assert verify(spoilt).fault == "an entry 0 was put in before the first"


def test_a_cut_off_end_shows_against_an_anchor(log: Database) -> None:
    """Entries taken off the end leave a whole chain; an anchor that was noted down before tells."""
    anchor = judge(log).last
    assert anchor is not None
    with log.begin() as connection:
        unprotect(connection)
        connection.execute(text("DELETE FROM audit WHERE number > 3"))
    assert judge(log).fault == ""
    assert judge(log, anchor).fault == "its end is cut off: there was an entry 5, and the last is 3"


def test_a_log_written_anew_shows_against_an_anchor(log: Database) -> None:
    """Somebody who writes an entry and all later ones anew makes a whole chain; an anchor tells."""
    anchor = judge(log).last
    assert anchor is not None
    with log.begin() as connection:
        unprotect(connection)
        written_anew(connection, 2)
    assert judge(log).fault == ""
    assert judge(log, anchor).fault.startswith("entry 5 is not the one that was noted down")


@pytest.mark.parametrize("wrong", ["", "5", "5:abc", "0:" + "a" * 64, "-1:" + "a" * 64, "x:" + "a" * 64])
def test_what_is_no_anchor_is_refused(wrong: str) -> None:
    """Only a number and a hash are an anchor."""
    with pytest.raises(ValueError, match="an anchor is"):
        Anchor.read(wrong)


def test_a_walk_holds_few_entries_at_once(database: Database) -> None:
    """More entries are walked than are held in memory at once."""
    with database.begin() as connection:
        for _ in range(1100):
            record(connection, "ann", "summary.publish")
    assert judge(database).entries == 1100


def test_entries_are_read_newest_first_and_narrowed(database: Database) -> None:
    """Entries come a page at a time, by who, what and day; the day is UTC's."""
    with database.begin() as connection:
        record(connection, "ann", "account.login", "ann", at=NOON)
        record(connection, "bob", "account.login", "bob", at=NOON.replace(day=23), tries=2)
        record(connection, "bob", "summary.publish", "deng2017", at=NOON.replace(day=23))
        assert [entry.number for entry in read_entries(connection, Wanted())] == [3, 2, 1]
        assert [entry.number for entry in read_entries(connection, Wanted(), before=3, most=1)] == [2]
        assert [
            entry.number for entry in read_entries(connection, Wanted(actor="bob", action="account.login"))
        ] == [2]
        (first,) = read_entries(connection, Wanted(day=date(2026, 11, 22)))
        assert (first.actor, first.at, first.details) == ("ann", "2026-11-22T12:00:00+00:00", {})
        assert read_entries(connection, Wanted(actor="bob"))[1].details == {"tries": 2}
        assert read_actors(connection) == ["ann", "bob"]
        assert read_actions(connection) == ["account.login", "summary.publish"]
