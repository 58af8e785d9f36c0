"""Views: one inspection as the inspector's templates see it. Pure: nothing is rendered here."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from corpus.sentences import Span
from service.answers import Answer, Statement
from service.evidence import THRESHOLD
from service.fragment import Fragment, Link, paper_of
from service.inspecting.inspection import Fate, Inspection, cited, statements_of
from service.inspecting.passages import Candidate, candidates_of
from service.inspecting.sentences import ReadSentence, read_sentences
from service.inspecting.words import Line, said_of, screened, understood, verdict
from service.places import Paragraph, Place, paragraphs_around, quote_href
from service.verification import is_verbatim
from service.wording import study_card, study_reference

NOTEWORTHY = 15
"""Rows of a table that are shown at once; the rest is behind one more click."""


class Proof(NamedTuple):
    """A quote that was to be sent, and its source.

    Attributes:
        number: in the answer; None for one that was left out.
        text: of the quote.
        study: who and when.
        section: the heading that it stands under.
        source: the summary's text around it with the quote marked; empty where it is not in its source.
        sha256: how the hash of the section's text begins.
        href: the quote in its place, on the public page of the study.
        paper: the link to the paper.
    """

    number: int | None
    text: str
    study: str
    section: str
    start: int
    end: int
    source: Sequence[Paragraph]
    sha256: str
    href: str
    paper: Link | None


class Tally(NamedTuple):
    """How many sentences had one fate."""

    said: str
    sentences: int
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An inspection as the page shows it.

    Attributes:
        generation: the index that it was answered from.
        created: when that was built.
        in_use: whether patients are answered from it.
        verdict: what came of it and why.
        fragment: the answer as patients see it.
        screening: what the gate said.
        understanding: what was made of the question.
        towards: the passages that the search was moved towards before it looked again, whose and from where.
        passages: every one that was looked at.
        sentences: every one that was read.
        tallies: what became of them, the most frequent last fates first.
        proofs: every quote in its source.
    """

    inspection: Inspection
    generation: str
    created: datetime
    in_use: bool
    verdict: str
    fragment: Fragment
    screening: Sequence[Line]
    understanding: Sequence[Line]
    towards: Sequence[str]
    passages: Sequence[Candidate]
    sentences: Sequence[ReadSentence]
    tallies: Sequence[Tally]
    proofs: Sequence[Proof]
    first: int = NOTEWORTHY
    threshold: float = THRESHOLD

    @classmethod
    def of(cls, inspection: Inspection, *, in_use: bool = True) -> Self:
        """The view of an inspection; `in_use` tells whether patients are answered from its library."""
        sentences = read_sentences(inspection)
        return cls(
            inspection=inspection,
            generation=inspection.library.generation,
            created=inspection.library.index.manifest.created,
            in_use=in_use,
            verdict=verdict(inspection),
            fragment=Fragment.of(inspection.answer, inspection.library.studies, inspected=True),
            screening=list(screened(inspection)),
            understanding=list(understood(inspection)),
            towards=list(_towards(inspection)),
            passages=candidates_of(inspection),
            sentences=sentences,
            tallies=_tallies(sentences),
            proofs=list(_proofs(inspection)),
        )


def _towards(inspection: Inspection) -> Iterator[str]:
    looked = inspection.trace.looked
    for number in looked.found.candidates.towards if looked else ():
        passage = inspection.library.index.passages[int(number)]
        study = inspection.library.studies[passage.study_id]
        yield f"{study_reference(study)}, {study.section(passage.section).title}"


def _tallies(sentences: Sequence[ReadSentence]) -> Sequence[Tally]:
    """Those that are quoted first, then the others, of which most come last: they say least."""
    counts = Counter(sentence.became for sentence in sentences)
    order = sorted(
        counts, key=lambda became: (list(Fate).index(became.fate), counts[became], became.reason or "")
    )
    return [Tally(said_of(each), counts[each], each.fate is not Fate.left) for each in order]


def _proofs(inspection: Inspection) -> Iterator[Proof]:
    sent = {cited(statement): statement for statement in statements_of(inspection.answer)}
    composed: Answer | None = inspection.trace.composed
    for statement in statements_of(composed) if composed else ():
        yield _proof(statement, sent.get(cited(statement)), inspection)


def _proof(composed: Statement, sent: Statement | None, inspection: Inspection) -> Proof:
    citation = (sent or composed).citation
    studies = inspection.library.studies
    study = studies[citation.study_id]
    section = study.section(citation.section)
    mark = citation.highlight
    span, highlight = Span(citation.start, citation.end), Span(mark.start, mark.end) if mark else None
    is_proven = sent is not None and is_verbatim(sent, studies)
    return Proof(
        number=citation.number if sent else None,
        text=composed.text,
        study=study_reference(study),
        section=section.title,
        start=citation.start,
        end=citation.end,
        source=paragraphs_around(section, span, highlight) if is_proven else (),
        sha256=citation.source_sha256[:12],
        href=quote_href(study.study_id, Place(section.name, span, highlight), citation.source_sha256),
        paper=paper_of(study_card(study)),
    )
