"""MEDLINE records are read one by one, with the marks that the nbib package leaves out."""

from pathlib import Path

import pytest

from corpus.errors import ImportRefusedError
from corpus.importers.nbib import read
from corpus.importers.records import Notice, Record, Remark
from corpus.studies import Design

PATH = Path("a.nbib")
SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "formats"

RECORD = """PMID- 28478399
OWN - NLM
IS  - no issn at all
VI  - 76
IP  - 8
DP  - 2017 Aug
TI  - A trial of cells in
      lupus nephritis.
PG  - 1436-1439
LID - 10.1136/annrheumdis-2017-211073 [doi]
AB  - BACKGROUND: First line,
      second line. RESULTS: There were 10(8)
      cells.
FAU - Deng, Danqi
AU  - Deng D
FAU - Roos, Yvo B W E M
AU  - Roos YBWEM
CN  - The Group
PT  - Randomized Controlled Trial
JT  - Annals of the rheumatic diseases
SI  - ClinicalTrials.gov/NCT01539902
SI  - GENBANK/AY1
GR  - R01/NIH
PMC - PMC77
PHST- whenever
"""


def _read(text: str) -> list[object]:
    return list(read(text.encode(), PATH))


def _one(text: str) -> Record:
    (record,) = _read(text)
    assert isinstance(record, Record)
    return record


def test_a_record_is_read() -> None:
    """Wrapped lines are joined, labelled parts cut, and lines that no draft needs cannot spoil it."""
    record = _one(RECORD)
    assert record.title == "A trial of cells in lupus nephritis"
    assert [author.short for author in record.authors] == ["Deng D", "Roos YBWEM", "The Group"]
    assert (record.year, record.journal) == (2017, "Annals of the rheumatic diseases 76(8):1436-1439")
    assert (record.pmid, record.pmcid) == ("28478399", "PMC77")
    assert record.doi == "10.1136/annrheumdis-2017-211073"
    assert record.registration == "NCT01539902"
    assert record.design is Design.randomized_trial
    assert record.funding == "R01/NIH"
    assert record.parts == (
        ("Background", "First line, second line."),
        ("Results", "There were 10(8) cells."),
    )


def test_old_records_have_short_names_only() -> None:
    """AU without FAU still gives the authors."""
    assert _one("PMID- 1\nTI  - T\nAU  - Doe JF 3rd\nDP  - 1976\n").authors[0].short == "Doe JF 3rd"


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("RIN", "retraction"),
        ("EIN", "erratum"),
        ("ECI", "expression_of_concern"),
        ("UIN", "update"),
        ("CIN", None),
    ],
)
def test_tags_become_marks(tag: str, kind: str | None) -> None:
    """Retraction, erratum, concern and update tags mark the study with their source and link."""
    marks = _one(f"{RECORD}{tag} - Lancet. 2010 Feb;375:445.\n      PMID: 20137807\n").marks
    assert [mark.kind for mark in marks] == ([kind] if kind else [])
    assert all(mark.link == "https://pubmed.ncbi.nlm.nih.gov/20137807/" for mark in marks)


def test_retracted_publications_and_notices() -> None:
    """The type alone marks a study; a notice names the study it concerns."""
    assert [mark.kind for mark in _one(f"{RECORD}PT  - Retracted Publication\n").marks] == ["retraction"]
    text = "PMID- 9\nTI  - Retraction.\nPT  - Retraction of Publication\nROF - Ann. 2017;1:2. PMID: 77\n"
    (notice,) = _read(text)
    assert isinstance(notice, Notice)
    assert notice.pmids == ("77",)


def test_broken_records_do_not_stop_the_rest() -> None:
    """A record with a bad number, one without a title and loose text are refused one by one."""
    bad = "PMID- twelve\nTI  - T\n"
    found = _read(f"loose text\n\n{bad}\nPMID- 2\n\n{RECORD}")
    assert [type(item) for item in found] == [ImportRefusedError] * 3 + [Record]
    assert "record PMID 2: has no title (TI)" in str(found[2])


def test_records_without_an_empty_line_between_them() -> None:
    """A second PMID begins a second record, and the last one needs no line end."""
    found = _read(RECORD + RECORD.replace("28478399", "2").rstrip("\n"))
    assert [item.pmid for item in found if isinstance(item, Record)] == ["28478399", "2"]


def test_encodings_and_other_files() -> None:
    """Windows-1252 is read with a remark; a file without records is refused."""
    found = list(read("PMID- 1\nTI  - T\nAU  - Lü Z\nDP  - 2017\n".encode("cp1252"), PATH))
    assert isinstance(found[0], Remark)
    assert isinstance(found[1], Record)
    assert found[1].authors[0].short == "Lü Z"
    (error,) = _read("just\nwords\n")
    assert isinstance(error, ImportRefusedError)


def test_real_files() -> None:
    """The sample sets give all of their records."""
    if not SAMPLES.exists():
        pytest.skip("the sample files are not there")
    for name, count in (
        ("nbib_py/pubmed-balloongui-set.nbib", 75),
        ("nbib_py/pmc_medlars.txt", 5),
        ("biopython_medline/pubmed_result2.txt", 4),
    ):
        path = SAMPLES / name
        found = list(read(path.read_bytes(), path))
        assert [type(item) for item in found] == [Record] * count
