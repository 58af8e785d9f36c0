"""Views: what the template of each page sees, made from records.

Pure: no request and no settings come in here, and nothing is rendered.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from corpus.sentences import Span
from corpus.studies import Fact, Status, Study
from service.answers import Answer, Outcome, StudyCard
from service.followup import carry_on
from service.fragment import Fragment, Link, paper_of, web
from service.places import Paragraph, Place, find_place, split_paragraphs
from service.problems import Problem
from service.schemas import MAX_QUESTION
from service.wording import study_card

UNKNOWN = "Not known to us"

SOURCES = {"page": "research page, sentence", "editor-notes": "editor's notes,"}
"""What the kinds of sources that are no addresses are called."""

ERROR_TITLES = {
    404: "This page does not exist",
    413: "That is too much text",
    429: "Too many questions at once",
    500: "Something went wrong on our side",
    503: "We cannot answer just now",
}
"""A heading for each status that people meet."""


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says about where it comes from."""

    name: str
    publisher: str
    updated: date | None
    corpus_version: str
    generation: str


@dataclass(frozen=True, slots=True)
class AskForm:
    """The question form.

    Attributes:
        question: what stands in its field.
        previous: what goes along unseen, for a next question that leans on it.
        problem: a plain sentence when the question cannot be taken.
    """

    question: str = ""
    previous: str = ""
    problem: str | None = None
    limit: int = MAX_QUESTION


@dataclass(frozen=True, slots=True)
class HomePage:
    """The first page: what this is, the form, what the library covers."""

    template: ClassVar[str] = "home.html"

    site: Site
    form: AskForm
    suggestions: Sequence[str]
    cards: Sequence[StudyCard]

    @property
    def years(self) -> str:
        """The span of years of the studies, "2010 to 2020"; empty where none is known."""
        known = sorted({card.year for card in self.cards if card.year})
        return " to ".join(str(year) for year in dict.fromkeys([*known[:1], *known[-1:]]))


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One answer, and the form for another question."""

    template: ClassVar[str] = "answer.html"

    site: Site
    form: AskForm
    fragment: Fragment

    @classmethod
    def of(
        cls,
        site: Site,
        question: str,
        answer: Answer,
        *,
        previous: str | None = None,
        made_on: date | None = None,
        host: str = "",
    ) -> Self:
        """The page; a screened question is not shown again, since others may look at the same screen."""
        shown = "" if answer.outcome is Outcome.screened else question
        before = previous if answer.read_with_previous else None
        form = AskForm(shown, previous=carry_on(shown, before))
        return cls(site=site, form=form, fragment=Fragment.of(answer, made_on=made_on, host=host))


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """The form again, with what was wrong with the question."""

    template: ClassVar[str] = "refused.html"

    site: Site
    form: AskForm


@dataclass(frozen=True, slots=True)
class StudiesPage:
    """Every study of the library."""

    template: ClassVar[str] = "studies.html"

    site: Site
    cards: Sequence[StudyCard]


@dataclass(frozen=True, slots=True)
class StudyPage:
    """A whole summary, with the quoted place marked where the address names one that exists.

    Attributes:
        rows: what is known of the study, name and value.
        sections: name, title and paragraphs of each section.
        facts: each fact with where it was read.
        lost: the address names a place that does not exist in this text.
    """

    template: ClassVar[str] = "study.html"

    site: Site
    card: StudyCard
    paper: Link | None
    rows: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str, tuple[Paragraph, ...]], ...]
    facts: tuple[tuple[Fact, tuple[Link, ...]], ...]
    status: Status
    lost: bool

    @classmethod
    def of(cls, site: Site, study: Study, *, place: str = "", source: str = "", highlight: str = "") -> Self:
        """The page of a study; `place`, `source` and `highlight` are what its address says (`find_place`)."""
        found = find_place(study, place, source, highlight)
        card = study_card(study)
        return cls(
            site=site,
            card=card,
            paper=paper_of(card),
            rows=tuple(_rows(study, card)),
            sections=tuple(
                (part.name, part.title, split_paragraphs(part, *_spans_in(part.name, found)))
                for part in study.sections
            ),
            facts=tuple(
                (fact, tuple(Link(text, web(text)) for text in fact.sources)) for fact in study.facts
            ),
            status=study.status,
            lost=bool(place) and found is None,
        )


@dataclass(frozen=True, slots=True)
class AboutPage:
    """Who is behind it, how answers are made, what is stored, the limits."""

    template: ClassVar[str] = "about.html"

    site: Site
    count: int


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong with a request, in plain words.

    Attributes:
        reference: finds the request's line in the log.
    """

    template: ClassVar[str] = "error.html"

    site: Site
    title: str
    detail: str
    reference: str

    @classmethod
    def of(cls, site: Site, problem: Problem) -> Self:
        """The page of a problem."""
        title = ERROR_TITLES.get(problem.status, "This did not work")
        return cls(site=site, title=title, detail=problem.detail, reference=problem.error_id)


Page = HomePage | AnswerPage | RefusedPage | StudiesPage | StudyPage | AboutPage | ErrorPage


def newest_first(studies: Iterable[Study]) -> tuple[StudyCard, ...]:
    """The cards of studies as lists show them; those without a year come last."""
    return tuple(study_card(study) for study in sorted(studies, key=lambda study: -(study.year or 0)))


def read_in(source: str) -> str:
    """The source of a fact in words: "page:W2" stands for a sentence of the research page."""
    kind, _, place = source.partition(":")
    return f"{SOURCES[kind]} {place}" if kind in SOURCES and place else source


def _spans_in(section: str, place: Place | None) -> tuple[Span | None, Span | None]:
    return (place.span, place.highlight) if place and place.section == section else (None, None)


def _rows(study: Study, card: StudyCard) -> Iterator[tuple[str, str]]:
    design = card.design_label[:1].upper() + card.design_label[1:] if card.design_label else UNKNOWN
    yield "Kind of study", f"{design}. {study.design_note}" if study.design_note else design
    yield "People", UNKNOWN if study.people is None else str(study.people)
    yield "Who they were", study.who or UNKNOWN
    yield "Compared with", study.comparison or UNKNOWN
    yield "Followed for", study.follow_up or UNKNOWN
    yield "Main finding", card.finding_label or UNKNOWN
    yield "Who paid", study.funding or UNKNOWN
    yield "Authors", ", ".join(study.authors) or UNKNOWN
    yield "Published", ", ".join(str(part) for part in (study.journal, study.year) if part) or UNKNOWN
    optional = {
        "Registered as": study.registration,
        "PubMed number": study.pmid,
        "PubMed Central number": study.pmcid,
        "Summary made from": study.imported_from,
        "Summary updated": f"{study.updated:%-d %B %Y}" if study.updated else None,
    }
    yield from ((name, value) for name, value in optional.items() if value)
