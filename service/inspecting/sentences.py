"""Sentences: every one that was read, with the reader's scores and what became of it."""

from collections.abc import Sequence
from typing import NamedTuple

from index.reader import missed_words
from service.evidence import Evidence
from service.inspecting.inspection import Became, Inspection
from service.inspecting.words import said_of
from service.places import Place, quote_href
from service.wording import study_reference


class Missed(NamedTuple):
    """The word of the question that a sentence misses most, and how well it is matched there, up to 1."""

    word: str
    match: float


class Matched(NamedTuple):
    """How well the question's words are matched; each up to 1.

    Attributes:
        match: in the sentence.
        worst: there, those that are matched worst.
        passage: in all of its passage.
    """

    match: float
    worst: float
    passage: float


class ReadSentence(NamedTuple):
    """A sentence that was read.

    Attributes:
        rank: by how likely it answers, from 1.
        study: who and when.
        section: its heading.
        href: where it stands in the summary.
        likely: how likely it answers, 0 to 1.
        lifted: whether it names what the question names, which makes it likelier.
        known: the share of the known questions like this one that it answers, 0 to 1.
        matches: what that was judged by; None where the question has no words.
        missed: None there as well.
    """

    rank: int
    text: str
    study: str
    section: str
    href: str
    likely: float
    lifted: bool
    known: float
    matches: Matched | None
    missed: Missed | None
    became: Became

    @property
    def said(self) -> str:
        """What became of it, in words."""
        return said_of(self.became)


def read_sentences(inspection: Inspection) -> Sequence[ReadSentence]:
    """Every sentence that was read, the likeliest first; none where the question was stopped."""
    read = inspection.trace.read
    if read is None:
        return ()
    places = range(len(read.sentences))
    order = sorted(places, key=lambda place: (-read.sentences[place].score, place))
    matches, compared = read.reading.matches, read.reading.comparison
    missed = missed_words(compared) if compared else []
    rows = []
    for rank, place in enumerate(order, start=1):
        item = read.sentences[place]
        study, section, href = source_of(item, inspection)
        rows.append(
            ReadSentence(
                rank=rank,
                text=item.text,
                study=study,
                section=section,
                href=href,
                likely=item.score,
                lifted=read.named[place],
                known=item.known,
                matches=Matched(*(float(each[place]) for each in matches)) if matches else None,
                missed=Missed(*missed[place]) if missed else None,
                became=inspection.fate_of(item),
            )
        )
    return rows


def source_of(item: Evidence, inspection: Inspection) -> tuple[str, str, str]:
    """Whose sentence it is, under which heading it stands, and the address of its place."""
    study = inspection.library.studies[item.study_id]
    section = study.section(item.passage.section)
    href = quote_href(item.study_id, Place(section.name, item.sentence), section.sha256)
    return study_reference(study), section.title, href
