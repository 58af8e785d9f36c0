"""Curves against values computed by hand."""

import pytest

from evaluation.comparing.curves import DEPTHS, recall_by_depth, risk_coverage
from evaluation.runs import Scored
from tests.comparisons import ranked


def test_recall_by_hand() -> None:
    """One relevant document at rank 1 and one at rank 12: half until depth 10, all from 20 on."""
    documents = ["a", *(f"x{place}" for place in range(10)), "b"]
    found = recall_by_depth({"q": {"a": 1, "b": 2, "x3": 0}}, {"q": ranked(*documents)})
    assert found == dict(zip(DEPTHS, (0.5, 0.5, 0.5, 1.0, 1.0, 1.0), strict=True))


def test_risk_by_hand() -> None:
    """The surest question first: risk is one minus the mean measure of those covered."""
    run = {name: [Scored("d", score)] for name, score in (("a", 0.1), ("b", 0.9), ("c", 0.5), ("d", 0.4))}
    curve = risk_coverage(run, {"a": 0.0, "b": 1.0, "c": 0.5, "d": 0.0})
    assert curve is not None
    assert list(curve.coverage) == [0.25, 0.5, 0.75, 1.0]
    assert list(curve.risk) == pytest.approx([0.0, 0.25, 0.5, 0.625])
    assert curve.area == pytest.approx((0 + 0.25 + 0.5 + 0.625) / 4)
    assert curve.by_chance == pytest.approx(0.625)


def test_questions_with_the_same_score_share_their_loss() -> None:
    """Whichever of them stands first in the file, the curve is the same."""
    values = {"a": 1.0, "b": 0.0, "c": 0.5, "d": 0.25, "e": 0.75}
    scores = {"a": 0.7, "b": 0.7, "c": 0.6, "d": 0.5, "e": 0.4}
    run = {name: [Scored("d", score)] for name, score in scores.items()}
    curve = risk_coverage(run, values)
    turned = risk_coverage(run, dict(reversed(values.items())))
    assert curve is not None
    assert turned is not None
    assert list(curve.risk[:2]) == pytest.approx([0.5, 0.5])
    assert list(curve.risk) == pytest.approx(list(turned.risk))


def test_questions_without_hits_are_the_last() -> None:
    """A run that is silent is not sure: the question counts as lost, at full coverage."""
    run = {"b": [Scored("d", -5.0)], "c": [Scored("d", -6.0)]}
    curve = risk_coverage(run, {"a": 0.0, "b": 1.0, "c": 1.0})
    assert curve is not None
    assert list(curve.risk) == pytest.approx([0.0, 0.0, 1 / 3])


@pytest.mark.parametrize("scores", [[1.0, 1.0, 1.0, 0.9], [0.90001, 0.90002, 0.90003, 0.2], [0.5]])
def test_scores_that_are_alike_say_nothing(scores: list[float]) -> None:
    """Where most questions have the same top score, as after min-max normalisation, there is no curve."""
    run = {str(number): [Scored("d", score)] for number, score in enumerate(scores)}
    assert risk_coverage(run, dict.fromkeys(run, 0.5)) is None
