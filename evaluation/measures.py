"""Measures: a formula, its source, and a rule for what was not answered.

Ranking measures are computed by ir_measures (MacAvaney, Macdonald and Ounis, "Streamlining Evaluation with
ir-measures", ECIR 2022). A judged question without an answer counts 0; a question without a relevant
document counts 0 too, as in trec_eval.
"""

from collections.abc import Mapping, Sequence

import ir_measures
import numpy as np
from numpy.typing import NDArray

from evaluation.qrels import Qrels
from evaluation.runs import Run

RETRIEVAL = ("nDCG@10", "R@100", "RR@10", "P@1")
"""What `evaluate retrieval` prints.

nDCG@10: Jarvelin and Kekalainen 2002, gain as judged, discount log2(rank + 1). R@100: share of the relevant
documents among the first 100. RR@10: 1 / rank of the first relevant one among ten. P@1: it comes first.
"""

RESAMPLES = 2000

CHUNK = 1_000_000
"""How many values are drawn at once."""


def measure_questions(qrels: Qrels, run: Run, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Measures each judged question.

    Args:
        qrels: relevance by question and document.
        run: documents best first; questions that are not judged are left out.
        names: as ir_measures writes them, such as `nDCG@10`.

    Returns:
        By measure, then by question, in the order of `qrels`.
    """
    measures = {ir_measures.parse_measure(name): name for name in names}
    ranked = {question: _by_rank(run[question]) for question in qrels if run.get(question)}
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(qrels, 0.0) for name in names}
    judged = {question: dict(documents) for question, documents in qrels.items()}
    for metric in ir_measures.iter_calc(list(measures), judged, ranked):
        values[measures[metric.measure]][metric.query_id] = float(metric.value)
    return values


def means(values: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The mean of each measure over all questions."""
    return {name: float(np.mean(list(found.values()))) for name, found in values.items()}


def share(yes: Sequence[bool]) -> float | None:
    """How many of all are true; None where there is none."""
    return sum(yes) / len(yes) if yes else None


def auc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """How likely a positive scores above a negative, ties counting half; None where either is missing.

    The area under the ROC curve: Hanley and McNeil, Radiology 143 (1982), 29-36.
    """
    if not positive or not negative:
        return None
    low = np.sort(np.asarray(negative, np.float64))
    below = np.searchsorted(low, positive, side="left")
    not_above = np.searchsorted(low, positive, side="right")
    return float(np.mean(below + not_above) / (2 * len(low)))


def interval(values: Sequence[float], seed: int) -> tuple[float, float]:
    """The 95% percentile bootstrap interval of a mean (Efron and Tibshirani 1993, chapter 13).

    Args:
        values: one a question, at least one.
        seed: the same seed gives the same interval.
    """
    found: NDArray[np.float64] = np.asarray(values, np.float64)
    generator = np.random.default_rng(seed)
    rows = max(1, CHUNK // len(found))
    drawn = [
        found[generator.integers(0, len(found), (min(rows, RESAMPLES - start), len(found)))].mean(axis=1)
        for start in range(0, RESAMPLES, rows)
    ]
    low, high = np.percentile(np.concatenate(drawn), [2.5, 97.5])
    return float(low), float(high)


def _by_rank(found: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Scores that fall with the rank: ir_measures orders by score and would break ties by document id."""
    return {document: float(len(found) - place) for place, (document, _) in enumerate(found)}
