"""Period: the last so many days of figures, cut into days or weeks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from service.figures import Kind, Tally, first_day, first_days, read_days, together

LENGTHS = (30, 90, 365)
"""Days that the page offers."""

MOST_DAYS = 90
"""Beyond so many days a bar stands for a week."""

WEEK = 7


@dataclass(frozen=True, slots=True)
class Slot:
    """A day or a week of the period; both ends are in it."""

    first: date
    last: date
    tally: Tally

    @property
    def label(self) -> str:
        """On an axis: "22 Nov"; of a week its first day."""
        return f"{self.first.day} {self.first:%b}"

    @property
    def told(self) -> str:
        """In words: "22 Nov 2026", "16 Nov to 22 Nov 2026"."""
        if self.first == self.last:
            return f"{self.label} {self.first.year}"
        return f"{self.label} to {self.last.day} {self.last:%b} {self.last.year}"


@dataclass(frozen=True, slots=True)
class Period:
    """Figures of some days.

    Attributes:
        days: how many, today included.
        slots: the whole period without a gap, oldest first.
        total: all of it together.
        before: as many days before it, together; None where counting began later.
        began: the day on which counting began; None where nothing was counted ever.
        by_day: the days on which something was counted.
        changes: generations by the first day on which they answered, where that is in the period and another
            one had answered before.
    """

    days: int
    slots: tuple[Slot, ...]
    total: Tally
    before: Tally | None
    began: date | None
    by_day: Mapping[date, Tally]
    changes: Mapping[str, date]

    @property
    def first(self) -> date:
        """The first day."""
        return self.slots[0].first

    @property
    def counted(self) -> tuple[Slot, ...]:
        """The slots in which something could have been counted."""
        return tuple(slot for slot in self.slots if self.began and slot.last >= self.began)

    def place_of(self, day: date) -> int:
        """The slot of a day, from 0."""
        return next(place for place, slot in enumerate(self.slots) if slot.first <= day <= slot.last)


def read_period(connection: Connection, days: int, today: date) -> Period:
    """The last `days` days, today included."""
    first = today - timedelta(days=days - 1)
    earlier = first - timedelta(days=days)
    found = read_days(connection, earlier, today)
    began = first_day(connection)
    generations = first_days(connection)
    return Period(
        days=days,
        slots=tuple(_slots(found, first, today, 1 if days <= MOST_DAYS else WEEK)),
        total=together([tally for day, tally in found.items() if day >= first]),
        before=together([tally for day, tally in found.items() if day < first])
        if began and began <= earlier
        else None,
        began=began,
        by_day={day: tally for day, tally in found.items() if day >= first},
        changes={name: day for name, day in list(generations.items())[1:] if first <= day <= today},
    )


def _slots(found: dict[date, Tally], first: date, last: date, length: int) -> list[Slot]:
    """Slots that end with the last day, so that the newest is a whole one; the oldest may be shorter."""
    slots = []
    while last >= first:
        begin = max(first, last - timedelta(days=length - 1))
        days = [begin + timedelta(days=number) for number in range((last - begin).days + 1)]
        slots.append(Slot(begin, last, together([found[day] for day in days if day in found])))
        last = begin - timedelta(days=1)
    return slots[::-1]


def days_of(period: Period) -> Iterator[tuple[date, Tally]]:
    """Each day of the period on which something could have been counted, oldest first."""
    day, last = max(period.first, period.began or date.max), period.slots[-1].last
    while day <= last:
        yield day, period.by_day.get(day, Tally({}))
        day += timedelta(days=1)


def questions(tally: Tally) -> int:
    """How many questions were asked."""
    return tally.total(Kind.outcome)
