"""Verdicts: what is said in each of the cases, and above all when nothing is shown."""

import pytest

from evaluation.comparing.verdicts import Evidence, least_p, p_value, verdict

SHOWN = Evidence(
    measure="nDCG@10",
    names=("fused", "dense"),
    difference=0.05,
    questions=300,
    differing=200,
    holm_p=0.002,
    comparisons=1,
    detectable=0.03,
    needed=120,
)


def test_a_difference_that_is_shown() -> None:
    """Who is better, by how much, and how sure that is."""
    assert verdict(SHOWN) == (
        "fused is better than dense by 0.0500 nDCG@10; chance alone would rarely part them so far "
        "(corrected p 0.002)."
    )
    assert verdict(SHOWN._replace(difference=-0.05)).startswith("fused is worse than dense by 0.0500")


def test_no_difference_shown_is_no_evidence_of_being_alike() -> None:
    """With few questions the sentence says what they could have shown, and what it would take."""
    evidence = SHOWN._replace(
        difference=0.011, questions=20, differing=12, holm_p=0.4, detectable=0.123, needed=2400
    )
    assert verdict(evidence) == (
        "No difference is shown between fused and dense (corrected p 0.400). 20 questions with such a spread "
        "only show differences above 0.12 (four times out of five); these runs differ by 0.011: this is no "
        "evidence that they are alike. About 2,400 questions would show a difference of this size."
    )


def test_a_large_difference_that_is_not_shown() -> None:
    """Where the difference is as large as what could be shown, chance is only not ruled out."""
    said = verdict(SHOWN._replace(difference=0.2, questions=10, differing=10, holm_p=0.06, detectable=0.19))
    assert "chance is not ruled out" in said
    assert "alike" not in said


@pytest.mark.parametrize(
    ("differing", "comparisons", "powerless"),
    [(1, 1, True), (5, 1, True), (6, 1, False), (6, 2, True), (7, 2, False)],
)
def test_too_few_questions_have_no_power(differing: int, comparisons: int, powerless: bool) -> None:
    """Below six differing questions, more where several runs are compared, no outcome could be shown."""
    evidence = SHOWN._replace(questions=9, differing=differing, comparisons=comparisons, holm_p=0.07)
    assert ("It has no power here" in verdict(evidence)) == powerless
    assert (least_p(evidence) > 0.05) == powerless


def test_no_power_is_said_with_the_least_p() -> None:
    """The sentence tells how many questions differ and what the test could give at best."""
    said = verdict(SHOWN._replace(questions=9, differing=4, holm_p=0.125))
    assert said.startswith("Too few questions: fused and dense differ on 4 questions of 9")
    assert "no p below 0.12" in said


def test_runs_that_are_the_same() -> None:
    """No difference on any question is said as that."""
    same = SHOWN._replace(difference=0.0, differing=0, holm_p=1.0)
    assert verdict(same) == "fused and dense have the same nDCG@10 on each of 300 questions."
    assert verdict(same._replace(questions=1)).endswith("on the one question.")


def test_p_is_never_said_to_be_0() -> None:
    """10,000 draws cannot show a p of 0, and nobody needs its fourth place."""
    assert [p_value(0.0001), p_value(0.001), p_value(0.0312), p_value(1.0)] == [
        "below 0.001",
        "0.001",
        "0.031",
        "1.000",
    ]
