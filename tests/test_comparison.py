"""Comparing runs, against values computed by hand."""

from pathlib import Path

import numpy as np
import pytest

from evaluation.comparing.comparison import MEASURES, SEED, compare_runs
from evaluation.comparing.contenders import Contender
from evaluation.measures import interval
from evaluation.runs import Run
from tests.comparisons import run_of

QRELS = {f"q{number}": {f"right-{number}": 1, "wrong-0": 0} for number in range(8)}


def contender(name: str, run: Run) -> Contender:
    return Contender(name, Path(f"{name}.run"), name, {q: run[q] for q in QRELS if q in run}, ())


def test_means_differences_and_counts_by_hand() -> None:
    """RR@10 of ranks 1 and 2 is 1 and 1/2; wins, ties and losses are counted question by question."""
    one = contender("one", run_of([2, 2, 2, 2, 1, 1, 1, 0]))
    other = contender("other", run_of([1, 1, 1, 2, 1, 1, 2, 1]))
    comparison = compare_runs([one, other], QRELS, leading="RR@10")
    assert [item.name for item in comparison.standings] == ["one", "other"]
    assert comparison.baseline.estimates["RR@10"].value == pytest.approx((4 * 0.5 + 3) / 8)
    (difference,) = comparison.differences
    assert list(difference.by_question.values()) == pytest.approx([0.5, 0.5, 0.5, 0, 0, 0, -0.5, 1])
    assert (difference.wins, difference.ties, difference.losses) == (4, 3, 1)
    assert difference.estimates["RR@10"].value == pytest.approx(2 / 8)
    assert difference.evidence.differing == 5
    # In halves 1, 1, 1, 1, 2 with 32 ways to sign them: 4 is reached by all (6) or all but a 1 (4 ways, 4),
    # and their opposites.
    assert difference.p == pytest.approx(2 * (1 + 4) / 32)


def test_intervals_are_of_the_paired_differences() -> None:
    """The interval of a difference is drawn from the differences, not from the two runs apart."""
    one, other = run_of([1, 2, 3, 4, 5, 6, 7, 8]), run_of([2, 3, 4, 5, 6, 7, 8, 9])
    comparison = compare_runs([contender("one", one), contender("other", other)], QRELS)
    (difference,) = comparison.differences
    found = difference.estimates["nDCG@10"]
    assert (found.low, found.high) == interval(list(difference.by_question.values()), SEED)
    assert found.high < 0
    assert comparison.baseline.estimates["nDCG@10"].high - comparison.baseline.estimates["nDCG@10"].low > (
        found.high - found.low
    )


def test_a_run_that_skips_a_question_loses_it() -> None:
    """A judged question without hits counts 0 for the run that left it out."""
    short = contender("short", run_of([1] * 7))
    comparison = compare_runs([contender("all", run_of([1] * 8)), short], QRELS, leading="P@1")
    (difference,) = comparison.differences
    assert difference.by_question["q7"] == -1.0
    assert difference.losses == 1


def test_p_is_corrected_for_all_runs_together() -> None:
    """Three runs against one: Holm's correction over three comparisons, on the leading measure."""
    better = [1, 1, 1, 1, 1, 1, 1, 1]
    contenders = [
        contender("baseline", run_of([2] * 8)),
        contender("better", run_of(better)),
        contender("alike", run_of([2] * 8)),
        contender("worse", run_of([3] * 8)),
    ]
    found = compare_runs(contenders, QRELS, leading="RR@10").differences
    assert [item.p for item in found] == [2 / 256, 1.0, 2 / 256]
    assert [item.evidence.holm_p for item in found] == [pytest.approx(6 / 256), 1.0, pytest.approx(6 / 256)]
    assert found[0].verdict.startswith("better is better than baseline by 0.5000 RR@10")
    assert found[1].verdict == "alike and baseline have the same RR@10 on each of 8 questions."


def test_judged_share_stands_beside_the_measures() -> None:
    """Judged@10 counts judgments of either kind among the first ten hits."""
    comparison = compare_runs([contender("one", run_of([2] * 8)), contender("two", run_of([1] * 8))], QRELS)
    assert tuple(comparison.baseline.estimates) == MEASURES
    assert comparison.baseline.estimates["Judged@10"].value == pytest.approx(0.2)
    assert comparison.standings[1].estimates["Judged@10"].value == pytest.approx(0.1)


def test_the_same_runs_give_the_same_figures() -> None:
    """The seed is fixed: a repetition gives every figure again."""
    contenders = [contender("one", run_of([2, 1, 4, 2, 8, 1, 0, 3])), contender("two", run_of([1, 2] * 4))]
    first, second = (compare_runs(contenders, QRELS).differences[0] for _ in range(2))
    assert first.estimates == second.estimates
    assert (first.p, first.evidence) == (second.p, second.evidence)
    assert np.isfinite(first.evidence.detectable or np.nan)
