"""Risk and coverage, by hand."""

import pytest

from evaluation.abstention import Decision, area, bootstrap, risk_at, risks
from evaluation.measures import auc

DECISIONS = [
    Decision(0.2, right=False),
    Decision(0.9, right=True),
    Decision(0.8, right=True),
    Decision(0.5, right=False),
    Decision(0.4, right=True),
]


def test_risk_grows_as_less_sure_answers_are_given() -> None:
    """The surest answer first: right, right, wrong, right, wrong."""
    assert list(risks(DECISIONS)) == pytest.approx([0, 0, 1 / 3, 1 / 4, 2 / 5])
    assert area(DECISIONS) == pytest.approx((1 / 3 + 1 / 4 + 2 / 5) / 5)


@pytest.mark.parametrize(
    ("coverage", "risk"), [(0.2, 0), (0.6, 1 / 3), (0.8, 1 / 4), (0.81, 2 / 5), (1, 2 / 5)]
)
def test_risk_at_a_coverage(coverage: float, risk: float) -> None:
    """At least so many questions are answered: a share between two questions takes the next one in."""
    assert risk_at(DECISIONS, coverage) == pytest.approx(risk)


def test_equal_confidence_says_nothing_good() -> None:
    """Of equally sure answers the wrong ones count first, whatever the order they came in."""
    alike = [Decision(0.5, right=True), Decision(0.5, right=False)]
    assert list(risks(alike)) == list(risks(alike[::-1])) == [1.0, 0.5]


def test_nothing_to_decide_has_no_risk() -> None:
    """Without questions nothing is defined."""
    assert risk_at([], 0.8) is None
    assert area([]) is None


def test_an_interval_holds_its_figure_and_comes_out_the_same() -> None:
    """Drawn with the same seed it is the same; of one and the same value it has no width."""
    yes, no = [0.9, 0.8, 0.4, 0.7], [0.1, 0.5, 0.6]
    low, high = bootstrap(auc, yes, no, seed=1)
    assert 0 <= low <= (auc(yes, no) or 0) <= high <= 1
    assert (low, high) == bootstrap(auc, yes, no, seed=1)
    assert bootstrap(area, [Decision(0.5, right=False)] * 3, seed=1) == (1.0, 1.0)
