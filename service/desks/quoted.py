"""Quoted: a sentence of the library with the study and the place that it stands in, as the queue shows it."""

from typing import TYPE_CHECKING, NamedTuple

from corpus.sentences import Span
from service.answers import Statement
from service.evidence import Evidence
from service.kept import Kept, place_of
from service.places import Place, quote_href
from service.wording import study_card

if TYPE_CHECKING:
    from service.library import Library


class Quoted(NamedTuple):
    """A sentence of the library with where it stands, as the desk shows it.

    Attributes:
        place: as study#section:start-end.
        label: of which study, and which section.
        href: leads to it in its source; empty where the study or the text is gone.
        study_id: names the study; its summary can be changed.
        score: how sure the reader is that it answers, in percent; None for a quote.
        is_against: whether it was quoted for the other side.
    """

    place: str
    text: str
    label: str
    href: str
    study_id: str
    score: int | None = None
    is_against: bool = False


def quotes_of(library: "Library", kept: Kept) -> list[Quoted]:
    """What an answer quoted, on both sides."""
    against = {place_of(statement) for side in kept.answer.contrast for statement in side.statements}
    return [_quoted(library, statement, place_of(statement) in against) for statement in kept.statements]


def _quoted(library: "Library", statement: Statement, is_against: bool) -> Quoted:
    cited = statement.citation
    study = library.studies.get(cited.study_id)
    section = next((part for part in study.sections if part.name == cited.section), None) if study else None
    is_there = section is not None and section.sha256 == cited.source_sha256
    span = Place(cited.section, Span(cited.start, cited.end))
    return Quoted(
        place_of(statement),
        statement.text,
        f"{study_card(study).reference if study else cited.study_id}, {cited.section_title}",
        quote_href(cited.study_id, span, cited.source_sha256) if is_there else "",
        cited.study_id if study else "",
        is_against=is_against,
    )


def near_sentence(library: "Library", item: Evidence) -> Quoted:
    """A sentence that was read, as it stands in the library today."""
    passage, study = item.passage, library.studies[item.study_id]
    section = study.section(passage.section)
    place = Place(section.name, item.sentence)
    return Quoted(
        f"{item.study_id}#{section.name}:{item.sentence.start}-{item.sentence.end}",
        item.text,
        f"{study_card(study).reference}, {section.title}",
        quote_href(item.study_id, place, section.sha256),
        item.study_id,
        score=round(item.score * 100),
    )
