"""Agreement: how far raters judge alike, beyond what chance would bring about.

Krippendorff's alpha for ordinal data (Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011) takes
any number of raters and missing grades; Cohen's kappa (Educational and Psychological Measurement 20, 1960,
37-46), plain and with quadratic weights (Psychological Bulletin 70, 1968, 213-220), is for two raters and the
items that both judged. Where a figure is not defined, that is said, and why.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

GRADES = (0, 1, 2, 3)

MOST_SAMPLES, FEWEST_SAMPLES = 1000, 200
"""How many samples an interval is told from,"""

ROWS = 400_000
"""and how many items in all of them: of a large pool fewer samples tell as much, and nobody has to wait."""

SEED = 17

DEFINED = 0.95
"""The share of samples that must vary for their quantiles to say anything."""

ENOUGH = 10
"""Items from which on an interval is told; of fewer, resampling says little."""

Item = TypeVar("Item", bound=Hashable)

Ratings = Mapping[Item, Mapping[str, int]]
"""Grades by item and rater; an item that a rater did not judge is left out."""


class Figure(NamedTuple):
    """A figure, or why there is none.

    Attributes:
        value: None where it is not defined.
        why: then, why not; else empty.
        items: that it rests on.
        interval: 95%; None where there are too few items.
    """

    value: float | None
    why: str
    items: int
    interval: tuple[float, float] | None = None


class Pair(NamedTuple):
    """Two raters.

    Attributes:
        raters: the two.
        kappa: Cohen's.
        weighted: Cohen's with quadratic weights: a distance of 3 weighs nine times one of 1.
        same: how many items got the same grade of both.
        table: items by the first rater's grade (rows) and the second's (columns).
    """

    raters: tuple[str, str]
    kappa: Figure
    weighted: Figure
    same: int
    table: tuple[tuple[int, ...], ...]


class Consistency(NamedTuple):
    """How steadily a rater grades: the items that came twice.

    Attributes:
        items: that were judged both times.
        same: of these, how many got the same grade again.
        farthest: the largest distance between the two grades.
    """

    items: int
    same: int
    farthest: int


def alpha(ratings: Ratings[Item], *, with_interval: bool = False) -> Figure:
    """Krippendorff's alpha, ordinal; 1 is perfect, 0 is chance.

    Args:
        ratings: items with fewer than two grades say nothing about agreement and are left out.
        with_interval: whether to tell a 95% interval, by resampling items (percentile bootstrap, as Zapf et
            al., BMC Medical Research Methodology 16:93, 2016, recommend).
    """
    rows = [[*grades.values()] for grades in ratings.values() if len(grades) > 1]
    if not rows:
        return Figure(None, "no passage has been judged by two raters", 0)
    scale = sorted({grade for row in rows for grade in row})
    counts = np.array([[row.count(grade) for grade in scale] for row in rows])
    if not _varies(counts):
        return Figure(None, "every grade is the same, so nothing can be told from chance", len(rows))
    value = _alpha(counts)
    interval = _interval(counts) if with_interval and len(rows) >= ENOUGH else None
    return Figure(value, "", len(rows), interval)


def pairs(ratings: Ratings[Item]) -> list[Pair]:
    """Each two raters, in the order of their names."""
    raters = sorted({rater for grades in ratings.values() for rater in grades})
    return [_pair(ratings, one, other) for one, other in combinations(raters, 2)]


def consistency(both: Iterable[tuple[int, int]]) -> Consistency:
    """How steadily a rater grades; given are the first and the second grade of each item."""
    distances = [abs(one - other) for one, other in both]
    return Consistency(len(distances), distances.count(0), max(distances, default=0))


def distance(grades: Iterable[int]) -> int:
    """How far the grades of an item lie apart."""
    given = [*grades]
    return max(given, default=0) - min(given, default=0)


def disagreements(ratings: Ratings[Item]) -> list[Item]:
    """The items whose raters differ, those that lie farthest apart first, else in the order given."""
    differing = [item for item, grades in ratings.items() if distance(grades.values())]
    return sorted(differing, key=lambda item: -distance(ratings[item].values()))


def _pair(ratings: Ratings[Item], one: str, other: str) -> Pair:
    both = [(grades[one], grades[other]) for grades in ratings.values() if one in grades and other in grades]
    first, second = [mine for mine, _ in both], [theirs for _, theirs in both]
    same = sum(mine == theirs for mine, theirs in both)
    table = np.zeros((len(GRADES),) * 2, int)
    np.add.at(table, (list(first), list(second)), 1)
    rows = tuple(tuple(int(count) for count in row) for row in table)
    return Pair((one, other), _kappa(first, second), _kappa(first, second, "quadratic"), same, rows)


def _kappa(first: Sequence[int], second: Sequence[int], weights: str | None = None) -> Figure:
    if not first:
        return Figure(None, "no passage has been judged by both", 0)
    if len({*first, *second}) == 1:
        return Figure(None, "both gave one grade throughout, so nothing can be told from chance", len(first))
    from sklearn.metrics import cohen_kappa_score  # noqa: PLC0415  # brings 80 MB along, for this alone

    return Figure(float(cohen_kappa_score(first, second, labels=GRADES, weights=weights)), "", len(first))


def _alpha(counts: NDArray[np.int_]) -> float:
    import krippendorff  # noqa: PLC0415  # as above

    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="ordinal"))


def _interval(counts: NDArray[np.int_]) -> tuple[float, float] | None:
    """The interval; None where chance draws samples in which nothing varies too often."""
    generator = np.random.default_rng(SEED)
    samples = min(MOST_SAMPLES, max(FEWEST_SAMPLES, ROWS // len(counts)))
    drawn = (counts[generator.integers(0, len(counts), len(counts))] for _ in range(samples))
    values = [_alpha(sample) for sample in drawn if _varies(sample)]
    if len(values) < DEFINED * samples:
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _varies(counts: NDArray[np.int_]) -> bool:
    """Whether more than one grade was given at all."""
    return int(np.count_nonzero(counts.sum(axis=0))) > 1
