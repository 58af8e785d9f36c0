"""Curves: how recall grows with depth, and how risk grows when less certain questions are answered too."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evaluation.measures import means, measure_questions
from evaluation.qrels import Qrels
from evaluation.runs import Run

DEPTHS = (1, 5, 10, 20, 50, 100)

DIGITS = 3
"""Significant digits in which top scores are compared: what differs only beyond them is as good as equal."""

MOST_ALIKE = 0.5
"""The largest share of questions that may have one and the same top score."""


class RiskCurve(NamedTuple):
    """What is lost when only the questions with the highest top scores are answered.

    Attributes:
        coverage: (n,) shares of the questions, rising to 1.
        risk: (n,) one minus the mean measure over the questions covered.
        area: mean risk over all coverages; the less, the better the scores tell good results from bad.
        by_chance: the area that scores without meaning would have: the risk of answering everything.
    """

    coverage: NDArray[np.float64]
    risk: NDArray[np.float64]
    area: float
    by_chance: float


def recall_by_depth(qrels: Qrels, run: Run) -> dict[int, float]:
    """Mean recall at each of DEPTHS: the share of relevant documents among the first so many."""
    found = means(measure_questions(qrels, run, [f"R@{depth}" for depth in DEPTHS]))
    return {depth: found[f"R@{depth}"] for depth in DEPTHS}


def risk_coverage(run: Run, values: Mapping[str, float]) -> RiskCurve | None:
    """Orders questions by the score of their first hit, as a measure of how sure the run is.

    El-Yaniv and Wiener, "On the foundations of noise-free selective classification", JMLR 11 (2010), for the
    curve; Geifman, Uziel and El-Yaniv (ICLR 2019) for the area as the mean over coverages. Questions with
    equal scores share their loss evenly, as if in the mean of all their orders. Questions without hits are
    the last.

    Args:
        run: documents best first.
        values: a measure from 0 to 1, by question; every judged question.

    Returns:
        None where the scores say nothing across questions, because most of them are (nearly) the same: so
        they are when each question's scores were brought to one scale, or made from ranks.
    """
    scores = {question: run[question][0].score if run.get(question) else -np.inf for question in values}
    if _are_alike([score for score in scores.values() if score > -np.inf]):
        return None
    groups: dict[float, list[float]] = {}
    for question, score in scores.items():
        groups.setdefault(score, []).append(1.0 - values[question])
    ordered = [groups[score] for score in sorted(groups, reverse=True)]
    losses = np.concatenate([np.full(len(group), np.mean(group)) for group in ordered])
    answered = np.arange(1, len(losses) + 1)
    risk = np.cumsum(losses) / answered
    return RiskCurve(answered / len(losses), risk, float(np.mean(risk)), float(risk[-1]))


def _are_alike(scores: Sequence[float]) -> bool:
    ((_, most),) = Counter(f"{score:.{DIGITS}g}" for score in scores).most_common(1)
    return most > MOST_ALIKE * len(scores)
