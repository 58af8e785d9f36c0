"""Scales: numbers of people and years in steps, as the rows and columns of a picture have them."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

MOST_STEPS = 8
WIDELY = 10
"""Where the largest study has this many times the people of the smallest, steps of size grow by factors."""

GROWING = ((1, 2, 5), (1, 3), (1,))
"""Where steps begin within each power of ten, finest first: 1, 2, 5, 10, 20 ..."""


class Range(NamedTuple):
    """Numbers that belong together, both ends in; None where the number is not known."""

    first: int | None
    last: int | None

    def has(self, number: int | None) -> bool:
        """Whether the number is one of them."""
        if number is None or self.first is None or self.last is None:
            return number is self.first
        return self.first <= number <= self.last


def size_ranges(sizes: Sequence[int | None]) -> list[Range]:
    """The steps of size for studies of so many people, smallest first, what is not known before all."""
    known = sorted(size for size in sizes if size is not None)
    unknown = [Range(None, None)] if len(known) < len(sizes) else []
    if not known:
        return unknown
    low, high = known[0], known[-1]
    grows = high >= WIDELY * max(low, 1)
    starts = _growing(low, high) if grows else _even(low, high)
    return unknown + [Range(first, after - 1) for first, after in pairwise(starts)]


def year_ranges(years: Sequence[int | None], period: int) -> list[Range]:
    """The columns for studies of those years, each of `period` years, also those in which no study falls."""
    known = [year for year in years if year is not None]
    unknown = [Range(None, None)] if len(known) < len(years) else []
    if not known:
        return unknown
    first = min(known) // period * period
    starts = range(first, max(known) + 1, period)
    return [Range(start, start + period - 1) for start in starts] + unknown


def place_in(ranges: Sequence[Range], number: int | None) -> int:
    """Which of the ranges, from 0, has a number; one of them must."""
    return next(place for place, each in enumerate(ranges) if each.has(number))


def _growing(low: int, high: int) -> list[int]:
    """Where steps begin that grow by factors, and the number after the last one."""
    for leading in GROWING:
        starts = [0, *(digit * 10**power for power in range(len(str(high)) + 1) for digit in leading)]
        below, above = bisect_right(starts, low) - 1, bisect_right(starts, high)
        if above - below <= MOST_STEPS:
            break
    return starts[below : above + 1]


def _even(low: int, high: int) -> list[int]:
    """Where steps of one length begin, and the number after the last one."""
    steps = (digit * 10**power for power in range(len(str(high)) + 1) for digit in (1, 2, 5))
    step = next(step for step in steps if high // step - low // step < MOST_STEPS)
    return list(range(low // step * step, high // step * step + step + 1, step))
