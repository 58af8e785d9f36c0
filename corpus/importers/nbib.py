"""MEDLINE format (`.nbib`), as PubMed and PubMed Central export it, read with the nbib package.

The package leaves out the tags that tell of retractions and corrections, and raises on one odd line for the
whole file; so records are cut apart first, and those tags are read from the lines themselves.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbib

from corpus.errors import ImportRefusedError
from corpus.importers.authors import ET_AL, Author, medline_author
from corpus.importers.decoding import MAX_LINES, decode
from corpus.importers.designs import design_of
from corpus.importers.identifiers import (
    doi_link,
    find_doi,
    find_year,
    is_trial_registry,
    journal_line,
    pubmed_link,
)
from corpus.importers.labels import split_labelled
from corpus.importers.marks import (
    MEDLINE_NOTICE_TAGS,
    MEDLINE_RELATIONS,
    notice_kind,
    notice_mark,
    relation_mark,
    retracted_by_type,
)
from corpus.importers.plaintext import clean_line, shorten
from corpus.importers.records import Found, Notice, Record, Remark, joined
from corpus.studies import Mark

_TAG = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)")
# Tags that the package reads and a draft needs; the others (indexing dates, ISSNs) could only make it fail.
_READ = frozenset(
    {"PMID", "PMC", "TI", "TT", "AB", "FAU", "AU", "CN", "DP", "JT", "TA", "VI", "IP", "PG", "PT", "GR"}
)

Lines = list[tuple[str, str]]


def read(content: bytes, path: Path) -> Iterator[Found]:
    """Reads the records of a MEDLINE file.

    Args:
        content: the bytes of the file.
        path: named in errors and in the drafts' origin.

    Yields:
        Records and notices in order; an error for each record that cannot be read, or one for a file
        without records.
    """
    text, remark = decode(content)
    if remark:
        yield Remark(path, remark)
    number = 0
    for number, lines in enumerate(_records(text), start=1):
        yield _read_record(lines, number, path)
    if number == 0:
        yield ImportRefusedError(path, "holds no MEDLINE record (no line begins with PMID- or another tag)")


def _records(text: str) -> Iterator[Lines]:
    """The records as tagged lines, wrapped lines joined; an empty line or a second PMID begins a new one."""
    record: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        match = _TAG.match(line)
        if record and (not line.strip() or (match and match[1] == "PMID" and "PMID" in dict(record))):
            yield _joined_lines(record)
            record = []
        if match:
            record.append((match[1], [match[2].strip()]))
        elif record:
            record[-1][1].append(line.strip())
        elif line.strip():
            record.append(("", [line.strip()]))
    if record:
        yield _joined_lines(record)


def _joined_lines(record: list[tuple[str, list[str]]]) -> Lines:
    return [(tag, clean_line(" ".join(pieces))) for tag, pieces in record]


def _read_record(lines: Lines, number: int, path: Path) -> Found:
    pmid = _first(lines, "PMID")
    label = f"PMID {pmid}" if pmid else str(number)
    if not pmid and not _first(lines, "PMC"):
        return ImportRefusedError(path, "is no MEDLINE record: it has neither PMID nor PMC", record=label)
    types = _all(lines, "PT")
    if kind := notice_kind(types):
        mark = notice_mark(kind, _first(lines, "TI") or "", pubmed_link(pmid) if pmid else None)
        concerned = [value for tag, value in lines if tag in MEDLINE_NOTICE_TAGS]
        pmids = re.findall(r"PMID: ?(\d+)", " ".join(concerned))
        dois = filter(None, map(find_doi, concerned))
        return Notice(path=path, label=label, mark=mark, dois=tuple(dois), pmids=tuple(pmids))
    if len(lines) > MAX_LINES:
        return ImportRefusedError(path, f"has more than {MAX_LINES} lines; its end is missing", record=label)
    try:
        fields = _fields(lines)
    except Exception as error:
        # Whatever the package raises on an odd record, it must not stop the others.
        problem = f"cannot be read: {shorten(clean_line(str(error)), 120)}"
        return ImportRefusedError(path, problem, record=label)
    return _record(fields, lines, label, types, path)


def _fields(lines: Lines) -> dict[str, Any]:
    kept = [f"{tag:<4}- {value}" for tag, value in lines if tag in _READ and value]
    records = nbib.read("\n".join(kept) + "\n\n")
    return records[0] if records else {}


def _record(fields: dict[str, Any], lines: Lines, label: str, types: list[str], path: Path) -> Found:
    problems: list[str] = []
    title = _title(fields, problems) or _first(lines, "BTI")
    if not title:
        return ImportRefusedError(path, "has no title (TI)", record=label)
    pmid = str(fields["pubmed_id"]) if "pubmed_id" in fields else None
    doi = _doi(lines)
    design, remark = design_of(types)
    if remark:
        problems.append(remark)
    if not fields.get("abstract"):
        problems.append("the record has no abstract")
    return Record(
        label=label,
        origin=f"{path.name} (MEDLINE, record {label})",
        title=title,
        authors=_authors(fields, lines),
        year=find_year(fields.get("publication_date")),
        journal=_journal(fields),
        doi=doi,
        pmid=pmid,
        pmcid=f"PMC{fields['pmcid']}" if "pmcid" in fields else None,
        registration=_registration(lines),
        link=pubmed_link(pmid) if pmid else doi_link(doi) if doi else None,
        design=design,
        funding=joined(_all(lines, "GR")),
        marks=_marks(lines, types),
        parts=split_labelled(clean_line(fields.get("abstract", ""))),
        problems=tuple(problems),
    )


def _title(fields: dict[str, Any], problems: list[str]) -> str:
    title = clean_line(fields.get("title") or fields.get("transliterated_title") or "")
    if title.startswith("["):
        problems.append("the title is a translation of the paper's own")
        title = title.rstrip(".").removeprefix("[").removesuffix("]")
    return title.removesuffix(".")


def _authors(fields: dict[str, Any], lines: Lines) -> tuple[Author, ...]:
    names = [item.get("author_abbreviated") or item["author"] for item in fields.get("authors", [])]
    # Older records have AU without FAU, which the package drops.
    authors = [medline_author(name) for name in names or _all(lines, "AU")]
    authors += [Author(clean_line(group)) for group in _all(lines, "CN")]
    return tuple(ET_AL if author.family.casefold() == "et al." else author for author in authors)


def _journal(fields: dict[str, Any]) -> str | None:
    name = fields.get("journal") or fields.get("journal_abbreviated")
    return journal_line(name, fields.get("journal_volume"), fields.get("journal_issue"), fields.get("pages"))


def _doi(lines: Lines) -> str | None:
    places = [value for tag, value in lines if tag in {"LID", "AID"} and "[doi]" in value]
    return find_doi(places[0]) or places[0].removesuffix("[doi]").strip() if places else None


def _registration(lines: Lines) -> str | None:
    """Trial numbers from SI; its other sources (sequence banks) are no registrations."""
    sources = [value.partition("/") for value in _all(lines, "SI")]
    return joined([number for bank, _, number in sources if is_trial_registry(bank)], ", ")


def _marks(lines: Lines, types: list[str]) -> tuple[Mark, ...]:
    marks = [relation_mark(MEDLINE_RELATIONS[tag], value) for tag, value in lines if tag in MEDLINE_RELATIONS]
    return (*marks, *retracted_by_type(types, marks))


def _first(lines: Lines, tag: str) -> str | None:
    return next((value for name, value in lines if name == tag and value), None)


def _all(lines: Lines, tag: str) -> list[str]:
    return [value for name, value in lines if name == tag and value]
