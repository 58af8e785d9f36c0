"""Settling: the one grade of a document that several raters judged."""

from collections.abc import Sequence
from enum import StrEnum
from statistics import median
from typing import NamedTuple

RULE = (
    "The grade that was decided in adjudication; else the median of the raters' first grades, rounded down "
    "where it lies between two: 1 and 2 give 1, 0 and 3 give 1. "
    "A second grade of the same rater never counts."
)
"""How grades are settled, as it stands on the page and in the export."""


class How(StrEnum):
    """What a settled grade rests on."""

    adjudicated = "adjudicated"
    agreed = "agreed"
    median = "median"
    alone = "one rater"


class Settled(NamedTuple):
    """A grade with what it rests on."""

    grade: int
    how: How


def settle(grades: Sequence[int], adjudicated: int | None = None) -> Settled | None:
    """The grade by RULE; None where nobody judged.

    Args:
        grades: the raters' first grades, one each.
        adjudicated: what was decided, where something was.
    """
    if adjudicated is not None:
        return Settled(adjudicated, How.adjudicated)
    if not grades:
        return None
    if len(grades) == 1:
        return Settled(grades[0], How.alone)
    return Settled(int(median(grades)), How.agreed if len({*grades}) == 1 else How.median)
