"""Inspection: a question that was answered for staff, with all that the answer hung on."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from corpus.sentences import Span
from service.answering import Trace
from service.answers import Answer, Statement
from service.evidence import Evidence
from service.languages import ENGLISH
from service.library import Library
from service.reasons import Reason

Place = tuple[str, Span]
"""A sentence: the passage it stands in, and its offsets."""


class Cited(NamedTuple):
    """Where a quote stands: in which section of which study, and from where to where in its text."""

    study_id: str
    section: str
    start: int
    end: int


class Ledger:
    """Is told by the spine which sentences are left out; the last reason counts."""

    def __init__(self) -> None:
        self._reasons: dict[Place, Reason] = {}

    def __call__(self, reason: Reason, items: Iterable[Evidence]) -> None:
        """Takes note of sentences that are left out."""
        for item in items:
            self._reasons[place_of(item)] = reason

    def reason_of(self, item: Evidence) -> Reason | None:
        """Why a sentence was left out; None where nobody did."""
        return self._reasons.get(place_of(item))

    def __contains__(self, reason: object) -> bool:
        """Whether any sentence was left out for a reason."""
        return reason in self._reasons.values()


class Fate(StrEnum):
    """What became of a sentence.

    Attributes:
        quoted: it answers.
        against: it stands against what answers.
        along: it is quoted with a sentence that needs it.
        unproven: it was to be quoted, and is not in its source.
        left: it was left out, for a reason.
    """

    quoted = "quoted"
    against = "against"
    along = "along"
    unproven = "unproven"
    left = "left"


class Became(NamedTuple):
    """What became of a sentence, and why; no reason for one that is quoted."""

    fate: Fate
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """One question, answered from one generation.

    Attributes:
        library: what it was answered from.
        question: as it was typed.
        previous: the question before it; empty for none.
        trace: what the spine came by.
        ledger: what it left out.
        milliseconds: how long it took.
    """

    library: Library
    question: str
    previous: str
    trace: Trace
    ledger: Ledger
    milliseconds: float

    @property
    def answer(self) -> Answer:
        """What the patient gets."""
        return self.trace.answer

    def fate_of(self, item: Evidence) -> Became:
        """What became of a sentence that was read."""
        for side, fate in zip(self.trace.quoted, (Fate.quoted, Fate.against), strict=True):
            for quote in side:
                if not _holds(quote, quote.quote, item):
                    continue
                if not self.is_sent(quote):
                    return Became(Fate.unproven)
                return Became(fate if _holds(quote, quote.sentence, item) else Fate.along)
        return Became(Fate.left, self.ledger.reason_of(item))

    def is_sent(self, quote: Evidence) -> bool:
        """Whether a quote is in the answer: it was proven."""
        return _cited(quote) in map(cited, statements_of(self.answer))


def inspect_question(
    library: Library, question: str, previous: str = "", *, language: str = ENGLISH.code
) -> Inspection:
    """Answers a question as a patient's, and notes the way; nothing of it is told or kept.

    Raises:
        QuestionError: the question is empty, or one of them is too long.
    """
    ledger, began = Ledger(), time.perf_counter()
    trace = library.trace(question, previous, language=language, tell=ledger)
    return Inspection(library, question, previous, trace, ledger, (time.perf_counter() - began) * 1000)


def statements_of(answer: Answer) -> Iterator[Statement]:
    """Every quote of an answer, those of the other side last."""
    yield from answer.statements
    for side in answer.contrast:
        yield from side.statements


def place_of(item: Evidence) -> Place:
    """Names a sentence, whatever is to be quoted with it."""
    return item.passage.passage_id, item.sentence


def _holds(quote: Evidence, span: Span, item: Evidence) -> bool:
    """Whether a sentence lies in a span of the section that a quote is of."""
    same = (quote.study_id, quote.passage.section) == (item.study_id, item.passage.section)
    return same and span.start <= item.sentence.start and item.sentence.end <= span.end


def cited(statement: Statement) -> Cited:
    """Where a quote says that it stands."""
    citation = statement.citation
    return Cited(citation.study_id, citation.section, citation.start, citation.end)


def _cited(quote: Evidence) -> Cited:
    return Cited(quote.study_id, quote.passage.section, quote.quote.start, quote.quote.end)
