"""RIS, and the tagged export of Web of Science, read with the rispy package.

The package drops a last record without `ER`, runs two records together where one lacks it, and skips lines
outside of records without a word; so records are cut apart first, and each is read by itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rispy

from corpus.errors import ImportRefusedError
from corpus.importers.authors import Author, read_author
from corpus.importers.decoding import MAX_LINES, decode
from corpus.importers.designs import design_of
from corpus.importers.identifiers import doi_link, find_doi, find_link, find_year, journal_line, pubmed_link
from corpus.importers.labels import split_labelled
from corpus.importers.marks import notice_kind, notice_mark, retracted_by_type
from corpus.importers.plaintext import clean_line, shorten
from corpus.importers.records import Found, Notice, Record, Remark

_LOOSE_TAG = re.compile(r"^([A-Z][A-Z0-9]) ?-(?= |$)", re.MULTILINE)
_PAPERS = frozenset(
    {"JOUR", "JFULL", "INPR", "EJOUR", "ABST", "CPAPER", "CONF", "GEN", "MGZN", "J", "JOURNAL ARTICLE"}
)


@dataclass(frozen=True, slots=True)
class _Dialect:
    """One way of writing tagged records: how they begin and end, and where it keeps what."""

    name: str
    reader: type[Any]
    start: re.Pattern[str]
    end: re.Pattern[str]
    stray: re.Pattern[str]
    closing: str
    title: tuple[str, ...]
    authors: tuple[str, ...]
    year: tuple[str, ...]
    journal: tuple[str, ...]
    abstract: tuple[str, ...]
    pages: tuple[str, str]
    issue: str


_RIS = _Dialect(
    name="RIS",
    reader=rispy.RisParser,
    start=re.compile(r"TY  -"),
    end=re.compile(r"ER  -"),
    stray=re.compile(r"[A-Z][A-Z0-9]  - *\S"),
    closing="ER  - ",
    title=("title", "primary_title", "short_title"),
    authors=("authors", "first_authors"),
    year=("year", "publication_year", "date"),
    journal=("alternate_title3", "journal_name", "secondary_title", "alternate_title2", "alternate_title1"),
    abstract=("abstract", "notes_abstract"),
    pages=("start_page", "end_page"),
    issue="number",
)
_WEB_OF_SCIENCE = _Dialect(
    name="Web of Science",
    reader=rispy.WokParser,
    start=re.compile(r"PT \S"),
    end=re.compile(r"ER\s*$"),
    stray=re.compile(r"(?!FN|VR|EF)[A-Z][A-Z0-9] \S"),
    closing="ER",
    title=("document_title",),
    authors=("authors", "group_authors"),
    year=("publication_year", "early_access_year"),
    journal=("publication_name", "iso_source_abbreviation"),
    abstract=("abstract",),
    pages=("beginning_page", "ending_page"),
    issue="issue",
)


def read(content: bytes, path: Path) -> Iterator[Found]:
    """Reads the records of a RIS file or of a tagged Web of Science export.

    Args:
        content: the bytes of the file.
        path: named in errors and in the drafts' origin.

    Yields:
        Records in order; an error for each record that cannot be read, or one for a file without records.
    """
    text, remark = decode(content)
    if remark:
        yield Remark(path, remark)
    dialect = _WEB_OF_SCIENCE if re.search(r"^PT [JBSP]\s*$", text, re.MULTILINE) else _RIS
    if dialect is _RIS and not re.search(r"^TY  -", text, re.MULTILINE):
        text = _LOOSE_TAG.sub(r"\1  -", text)
    number = 0
    for number, (lines, ended) in enumerate(_records(text, dialect), start=1):
        yield _read_record(lines, ended, str(number), dialect, path)
    if number == 0:
        yield ImportRefusedError(path, "holds no RIS record (no line begins with TY  - )")


def _records(text: str, dialect: _Dialect) -> Iterator[tuple[list[str], bool]]:
    """The lines of each record and whether it is closed; stray tagged lines make a record without TY."""
    lines: list[str] = []
    for line in text.split("\n"):
        begins = dialect.start.match(line) is not None
        if lines and (begins or dialect.end.match(line)):
            yield lines, not begins
            lines = [line] if begins else []
        elif lines or begins or (dialect.stray.match(line) and not dialect.end.match(line)):
            lines.append(line)
    if lines:
        yield lines, False


def _read_record(lines: list[str], ended: bool, label: str, dialect: _Dialect, path: Path) -> Found:
    if not dialect.start.match(lines[0]):
        problem = f"does not begin with a type (TY or PT) but with {shorten(lines[0].strip(), 30)!r}"
        return ImportRefusedError(path, problem, record=label)
    if len(lines) > MAX_LINES:
        return ImportRefusedError(path, f"has more than {MAX_LINES} lines; its end is missing", record=label)
    try:
        fields = rispy.loads("\n".join([*lines, dialect.closing]), implementation=dialect.reader)[0]
    except Exception as error:
        # Whatever the package raises on an odd record, it must not stop the others.
        problem = f"cannot be read: {shorten(clean_line(str(error)), 120)}"
        return ImportRefusedError(path, problem, record=label)
    problems = [] if ended else ["the record has no end line (ER); the file may have been cut off"]
    return _found(fields, label, dialect, problems, path)


def _found(fields: dict[str, Any], label: str, dialect: _Dialect, problems: list[str], path: Path) -> Found:
    title = _text(fields, *dialect.title)
    if not title:
        return ImportRefusedError(path, "has no title", record=label)
    doi, pmid = _doi(fields), _pmid(fields)
    types = [name.strip() for name in _text(fields, "type_of_work", "document_type").split(";")]
    if kind := notice_kind(types):
        return Notice(path=path, label=label, mark=notice_mark(kind, title, _link(fields, doi, pmid)))
    design, remark = design_of(types)
    abstract = _text(fields, *dialect.abstract)
    _note_oddities(fields, title, abstract, problems)
    return Record(
        label=label,
        origin=f"{path.name} ({dialect.name}, record {label})",
        title=title.removesuffix("."),
        authors=_authors(fields, dialect, problems),
        year=find_year(_text(fields, *dialect.year)),
        journal=_journal(fields, dialect),
        doi=doi,
        pmid=pmid,
        link=_link(fields, doi, pmid),
        design=design,
        funding=_text(fields, "funding_text", "funding_agency_and_grant_number") or None,
        marks=tuple(retracted_by_type(types, [])),
        parts=split_labelled(abstract),
        problems=(*problems, *([remark] if remark else [])),
    )


def _note_oddities(fields: dict[str, Any], title: str, abstract: str, problems: list[str]) -> None:
    if not abstract:
        problems.append("the record has no abstract")
    if title == _text(fields, "short_title") and not _text(fields, "title", "primary_title"):
        problems.append("the title was taken from the short title (ST)")
    kind = _text(fields, "type_of_reference", "publication_type")
    if kind.upper() not in _PAPERS:
        problems.append(f"the type of the record is {kind or 'not given'}, not a journal article")
    # The package files a line that continues no tag under the tag None.
    if unknown := sorted(tag or "(no tag)" for tag in fields.get("unknown_tag") or {}):
        problems.append(f"unknown tags were left unread: {', '.join(unknown)}")


def _text(fields: dict[str, Any], *names: str) -> str:
    """The first of the fields that is not empty, on one line; lists are joined."""
    for name in names:
        value = fields.get(name) or ""
        if text := clean_line("; ".join(value) if isinstance(value, list) else str(value)):
            return text
    return ""


def _authors(fields: dict[str, Any], dialect: _Dialect, problems: list[str]) -> tuple[Author, ...]:
    names: list[str] = next((fields[name] for name in dialect.authors if fields.get(name)), [])
    read = [read_author(name) for name in names if name.strip()]
    problems += [remark for _, remark in read if remark]
    return tuple(author for author, _ in read)


def _journal(fields: dict[str, Any], dialect: _Dialect) -> str | None:
    first, last = (_text(fields, name) for name in dialect.pages)
    pages = f"{first}-{last}" if first and last and last != first else first
    name, volume, issue = (
        _text(fields, *names) for names in (dialect.journal, ("volume",), (dialect.issue,))
    )
    return journal_line(name, volume, issue, pages or _text(fields, "article_number"))


def _doi(fields: dict[str, Any]) -> str | None:
    given = _text(fields, "doi")
    return find_doi(given) or given or find_doi(_text(fields, "urls"))


def _pmid(fields: dict[str, Any]) -> str | None:
    if number := _text(fields, "pubmed_id"):
        return number
    source = _text(fields, "name_of_database", "database_provider").casefold()
    number = _text(fields, "accession_number")
    return number if number.isdigit() and ("pubmed" in source or "medline" in source) else None


def _link(fields: dict[str, Any], doi: str | None, pmid: str | None) -> str | None:
    given = find_link(next(iter(fields.get("urls") or []), None))
    return given or (pubmed_link(pmid) if pmid else doi_link(doi) if doi else None)
