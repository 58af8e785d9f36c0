"""Replaying: whether an answer that was kept is the one that would be given now, and if not, why."""

from typing import NamedTuple

from service.answers import Answer
from service.inspecting.inspection import Inspection

SAME = "Today’s answer is the one that was given then: it ends alike, and quotes the same sentences."  # noqa: RUF001
OTHER = "Today’s answer is not the one that was given then."  # noqa: RUF001
SUMMARIES = (
    "The library has changed since: the index of then still gives the answer of then. What differs is below."
)
AWAY = "The index of then cannot be asked any more, so the reason cannot be told."
NOT_THE_SUMMARIES = (
    "The library is not the reason, since the index of then gives another answer now, too: names and numbers "
    "were taken out of the question before it was kept, or plaincite itself has changed."
)


class Replay(NamedTuple):
    """An answer that was given, asked for again.

    Attributes:
        lines: what came of it, a sentence each.
        is_same: whether people would be told today what was told then.
    """

    lines: tuple[str, ...]
    is_same: bool


def replay(given: Answer, now: Inspection, then: Inspection | None) -> Replay:
    """Compares an answer that was given with what is given today.

    Args:
        given: as it was kept.
        now: its question, asked of the index in use.
        then: the same of the index that it came from; None where that cannot be asked any more.
    """
    if is_like(given, now.answer):
        return Replay((SAME,), is_same=True)
    if then is None:
        return Replay((OTHER, AWAY), is_same=False)
    why = SUMMARIES if is_like(given, then.answer) else NOT_THE_SUMMARIES
    return Replay((OTHER, why), is_same=False)


def is_like(one: Answer, other: Answer) -> bool:
    """Whether two answers end alike, under the same notice, with the same quotes on the same sides."""
    return _told(one) == _told(other)


def _told(answer: Answer) -> tuple[object, ...]:
    sides = [answer.statements, *(side.statements for side in answer.contrast)]
    quotes = [[(quote.citation.study_id, quote.text) for quote in side] for side in sides]
    return answer.outcome, answer.notice.kind if answer.notice else None, quotes
