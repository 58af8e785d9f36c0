"""RIS and Web of Science records are read one by one, whatever stands between them."""

from pathlib import Path

import pytest

from corpus.errors import ImportRefusedError
from corpus.importers.records import Notice, Record
from corpus.importers.ris import read

PATH = Path("a.ris")
SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "formats" / "rispy"

RECORD = """TY  - JOUR
TI  - A trial of cells.
AU  - Deng, D.
AU  - van der Berg, Jan
PY  - 2017/08/01
JO  - Annals
VL  - 76
IS  - 8
SP  - 1436
EP  - 1439
AB  - BACKGROUND: One. RESULTS: Two
  goes on.
DO  - http://dx.doi.org/10.1136/x
UR  - https://example.org/a; https://example.org/b
XX  - unknown
ER  -
"""
WEB_OF_SCIENCE = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Cao, WX
   Sage, JT
TI Proximal and distal
   influences
SO BIOCHEMISTRY
AB We use lasers.
FU NIH [GM-52002]
DI 10.1021/bi0497291
PM 15170339
PY 2004
VL 43
BP 7017
EP 7027
DT Article; Retracted Publication
ER

EF
"""


def _read(text: str) -> list[object]:
    return list(read(text.encode(), PATH))


def _one(text: str) -> Record:
    (record,) = _read(text)
    assert isinstance(record, Record)
    return record


def test_a_record_is_read() -> None:
    """Bibliography and abstract are read, and unknown tags are named."""
    record = _one(RECORD)
    assert record.title == "A trial of cells"
    assert [author.short for author in record.authors] == ["Deng D", "van der Berg J"]
    assert (record.year, record.journal) == (2017, "Annals 76(8):1436-1439")
    assert (record.doi, record.link) == ("10.1136/x", "https://example.org/a")
    assert record.parts == (("Background", "One."), ("Results", "Two goes on."))
    assert record.problems == ("unknown tags were left unread: XX",)


def test_web_of_science_exports() -> None:
    """The tagged export of Web of Science is read, with its retraction."""
    record = _one(WEB_OF_SCIENCE)
    assert record.title == "Proximal and distal influences"
    assert [author.short for author in record.authors] == ["Cao WX", "Sage JT"]
    assert (record.doi, record.pmid, record.year) == ("10.1021/bi0497291", "15170339", 2004)
    assert record.journal == "BIOCHEMISTRY 43:7017-7027"
    assert record.funding == "NIH [GM-52002]"
    assert [mark.kind for mark in record.marks] == ["retraction"]


def test_retraction_notices_are_no_studies() -> None:
    """A record whose type says that it is a retraction is a notice."""
    (notice,) = _read(WEB_OF_SCIENCE.replace("Article; Retracted Publication", "Retraction"))
    assert isinstance(notice, Notice)


def test_records_are_cut_where_their_lines_say() -> None:
    """Lines between records are ignored; a missing end line is said and costs no record."""
    found = _read(f"1.\nProvider: x\n{RECORD}\n2.\n{RECORD.replace('ER  -', '')}{RECORD}")
    assert [type(item) for item in found] == [Record] * 3
    assert isinstance(found[1], Record)
    assert "no end line" in found[1].problems[0]


def test_a_last_record_without_an_end_is_kept() -> None:
    """A file that is cut off gives its last record too, and says so."""
    assert "may have been cut off" in _one(RECORD[: RECORD.index("DO  -")]).problems[0]


def test_single_blanks_before_the_hyphen() -> None:
    """Files that write TY - instead of TY  - are read all the same."""
    assert _one(RECORD.replace("  - ", " - ").replace("ER  -", "ER -")).doi == "10.1136/x"


def test_a_line_without_a_tag_is_said() -> None:
    """A line that continues nothing is named, also beside other unknown tags."""
    record = _one("TY  - JOUR\nloose\nXX  - odd\nTI  - T\nAB  - Text.\nER  - \n")
    assert record.problems == ("unknown tags were left unread: (no tag), XX",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("TY  - JOUR\nDO  - 10.1/x\nER  - \n", "record 1: has no title"),
        ("AU  - X\nTI  - Y\nER  - \n", "record 1: does not begin with a type (TY or PT) but with 'AU  - X'"),
        ("just words\n", "holds no RIS record"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, problem: str) -> None:
    """Records without a title or a type, and files without records, are refused with one line."""
    (error,) = _read(text)
    assert isinstance(error, ImportRefusedError)
    assert problem in str(error)


def test_broken_records_do_not_stop_the_rest() -> None:
    """Between two good records a bad one is refused by its number."""
    found = _read(f"{RECORD}TY  - JOUR\nER  -\n{RECORD}")
    assert [type(item) for item in found] == [Record, ImportRefusedError, Record]
    assert "record 2" in str(found[1])


def test_odd_records_are_read_with_a_problem() -> None:
    """A title from ST, a book and a DOI that is none are kept and said."""
    record = _one("TY  - BOOK\nST  - Short\nDO  - none\nER  - \n")
    assert record.title == "Short"
    assert record.doi == "none"
    assert any("short title" in problem for problem in record.problems)
    assert any("BOOK" in problem for problem in record.problems)


def test_real_files() -> None:
    """The sample files give the records that they hold."""
    if not SAMPLES.exists():
        pytest.skip("the sample files are not there")
    counts = {}
    for path in sorted(SAMPLES.glob("*.ris")):
        found = list(read(path.read_bytes(), path))
        counts[path.stem] = sum(isinstance(item, Record) for item in found)
        assert all(isinstance(item, Record | ImportRefusedError) for item in found)
    assert counts["example_wos"] == 2
    assert counts["example_urls"] == 4
    assert counts["example_full"] == counts["example_extraneous_data"] == 2
    assert counts["example_bom"] == counts["example_multiline"] == 0
