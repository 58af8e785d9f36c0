"""Comparison: runs measured on the same questions, each against the first, and what that shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evaluation.comparing.contenders import Contender
from evaluation.comparing.verdicts import Evidence, verdict
from evaluation.measures import RETRIEVAL, interval, measure_questions
from evaluation.qrels import Qrels
from evaluation.significance import SAME, detectable, holm, needed, randomisation

MEASURES = (*RETRIEVAL, "Judged@10")
"""What the table shows. Judged@10: share of the first ten hits that anybody judged, relevant or not."""

LEADING = "nDCG@10"
"""The measure that is tested, unless another is chosen."""

SEED = 17


class Estimate(NamedTuple):
    """A mean over questions with its 95% bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Standing:
    """What one run reached.

    Attributes:
        contender: the run.
        values: by measure, then by question; all judged questions in the order of the qrels.
        estimates: by measure.
    """

    contender: Contender
    values: Mapping[str, Mapping[str, float]]
    estimates: Mapping[str, Estimate]

    @property
    def name(self) -> str:
        """The run's name."""
        return self.contender.name


@dataclass(frozen=True, slots=True)
class Difference:
    """A run against the baseline.

    Attributes:
        standing: the run's.
        estimates: run minus baseline, by measure.
        by_question: run minus baseline in the leading measure, in the order of the qrels.
        p: of the paired randomisation test on the leading measure.
        evidence: what the verdict rests on, p corrected for all runs that are compared with the baseline.
    """

    standing: Standing
    estimates: Mapping[str, Estimate]
    by_question: Mapping[str, float]
    p: float
    evidence: Evidence

    @property
    def verdict(self) -> str:
        """What all this means, in words."""
        return verdict(self.evidence)

    @property
    def name(self) -> str:
        """The run's name."""
        return self.standing.name

    @property
    def wins(self) -> int:
        """Questions on which the run is better than the baseline."""
        return sum(difference > 0 for difference in self.by_question.values())

    @property
    def losses(self) -> int:
        """Questions on which it is worse."""
        return sum(difference < 0 for difference in self.by_question.values())

    @property
    def ties(self) -> int:
        """Questions on which the two are level."""
        return len(self.by_question) - self.wins - self.losses


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs compared on one set of judgments.

    Attributes:
        leading: the measure that is tested.
        qrels: the judgments.
        standings: the baseline first.
        differences: every other run against the baseline, in the order given.
    """

    leading: str
    qrels: Qrels
    standings: Sequence[Standing]
    differences: Sequence[Difference]

    @property
    def baseline(self) -> Standing:
        """What the others are compared with."""
        return self.standings[0]


def compare_runs(contenders: Sequence[Contender], qrels: Qrels, *, leading: str = LEADING) -> Comparison:
    """Measures runs and compares each with the first.

    Args:
        contenders: at least two, the baseline first.
        qrels: the judgments; all their questions count for every run.
        leading: one of MEASURES, the one that is tested.
    """
    standings = [_standing(contender, qrels) for contender in contenders]
    baseline, *others = standings
    p = [_test(other, baseline, leading) for other in others]
    differences = [
        _difference(other, baseline, leading, p=p[number], holm_p=holm_p, comparisons=len(p))
        for number, (other, holm_p) in enumerate(zip(others, holm(p), strict=True))
    ]
    return Comparison(leading, qrels, standings, differences)


def _standing(contender: Contender, qrels: Qrels) -> Standing:
    values = measure_questions(qrels, contender.run, MEASURES)
    return Standing(
        contender, values, {name: _estimate(list(found.values())) for name, found in values.items()}
    )


def _test(one: Standing, other: Standing, measure: str) -> float:
    return randomisation(list(one.values[measure].values()), list(other.values[measure].values()), SEED)


def _difference(
    one: Standing, baseline: Standing, leading: str, *, p: float, holm_p: float, comparisons: int
) -> Difference:
    estimates = {name: _estimate(list(_minus(one, baseline, name).values())) for name in MEASURES}
    by_question = _minus(one, baseline, leading)
    differences = list(by_question.values())
    evidence = Evidence(
        measure=leading,
        names=(one.name, baseline.name),
        difference=estimates[leading].value,
        questions=len(differences),
        differing=int(np.count_nonzero(differences)),
        holm_p=holm_p,
        comparisons=comparisons,
        detectable=detectable(differences, comparisons=comparisons),
        needed=needed(differences, comparisons=comparisons),
    )
    return Difference(one, estimates, by_question, p, evidence)


def _minus(one: Standing, other: Standing, measure: str) -> dict[str, float]:
    """Differences by question; what is only rounding is 0."""
    pairs = zip(one.values[measure].items(), other.values[measure].values(), strict=True)
    differences = ((question, mine - theirs) for (question, mine), theirs in pairs)
    return {question: value if abs(value) > SAME else 0.0 for question, value in differences}


def _estimate(values: Sequence[float]) -> Estimate:
    return Estimate(float(np.mean(values)), *interval(values, SEED))
