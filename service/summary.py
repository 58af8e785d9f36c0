"""Summary: one study as its page shows it, with the quoted place marked where the address names one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self
from urllib.parse import parse_qsl

from corpus.sentences import Span
from corpus.studies import Fact, Status, Study
from service.answers import StudyCard
from service.fragment import Link, paper_of, web
from service.languages import Language, fixed
from service.listing import list_href
from service.picture import Symbol, is_doubtful, symbol_of
from service.places import Paragraph, Place, find_place, split_paragraphs
from service.selection import Selection
from service.wording import study_card

UNKNOWN = fixed("Not known to us")

SOURCES = {
    "page": fixed("research page, sentence {place}"),
    "editor-notes": fixed("notes of the editor, {place}"),
}
"""What the kinds of sources that are no addresses are called."""

SURE = {"high": fixed("sure"), "medium": fixed("fairly sure"), "low": fixed("not sure")}
"""How sure a fact is, in words."""

NAMED = "In the {name} {year} study, "
ONE_OF_SEVERAL = "In the {name} {year} study of {people} people, "
"""How a question opens that is to be answered from one study: in the summaries' language."""


class Row(NamedTuple):
    """Something that is known of a study, or not; `ours` where the words of its value are our own."""

    name: str
    value: str
    ours: bool


class Known(NamedTuple):
    """A fact, where it was read, and how sure it is."""

    fact: Fact
    sources: tuple[Link, ...]
    sure: str


class Part(NamedTuple):
    """A section with its paragraphs."""

    name: str
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A study's page.

    Attributes:
        paper: where the paper is found.
        rows: what is known of the study.
        parts: the sections; the first one has the main messages.
        lost: the address names a place that does not exist in this text.
        opening: how a question begins that is about this study; empty where it cannot be named in words.
    """

    card: StudyCard
    symbol: Symbol
    doubtful: bool
    paper: Link | None
    rows: tuple[Row, ...]
    parts: tuple[Part, ...]
    facts: tuple[Known, ...]
    status: Status
    lost: bool
    opening: str

    @classmethod
    def of(
        cls,
        study: Study,
        language: Language,
        *,
        place: str = "",
        source: str = "",
        highlight: str = "",
        others: Iterable[Study] = (),
    ) -> Self:
        """The page of a study.

        Args:
            study: what to show.
            language: of the words around it.
            place: with `source` and `highlight`, what the address says (`find_place`).
            source: how the hash of the quoted section began when the link was made.
            highlight: the part of the quote that answers.
            others: studies that a name may be mistaken for.
        """
        found = find_place(study, place, source, highlight)
        card = study_card(study, language)
        return cls(
            card=card,
            symbol=symbol_of(study),
            doubtful=is_doubtful(study),
            paper=paper_of(card),
            rows=tuple(_rows(study, card, language)),
            parts=tuple(
                Part(part.name, part.title, split_paragraphs(part, *_spans_in(part.name, found)))
                for part in study.sections
            ),
            facts=tuple(_known(fact, language) for fact in study.facts),
            status=study.status,
            lost=bool(place) and found is None,
            opening=opening_of(study, others),
        )


def opening_of(study: Study, others: Iterable[Study]) -> str:
    """How a question begins that is about this study; empty where author or year is not known.

    Of several studies by one author in one year, the number of people tells them apart.
    """
    if not study.authors or not study.year:
        return ""
    name = _first_author(study)
    same = [one for one in others if one.authors and (_first_author(one), one.year) == (name, study.year)]
    is_alone = all(one.study_id == study.study_id for one in same)
    opening = NAMED if is_alone or study.people is None else ONE_OF_SEVERAL
    return opening.format(name=name, year=study.year, people=study.people)


def back_href(query: str) -> str:
    """The address of the list that a study was found in; of all studies where that cannot be told."""
    selection, faults = Selection.read(parse_qsl(query))
    return list_href(Selection() if faults else selection)


def read_in(source: str, language: Language) -> str:
    """The source of a fact in words: "page:W2" stands for a sentence of the research page."""
    kind, _, place = source.partition(":")
    return language.gettext(SOURCES[kind], place=place) if kind in SOURCES and place else source


def _first_author(study: Study) -> str:
    return study.authors[0].rsplit(" ", 1)[0]


def _spans_in(section: str, place: Place | None) -> tuple[Span | None, Span | None]:
    return (place.span, place.highlight) if place and place.section == section else (None, None)


def _known(fact: Fact, language: Language) -> Known:
    sources = tuple(Link(read_in(text, language), web(text)) for text in fact.sources)
    return Known(fact, sources, language.gettext(SURE[fact.confidence]))


def _rows(study: Study, card: StudyCard, language: Language) -> Iterator[Row]:
    say = language.gettext
    design = card.design_label and card.design_label[:1].upper() + card.design_label[1:]
    yield _row(say(fixed("Kind of study")), design, language, ours=True)
    if study.design_note:
        yield _row(say(fixed("More on the kind")), study.design_note, language)
    yield _row(say(fixed("Main finding")), card.finding_label, language, ours=True)
    yield _row(say(fixed("People")), None if study.people is None else str(study.people), language)
    yield _row(say(fixed("Who they were")), study.who, language)
    yield _row(say(fixed("Compared with")), study.comparison, language)
    yield _row(say(fixed("Followed for")), study.follow_up, language)
    yield _row(say(fixed("Who paid")), study.funding, language)
    yield _row(say(fixed("Authors")), ", ".join(study.authors), language)
    published = ", ".join(str(part) for part in (study.journal, study.year) if part)
    yield _row(say(fixed("Published")), published, language)
    optional = {
        say(fixed("Registered as")): study.registration,
        say(fixed("PubMed number")): study.pmid,
        say(fixed("PubMed Central number")): study.pmcid,
        say(fixed("Summary made from")): study.imported_from,
    }
    yield from (_row(name, value, language) for name, value in optional.items() if value)
    if study.updated:
        yield _row(say(fixed("Summary updated")), language.day(study.updated), language, ours=True)


def _row(name: str, value: str | None, language: Language, *, ours: bool = False) -> Row:
    return Row(name, value, ours) if value else Row(name, language.gettext(UNKNOWN), ours=True)
