"""Comparing: what differs between the answers of two generations to one question, in words."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from service.answers import Answer, Outcome
from service.inspecting.inspection import Inspection, statements_of
from service.wording import study_reference

Key = tuple[str, str]
"""What makes two quotes one: the study, and the words."""

ENDINGS = {
    Outcome.answered: "an answer",
    Outcome.no_evidence: "“our library does not say”",
    Outcome.screened: "a safety card alone",
}

PARTS = {
    "message": "the opening sentence",
    "notice": "the notice",
    "studies": "what is said of the studies",
    "terms": "the hard words",
    "topics": "the nearest topics",
    "suggestions": "the suggested questions",
    "ask_your_doctor": "the questions for the doctor",
    "respellings": "the words that were read as others",
    "read_with_previous": "whether the question before was needed",
    "translation": "what is said in the language of the question",
}
"""Parts of an answer beside its quotes, and their names."""


class Said(NamedTuple):
    """A quote that one of two answers has, or both of them.

    Attributes:
        study: who and when.
        here: how likely its surest sentence answers in the first generation; None where it does not quote it,
            or did not read it.
        there: the same in the second.
    """

    text: str
    study: str
    here: float | None
    there: float | None


class Difference(NamedTuple):
    """Two inspections of one question.

    Attributes:
        lines: what differs beside the quotes, a sentence each.
        only_here: quotes of the first answer alone; the same words of the same study are one quote.
        only_there: quotes of the second one alone.
        both: quotes of both.
    """

    lines: Sequence[str]
    only_here: Sequence[Said]
    only_there: Sequence[Said]
    both: Sequence[Said]

    @property
    def is_none(self) -> bool:
        """Whether people are told the very same."""
        return not (self.lines or self.only_here or self.only_there)


def differences(here: Inspection, there: Inspection) -> Difference:
    """What differs between two generations' answers to one question."""
    ours, theirs = _quotes(here), _quotes(there)
    found = {**theirs, **ours}
    said = {
        key: Said(key[1], found[key], _likely(key, here, ours), _likely(key, there, theirs)) for key in found
    }
    return Difference(
        lines=list(_lines(here.answer, there.answer)),
        only_here=[said[key] for key in ours if key not in theirs],
        only_there=[said[key] for key in theirs if key not in ours],
        both=[said[key] for key in ours if key in theirs],
    )


def _quotes(inspection: Inspection) -> Mapping[Key, str]:
    """The quotes of an answer, and whose they are."""
    studies = inspection.library.studies
    return {
        (quote.citation.study_id, quote.text): study_reference(studies[quote.citation.study_id])
        for quote in statements_of(inspection.answer)
    }


def _likely(key: Key, inspection: Inspection, quotes: Collection[Key]) -> float | None:
    """How likely the surest sentence of a quote answers; None where it is not quoted, or was not read."""
    study_id, text = key
    read = inspection.trace.read
    if key not in quotes or read is None:
        return None
    scores = (item.score for item in read.sentences if item.study_id == study_id and item.text in text)
    return max(scores, default=None)


def _lines(here: Answer, there: Answer) -> Iterator[str]:
    if here.outcome is not there.outcome:
        yield f"The outcome: {ENDINGS[here.outcome]} here, {ENDINGS[there.outcome]} there."
    moved = [key[1] for key in _sided(here) & _sided(there, other=True)]
    moved += [key[1] for key in _sided(there) & _sided(here, other=True)]
    yield from (f"On the other side there: “{text}”" for text in moved)
    parts = [name for field, name in PARTS.items() if getattr(here, field) != getattr(there, field)]
    if parts:
        yield f"Beside the quotes: {', '.join(parts)}."


def _sided(answer: Answer, *, other: bool = False) -> set[Key]:
    sides = (side.statements for side in answer.contrast) if other else (answer.statements,)
    return {(quote.citation.study_id, quote.text) for side in sides for quote in side}
