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
from corpus.studies import Study
from service.answers import Answer, Contact, Notice, Statement, StudyCard, Term
from service.explaining import load_explanations
from service.places import Paragraph, Place, paragraphs_around, quote_href
from service.verification import holds_highlight, is_verbatim


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
    """A quote in three parts: only `marked` answers, the rest is its context; and where it stands.

    Attributes:
        words: the hard words that it is the first quote of the answer to use.
        source: the summary's text around it, with the quote marked; empty where the studies at hand do not
            prove it, for a wrong mark is worse than none.
    """

    number: int
    before: str
    marked: str
    after: str
    words: tuple[HardWord, ...]
    section_title: str
    href: str
    source: tuple[Paragraph, ...]


Call = tuple[Contact, str | None]
"""Whom to call, and the `tel:` address; None where that is no number that a phone can dial."""

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
        """The cautions to be read with the quotes, and those behind a click."""
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
        own_contacts: the same in the language of the question, where the notice is told in that as well.
        explanations: the version of the texts on what studies can show, and who reviewed it.
        made_on: the day of the answer, for paper.
        host: where the service is found, for paper; empty where that is not known.
        inspected: staff look at it: nothing in it asks or rates, since that would count as a patient's.
    """

    template: ClassVar[str] = "_answer.html"

    answer: Answer
    quoted: tuple[QuotedStudy, ...]
    contrast: tuple[QuotedStudy, ...]
    contacts: tuple[Call, ...]
    own_contacts: tuple[Call, ...]
    explanations: str
    made_on: date | None
    host: str
    inspected: bool = False

    @classmethod
    def of(
        cls,
        answer: Answer,
        studies: Mapping[str, Study],
        *,
        made_on: date | None = None,
        host: str = "",
        inspected: bool = False,
    ) -> Self:
        """The view of an answer.

        Args:
            answer: what to show.
            studies: what it was answered from, by id.
            made_on: its day, for paper.
            host: where the service is found, for paper: a sheet has no address bar.
            inspected: staff look at it.
        """
        cards = {card.study_id: card for card in answer.studies}
        words = _first_words(answer)
        texts = load_explanations()

        def shown(statements: Iterable[Statement], why: str | None = None) -> Iterator[QuotedStudy]:
            quotes = ((part, _quote(part, words[part.citation.number], studies)) for part in statements)
            return _by_study(quotes, cards, why)

        return cls(
            answer=answer,
            quoted=tuple(shown(answer.statements)),
            contrast=tuple(study for side in answer.contrast for study in shown(side.statements, side.why)),
            contacts=_calls(answer.notice),
            own_contacts=_calls(answer.translation.notice if answer.translation else None),
            explanations=f"{texts.version} ({texts.reviewed})",
            made_on=made_on,
            host=host,
            inspected=inspected,
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


def _calls(notice: Notice | None) -> tuple[Call, ...]:
    contacts = notice.contacts if notice else ()
    return tuple((contact, dial(contact.number)) for contact in contacts)


def _by_study(
    quotes: Iterable[tuple[Statement, Quote]], cards: Mapping[str, StudyCard], why: str | None
) -> Iterator[QuotedStudy]:
    for study_id, group in groupby(quotes, key=lambda pair: pair[0].citation.study_id):
        card = cards[study_id]
        yield QuotedStudy(card, paper_of(card), tuple(quote for _, quote in group), why)


def _quote(statement: Statement, words: tuple[HardWord, ...], studies: Mapping[str, Study]) -> Quote:
    citation, text, mark = statement.citation, statement.text, statement.citation.highlight
    span, highlight, parts = Span(citation.start, citation.end), None, (text, "", "")
    if mark and holds_highlight(citation, text):
        highlight = Span(mark.start, mark.end)
        first, last = mark.start - citation.start, mark.end - citation.start
        parts = (text[:first], text[first:last], text[last:])
    href = quote_href(citation.study_id, Place(citation.section, span, highlight), citation.source_sha256)
    source = _source(statement, highlight, studies)
    return Quote(citation.number, *parts, words, citation.section_title, href, source)


def _source(
    statement: Statement, highlight: Span | None, studies: Mapping[str, Study]
) -> tuple[Paragraph, ...]:
    if not is_verbatim(statement, studies):
        return ()
    citation = statement.citation
    section = studies[citation.study_id].section(citation.section)
    return paragraphs_around(section, Span(citation.start, citation.end), highlight)


def _first_words(answer: Answer) -> Mapping[int, tuple[HardWord, ...]]:
    """The hard words of each quote, by its number; each term at the first quote that has it."""
    words, seen = _glossary_of(answer.terms), set[str]()
    sides = (answer.statements, *(side.statements for side in answer.contrast))
    return {
        part.citation.number: tuple(_hard_words(part.text, words, seen)) for side in sides for part in side
    }


def _glossary_of(terms: Iterable[Term]) -> Glossary:
    """The answer's own terms, to be found in its quotes by the ways in which those write them."""
    return Glossary(GlossaryTerm(term=term.term, meaning=term.meaning, forms=term.words) for term in terms)


def _hard_words(text: str, words: Glossary, seen: set[str]) -> Iterator[HardWord]:
    """Each term of a quote that was not `seen` before, in order, as it is first written there."""
    for term, span in words.find(text):
        if term.term not in seen:
            seen.add(term.term)
            word = text[span.start : span.end]
            yield HardWord(word, None if word.casefold() == term.term.casefold() else term.term, term.meaning)
