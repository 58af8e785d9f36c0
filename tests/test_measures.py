"""Measures against values computed by hand."""

import math

import pytest

from evaluation.measures import (
    RETRIEVAL,
    auc,
    interval,
    means,
    measure_questions,
    share,
)
from evaluation.runs import Scored


def ranked(*documents: str) -> list[Scored]:
    return [Scored(document, 1.0 - place / 1000) for place, document in enumerate(documents)]


def test_ndcg_by_hand() -> None:
    """Gain as judged, discount log2(rank + 1), against the best order there is."""
    qrels = {"q": {"a": 3, "b": 2, "c": 1, "d": 0}}
    run = {"q": ranked("b", "x", "a")}
    gained = 2 / math.log2(2) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert measure_questions(qrels, run, ["nDCG@10"])["nDCG@10"]["q"] == pytest.approx(gained / ideal)


def test_the_other_measures_by_hand() -> None:
    """Recall counts all relevant documents, the reciprocal rank the first one, P@1 the first place."""
    qrels = {"q": {"a": 1, "b": 2, "c": 1, "d": 0}}
    run = {"q": ranked("x", "d", "b", "a")}
    values = means(measure_questions(qrels, run, RETRIEVAL))
    assert values["R@100"] == pytest.approx(2 / 3)
    assert values["RR@10"] == pytest.approx(1 / 3)
    assert values["P@1"] == 0.0
    average = measure_questions(qrels, run, ["AP"])["AP"]["q"]
    assert average == pytest.approx((1 / 3 + 2 / 4) / 3)


def test_ranks_beyond_the_cutoff_do_not_count() -> None:
    """The eleventh place is outside nDCG@10 and RR@10, the hundred and first outside R@100."""
    filler = [f"x{number}" for number in range(100)]
    run = {"q": ranked(*filler[:10], "a", *filler[10:], "b")}
    values = means(measure_questions({"q": {"a": 1, "b": 1}}, run, RETRIEVAL))
    assert values == {"nDCG@10": 0.0, "R@100": 0.5, "RR@10": 0.0, "P@1": 0.0}


@pytest.mark.parametrize("run", [{}, {"q2": []}], ids=["left out", "no hits"])
def test_an_unanswered_question_counts_0(run: dict[str, list[Scored]]) -> None:
    """A judged question that the run leaves out, or has no hits for, stays in every mean."""
    qrels = {"q2": {"a": 1}, "q1": {"a": 1}}
    values = measure_questions(qrels, {"q1": ranked("a"), **run}, RETRIEVAL)
    assert means(values) == dict.fromkeys(RETRIEVAL, 0.5)
    assert all(list(found) == ["q2", "q1"] for found in values.values())


def test_a_question_without_relevant_documents_counts_0() -> None:
    """Judged, but nothing is relevant: no measure is undefined, and none is dropped."""
    values = measure_questions(
        {"q1": {"a": 1}, "q2": {"a": 0}}, {q: ranked("a") for q in ("q1", "q2")}, RETRIEVAL
    )
    assert means(values) == dict.fromkeys(RETRIEVAL, 0.5)


def test_questions_that_are_not_judged_are_left_out() -> None:
    """What a run says of other questions changes nothing."""
    values = measure_questions({"q1": {"a": 1}}, {"q1": ranked("a"), "q9": ranked("b")}, RETRIEVAL)
    assert all(list(found) == ["q1"] for found in values.values())


def test_the_order_counts_not_the_score() -> None:
    """Tied and even rising scores do not change what stands first: the run's order is what people see."""
    run = {"q": [Scored("z", 0.5), Scored("a", 0.5), Scored("b", 0.7)]}
    for place, document in enumerate(("z", "a", "b"), start=1):
        values = measure_questions({"q": {document: 1}}, run, RETRIEVAL)
        assert values["RR@10"]["q"] == pytest.approx(1 / place)
        assert values["P@1"]["q"] == float(place == 1)


def test_auc_by_hand() -> None:
    """Of the pairs of a positive and a negative, those in the right order; a tie is half a pair."""
    assert auc([0.9, 0.4], [0.5, 0.4, 0.1]) == pytest.approx((3 + 1.5) / 6)
    assert auc([1.0, 2.0], [0.0]) == 1.0
    assert auc([0.0], [1.0]) == 0.0
    assert auc([1.0], [1.0, 1.0]) == 0.5


@pytest.mark.parametrize(("positive", "negative"), [([], [1.0]), ([1.0], []), ([], [])])
def test_auc_is_not_defined_without_both(positive: list[float], negative: list[float]) -> None:
    """With only answerable or only unanswerable questions there is nothing to tell apart."""
    assert auc(positive, negative) is None


def test_share_by_hand() -> None:
    """A share of none is not 0 but undefined."""
    assert share([True, False, True, True]) == 0.75
    assert share([]) is None


def test_interval_holds_the_mean() -> None:
    """The interval lies about the mean, narrows with more questions, and the seed fixes it."""
    few, many = [0.0, 1.0] * 10, [0.0, 1.0] * 1000
    low, high = interval(few, seed=1)
    assert low < 0.5 < high
    narrow = interval(many, seed=1)
    # Standard error of a share of one half among 2000: 0.0112.
    assert narrow == pytest.approx((0.5 - 1.96 * 0.0112, 0.5 + 1.96 * 0.0112), abs=0.004)
    assert interval(few, seed=1) == (low, high)
    assert interval([0.3] * 5, seed=1) == pytest.approx((0.3, 0.3))
