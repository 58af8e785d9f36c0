"""Views: what each template sees, made from records, and rendering them as text.

Pure: no request and no settings come in here. Everything is escaped by the template environment.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import ClassVar, NamedTuple, Self
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from corpus.sentences import Span
from corpus.studies import Fact, Section, Status, Study
from service.answers import Answer, Contact, Outcome, Statement, StudyCard
from service.wording import study_card

MAX_QUESTION = 1_000
"""Longest question in characters."""

UNKNOWN = "Not known to us"

_FOLDER = Path(__file__).parent
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_PARAGRAPH_END = re.compile(r"\n\s*\n|\n(?=\s*[-*•] )")
"""Where `corpus.sentences` lets nothing be quoted across, so that no quote leaves its paragraph."""

_PLACE = re.compile(r"([a-z0-9-]+):(\d{1,9})-(\d{1,9})")
_NUMBER_TO_CALL = re.compile(r"\+?[\d\s().-]+")


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
    """The question form; `problem` is a plain sentence when the question cannot be taken."""

    question: str = ""
    problem: str | None = None
    limit: int = MAX_QUESTION


class Quote(NamedTuple):
    """A quote in three parts: only `marked` answers, the rest is its context; and where it stands."""

    number: int
    before: str
    marked: str
    after: str
    section_title: str
    href: str


class Paper(NamedTuple):
    """A link to the paper itself."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class QuotedStudy:
    """Quotes of one study that follow each other; `why` says why a study of the other side is shown."""

    card: StudyCard
    quotes: tuple[Quote, ...]
    paper: Paper | None
    why: str | None = None


class Call(NamedTuple):
    """A contact; `href` is None where the number is none that a phone can dial."""

    name: str
    number: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Fragment:
    """The answer as the page and the widget show it."""

    template: ClassVar[str] = "_answer.html"

    answer: Answer
    quoted: tuple[QuotedStudy, ...]
    contrast: tuple[QuotedStudy, ...]
    calls: tuple[Call, ...]
    papers: Mapping[str, Paper | None]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The view of an answer."""
        cards = {card.study_id: card for card in answer.studies}
        contacts = answer.notice.contacts if answer.notice else ()
        return cls(
            answer=answer,
            quoted=tuple(_by_study(answer.statements, cards)),
            contrast=tuple(
                group for side in answer.contrast for group in _by_study(side.statements, cards, why=side.why)
            ),
            calls=tuple(Call(contact.name, contact.number, dial(contact)) for contact in contacts),
            papers={card.study_id: paper_of(card) for card in answer.studies},
        )


class Run(NamedTuple):
    """A piece of a paragraph."""

    text: str
    marked: bool


class Paragraph(NamedTuple):
    """A paragraph of a section: its text is exactly the section's from `start` to `end`."""

    start: int
    end: int
    runs: tuple[Run, ...]


class ShownSection(NamedTuple):
    """A section as a study page shows it."""

    name: str
    title: str
    paragraphs: tuple[Paragraph, ...]


class Source(NamedTuple):
    """Where a fact was read; `href` is None where that is no address."""

    text: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """A plain sentence in the place of an answer."""

    template: ClassVar[str] = "_problem.html"

    text: str


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
        return "" if not known else str(known[0]) if len(known) == 1 else f"{known[0]} to {known[-1]}"


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One answer, and the form for another question."""

    template: ClassVar[str] = "answer.html"

    site: Site
    form: AskForm
    question: str
    fragment: Fragment

    @classmethod
    def of(cls, site: Site, question: str, answer: Answer) -> Self:
        """The page; a screened question is not shown again, since others may look at the same screen."""
        shown = "" if answer.outcome is Outcome.screened else question
        return cls(site=site, form=AskForm(shown), question=shown, fragment=Fragment.of(answer))


@dataclass(frozen=True, slots=True)
class StudiesPage:
    """Every study of the library."""

    template: ClassVar[str] = "studies.html"

    site: Site
    cards: Sequence[StudyCard]


@dataclass(frozen=True, slots=True)
class StudyPage:
    """A whole summary, with the quoted place marked where the address names one that exists."""

    template: ClassVar[str] = "study.html"

    site: Site
    study: Study
    card: StudyCard
    paper: Paper | None
    rows: tuple[tuple[str, str], ...]
    sections: tuple[ShownSection, ...]
    facts: tuple[tuple[Fact, tuple[Source, ...]], ...]
    is_published: bool
    lost: bool

    @classmethod
    def of(cls, site: Site, study: Study, *, place: str = "", source: str = "") -> Self:
        """The page of a study.

        Args:
            site: whose page it is.
            study: the summary.
            place: `section:start-end`, the quote to be marked; empty for none.
            source: how the SHA-256 of the section's text began when the link was made; empty if not known.
        """
        found = find_place(study, place, source)
        card = study_card(study)
        return cls(
            site=site,
            study=study,
            card=card,
            paper=paper_of(card),
            rows=tuple(_rows(study, card)),
            sections=tuple(
                ShownSection(
                    s.name, s.title, paragraphs(s, found[1] if found and found[0] == s.name else None)
                )
                for s in study.sections
            ),
            facts=tuple((fact, tuple(Source(s, web(s)) for s in fact.sources)) for fact in study.facts),
            is_published=study.status is Status.published,
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
    """Something went wrong, in plain words."""

    template: ClassVar[str] = "error.html"

    site: Site
    status: int
    title: str
    text: str
    form: AskForm = field(default_factory=AskForm)


View = Fragment | Problem | HomePage | AnswerPage | StudiesPage | StudyPage | AboutPage | ErrorPage


def render(view: View) -> str:
    """The HTML of a view."""
    names = {item.name: getattr(view, item.name) for item in fields(view)}
    return _ENVIRONMENT.get_template(view.template).render(names, view=view)


def quote_href(study_id: str, section: str, span: Span, source_sha256: str) -> str:
    """The address of a quote in place; it carries the source's hash, so that a changed text is never marked."""
    place = {"quote": f"{section}:{span.start}-{span.end}", "source": source_sha256[:16]}
    return f"/studies/{quote(study_id)}?{urlencode(place, safe=':')}#quote"


