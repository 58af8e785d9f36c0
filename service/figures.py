"""Figures: what happened on each day, counted from the journal, without a word of what was asked.

A count says that something happened so often on a day. It is of events, not of people: it tells nobody
apart, and a small one tells nothing of who asked, so that none is left out or blurred. Days are those of UTC:
none is longer than another, none comes twice, and two servers of one database agree.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from service.answers import Outcome
from service.journal import Answered, Event
from service.latency import quantile, step_of
from service.storage.database import Database
from service.storage.tables.figures import figures

HELPED = "helped"
"""The label of feedback that has no reason, because the answer helped."""

REST = 30.0
"""Seconds for which a database that could not be written to is left in peace."""

logger = logging.getLogger("plaincite.figures")


class Kind(StrEnum):
    """What is counted; the labels of each kind are a fixed few.

    `stopped` counts the classes of screened questions, `notice` those that put a notice beside an answer.
    """

    outcome = "outcome"
    stopped = "stopped"
    notice = "notice"
    language = "language"
    latency = "latency"
    generation = "generation"
    feedback = "feedback"


Key = tuple[date, Kind, str]


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of a day, or of several together, by kind and label."""

    counts: Mapping[tuple[Kind, str], int]

    def of(self, kind: Kind) -> dict[str, int]:
        """The counts of a kind by label."""
        return {label: count for (each, label), count in self.counts.items() if each is kind}

    def count(self, kind: Kind, label: str) -> int:
        """One count."""
        return self.counts.get((kind, label), 0)

    def total(self, kind: Kind) -> int:
        """All counts of a kind together."""
        return sum(self.of(kind).values())

    def took(self, share: float) -> float | None:
        """How long that share of the answers took at most, in milliseconds; see `latency.quantile`."""
        return quantile(self.of(Kind.latency), share)


def together(tallies: Sequence[Tally]) -> Tally:
    """Several days as one."""
    total: Counter[tuple[Kind, str]] = Counter()
    for tally in tallies:
        total.update(tally.counts)
    return Tally(total)


class Figures:
    """Counts events, as a listener of the journal.

    What cannot be written, because the database is away, is kept as sums (a few dozen numbers a day, however
    many events they stand for) and written with what comes later.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._unwritten: Counter[Key] = Counter()
        self._not_before = clock()

    def take(self, events: Sequence[Event]) -> None:
        """Counts events."""
        for event in events:
            self._unwritten.update(_keys(event))
        if self._clock() >= self._not_before:
            self.write()

    def write(self) -> None:
        """Writes down what has been counted; where that fails it is kept for the next time."""
        if not self._unwritten:
            return
        try:
            with self._database.begin() as connection:
                add(connection, self._unwritten)
        except SQLAlchemyError as error:
            self._not_before = self._clock() + REST
            # The driver's words may name the server and the account.
            logger.warning("figures wait for the database", extra={"error": type(error).__name__})
        else:
            self._unwritten.clear()


def _keys(event: Event) -> Iterator[Key]:
    day = event.at.astimezone(UTC).date()
    if not isinstance(event, Answered):
        yield day, Kind.feedback, event.feedback.reason or HELPED
        return
    answer = event.answer
    yield day, Kind.outcome, answer.outcome.value
    if answer.notice:
        kind = Kind.stopped if answer.outcome is Outcome.screened else Kind.notice
        yield day, kind, answer.notice.kind.value
    yield day, Kind.language, answer.language
    yield day, Kind.latency, step_of(event.milliseconds)
    yield day, Kind.generation, answer.index_generation


def add(connection: Connection, counts: Mapping[Key, int]) -> None:
    """Adds to what is counted already, each in one step, so that two processes can count together."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    wanted = dialect.insert(figures)
    adding = wanted.on_conflict_do_update(
        index_elements=list(figures.primary_key),
        set_={"times": figures.c.times + wanted.excluded.times},
    )
    # In one order: two processes that take rows in different ones could wait for each other for good.
    for (day, kind, label), count in sorted(counts.items()):
        connection.execute(adding, {"day": day, "kind": kind.value, "label": label, "times": count})


def read_days(connection: Connection, first: date, last: date) -> dict[date, Tally]:
    """The days from `first` to `last`, both included, on which something was counted."""
    found: dict[date, dict[tuple[Kind, str], int]] = {}
    rows = select(figures).where(figures.c.day.between(first, last)).order_by(*figures.primary_key)
    for row in connection.execute(rows):
        found.setdefault(row.day, {})[Kind(row.kind), row.label] = row.times
    return {day: Tally(counts) for day, counts in found.items()}


def first_day(connection: Connection) -> date | None:
    """The day on which counting began; None where nothing has been counted."""
    found: date | None = connection.execute(select(func.min(figures.c.day))).scalar_one()
    return found


def first_days(connection: Connection) -> dict[str, date]:
    """The generations that were answered from, each with its first day, oldest first."""
    began = func.min(figures.c.day).label("began")
    rows = (
        select(figures.c.label, began)
        .where(figures.c.kind == Kind.generation.value)
        .group_by(figures.c.label)
        .order_by(began, figures.c.label)
    )
    return {row.label: row.began for row in connection.execute(rows)}
