"""Retractions: notices that a paper was taken back, questioned, corrected or put in force again.

They come from the Retraction Watch database (`retraction_watch.py` reads it) and are matched to summaries
by DOI and by PubMed number. A match is something for a person to look at; it changes nothing by itself.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import unquote

from corpus.importers.identifiers import doi_link, pubmed_link
from corpus.studies import Mark, MarkKind, Study


class Nature(StrEnum):
    """What a notice says of its paper, in the words of the export."""

    retraction = "Retraction"
    concern = "Expression of concern"
    correction = "Correction"
    reinstatement = "Reinstatement"


class Said(NamedTuple):
    """What a notice becomes on a summary: the kind of mark, and the plain words before its date."""

    kind: MarkKind
    words: str


SAID: Mapping[Nature, Said] = {
    Nature.retraction: Said("retraction", "This paper was taken back (retracted)"),
    Nature.concern: Said(
        "expression_of_concern", "The journal warned that something in this paper may be wrong"
    ),
    Nature.correction: Said("correction", "A correction to this paper was published"),
    Nature.reinstatement: Said("update", "This paper had been taken back and was put in force again"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One row: a notice about a paper. What the row does not give is None or empty.

    Attributes:
        record: the row's number in the database.
        line: the line of the file on which the row begins, from 1.
        nature: None where the export uses a word that we do not know, which `said` then repeats.
        said: the nature as the row has it.
        day: the day of the notice.
        paper_doi, notice_doi: in lower case, without https://doi.org/.
        reasons: in the database's own words.
    """

    record: str
    line: int
    nature: Nature | None
    said: str
    day: date | None
    paper_doi: str | None
    paper_pmid: str | None
    notice_doi: str | None
    notice_pmid: str | None
    title: str
    journal: str
    reasons: tuple[str, ...]

    @property
    def link(self) -> str | None:
        """Where the notice can be read, as far as the row tells."""
        if self.notice_doi:
            return doi_link(self.notice_doi)
        return pubmed_link(self.notice_pmid) if self.notice_pmid else None

    @property
    def mark(self) -> Mark | None:
        """The mark that a summary of the paper would carry; None where the nature is not known."""
        if self.nature is None:
            return None
        kind, words = SAID[self.nature]
        when = f" on {self.day.day} {self.day:%B %Y}" if self.day else ""
        source = f"Source: Retraction Watch database, record {self.record}."
        return Mark(kind=kind, note=f"{words}{when}. {source}", link=self.link)


def normal_doi(text: str) -> str | None:
    """A DOI in the one form in which two of them can be compared; None for what is none.

    Case does not count in a DOI, nor does the address before it or the percent signs of a link.
    """
    plain = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", text.strip(), flags=re.IGNORECASE)
    plain = unquote(plain).casefold().rstrip(".,;")
    return plain if re.fullmatch(r"10\.\d{4,9}/\S+", plain) else None


def normal_pmid(text: str) -> str | None:
    """A PubMed number without zeros before it, or the ".0" that spreadsheets add; None for what is none."""
    match = re.fullmatch(r"(?:PMID:?\s*)?0*([1-9]\d{0,7})(?:\.0+)?", text.strip(), flags=re.IGNORECASE)
    return match[1] if match else None


class Paper(NamedTuple):
    """What a paper is known by, in the form in which it can be compared; None where it is not known."""

    doi: str | None
    pmid: str | None

    @classmethod
    def of(cls, study: Study) -> "Paper":
        """A summary's paper; what its fields do not say its link may."""
        pmid = re.match(r"https?://pubmed\.ncbi\.nlm\.nih\.gov/(\d+)/?$", study.link or "")
        return cls(
            normal_doi(study.doi or study.link or ""),
            normal_pmid(study.pmid or (pmid[1] if pmid else "")),
        )


@dataclass(frozen=True, slots=True)
class Match:
    """A notice and a summary whose paper it seems to be about.

    Attributes:
        by: the identifiers that agree, "DOI" and "PubMed number".
        conflict: a sentence where the other identifier disagrees, so that only a person can tell; else empty.
        lifted: a later notice puts the paper in force again.
        marked: the summary carries a mark that says the same.
    """

    study: Study
    notice: Notice
    by: tuple[str, ...]
    conflict: str = ""
    lifted: bool = False
    marked: bool = False


