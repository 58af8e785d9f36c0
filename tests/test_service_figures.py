import logging
import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from service.answers import Answer
from service.feedback import Feedback, Reason
from service.figures import Figures, Kind, add, first_day, first_days, read_days, together
from service.journal import Answered, Event, Journal, Rated
from service.storage.database import Database
from service.storage.tables.figures import figures
from tests.postgres import Postgres
from tests.shelf import ADVICE, CRISIS, EMERGENCY, answered, no_evidence

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = NOON.date()
MARKED = "marked-question-7f3a"


def asked(answer: Answer, at: datetime = NOON, milliseconds: float = 37.0) -> Answered:
    return Answered(at, MARKED, f"{MARKED} before", answer, 0.9, milliseconds)


def rated(reason: Reason | None, at: datetime = NOON) -> Rated:
    return Rated(at, Feedback("0f3c9a", reason is None, reason))


EVENTS: list[Event] = [
    asked(answered()),
    asked(answered(ADVICE), milliseconds=3000.0),
    asked(no_evidence()),
    asked(EMERGENCY),
    asked(CRISIS),
    rated(None),
    rated(Reason.hard),
    rated(Reason.hard),
]


def test_events_are_counted_by_day(database: Database) -> None:
    """Outcomes, classes, languages, latencies, generations and feedback are counted on their day."""
    Figures(database).take(EVENTS)
    with database.reading() as connection:
        (tally,) = read_days(connection, DAY, DAY).values()
    assert tally.of(Kind.outcome) == {"answered": 2, "no_evidence": 1, "screened": 2}
    assert tally.of(Kind.stopped) == {"emergency": 1, "crisis": 1}
    assert tally.of(Kind.notice) == {"personal_advice": 1}
    assert tally.of(Kind.language) == {"en": 5}
    assert tally.of(Kind.latency) == {"40": 4, "longer": 1}
    assert tally.of(Kind.generation) == {"20261122-1": 5}
    assert tally.of(Kind.feedback) == {"helped": 1, "hard": 2}
    assert tally.total(Kind.outcome) == tally.total(Kind.latency) == 5


def test_counts_add_up(database: Database) -> None:
    """What comes later is added to what was counted before, and days can be put together."""
    counting = Figures(database)
    for _ in range(3):
        counting.take(EVENTS)
    counting.take([asked(no_evidence(), NOON + timedelta(days=1))])
    with database.reading() as connection:
        days = read_days(connection, DAY, DAY + timedelta(days=1))
    assert [tally.count(Kind.outcome, "no_evidence") for tally in days.values()] == [3, 1]
    assert together(list(days.values())).count(Kind.outcome, "no_evidence") == 4


def test_days_are_those_of_utc(database: Database) -> None:
    """A question late in the evening in New York counts for the next day, whatever zone it was told in."""
    evening = datetime(2026, 11, 22, 20, tzinfo=timezone(timedelta(hours=-5)))
    Figures(database).take([asked(answered(), evening), rated(None, evening)])
    with database.reading() as connection:
        assert first_day(connection) == date(2026, 11, 23)


def test_nothing_of_a_question_is_counted(database: Database) -> None:
    """No cell of any row holds a word of a question, or the reference of an answer."""
    Figures(database).take(EVENTS)
    with database.reading() as connection:
        cells = {str(cell) for row in connection.execute(select(figures)) for cell in row}
    assert not any(MARKED in cell or answered().answer_id in cell for cell in cells)
    assert cells >= {"answered", "emergency"}


def test_generations_have_their_first_day(database: Database) -> None:
    """Each generation is told with the day of its first answer, oldest first."""
    with database.begin() as connection:
        add(
            connection,
            {(DAY, Kind.generation, "new"): 1, (DAY - timedelta(days=2), Kind.generation, "old"): 4},
        )
        add(connection, {(DAY, Kind.generation, "old"): 2})
        assert list(first_days(connection).items()) == [("old", DAY - timedelta(days=2)), ("new", DAY)]


def test_two_processes_count_together(database_address: str) -> None:
    """Several servers of one database that count the same things at once, in different orders, lose none."""
    keys = [(DAY, Kind.outcome, "answered"), (DAY, Kind.language, "en"), (DAY, Kind.latency, "40")]
    servers = [Database.open(database_address) for _ in range(4)]

    def count(server: Database, order: int) -> None:
        for _ in range(20):
            with server.begin() as connection:
                add(connection, dict.fromkeys(keys[::order], 1))

    threads = [
        threading.Thread(target=count, args=(server, 1 if place % 2 else -1))
        for place, server in enumerate(servers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with servers[0].reading() as connection:
        (tally,) = read_days(connection, DAY, DAY).values()
    assert {tally.count(kind, label) for _, kind, label in keys} == {80}
    for server in servers:
        server.close()


def test_counts_outlast_a_database_that_is_away(postgres: Postgres, caplog: pytest.LogCaptureFixture) -> None:
    """While PostgreSQL is down the sums wait, said once without a word of a question, and come later."""
    name = postgres.make_database()
    database = Database.open(postgres.address(name))
    clock = iter([0.0, 1.0, 2.0, 2.0, 3.0, 40.0])
    counting = Figures(database, clock=lambda: next(clock))
    try:
        counting.take(EVENTS)
        postgres.stop()
        with caplog.at_level(logging.WARNING):
            counting.take(EVENTS)
            counting.take(EVENTS)
    finally:
        postgres.start()
    assert [record.getMessage() for record in caplog.records] == ["figures wait for the database"]
    assert MARKED not in str([vars(record) for record in caplog.records])
    counting.take(EVENTS)
    with database.reading() as connection:
        (tally,) = read_days(connection, DAY, DAY).values()
    assert tally.total(Kind.outcome) == 4 * 5
    database.close()
    postgres.drop_database(name)


def test_journal_tells_the_figures(database: Database) -> None:
    """Events that were told before the desks were open, and those after, are all counted when it stops."""
    journal = Journal()
    journal.tell(EVENTS[0])
    journal.start([Figures(database)])
    for event in EVENTS[1:]:
        journal.tell(event)
    journal.stop()
    with database.reading() as connection:
        (tally,) = read_days(connection, DAY, DAY).values()
    assert (tally.total(Kind.outcome), tally.total(Kind.feedback), journal.dropped) == (5, 3, 0)
