"""Reasons: why a sentence that was read is not quoted, told by whoever leaves it out.

Nobody listens while people are answered; the answer inspector does (service/inspecting.py), so that what it
shows is what the spine did, and no second opinion.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.evidence import Evidence


class Reason(StrEnum):
    """Why a sentence is left out.

    Attributes:
        unknown_study: the question names a study that the library does not have.
        unknown_subject: the question asks about a drug, illness or time that the library does not speak of.
        other_people: the question asks about people of a kind that it does not tell of.
        no_dose: it gives no dose, or that of another drug.
        off_topic: it stands where a summary does not speak of effect, or of safety.
        no_groups: its study has no comparison group, and others have.
        no_reason: the question takes something for granted, which it does not explain.
        no_sentence: it is a heading, a citation or a line of sources.
        unsure: it is below the threshold.
        behind: it is far less sure than the best one.
        study_full: its study gives as many quotes as one study may.
        said_twice: as many studies as needed say the very same.
        repeats: it adds nothing to what its study says already.
        enough: the sentences before it are enough.
        side_full: its side of the question says enough already.
        weak_design: a study of its kind does not speak alone for the other side.
        says_something: the question asks what sources do not say.
        says_nothing: it only says what the source does not say.
        weaker_study: another study of its side is stronger, and speaks for it.
        as_a_whole: the question asks for everything at once, which main messages answer.
        within_another: another quote says it, with more.
    """

    unknown_study = "unknown_study"
    unknown_subject = "unknown_subject"
    other_people = "other_people"
    no_dose = "no_dose"
    off_topic = "off_topic"
    no_groups = "no_groups"
    no_reason = "no_reason"
    no_sentence = "no_sentence"
    unsure = "unsure"
    behind = "behind"
    study_full = "study_full"
    said_twice = "said_twice"
    repeats = "repeats"
    enough = "enough"
    side_full = "side_full"
    weak_design = "weak_design"
    says_something = "says_something"
    says_nothing = "says_nothing"
    weaker_study = "weaker_study"
    as_a_whole = "as_a_whole"
    within_another = "within_another"


Tell = Callable[[Reason, Iterable["Evidence"]], object]
"""Is told which sentences are left out, and why; of a sentence that is told of twice the last reason counts,
unless it is quoted in the end after all."""


def untold(reason: Reason, items: Iterable["Evidence"]) -> None:
    """Nobody listens."""
