"""Fragment: an answer as the page and the widget show it, with its links.

Pure: no request and no settings come in here, and nothing is rendered.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, NamedTuple, Self
from urllib.parse import quote

from corpus.sentences import Span
from service.answers import Answer, Contact, Statement, StudyCard
from service.places import Place, quote_href


class Link(NamedTuple):
    """Words and where they lead; `href` is None where that is no address."""

    text: str
    href: str | None


class Quote(NamedTuple):
    """A quote in three parts: only `marked` answers, the rest is its context; and where it stands."""

    number: int
    before: str
    marked: str
    after: str
    section_title: str
    href: str


FIRST_CAUTIONS = 2
"""Cautions that stand beside a quote, unless only one more is left: a long list would drown the quote."""


@dataclass(frozen=True, slots=True)
class QuotedStudy:
    """Quotes of one study that follow each other; `why` says why a study of the other side is shown."""

    card: StudyCard
    paper: Link | None
    quotes: tuple[Quote, ...]
    why: str | None = None

    @property
    def cautions(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The cautions to be read with the quote, and those behind a click."""
        given = self.card.cautions
        first = FIRST_CAUTIONS if len(given) > FIRST_CAUTIONS + 1 else len(given)
        return given[:first], given[first:]


@dataclass(frozen=True, slots=True)
class Fragment:
    """The answer as the page and the widget show it."""

    template: ClassVar[str] = "_answer.html"

    answer: Answer
    quoted: tuple[QuotedStudy, ...]
    contrast: tuple[QuotedStudy, ...]
    contacts: tuple[tuple[Contact, str | None], ...]
    papers: Mapping[str, Link | None]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The view of an answer."""
        cards = {card.study_id: card for card in answer.studies}
        contacts = answer.notice.contacts if answer.notice else ()
        sides = (_by_study(side.statements, cards, why=side.why) for side in answer.contrast)
        return cls(
            answer=answer,
            quoted=tuple(_by_study(answer.statements, cards)),
            contrast=tuple(group for side in sides for group in side),
            contacts=tuple((contact, dial(contact.number)) for contact in contacts),
            papers={card.study_id: paper_of(card) for card in answer.studies},
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """A plain sentence in the place of an answer, where the question cannot be taken."""

    template: ClassVar[str] = "_refusal.html"

    text: str


def paper_of(card: StudyCard) -> Link | None:
    """The link to the paper: by its DOI where there is one."""
    if card.doi:
        return Link(f"doi.org/{card.doi}", f"https://doi.org/{quote(card.doi, safe='/:;().,-_')}")
    href = web(card.link or "")
    return Link(re.sub(r"^https?://(?:www\.)?", "", href).rstrip("/"), href) if href else None


def web(address: str) -> str | None:
    """The address itself if it is one of the web, so that nothing else ever becomes a link."""
    return address if re.fullmatch(r"https?://[^\s/]\S*", address) else None


def dial(number: str) -> str | None:
    """The `tel:` address of a number, None where it is none that a phone can dial."""
    if not re.fullmatch(r"\s*\+?[0-9\s().-]*[0-9][0-9\s().-]*", number):
        return None
    return "tel:" + re.sub(r"[^0-9+]", "", number)


def _by_study(
    statements: Iterable[Statement], cards: Mapping[str, StudyCard], why: str | None = None
) -> Iterator[QuotedStudy]:
    for study_id, group in groupby(statements, key=lambda statement: statement.citation.study_id):
        card = cards[study_id]
        yield QuotedStudy(card, paper_of(card), tuple(_quote(statement) for statement in group), why)


def _quote(statement: Statement) -> Quote:
    citation, text, mark = statement.citation, statement.text, statement.citation.highlight
    if mark is None or not citation.start <= mark.start < mark.end <= citation.end:
        parts = (text, "", "")
    else:
        first, last = mark.start - citation.start, mark.end - citation.start
        parts = (text[:first], text[first:last], text[last:])
    place = Place(citation.section, Span(citation.start, citation.end))
    href = quote_href(citation.study_id, place, citation.source_sha256)
    return Quote(citation.number, *parts, citation.section_title, href)
