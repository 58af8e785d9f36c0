"""Record: what one source says about one study, and what else a reader may find in a file."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from corpus.drafts import draft_sections
from corpus.errors import ImportRefusedError
from corpus.importers.authors import Author
from corpus.importers.plaintext import ascii_letters, clean_line, shorten
from corpus.studies import Design, Mark, Status, Study

_NAME_LENGTH = 40
_NOTICE_PREFIX = re.compile(r"^\W*(?:retracted|withdrawn)(?: article| paper)?\s*[:\-–—]\s*", re.IGNORECASE)  # noqa: RUF001


class Part(NamedTuple):
    """A titled piece of a source's text: paragraphs of one line each, separated by empty lines."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a source gave about one study; what it did not give is None or empty.

    Attributes:
        label: which record of its file: `PMID 123`, or its number from 1, or its first words.
        origin: where the draft says it comes from: file, format, and whatever else identifies it.
        authors: in the source's order; ET_AL where the source leaves some out.
        link: as the source gives it, or the address that its DOI or PubMed number resolves to.
        design: only where the source's own classification leaves no choice.
        parts: the source's text by its own headings.
        problems: what was left unread or had to be inferred, a line each.
    """

    label: str
    origin: str
    title: str
    authors: tuple[Author, ...] = ()
    year: int | None = None
    journal: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    registration: str | None = None
    link: str | None = None
    design: Design | None = None
    funding: str | None = None
    marks: tuple[Mark, ...] = ()
    parts: tuple[Part, ...] = ()
    problems: tuple[str, ...] = ()

    def with_marks(self, marks: Iterable[Mark]) -> "Record":
        """The record with those of the marks that it does not have yet."""
        return replace(self, marks=tuple(dict.fromkeys((*self.marks, *marks))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A record that is itself the notice of a retraction, correction or concern about a study.

    Attributes:
        label: as in Record.
        mark: what the study concerned should carry.
        dois: the DOIs of the studies concerned.
        pmids: their PubMed numbers.
    """

    path: Path
    label: str
    mark: Mark
    dois: tuple[str, ...] = ()
    pmids: tuple[str, ...] = ()

    def concerns(self, record: Record) -> bool:
        """Whether the notice names the record's study."""
        dois = {doi.casefold() for doi in self.dois}
        return (record.doi or "").casefold() in dois or record.pmid in self.pmids


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFooter:
    """Who brought a research page, and its disclaimer, both in the page's words; None where it has none."""

    path: Path
    publisher: str | None
    disclaimer: str | None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a file that a person should know, though nothing of it was refused."""

    path: Path
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


Found = Record | Notice | PageFooter | Remark | ImportRefusedError
"""What a reader yields, in the order of the file. A broken record comes as an error and the rest follows."""


def study_id_of(record: Record) -> str:
    """The id that a record's study gets: first author's family name in a to z, then the year: `deng2017`.

    A record without a year gives `deng_undated`; one without an author, or whose author has no letter
    that can be written in a to z, gives `study2017`.
    """
    family = ascii_letters(record.authors[0].family) if record.authors else ""
    return f"{family[:_NAME_LENGTH] or 'study'}{record.year or '_undated'}"


def plain_title(title: str) -> str:
    """A title as titles are compared: letters and digits only, no `RETRACTED:` before it."""
    return "".join(letter for letter in _NOTICE_PREFIX.sub("", title).casefold() if letter.isalnum())


def title_marks(title: str) -> tuple[Mark, ...]:
    """The mark that a title itself carries (`RETRACTED: ...`, `WITHDRAWN: ...`)."""
    match = _NOTICE_PREFIX.match(title)
    if not match:
        return ()
    kind = "withdrawal" if "withdrawn" in match.group().casefold() else "retraction"
    return (Mark(kind=kind, note=f"The title of the record begins with {match.group().strip()!r}."),)


def all_marks(record: Record) -> tuple[Mark, ...]:
    """The record's marks, and the one that its title carries if it is of another kind."""
    kinds = {mark.kind for mark in record.marks}
    return (*record.marks, *(mark for mark in title_marks(record.title) if mark.kind not in kinds))


def study_of(record: Record, study_id: str) -> tuple[Study, tuple[str, ...]]:
    """The draft study of a record, and its problems.

    A value that a study file cannot hold (a DOI that is none, a year out of range) is left out, and the
    problems say so.

    Raises:
        ValueError: there is no title, or no id can be made; nothing can be drafted from that.
    """
    fields: dict[str, Any] = {
        "study_id": study_id,
        "title": clean_line(record.title),
        "authors": tuple(author.short for author in record.authors if author.short),
        **{name: getattr(record, name) for name in _TAKEN_OVER},
        "marks": all_marks(record),
        "status": Status.draft,
        "imported_from": clean_line(record.origin),
        "sections": draft_sections(record.parts),
    }
    problems = [*record.problems, *_missing(record)]
    while True:
        try:
            return Study(**fields), tuple(map(clean_line, problems))
        except ValidationError as error:
            _leave_out(fields, error.errors()[0], problems)


def _missing(record: Record) -> list[str]:
    missing = [("author", not record.authors), ("year", record.year is None)]
    return [f"the source gives no {name}" for name, is_missing in missing if is_missing]


_TAKEN_OVER = ("year", "journal", "doi", "pmid", "pmcid", "registration", "link", "design", "funding")


def _leave_out(fields: dict[str, Any], error: Any, problems: list[str]) -> None:
    name = str(error["loc"][0]) if error["loc"] else ""
    message = error["msg"].removeprefix("Value error, ")
    if name not in _TAKEN_OVER:
        raise ValueError(f"{name or 'the record'}: {message}")
    problems.append(f"{name} {shorten(str(fields[name]))!r} was left out: {message}")
    fields[name] = None


def joined(values: Sequence[str], separator: str = "; ") -> str | None:
    """The distinct values in their order, as one line; None where there are none."""
    return separator.join(dict.fromkeys(clean_line(value) for value in values if clean_line(value))) or None
