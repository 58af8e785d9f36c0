"""Fragment: an answer as the page and the widget show it, with its links.

Pure: no request and no settings come in here, and nothing is rendered.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import ClassVar, NamedTuple, Self
from urllib.parse import quote

from corpus.glossary import Glossary
from corpus.glossary import Term as GlossaryTerm
from corpus.sentences import Span
from service.answers import Answer, Contact, Statement, StudyCard, Term
from service.explaining import load_explanations
from service.places import Place, quote_href


class Link(NamedTuple):
    """Words and where they lead; `href` is None where that is no address."""

    text: str
    href: str | None


class HardWord(NamedTuple):
    """A word as a quote writes it, and its meaning; `term` where the glossary calls it something else."""

    word: str
    term: str | None
    meaning: str


class Quote(NamedTuple):
    """A quote in three parts: only `marked` answers, the rest is its context; and where it stands."""

    number: int
    before: str
    marked: str
    after: str
    words: tuple[HardWord, ...]
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
    """The answer as the page and the widget show it.

    Attributes:
        quoted: the studies that answer, with their quotes.
        contrast: those of the other side.
        contacts: whom to call, each with its `tel:` address.
        papers: the links to the papers, by study.
        explanations: the version of the texts on what studies can show, and who reviewed it.
        made_on: the day of the answer, for paper.
        host: where the service is found, for paper; empty where that is not known.
    """

    template: ClassVar[str] = "_answer.html"

    answer: Answer
    quoted: tuple[QuotedStudy, ...]
    contrast: tuple[QuotedStudy, ...]
    contacts: tuple[tuple[Contact, str | None], ...]
    papers: Mapping[str, Link | None]
    explanations: str
    made_on: date | None
    host: str

    @classmethod
    def of(cls, answer: Answer, *, made_on: date | None = None, host: str = "") -> Self:
        """The view of an answer; a sheet of paper has no address bar, so it tells day and host."""
        cards = {card.study_id: card for card in answer.studies}
        contacts = answer.notice.contacts if answer.notice else ()
        words = _glossary_of(answer.terms)
        sides = (_by_study(side.statements, cards, words, why=side.why) for side in answer.contrast)
        texts = load_explanations()
        return cls(
            answer=answer,
            quoted=tuple(_by_study(answer.statements, cards, words)),
            contrast=tuple(group for side in sides for group in side),
            contacts=tuple((contact, dial(contact.number)) for contact in contacts),
            papers={card.study_id: paper_of(card) for card in answer.studies},
            explanations=f"{texts.version} ({texts.reviewed})",
            made_on=made_on,
            host=host,
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
    statements: Iterable[Statement], cards: Mapping[str, StudyCard], words: Glossary, why: str | None = None
) -> Iterator[QuotedStudy]:
    for study_id, group in groupby(statements, key=lambda statement: statement.citation.study_id):
        card = cards[study_id]
        yield QuotedStudy(card, paper_of(card), tuple(_quote(statement, words) for statement in group), why)


def _quote(statement: Statement, words: Glossary) -> Quote:
    citation, text, mark = statement.citation, statement.text, statement.citation.highlight
    highlight, parts = None, (text, "", "")
    if mark and citation.start <= mark.start < mark.end <= citation.end:
        highlight = Span(mark.start, mark.end)
        first, last = mark.start - citation.start, mark.end - citation.start
        parts = (text[:first], text[first:last], text[last:])
    place = Place(citation.section, Span(citation.start, citation.end), highlight)
    href = quote_href(citation.study_id, place, citation.source_sha256)
    return Quote(citation.number, *parts, tuple(_hard_words(text, words)), citation.section_title, href)


def _glossary_of(terms: Iterable[Term]) -> Glossary:
    """The answer's own terms, to be found in its quotes by the ways in which those write them."""
    return Glossary(GlossaryTerm(term=term.term, meaning=term.meaning, forms=term.words) for term in terms)


def _hard_words(text: str, words: Glossary) -> Iterator[HardWord]:
    """Each term of a quote once, in order, as it is first written there."""
    seen = set[str]()
    for term, span in words.find(text):
        if term.term not in seen:
            seen.add(term.term)
            word = text[span.start : span.end]
            yield HardWord(word, None if word.casefold() == term.term.casefold() else term.term, term.meaning)
