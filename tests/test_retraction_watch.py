import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from corpus.notices import Nature, Notice
from corpus.retraction_watch import NEEDED, NotAnExportError, Row, read_notices
from tests.registers import COLUMNS, USUAL, export

PATH = Path("retraction_watch.csv")
SAMPLE = Path(__file__).parents[2] / "shared/data/formats/retraction/retractionwatch-sample.csv"


def read(content: bytes) -> list[Row]:
    return list(read_notices(io.BytesIO(content), PATH))


def only_notice(content: bytes) -> Notice:
    ((notice, faults),) = read(content)
    assert notice is not None
    assert faults == ()
    return notice


def problems(content: bytes) -> list[str]:
    return [str(fault) for row in read(content) for fault in row.faults]


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the rows of the real export are not here")
def test_rows_of_the_real_export_are_read() -> None:
    """Each row of the sample becomes a notice, and nothing of it is unclear."""
    with SAMPLE.open("rb") as file:
        rows = list(read_notices(file, SAMPLE))
    notices = [row.notice for row in rows if row.notice]
    assert [row.faults for row in rows] == [()] * 13
    assert [notice.line for notice in notices] == list(range(2, 15))
    lancet = [notice for notice in notices if notice.paper_doi == "10.1016/s0140-6736(97)11096-0"]
    assert [(one.nature, one.day, one.paper_pmid, one.link) for one in lancet] == [
        (
            Nature.correction,
            date(2004, 3, 6),
            "9500320",
            "https://doi.org/10.1016/s0140-6736(04)15715-2",
        ),
        (
            Nature.retraction,
            date(2010, 2, 6),
            "9500320",
            "https://doi.org/10.1016/s0140-6736(10)60175-4",
        ),
    ]


def test_row_becomes_a_notice() -> None:
    """Identifiers in one form, the day, and the reasons one by one."""
    assert only_notice(export({})) == Notice(
        record="4036",
        line=2,
        nature=Nature.retraction,
        said="Retraction",
        day=date(2010, 2, 6),
        paper_doi="10.1000/xyz.1",
        paper_pmid="12345678",
        notice_doi="10.1000/notice.1",
        notice_pmid="20137807",
        title="Outcomes of mesenchymal interventions",
        journal="A Journal",
        reasons=("Falsification/Fabrication of Data", "Investigation by Company/Institution"),
    )


@pytest.mark.parametrize("missing", ["", "0", "unavailable", "Unavailable", " "])
def test_what_is_not_known_is_none(missing: str) -> None:
    """Nothing, 0 and "unavailable" stand for what nobody knows; that is no fault."""
    names = ("RetractionDOI", "RetractionPubMedID", "OriginalPaperDOI", "OriginalPaperPubMedID")
    notice = only_notice(export(dict.fromkeys((*names, "RetractionDate"), missing)))
    found = (notice.notice_doi, notice.notice_pmid, notice.paper_doi, notice.paper_pmid, notice.day)
    assert found == (None,) * 5
    assert notice.link is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("9/22/2021 0:00", date(2021, 9, 22)),
        ("12/1/2020", date(2020, 12, 1)),
        ("01/02/2020 12:00:00 AM", date(2020, 1, 2)),
        ("2020-01-02", date(2020, 1, 2)),
    ],
)
def test_days_are_read_month_first(written: str, day: date) -> None:
    """The export writes months first; ISO dates are read as well."""
    assert only_notice(export({"RetractionDate": written})).day == day


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1000/XYZ.1", "10.1000/xyz.1"),
        ("https://doi.org/10.1000/xyz.1", "10.1000/xyz.1"),
        ("http://dx.doi.org/10.1000/xyz.1.", "10.1000/xyz.1"),
        ("doi: 10.1000/xyz.1", "10.1000/xyz.1"),
        (
            "10.1002/1521-4095(200010)12:20%3c1539::AID-ADMA1539%3e3.0.CO;2-S",
            "10.1002/1521-4095(200010)12:20<1539::aid-adma1539>3.0.co;2-s",
        ),
    ],
)
def test_a_doi_has_one_form(written: str, doi: str) -> None:
    """Case, the address before it, a full stop after it and percent signs do not make it another one."""
    assert only_notice(export({"OriginalPaperDOI": written})).paper_doi == doi


@pytest.mark.parametrize("written", ["12345678", "012345678", "12345678.0", "PMID: 12345678"])
def test_a_pubmed_number_has_one_form(written: str) -> None:
    """Zeros before it, and what spreadsheets put after it, do not make it another one."""
    assert only_notice(export({"OriginalPaperPubMedID": written})).paper_pmid == "12345678"


