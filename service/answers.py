"""Answer and its parts: what a question gets, as JSON and as HTML alike."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from corpus.studies import Design, Finding, Mark
from service.languages import ENGLISH, fixed

DISCLAIMER = fixed(
    "This is general education from summaries of published studies. It is not medical advice, a diagnosis "
    "or a treatment plan. Talk with your own doctor or care team before you decide anything about your care."
)

SHORTEST_DISCLAIMER = len(DISCLAIMER) // 3
"""Characters of the disclaimer in the tersest scripts."""


class Outcome(StrEnum):
    """How a question ended."""

    answered = "answered"
    no_evidence = "no_evidence"
    screened = "screened"


class NoticeKind(StrEnum):
    """The screening classes that put a notice on an answer."""

    emergency = "emergency"
    crisis = "crisis"
    personal_advice = "personal_advice"
    dose = "dose"
    diagnosis = "diagnosis"
    off_topic = "off_topic"
    abuse_or_injection = "abuse_or_injection"


Text = Annotated[str, Field(min_length=1)]
Offset = Annotated[int, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Highlight(_Part):
    """The part of a quote that answers; offsets count in the section, as the citation's do."""

    start: Offset
    end: Offset


class Citation(_Part):
    """Where a quote stands.

    Attributes:
        number: from 1, in order of appearance over statements and then contrast.
        study_id: the study; `studies` has its card.
        section: the section's name, as in `/studies/{study_id}#section:start-end`.
        section_title: the section's heading, for reading.
        start: first character of the quote in the section's text.
        end: the character after its last one.
        source_sha256: SHA-256 of the section's text in UTF-8, as `/api/studies/{id}` gives it.
        highlight: the part that answers, where one can be told.
    """

    number: Annotated[int, Field(ge=1)]
    study_id: Text
    section: Text
    section_title: Text
    start: Offset
    end: Annotated[int, Field(ge=1)]
    source_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    highlight: Highlight | None = None


class Statement(_Part):
    """A verbatim quote with its citation."""

    text: Text
    citation: Citation


class StudyCard(_Part):
    """What a reader needs to know of a cited study.

    Attributes:
        label: in plain words, "A 2018 follow-up study of 81 people".
        reference: "Wang et al., 2018".
        full_reference: authors, title, journal and year, as a list of references has them.
        design_label: the design in plain words.
        explained: what a study of this kind, size and result can show, in fixed plain sentences.
        review: "Not yet checked by a clinician", or who checked it and when.
    """

    study_id: Text
    label: Text
    reference: Text
    full_reference: Text
    title: Text
    year: int | None
    design: Design | None
    design_label: str | None
    explained: tuple[Text, ...]
    people: int | None
    who: str | None
    finding: Finding | None
    finding_label: str | None
    funding: str | None
    doi: str | None
    link: str | None
    cautions: tuple[str, ...]
    marks: tuple[Mark, ...]
    review: Text


class Contrast(_Part):
    """A study on the other side of the question, quoted and cited just the same."""

    study_id: Text
    why: Text
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]


class Term(_Part):
    """A hard word of the quotes with its plain meaning; `words` are the ways in which the quotes write it."""

    term: Text
    meaning: Text
    words: tuple[Text, ...] = ()


class Contact(_Part):
    """A number to call or text, from the operator's settings."""

    name: Text
    number: Text


class Notice(_Part):
    """A fixed text that stands on an answer whose screening class is not `none`.

    Attributes:
        card: which of the texts of its class it is; empty for the usual one.
    """

    kind: NoticeKind
    card: str = ""
    title: Text
    text: Text
    contacts: tuple[Contact, ...] = ()
    version: Text
    reviewed: Text


class Respelling(_Part):
    """A word that was not found as typed, and the library's word that it was read as."""

    typed: Text
    read: Text


class Topic(_Part):
    """Something the library does cover: a study by its label, and its title in the library's language."""

    study_id: Text
    label: Text
    title: Text


class Translation(_Part):
    """What matters most of an answer, once more in the language that the question is written in."""

    language: Text
    message: Text
    notice: Notice | None = None


class Answer(_Part):
    """What a question gets. The disclaimer is part of the type, so that nothing can leave it out.

    Attributes:
        message: one plain sentence that opens the answer, fixed wording by outcome.
        statements: the quotes that answer, most direct first.
        studies: one card a study cited in statements or contrast, in order of appearance.
        contrast: the studies on the other side.
        terms: hard words of the quotes.
        respellings: words of the question that were read as others.
        read_with_previous: the question was read together with the one before it.
        notice: the screening notice, where there is one.
        topics: the nearest things the library covers, when it does not answer.
        suggestions: the library's own questions that are nearest to what was asked, when it does not answer
            that; each of them has an answer.
        ask_your_doctor: questions to take along.
        answer_id: names this answer; made at random, says nothing of the question.
        corpus_version: names the summaries it was made from.
        index_generation: names the index it was made from.
        language: what its fixed words are in; quotes, titles, terms and cautions are in the library's.
        translation: the notice and the message in the question's own language, where that is another one.
    """

    outcome: Outcome
    message: Text
    statements: tuple[Statement, ...] = ()
    studies: tuple[StudyCard, ...] = ()
    contrast: tuple[Contrast, ...] = ()
    terms: tuple[Term, ...] = ()
    respellings: tuple[Respelling, ...] = ()
    read_with_previous: bool = False
    notice: Notice | None = None
    topics: tuple[Topic, ...] = ()
    suggestions: tuple[Text, ...] = ()
    ask_your_doctor: tuple[Text, ...] = ()
    disclaimer: Annotated[str, Field(min_length=SHORTEST_DISCLAIMER)]
    answer_id: Text
    corpus_version: Text
    index_generation: Text
    language: Text = ENGLISH.code
    translation: Translation | None = None
