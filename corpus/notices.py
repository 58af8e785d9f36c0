"""Notices: what was published about a paper later: it was taken back, questioned, corrected, or restored.

They come from the Retraction Watch database (`retraction_watch.py` reads it).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import unquote

from corpus.importers.identifiers import doi_link, pubmed_link
from corpus.studies import Mark, MarkKind


class Nature(StrEnum):
    """What a notice says of its paper, in the words of the export."""

    retraction = "Retraction"
    concern = "Expression of concern"
    correction = "Correction"
    reinstatement = "Reinstatement"


KINDS: Mapping[Nature, MarkKind] = {
    Nature.retraction: "retraction",
    Nature.concern: "expression_of_concern",
    Nature.correction: "correction",
    Nature.reinstatement: "update",
}
"""The mark that a notice becomes on a summary."""

IN_FORCE = "This paper had been taken back, and was put in force again."
"""What the other kinds mean stands beside every mark of theirs (`service/wording.py`)."""


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
        told = [IN_FORCE] if self.nature is Nature.reinstatement else []
        if self.day:
            told.append(f"Notice of {self.day.day} {self.day:%B %Y}.")
        told.append(f"Source: Retraction Watch database, record {self.record}.")
        return Mark(kind=KINDS[self.nature], note=" ".join(told), link=self.link)


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
