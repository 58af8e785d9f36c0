"""Findings: how far the raters of a closed pool agree, where they do not, and which grades come of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from evaluation.judging.adjudication import Decision, load_decisions
from evaluation.judging.agreement import (
    Consistency,
    Figure,
    Pair,
    alpha,
    consistency,
    disagreements,
    distance,
    pairs,
)
from evaluation.judging.judgments import Given, first_grades, load_given, load_raters, twice_graded
from evaluation.judging.pools import Item, Pool, load_items
from evaluation.judging.settling import Settled, settle

RELIABLE, TENTATIVE = 0.8, 0.667
"""Krippendorff, Content Analysis (2004), chapter 11: rely on what is above the first, draw tentative
conclusions above the second, nothing below."""


class Case(NamedTuple):
    """An item on which raters differ.

    Attributes:
        grades: by rater.
        distance: between the lowest and the highest.
        decision: None as long as there is none.
    """

    item: Item
    grades: Mapping[str, int]
    distance: int
    decision: Decision | None


class OfQuestion(NamedTuple):
    """How far raters agree on one question."""

    question: str
    alpha: Figure
    differing: int


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a closed pool says.

    Attributes:
        raters: their letters, those who gave no grade as well.
        items: by their ids.
        given: every grade.
        alpha: over the whole pool.
        by_question: the questions on which raters agree least first.
        pairs: each two raters.
        consistency: how steadily each rater grades.
        cases: those that lie farthest apart first.
        settled: grades by item, as they are exported; an item that nobody judged is left out.
    """

    raters: tuple[str, ...]
    items: Mapping[int, Item]
    given: tuple[Given, ...]
    alpha: Figure
    by_question: tuple[OfQuestion, ...]
    pairs: tuple[Pair, ...]
    consistency: Mapping[str, Consistency]
    cases: tuple[Case, ...]
    settled: Mapping[int, Settled]

    @property
    def undecided(self) -> tuple[Case, ...]:
        """Cases without a decision."""
        return tuple(case for case in self.cases if case.decision is None)

    @property
    def unjudged(self) -> int:
        """Items without any grade."""
        return len(self.items) - len(self.settled)


def find(connection: Connection, pool: Pool, *, with_interval: bool = False) -> Findings:
    """What a pool says; for one that is closed.

    Args:
        connection: the transaction.
        pool: which.
        with_interval: whether to tell alpha's interval, which takes a second in a large pool.
    """
    items, given = load_items(connection, pool.id), load_given(connection, pool.id)
    decisions = load_decisions(connection, pool.id)
    first = first_grades(given)
    ratings = {item: first.get(item, {}) for item in items}
    settled = {
        item: settle([*grades.values()], decisions[item].grade if item in decisions else None)
        for item, grades in ratings.items()
    }
    return Findings(
        raters=tuple(rater.letter for rater in load_raters(connection, pool.id)),
        items=items,
        given=tuple(given),
        alpha=alpha(ratings, with_interval=with_interval),
        by_question=tuple(_by_question(items, ratings)),
        pairs=tuple(pairs(ratings)),
        consistency={rater: consistency(both) for rater, both in twice_graded(given).items()},
        cases=tuple(
            Case(items[item], ratings[item], distance(ratings[item].values()), decisions.get(item))
            for item in disagreements(ratings)
        ),
        settled={item: each for item, each in settled.items() if each is not None},
    )


def reading(figure: Figure) -> str:
    """What an alpha says, in a sentence."""
    if figure.value is None:
        return f"Not defined: {figure.why}."
    if figure.value >= RELIABLE:
        return "The raters agree well enough to rely on the grades."
    if figure.value >= TENTATIVE:
        return "Good enough for tentative conclusions; settle the disagreements before you rely on them."
    if figure.value > 0:
        return (
            "Too little to rely on single grades. Read the disagreements together: are the guidelines "
            "unclear, or the questions? Comparisons of searches suffer less than single grades do."
        )
    return "No better than chance. Raters and guidelines do not go together; settle that before you go on."


def _by_question(items: Mapping[int, Item], ratings: Mapping[int, Mapping[str, int]]) -> Iterable[OfQuestion]:
    groups: dict[str, dict[int, Mapping[str, int]]] = {}
    for item, grades in ratings.items():
        groups.setdefault(items[item].question, {})[item] = grades
    found = [OfQuestion(each, alpha(group), len(disagreements(group))) for each, group in groups.items()]
    return sorted(found, key=lambda each: (-each.differing, each.question))
