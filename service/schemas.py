"""What goes over the wire beside Answer: the question, a study with its sections, problems, readiness."""

import unicodedata
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from corpus.studies import Fact, Status, Study
from service.answers import StudyCard
from service.languages import ENGLISH, Language, fixed
from service.wording import study_card

MAX_QUESTION = 1_000
"""Characters of a question, after trimming."""

EMPTY = fixed("Please write a question: there is nothing here that can be read.")
TOO_LONG = fixed("Please shorten your question: it has {length} characters, and at most {most} can be read.")

PREVIOUS_TOO_LONG = fixed(
    "The question before this one is too long: at most {most} characters of it can be read."
)

JOINERS = "\u200c\u200d"
"""Invisible, but they spell words in Persian, Hindi and other scripts: kept."""


class QuestionError(ValueError):
    """A question that cannot be taken; the text is a plain sentence for the person who asked.

    Args:
        text: the sentence in English; `{name}` in it stands for a value.
        values: those values.
    """

    def __init__(self, text: str, **values: object) -> None:
        self._text, self._values = text, values
        super().__init__(ENGLISH.gettext(text, **values))

    def told(self, language: Language) -> str:
        """The sentence in another language."""
        return language.gettext(self._text, **self._values)


def clean_question(text: str) -> str:
    """A question as it is answered: composed letters (NFC), single spaces, nothing invisible.

    Control characters, half surrogates and invisible marks go; all scripts stay, and so do line breaks,
    since they end a sentence for the screening.

    Raises:
        QuestionError: nothing is left, or more than MAX_QUESTION characters are.
    """
    # Composed before anything is counted: a decomposed letter must not count twice.
    lines = unicodedata.normalize("NFC", text).splitlines()
    cleaned = (" ".join("".join(map(_seen, line)).split()) for line in lines)
    question = "\n".join(line for line in cleaned if line.strip(JOINERS + " "))
    if not question:
        raise QuestionError(EMPTY)
    if len(question) > MAX_QUESTION:
        raise QuestionError(TOO_LONG, length=f"{len(question):,}", most=f"{MAX_QUESTION:,}")
    return question


def clean_previous(text: str | None) -> str | None:
    """The question before one, cleaned just so; None where there was none.

    Raises:
        QuestionError: it is longer than a question may be.
    """
    try:
        return clean_question(text) if text and text.strip() else None
    except QuestionError as error:
        if str(error) == EMPTY:
            return None
        raise QuestionError(PREVIOUS_TOO_LONG, most=f"{MAX_QUESTION:,}") from None


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Cs"}
    return "" if hidden and character not in JOINERS else character


class Ask(BaseModel):
    """The body of `POST /api/answers`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    question: str = Field(
        description=f"A question in plain words, at most {MAX_QUESTION:,} characters.",
        examples=["Did it help the kidneys?"],
    )
    previous: str | None = Field(
        default=None,
        description="The question before it, which a short one may lean on.",
        examples=["How many people were alive after one year?"],
    )
    language: str = Field(
        default=ENGLISH.code,
        description="What the fixed words of the answer are to be in; English where we do not have it.",
        examples=["es"],
    )
    site: str | None = Field(
        default=None, description="The public id of the site that asks, where the operator gave it one."
    )


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SectionText(_Out):
    """A section as citations count in it: `text[start:end]` is the quote, `sha256` is of its UTF-8 bytes."""

    name: str
    title: str
    text: str
    sha256: str


class StudyText(StudyCard):
    """A study's card, its bibliography and the whole summary."""

    authors: tuple[str, ...]
    journal: str | None
    pmid: str | None
    pmcid: str | None
    registration: str | None
    design_note: str | None
    comparison: str | None
    follow_up: str | None
    facts: tuple[Fact, ...]
    status: Status
    updated: date | None
    sections: tuple[SectionText, ...]

    @classmethod
    def of(cls, study: Study) -> Self:
        """The study as it is served."""
        more = {
            name: getattr(study, name) for name in cls.model_fields.keys() - StudyCard.model_fields.keys()
        }
        more["sections"] = tuple(
            SectionText(name=part.name, title=part.title, text=part.text, sha256=part.sha256)
            for part in study.sections
        )
        return cls(**study_card(study).model_dump(), **more)


class Studies(_Out):
    """The studies that are answered from, in order of their ids."""

    corpus_version: str
    studies: tuple[StudyCard, ...]


class ProblemDetails(_Out):
    """What went wrong (RFC 9457); `error_id` finds the request in the service's log."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    error_id: str


class Alive(_Out):
    """The process runs."""

    status: str = "alive"


class Ready(_Out):
    """An index is loaded and answers."""

    status: str = "ready"
    index_generation: str
    corpus_version: str
    studies: int
