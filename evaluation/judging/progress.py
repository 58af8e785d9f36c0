"""Progress: where a rater stands, what comes next, and how long the rest will take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median
from typing import NamedTuple

from evaluation.judging.order import Turn

BREAK = timedelta(minutes=5)
"""Whoever takes longer between two grades is taken to have been away."""

ENOUGH = 5
"""Grades after which a pace can be told."""


class Saved(NamedTuple):
    """What a rater has saved of one turn.

    Attributes:
        grade: None where it was put off.
        saves: how often it was saved.
        first: when it was saved first; its place among what was judged does not change with a correction.
    """

    grade: int | None
    note: str
    saves: int
    first: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """A rater's way through a pool; places count from 1.

    Attributes:
        order: of turns.
        saved: what has been graded or put off so far.
    """

    order: Sequence[Turn]
    saved: Mapping[Turn, Saved]

    @property
    def graded(self) -> int:
        """Turns with a grade."""
        return sum(each.grade is not None for each in self.saved.values())

    @property
    def put_off(self) -> int:
        """Turns that wait to be looked at again."""
        return len(self.saved) - self.graded

    @property
    def left(self) -> int:
        """Turns without a grade."""
        return len(self.order) - self.graded

    def turn(self, place: int) -> Turn | None:
        """The turn at a place; None where there is no such place."""
        return self.order[place - 1] if 1 <= place <= len(self.order) else None

    def next_place(self, after: int = 0) -> int | None:
        """The first place that was not seen; then what was put off, from `after` on and round again."""
        unseen = (place for place, turn in self._places() if turn not in self.saved)
        waiting = [place for place, turn in self._places() if turn in self.saved and self._waits(turn)]
        later = [place for place in waiting if place > after]
        return next(unseen, None) or next(iter((*later, *waiting)), None)

    def place_before(self, place: int) -> int | None:
        """The place that was graded or put off last before this one, or at all where this one was not yet."""
        turn = self.turn(place)
        here = self.saved.get(turn) if turn else None
        done = [
            (self.saved[other].first, each)
            for each, other in self._places()
            if other in self.saved
            and each != place
            and (here is None or self.saved[other].first <= here.first)
        ]
        return max(done)[1] if done else None

    def minutes_left(self) -> int | None:
        """At the rater's own pace, the median time from grade to grade; None before there is one."""
        moments = sorted(each.first for each in self.saved.values() if each.grade is not None)
        gaps = [later - earlier for earlier, later in pairwise(moments) if later - earlier <= BREAK]
        if len(gaps) < ENOUGH or not self.left:
            return None
        return ceil(median(gap.total_seconds() for gap in gaps) * self.left / 60)

    def _places(self) -> enumerate[Turn]:
        return enumerate(self.order, start=1)

    def _waits(self, turn: Turn) -> bool:
        return self.saved[turn].grade is None