def test_what_cannot_be_read_is_told_by_line_and_record_and_the_row_still_counts() -> None:
    """One wrong value hides neither the rest of its row nor the rows after it."""
    wrong = {
        "RetractionNature": "Vanished",
        "RetractionDate": "22/9/2021",
        "OriginalPaperDOI": "see title",
        "RetractionPubMedID": "PMC77",
    }
    rows = read(export({}, wrong, {"Record ID": "9"}))
    assert [str(fault) for fault in rows[1].faults] == [
        "line 3 (record 4036): RetractionNature is 'Vanished', which is none of Retraction, Expression of "
        "concern, Correction, Reinstatement",
        "line 3 (record 4036): RetractionDate is '22/9/2021', which is no month/day/year",
        "line 3 (record 4036): OriginalPaperDOI is 'see title', which is no DOI",
        "line 3 (record 4036): RetractionPubMedID is 'PMC77', which is no PubMed number",
    ]
    assert rows[1].notice is not None
    assert (rows[1].notice.nature, rows[1].notice.said) == (None, "Vanished")
    assert rows[1].notice.mark is None
    assert rows[1].notice.paper_pmid == "12345678"
    assert rows[2].notice is not None
    assert rows[2].notice.record == "9"


def test_line_breaks_within_values_are_counted() -> None:
    """A fault names the line on which its row begins, as an editor shows it."""
    rows = read(export({"Notes": "one\ntwo\r\nthree"}, {"RetractionDate": "soon"}))
    assert [fault.line for row in rows for fault in row.faults] == [5]
    assert [row.notice.line for row in rows if row.notice] == [2, 5]


def test_row_of_another_length_is_not_guessed_at() -> None:
    """Values under the wrong names would match nothing or the wrong study: the row is told instead."""
    shifted = export({}).replace(b"A Journal,", b"A Journal,,", 1)
    assert problems(shifted) == ["line 2 (record 4036): has 22 values, but there are 21 columns"]
    assert [row.notice for row in read(shifted)] == [None]


@pytest.mark.parametrize("first", [b"\xef\xbb\xbf", b""])
def test_mark_of_utf8_is_no_part_of_the_first_column(first: bytes) -> None:
    """With or without a byte order mark the columns have their names."""
    assert only_notice(first + export({})).record == "4036"


def test_lines_in_an_older_encoding_are_read_beside_others() -> None:
    """Windows' letters in a line do not spoil the file, whose other lines are in UTF-8."""
    content = export({"Title": "Söderström"}, {"Title": "Größe"})
    content = content.replace("Größe".encode(), "Größe".encode("cp1252"))
    assert [row.notice.title for row in read(content) if row.notice] == ["Söderström", "Größe"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_what_a_spreadsheet_made_of_it_is_read_too(delimiter: str) -> None:
    """Semicolons and tabs between the values do as well."""
    assert only_notice(export({}, delimiter=delimiter)).paper_doi == "10.1000/xyz.1"


def test_columns_stand_in_any_order_and_need_not_all_be_there() -> None:
    """Columns are found by name; only those that matching needs must be there."""
    content = export({}, columns=tuple(reversed(NEEDED)))
    assert only_notice(content).record == "4036"
    assert only_notice(content).title == ""


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "first line names columns: Record ID, RetractionDate"),
        (b"a,b\n1,2\n", "first line names columns: Record ID, RetractionDate"),
        (b"PK\x03\x04\x14\x00", "first line names columns"),
        (export({}, columns=COLUMNS[:14]), "it lacks OriginalPaperDOI, OriginalPaperPubMedID, Retraction"),
        (b"x" * 1_000_001, "line 1: is longer than a line of an export can be"),
        (export({}, {"Notes": "n" * 140_000}), "line 3: field larger than field limit"),
    ],
)
def test_another_file_is_refused_with_what_was_expected(content: bytes, problem: str) -> None:
    """Whatever is no export is refused in words, whichever way it is none."""
    with pytest.raises(NotAnExportError, match=problem) as caught:
        read(content)
    assert str(caught.value).startswith(f"{PATH}: ")


def test_rows_are_read_one_by_one() -> None:
    """The reader takes from the file what it gives: a large export never lies in memory as a whole."""
    taken = 0

    class Counted(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            nonlocal taken
            taken += 1
            return super().readline(size)

    rows: Iterator[Row] = read_notices(Counted(export(*[USUAL] * 1000)), PATH)
    next(rows)
    assert taken <= 3
