"""Known questions as the desk changes them: one question at a time, every other line as it was."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from corpus.known import KNOWN_NAME, NOT_ANSWERED, QUESTION_MARK, KnownQuestion, is_same, parse_known

PLACE = Path(KNOWN_NAME)
"""What faults of a text that is in no file yet are said of."""


class Answer(NamedTuple):
    """A sentence of a study."""

    study_id: str
    text: str


def entries(text: str) -> tuple[KnownQuestion, ...]:
    """The questions of a text.

    Raises:
        KnownQuestionsError: it cannot be read.
    """
    return parse_known(text, PLACE)


def entry_of(text: str, question: str) -> KnownQuestion | None:
    """What a text has of a question, in the same words; None where it has nothing.

    Raises:
        KnownQuestionsError: it cannot be read.
    """
    return next((each for each in entries(text) if is_same(each.question, question)), None)


def with_question(text: str, question: str, answers: Sequence[Answer]) -> str:
    """The text with a question, in the place of the same one where there is one, else at the end.

    Args:
        text: of the file.
        question: in the words of those who ask.
        answers: all sentences that answer it; none where nothing does.

    Raises:
        KnownQuestionsError: the text cannot be read, before or with this question in it.
    """
    words = " ".join(question.split())
    said = [f"{each.study_id}: {' '.join(each.text.split())}" for each in answers] or [NOT_ANSWERED]
    mine = [f"{QUESTION_MARK} {words}", *said]
    lines = text.split("\n")
    span = _span(text, lines, words)
    if span:
        lines[slice(*span)] = mine
        changed = "\n".join(lines)
    else:
        before = text.rstrip("\n")
        changed = "\n".join([*([before, ""] if before else []), *mine, ""])
    entries(changed)
    return changed


def without_question(text: str, question: str) -> str:
    """The text without a question and its sentences.

    Raises:
        KnownQuestionsError: it cannot be read.
    """
    lines = text.split("\n")
    span = _span(text, lines, question)
    if span:
        first, end = span
        after = lines[end:]
        lines[first:] = after[1:] if after and not after[0].strip() else after
    left = "\n".join(lines).rstrip("\n")
    return f"{left}\n" if left else ""


def _span(text: str, lines: Sequence[str], question: str) -> tuple[int, int] | None:
    """The lines of a question and what answers it, remarks behind them left out."""
    every = entries(text)
    place = next((place for place, each in enumerate(every) if is_same(each.question, question)), None)
    if place is None:
        return None
    end = every[place + 1].line - 1 if place + 1 < len(every) else len(lines)
    while not lines[end - 1].strip() or lines[end - 1].startswith("#"):
        end -= 1
    return every[place].line - 1, end
