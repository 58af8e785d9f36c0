"""Feedback: whether an answer helped, told in fixed choices.

There is no field for free text: what people write about an answer tells of their own health, and that would
be personal data to keep. A choice and the answer's random reference say nothing of who asked, or what.
"""

import logging
import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from service.languages import fixed

REFERENCE = re.compile(r"[0-9a-f]{6,32}")
"""What an answer's id looks like: nothing that could be read as words ever gets into the log."""

UNKNOWN_REFERENCE = fixed("No answer has this reference. The right one stands at the end of the answer.")
NEITHER = fixed("Please say whether the answer helped: yes or no.")
UNKNOWN_REASON = fixed(
    "Where an answer did not help, the reason is one of wrong_sentence, not_asked, hard, missing and other; "
    "where it did, there is none."
)

logger = logging.getLogger("plaincite.feedback")


class Reason(StrEnum):
    """Why an answer did not help."""

    wrong_sentence = "wrong_sentence"
    not_asked = "not_asked"
    hard = "hard"
    missing = "missing"
    other = "other"


class FeedbackError(ValueError):
    """Feedback that cannot be taken; the text is a plain sentence for who sent it."""


class Feedback(NamedTuple):
    """What somebody said of an answer.

    Attributes:
        reference: the answer's id.
        helpful: whether it helped.
        reason: why not; None where it helped.
    """

    reference: str
    helpful: bool
    reason: Reason | None


def read_feedback(fields: Mapping[str, str]) -> Feedback:
    """The feedback in a form's fields `reference`, `helpful` (yes or no) and `reason`.

    Raises:
        FeedbackError: a field says something that it cannot say.
    """
    reference, helpful = fields.get("reference", ""), fields.get("helpful", "")
    reason = fields.get("reason", "")
    if not REFERENCE.fullmatch(reference):
        raise FeedbackError(UNKNOWN_REFERENCE)
    if helpful not in {"yes", "no"}:
        raise FeedbackError(NEITHER)
    if reason not in ({*Reason} if helpful == "no" else {""}):
        raise FeedbackError(UNKNOWN_REASON)
    return Feedback(reference, helpful == "yes", Reason(reason) if reason else None)


def take_feedback(feedback: Feedback, counts: "Counter[Reason | None]") -> None:
    """Counts feedback, by reason and by None where it helped, and logs it in one line."""
    counts[feedback.reason] += 1
    told = {"answer_id": feedback.reference, "helpful": feedback.helpful, "reason": feedback.reason}
    logger.info("feedback", extra=told | {"times": counts[feedback.reason]})