class Papers:
    """The papers of a library, found by what notices call them."""

    def __init__(self, studies: Iterable[Study]) -> None:
        self._by_doi: dict[str, list[Study]] = defaultdict(list)
        self._by_pmid: dict[str, list[Study]] = defaultdict(list)
        for study in studies:
            paper = Paper.of(study)
            if paper.doi:
                self._by_doi[paper.doi].append(study)
            if paper.pmid:
                self._by_pmid[paper.pmid].append(study)

    def matches(self, notice: Notice) -> Iterator[Match]:
        """The summaries that share an identifier with a notice's paper; mostly none."""
        by_doi = self._by_doi.get(notice.paper_doi or "", [])
        by_pmid = self._by_pmid.get(notice.paper_pmid or "", [])
        for study in {study.study_id: study for study in [*by_doi, *by_pmid]}.values():
            paper = Paper.of(study)
            pairs = {
                "DOI": (paper.doi, notice.paper_doi, by_doi),
                "PubMed number": (paper.pmid, notice.paper_pmid, by_pmid),
            }
            agree = tuple(name for name, (ours, theirs, _) in pairs.items() if ours and ours == theirs)
            conflict = ""
            for name, (ours, theirs, others) in pairs.items():
                if ours and theirs and ours != theirs:
                    whose = "".join(f", that of {other.study_id}" for other in others)
                    conflict = (
                        f"The {agree[0]} is that of this summary, but the {name} is not: the notice is about "
                        f"{theirs}{whose}, and this summary has {ours}."
                    )
            yield Match(study, notice, agree, conflict, marked=is_marked(study, notice))


def ordered(matches: Iterable[Match]) -> list[Match]:
    """Matches by study and day, those known to be lifted marked so; a notice without a day comes first."""
    found = sorted(matches, key=lambda match: (match.study.study_id, match.notice.day or date.min))
    in_force: dict[str, date] = {}
    for match in found:
        if match.notice.nature is Nature.reinstatement and match.notice.day and not match.conflict:
            in_force[match.study.study_id] = match.notice.day
    return [replace(match, lifted=_is_lifted(match, in_force.get(match.study.study_id))) for match in found]


def _is_lifted(match: Match, in_force: date | None) -> bool:
    doubts = (Nature.retraction, Nature.concern)
    day = match.notice.day
    return bool(in_force and day and day <= in_force and match.notice.nature in doubts)


_SAME: Mapping[Nature, frozenset[MarkKind]] = {
    Nature.retraction: frozenset({"retraction", "withdrawal"}),
    Nature.concern: frozenset({"expression_of_concern"}),
    Nature.correction: frozenset({"correction", "erratum"}),
    Nature.reinstatement: frozenset({"update"}),
}


def is_marked(study: Study, notice: Notice) -> bool:
    """Whether a summary carries a mark of this notice.

    A paper is taken back once, so that any mark of it will do; of other notices there may be several.
    """
    if notice.nature is None:
        return False
    marks = [mark for mark in study.marks if mark.kind in _SAME[notice.nature]]
    return any(notice.nature is Nature.retraction or _names(mark, notice) for mark in marks)


def _names(mark: Mark, notice: Notice) -> bool:
    text = unquote(f"{mark.note} {mark.link or ''}").casefold()
    if notice.notice_doi and notice.notice_doi in text:
        return True
    numbers = (notice.notice_pmid, f"record {notice.record}")
    return any(number and re.search(rf"\b{re.escape(number)}\b", text) for number in numbers)


def told(match: Match) -> str:
    """A match on one line, for a terminal."""
    notice = match.notice
    parts = [
        notice.said or "unknown kind of notice",
        f"{notice.day.day} {notice.day:%B %Y}" if notice.day else "day not known",
        f"by {' and '.join(match.by)}",
        f"record {notice.record}",
        *([notice.link] if notice.link else []),
    ]
    state = [
        *(["marked already"] if match.marked else []),
        *(["the paper was put in force again later"] if match.lifted else []),
        *([f"UNCLEAR: {match.conflict}"] if match.conflict else []),
    ]
    return f"{match.study.study_id} ({match.study.status}): {', '.join(parts)}" + "".join(
        f"; {one}" for one in state
    )
