"""Verdicts: what a comparison of two runs shows, in words; above all when it shows nothing."""

from typing import NamedTuple

from evaluation.comparing.contenders import counted
from evaluation.significance import ALPHA, smallest_p


class Evidence(NamedTuple):
    """What a verdict rests on.

    Attributes:
        measure: the one that was tested.
        names: of the run and of the baseline.
        difference: run minus baseline, mean over all questions.
        questions: all that were judged.
        differing: those on which the two differ at all.
        holm_p: corrected for all comparisons.
        comparisons: how many runs are compared with the baseline.
        detectable: the smallest difference that would be found four times out of five.
        needed: questions that would show a difference as large as this one.
    """

    measure: str
    names: tuple[str, str]
    difference: float
    questions: int
    differing: int
    holm_p: float
    comparisons: int
    detectable: float | None
    needed: int | None


def verdict(evidence: Evidence) -> str:
    """One or two sentences."""
    one, other = evidence.names
    if not evidence.differing:
        return f"{one} and {other} have the same {evidence.measure} on {_every(evidence.questions)}."
    if least_p(evidence) > ALPHA:
        return _powerless(evidence)
    if evidence.holm_p <= ALPHA:
        return _shown(evidence)
    return _not_shown(evidence)


def least_p(evidence: Evidence) -> float:
    """The least corrected p that these questions can give; above ALPHA the test can show nothing at all.

    The randomisation test gives no p below 2 / 2^n where n questions differ, and Holm's first step multiplies
    it by the number of comparisons: with one comparison six questions are the least that can show anything.
    """
    return min(1.0, smallest_p(evidence.differing) * evidence.comparisons)


def _powerless(evidence: Evidence) -> str:
    one, other = evidence.names
    return (
        f"Too few questions: {one} and {other} differ on {counted(evidence.differing, 'question')} of "
        f"{evidence.questions:,}, and however clear these are, the test gives no p below "
        f"{least_p(evidence):.2g} for so few. It has no power here: this shows neither a difference nor that "
        f"the runs are alike, and the intervals are no guide either."
    )


def _shown(evidence: Evidence) -> str:
    one, other = evidence.names
    better = "better" if evidence.difference > 0 else "worse"
    return (
        f"{one} is {better} than {other} by {abs(evidence.difference):.4f} {evidence.measure}; "
        f"chance alone would rarely part them so far (corrected p {p_value(evidence.holm_p)})."
    )


def _not_shown(evidence: Evidence) -> str:
    one, other = evidence.names
    seen = abs(evidence.difference)
    first = f"No difference is shown between {one} and {other} (corrected p {p_value(evidence.holm_p)})."
    if evidence.detectable is None:
        return first
    limit = (
        f"{counted(evidence.questions, 'question')} with such a spread only show differences "
        f"above {evidence.detectable:.2g} (four times out of five); these runs differ by {seen:.2g}"
    )
    if seen >= evidence.detectable:
        return f"{first} {limit}: chance is not ruled out, and more questions may well decide it."
    more = (
        f" About {evidence.needed:,} questions would show a difference of this size."
        if evidence.needed
        else ""
    )
    return f"{first} {limit}: this is no evidence that they are alike.{more}"


def p_value(p: float) -> str:
    """A p for people: three places, and never 0."""
    return "below 0.001" if p < 0.001 else f"{p:.3f}"  # noqa: PLR2004  # what three places can show


def _every(questions: int) -> str:
    return f"each of {questions:,} questions" if questions > 1 else "the one question"
