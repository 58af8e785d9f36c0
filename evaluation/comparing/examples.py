"""Examples: the questions on which two runs differ most, with what each of them found, side by side."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from evaluation.comparing.comparison import Comparison, Difference
from evaluation.comparing.texts import Texts
from evaluation.runs import Run

HITS = 5
"""Hits shown of each run, and relevant documents of each question."""


class Passage(NamedTuple):
    """A hit as it is shown.

    Attributes:
        rank: in this run, from 1.
        document: its id.
        grade: its judgment for the question; None where nobody judged it.
        other_rank: its rank in the other run; None where that does not have it.
        title: empty where the document has none, or no corpus was given.
        text: None where it is not known.
    """

    rank: int
    document: str
    grade: int | None
    other_rank: int | None
    title: str
    text: str | None


class Relevant(NamedTuple):
    """A document judged relevant, with its rank in the run and in the baseline; None where not found."""

    document: str
    grade: int
    rank: int | None
    baseline_rank: int | None


class Example(NamedTuple):
    """A question on which a run and the baseline differ.

    Attributes:
        question: its id.
        text: None where it is not known.
        value: the run's.
        baseline_value: the baseline's.
        passages: the run's first hits.
        baseline_passages: the baseline's.
        relevant: what should have been found, highest grade first, then what either run ranks best.
    """

    question: str
    text: str | None
    value: float
    baseline_value: float
    passages: Sequence[Passage]
    baseline_passages: Sequence[Passage]
    relevant: Sequence[Relevant]

    @property
    def difference(self) -> float:
        """The run's value minus the baseline's."""
        return self.value - self.baseline_value

    @property
    def found(self) -> int:
        """How many relevant documents the run has at all."""
        return sum(item.rank is not None for item in self.relevant)

    @property
    def baseline_found(self) -> int:
        """How many the baseline has."""
        return sum(item.baseline_rank is not None for item in self.relevant)


class Examples(NamedTuple):
    """The questions on which a run differs most from the baseline, largest difference first."""

    wins: Sequence[Example]
    losses: Sequence[Example]


def examples(comparison: Comparison, difference: Difference, texts: Texts, *, most: int) -> Examples:
    """The largest wins and losses of one run.

    Args:
        comparison: that the difference belongs to.
        difference: a run against the baseline.
        texts: what is known of questions and documents.
        most: how many of each.
    """
    found = difference.by_question
    wins = [
        question for question in sorted(found, key=lambda question: -found[question]) if found[question] > 0
    ]
    losses = [question for question in sorted(found, key=found.__getitem__) if found[question] < 0]
    return Examples(
        wins=[_example(comparison, difference, texts, question) for question in wins[:most]],
        losses=[_example(comparison, difference, texts, question) for question in losses[:most]],
    )


def _example(comparison: Comparison, difference: Difference, texts: Texts, question: str) -> Example:
    run, baseline = difference.standing.contender.run, comparison.baseline.contender.run
    ranks, baseline_ranks = _ranks(run, question), _ranks(baseline, question)
    judged = comparison.qrels[question]
    relevant = [
        Relevant(document, grade, ranks.get(document), baseline_ranks.get(document))
        for document, grade in judged.items()
        if grade > 0
    ]
    return Example(
        question=question,
        text=(texts.questions or {}).get(question),
        value=difference.standing.values[comparison.leading][question],
        baseline_value=comparison.baseline.values[comparison.leading][question],
        passages=_passages(ranks, baseline_ranks, judged, texts),
        baseline_passages=_passages(baseline_ranks, ranks, judged, texts),
        relevant=sorted(relevant, key=_by_grade_and_rank),
    )


def _by_grade_and_rank(item: Relevant) -> tuple[int, float]:
    return -item.grade, min(item.rank or math.inf, item.baseline_rank or math.inf)


def _ranks(run: Run, question: str) -> dict[str, int]:
    return {item.document: rank for rank, item in enumerate(run.get(question, ()), start=1)}


def _passages(
    ranks: Mapping[str, int], others: Mapping[str, int], judged: Mapping[str, int], texts: Texts
) -> list[Passage]:
    passages = []
    for document, rank in list(ranks.items())[:HITS]:
        known = (texts.documents or {}).get(document)
        passages.append(
            Passage(
                rank=rank,
                document=document,
                grade=judged.get(document),
                other_rank=others.get(document),
                title=known.title if known else "",
                text=known.text if known else None,
            )
        )
    return passages
