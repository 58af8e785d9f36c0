"""Retraction Watch: an export of its database, read as a row of notices about papers.

Crossref publishes the database as one CSV file of 60,000 rows and more. Its columns are those of its user
guide (https://retractionwatch.com/retraction-watch-database-user-guide/): a row is one notice about one
paper; what is not known stands as nothing, 0 or "unavailable".
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from corpus.errors import CorpusError
from corpus.importers.plaintext import clean_line, shorten
from corpus.notices import Nature, Notice, normal_doi, normal_pmid

NEEDED = (
    "Record ID",
    "RetractionDate",
    "RetractionDOI",
    "RetractionPubMedID",
    "OriginalPaperDOI",
    "OriginalPaperPubMedID",
    "RetractionNature",
)
"""Columns without which a file is no such export."""

LONGEST_LINE = 1_000_000
"""Bytes; the longest of the real export have some thousands."""

LONGEST_RECORD = 40
"""Characters; real ones are numbers of five digits."""

_MISSING = frozenset({"", "0", "unavailable", "none", "n/a", "no doi"})
_DATES = ("%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%Y %I:%M:%S %p", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S")
_DELIMITERS = ",;\t"


class NotAnExportError(CorpusError):
    """A file that is no export of the Retraction Watch database.

    Attributes:
        path: the file.
        problem: what is wrong with it and what was expected.
    """

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(f"{path}: {problem}")


class RowFault(NamedTuple):
    """What of a row could not be read.

    Attributes:
        line: the line of the file on which the row begins, from 1.
        record: the row's number in the database; empty where it could not be read.
        problem: what is wrong, in words.
    """

    line: int
    record: str
    problem: str

    def __str__(self) -> str:
        record = f" (record {self.record})" if self.record else ""
        return f"line {self.line}{record}: {self.problem}"


class Row(NamedTuple):
    """A row of the export: its notice where it could be read, and what of it could not."""

    notice: Notice | None
    faults: tuple[RowFault, ...]


def read_notices(stream: BinaryIO, path: Path) -> Iterator[Row]:
    """Reads an export row by row, so that it need not fit into memory.

    Args:
        stream: the file, opened in binary mode.
        path: what it is called, for errors.

    Raises:
        NotAnExportError: it has not the columns of an export, or stops being CSV.
    """
    lines = _lines(stream, path)
    header = _Header.of(next(lines, ""), path)
    rows = csv.reader(lines, delimiter=header.delimiter)
    while True:
        begins = rows.line_num + 2  # the header stands above, and lines count from 1
        try:
            values = next(rows, None)
        except csv.Error as error:
            raise NotAnExportError(path, f"line {begins}: {error}; save the export again") from error
        if values is None:
            return
        if any(value.strip() for value in values):
            yield _Reader(begins, header, values).row()


def _lines(stream: BinaryIO, path: Path) -> Iterator[str]:
    """The lines as text. Older exports are in Windows' encoding, or have single lines in it."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise NotAnExportError(path, f"line {number}: is longer than a line of an export can be")
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")  # the mark of UTF-8
        try:
            yield line.decode()
        except UnicodeDecodeError:
            yield line.decode("cp1252", errors="replace")


class _Header(NamedTuple):
    """The first line: where each column stands, how many there are, and what separates them."""

    places: Mapping[str, int]
    width: int
    delimiter: str

    @classmethod
    def of(cls, first: str, path: Path) -> Self:
        missing: Sequence[str] = NEEDED
        for delimiter in _DELIMITERS:
            names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
            lacking = [name for name in NEEDED if name not in names]
            if not lacking:
                return cls({name: place for place, name in enumerate(names)}, len(names), delimiter)
            missing = min(missing, lacking, key=len)
        expected = "a CSV file of the Retraction Watch database was expected, whose first line names columns"
        if len(missing) == len(NEEDED):
            raise NotAnExportError(path, f"{expected}: {', '.join(NEEDED)} and others")
        raise NotAnExportError(path, f"{expected}; it lacks {', '.join(missing)}")


class _Reader:
    """One row, read value by value; `faults` gathers what cannot be used."""

    def __init__(self, line: int, header: _Header, values: Sequence[str]) -> None:
        self._line = line
        self._header = header
        self._values = values
        self.faults: list[RowFault] = []

    def row(self) -> Row:
        expected = self._header.width
        # A comma at the end of the first line is a column without a name, which rows may leave out.
        if len(self._values) not in {expected, expected - ("" in self._header.places)}:
            # Its values stand under the wrong names, so that none of them can be trusted.
            self._refuse(f"has {len(self._values)} values, but there are {expected} columns")
            return Row(None, tuple(self.faults))
        notice = Notice(
            record=shorten(self._value("Record ID"), LONGEST_RECORD),
            line=self._line,
            nature=self._nature(),
            said=self._value("RetractionNature"),
            day=self._day(),
            paper_doi=self._doi("OriginalPaperDOI"),
            paper_pmid=self._pmid("OriginalPaperPubMedID"),
            notice_doi=self._doi("RetractionDOI"),
            notice_pmid=self._pmid("RetractionPubMedID"),
            title=self._value("Title"),
            journal=self._value("Journal"),
            reasons=tuple(filter(None, map(str.strip, self._value("Reason").split(";")))),
        )
        return Row(notice, tuple(self.faults))

    def _nature(self) -> Nature | None:
        value = self._value("RetractionNature")
        found = next((nature for nature in Nature if nature.casefold() == value.casefold()), None)
        if found is None:
            known = ", ".join(Nature)
            self._refuse(f"RetractionNature is {shorten(value)!r}, which is none of {known}")
        return found

    def _day(self) -> date | None:
        value = self._value("RetractionDate")
        if value.casefold() in _MISSING:
            return None
        for form in _DATES:
            with suppress(ValueError):
                return datetime.strptime(value, form).date()  # a day has no zone
        self._refuse(f"RetractionDate is {shorten(value)!r}, which is no month/day/year")
        return None

    def _doi(self, name: str) -> str | None:
        return self._identifier(name, normal_doi, "DOI")

    def _pmid(self, name: str) -> str | None:
        return self._identifier(name, normal_pmid, "PubMed number")

    def _identifier(self, name: str, normal: Callable[[str], str | None], what: str) -> str | None:
        value = self._value(name)
        if value.casefold() in _MISSING:
            return None
        found = normal(value)
        if found is None:
            self._refuse(f"{name} is {shorten(value)!r}, which is no {what}")
        return found

    def _value(self, name: str) -> str:
        place = self._header.places.get(name)
        value = "" if place is None else self._values[place].strip()
        return value if value.isascii() and value.isprintable() else clean_line(value)

    def _refuse(self, problem: str) -> None:
        place = self._header.places["Record ID"]
        record = self._values[place].strip() if place < len(self._values) else ""
        self.faults.append(RowFault(self._line, record if record.isdecimal() else "", problem))