def find_place(study: Study, place: str, source: str = "") -> tuple[str, Span] | None:
    """The section and the offsets that `section:start-end` names, None unless they exist exactly."""
    match = _PLACE.fullmatch(place)
    section = next((s for s in study.sections if match and s.name == match[1]), None)
    if match is None or section is None or not section.sha256.startswith(source):
        return None
    span = Span(int(match[2]), int(match[3]))
    if not span.start < span.end <= len(section.text) or not section.text[span.start : span.end].strip():
        return None
    return section.name, span


def paragraphs(section: Section, marked: Span | None = None) -> tuple[Paragraph, ...]:
    """A section's text cut into paragraphs, `marked` apart within them."""
    breaks = [Span(*match.span()) for match in _PARAGRAPH_END.finditer(section.text)]
    starts = [0, *(gap.end for gap in breaks)]
    ends = [*(gap.start for gap in breaks), len(section.text)]
    return tuple(
        Paragraph(start, end, tuple(_runs(section.text, Span(start, end), marked)))
        for start, end in zip(starts, ends, strict=True)
        if section.text[start:end].strip()
    )


def paper_of(card: StudyCard) -> Paper | None:
    """The link to the paper: by its DOI where there is one."""
    if card.doi:
        return Paper(f"doi.org/{card.doi}", f"https://doi.org/{quote(card.doi, safe='/:;().,-_')}")
    href = web(card.link or "")
    return Paper(re.sub(r"^https?://(?:www\.)?", "", href).rstrip("/"), href) if href else None


def web(address: str) -> str | None:
    """The address itself if it is one of the web, so that nothing else ever becomes a link."""
    return address if re.fullmatch(r"https?://[^\s/]\S*", address) else None


def dial(contact: Contact) -> str | None:
    """The `tel:` address of a contact."""
    number = contact.number.strip()
    if not _NUMBER_TO_CALL.fullmatch(number) or not re.search(r"\d", number):
        return None
    return "tel:" + re.sub(r"[^\d+]", "", number)


def _by_study(
    statements: Iterable[Statement], cards: Mapping[str, StudyCard], why: str | None = None
) -> Iterable[QuotedStudy]:
    for study_id, group in groupby(statements, key=lambda statement: statement.citation.study_id):
        card = cards[study_id]
        yield QuotedStudy(card, tuple(_quote(statement) for statement in group), paper_of(card), why)


def _quote(statement: Statement) -> Quote:
    citation, text = statement.citation, statement.text
    span = Span(citation.start, citation.end)
    mark = citation.highlight
    if mark is None or not span.start <= mark.start < mark.end <= span.end:
        before, marked, after = text, "", ""
    else:
        first, last = mark.start - span.start, mark.end - span.start
        before, marked, after = text[:first], text[first:last], text[last:]
    href = quote_href(citation.study_id, citation.section, span, citation.source_sha256)
    return Quote(citation.number, before, marked, after, citation.section_title, href)


def _runs(text: str, span: Span, marked: Span | None) -> Iterable[Run]:
    first = max(span.start, marked.start) if marked else span.end
    last = min(span.end, marked.end) if marked else span.end
    if first >= last:
        yield Run(text[span.start : span.end], marked=False)
        return
    cuts = (
        Run(text[span.start : first], False),
        Run(text[first:last], True),
        Run(text[last : span.end], False),
    )
    yield from (run for run in cuts if run.text)


def _rows(study: Study, card: StudyCard) -> Iterable[tuple[str, str]]:
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
