"""Retractions: the notices of a register that are about papers of the library.

Notices are matched to summaries by DOI and by PubMed number. A match is something for a person to look at; it
changes nothing by itself.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.parse import unquote

from corpus.notices import Nature, Notice, normal_doi, normal_pmid
from corpus.retraction_watch import RowFault, read_notices
from corpus.studies import Mark, MarkKind, Study

KEPT_FAULTS = 100
"""Faults of rows that are repeated one by one; the others are counted."""


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


def _ordered(matches: Iterable[Match]) -> list[Match]:
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


@dataclass(frozen=True, slots=True)
class Findings:
    """What a register says of a library.

    Attributes:
        matches: by study and day.
        rows: how many notices were read.
        newest: the day of the newest of them; None where no day could be read.
        faults: what of rows could not be read, the first of them.
        faulty: how many such faults there are.
        nameless: summaries without DOI and PubMed number, which no notice can be matched to.
    """

    matches: tuple[Match, ...]
    rows: int
    newest: date | None
    faults: tuple[RowFault, ...]
    faulty: int
    nameless: tuple[str, ...]

    @property
    def new(self) -> tuple[Match, ...]:
        """The matches that no mark of the summary tells yet."""
        return tuple(match for match in self.matches if not match.marked)


def find_retractions(studies: Sequence[Study], stream: BinaryIO, path: Path) -> Findings:
    """Reads an export of the Retraction Watch database and finds what it says of a library's papers.

    Args:
        studies: the library, drafts and retired summaries included.
        stream: the export, opened in binary mode.
        path: what it is called, for errors.

    Raises:
        NotAnExportError: it is none.
    """
    papers = Papers(studies)
    matches: list[Match] = []
    faults: list[RowFault] = []
    rows, faulty, newest = 0, 0, date.min
    for row in read_notices(stream, path):
        rows += 1
        faulty += len(row.faults)
        faults.extend(row.faults[: KEPT_FAULTS - len(faults)])
        if row.notice:
            newest = max(newest, row.notice.day or date.min)
            matches.extend(papers.matches(row.notice))
    nameless = tuple(study.study_id for study in studies if Paper.of(study) == (None, None))
    known = None if newest == date.min else newest
    return Findings(tuple(_ordered(matches)), rows, known, tuple(faults), faulty, nameless)


def format_findings(findings: Findings, summaries: int) -> str:
    """The findings as lines to print: a line a fault, a line a match, and what was compared."""
    lines = [f"not read: {fault}" for fault in findings.faults]
    if findings.faulty > len(findings.faults):
        lines.append(f"not read: and {findings.faulty - len(findings.faults)} more")
    lines += map(_told, findings.matches)
    if findings.nameless:
        lines.append(f"without DOI and PubMed number, so not compared: {', '.join(findings.nameless)}")
    newest = f", the newest of {_day(findings.newest)}" if findings.newest else ""
    marked = len(findings.matches) - len(findings.new)
    lines.append(
        f"notices: {findings.rows}{newest}; summaries: {summaries}; "
        f"matches: {len(findings.new)} new, {marked} marked already"
    )
    return "\n".join(lines)


def _told(match: Match) -> str:
    notice = match.notice
    parts = [
        notice.said or "a notice of no known kind",
        _day(notice.day) if notice.day else "day not known",
        f"by {' and '.join(match.by)}",
        f"record {notice.record}",
        *([notice.link] if notice.link else []),
    ]
    states = [
        *(["marked already"] if match.marked else []),
        *(["the paper was put in force again later"] if match.lifted else []),
        *([f"UNCLEAR: {match.conflict}"] if match.conflict else []),
    ]
    return f"{match.study.study_id} ({match.study.status}): {'; '.join([', '.join(parts), *states])}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
