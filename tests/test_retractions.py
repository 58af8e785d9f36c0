import io
from datetime import date
from pathlib import Path

import pytest

from corpus.retractions import Findings, Match, find_retractions, format_findings
from corpus.studies import Status, Study
from tests.registers import export
from tests.studies import make_draft, make_study

PATH = Path("retraction_watch.csv")
SAMPLE = Path(__file__).parents[2] / "shared/data/formats/retraction/retractionwatch-sample.csv"
BOTH = {"doi": "10.1000/XYZ.1", "pmid": '"12345678"'}


def find(*rows: dict[str, str], studies: tuple[Study, ...] = ()) -> Findings:
    return find_retractions(studies or (make_study(**BOTH),), io.BytesIO(export(*rows)), PATH)


def only(*rows: dict[str, str], studies: tuple[Study, ...] = ()) -> Match:
    (match,) = find(*rows, studies=studies).matches
    return match


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the rows of the real export are not here")
def test_known_retraction_is_found_in_the_real_export() -> None:
    """A summary of a paper that was corrected and then retracted gets both notices, in their order."""
    study = make_study(doi="10.1016/S0140-6736(97)11096-0", pmid='"9500320"')
    with SAMPLE.open("rb") as file:
        findings = find_retractions([study, make_study("roe2021", doi="10.1000/none")], file, SAMPLE)
    assert [(match.study.study_id, match.notice.record, match.by) for match in findings.matches] == [
        ("doe2020", "17269", ("DOI", "PubMed number")),
        ("doe2020", "4036", ("DOI", "PubMed number")),
    ]
    assert (findings.rows, findings.newest, findings.faulty) == (13, date(2026, 7, 15), 0)


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        (BOTH, ("DOI", "PubMed number")),
        ({"doi": "10.1000/xyz.1"}, ("DOI",)),
        ({"pmid": '"12345678"'}, ("PubMed number",)),
        ({"link": "https://doi.org/10.1000/xyz.1"}, ("DOI",)),
        ({"link": "https://pubmed.ncbi.nlm.nih.gov/12345678/"}, ("PubMed number",)),
    ],
)
def test_summary_is_found_by_what_it_is_known_by(fields: dict[str, str], by: tuple[str, ...]) -> None:
    """DOI, PubMed number, or the link that has one of them."""
    match = only({}, studies=(make_study(**fields),))
    assert (match.by, match.conflict) == (by, "")


def test_other_papers_match_nothing() -> None:
    """A DOI that only begins alike, a notice's own DOI, and a row without identifiers are no match."""
    rows = [
        {"OriginalPaperDOI": "10.1000/xyz.10", "OriginalPaperPubMedID": "0"},
        {"OriginalPaperDOI": "10.1000/other", "OriginalPaperPubMedID": "1", "RetractionDOI": "10.1000/xyz.1"},
        {"OriginalPaperDOI": "unavailable", "OriginalPaperPubMedID": "0"},
    ]
    findings = find(*rows, studies=(make_study(**BOTH), make_draft("One.")))
    assert findings.matches == ()
    assert findings.rows == 3


def test_identifiers_that_disagree_are_a_conflict_at_both_summaries() -> None:
    """DOI of one summary, PubMed number of another: each is shown as unclear, and none is taken for it."""
    other = make_study("roe2021", doi="10.1000/other", pmid='"87654321"')
    row = {"OriginalPaperPubMedID": "87654321"}
    first, second = find(row, studies=(make_study(**BOTH), other)).matches
    assert first.study.study_id == "doe2020"
    assert first.by == ("DOI",)
    assert first.conflict == (
        "The DOI is that of this summary, but the PubMed number is not: the notice is about 87654321, that "
        "of roe2021, and this summary has 12345678."
    )
    assert second.study.study_id == "roe2021"
    assert second.by == ("PubMed number",)
    assert "the DOI is not: the notice is about 10.1000/xyz.1, that of doe2020," in second.conflict


def test_unknown_other_identifier_is_a_conflict_too() -> None:
    """A PubMed number that no summary has still disagrees with the one that this summary has."""
    assert (
        "the notice is about 999, and this summary has 12345678"
        in only({"OriginalPaperPubMedID": "999"}).conflict
    )


def test_later_reinstatement_lifts_what_came_before_it() -> None:
    """A retraction before a reinstatement no longer stands; one after it, or of unknown day, does."""
    rows = [
        {"Record ID": "5", "RetractionDate": "1/1/2015 0:00"},
        {"Record ID": "3", "RetractionDate": "1/1/2013 0:00", "RetractionNature": "Reinstatement"},
        {"Record ID": "2", "RetractionDate": "1/1/2012 0:00", "RetractionNature": "Correction"},
        {"Record ID": "1", "RetractionDate": "1/1/2011 0:00"},
        {"Record ID": "0", "RetractionDate": "unavailable"},
    ]
    assert [(match.notice.record, match.lifted) for match in find(*rows).matches] == [
        ("0", False),
        ("1", True),
        ("2", False),
        ("3", False),
        ("5", False),
    ]


def test_reinstatement_of_an_unclear_paper_lifts_nothing() -> None:
    """A reinstatement whose identifiers disagree does not clear a study."""
    rows = [
        {"RetractionDate": "1/1/2011 0:00"},
        {
            "RetractionDate": "1/1/2013 0:00",
            "RetractionNature": "Reinstatement",
            "OriginalPaperPubMedID": "999",
        },
    ]
    assert [match.lifted for match in find(*rows).matches] == [False, False]


@pytest.mark.parametrize(
    ("nature", "mark", "marked"),
    [
        ("Retraction", "{kind: retraction, note: See the journal}", True),
        ("Retraction", "{kind: withdrawal, note: See the journal}", True),
        ("Retraction", "{kind: correction, note: See 10.1000/notice.1}", False),
        (
            "Correction",
            "{kind: erratum, note: Seen, link: https://doi.org/10.1000/Notice.1}",
            True,
        ),
        ("Correction", "{kind: erratum, note: PMID 20137807}", True),
        ("Correction", "{kind: correction, note: 'Retraction Watch database, record 4036.'}", True),
        ("Correction", "{kind: correction, note: 'Retraction Watch database, record 40361.'}", False),
        ("Correction", "{kind: correction, note: Of another year}", False),
        ("Expression of concern", "{kind: retraction, note: See 10.1000/notice.1}", False),
        ("Reinstatement", "{kind: update, note: See 10.1000/notice.1}", True),
    ],
)
def test_mark_that_says_the_same_is_known(nature: str, mark: str, marked: bool) -> None:
    """A paper is taken back once; of other notices the mark must name the very one."""
    study = make_study(**BOTH, marks=f"[{mark}]")
    findings = find({"RetractionNature": nature}, studies=(study,))
    assert [match.marked for match in findings.matches] == [marked]
    assert len(findings.new) == (not marked)


def test_notice_of_an_unknown_kind_is_a_match() -> None:
    """A word that the register begins to use is shown, not passed over."""
    match = only({"RetractionNature": "Removal"})
    assert match.notice.said == "Removal"
    assert not match.marked


def test_findings_are_told_line_by_line() -> None:
    """Faults, matches, what could not be compared, and what was."""
    other = make_study("roe2021", doi="10.1000/other", marks="[{kind: retraction, note: Known}]")
    marked = other.model_copy(update={"status": Status.retired})
    rows = [
        {"RetractionDate": "x"},
        {"OriginalPaperDOI": "10.1000/other", "OriginalPaperPubMedID": "0", "Record ID": "9"},
    ]
    studies = (make_study(**BOTH), marked, make_study("zoe2022"))
    assert format_findings(find(*rows, studies=studies), 3).splitlines() == [
        "not read: line 2 (record 4036): RetractionDate is 'x', which is no month/day/year",
        "doe2020 (published): Retraction, day not known, by DOI and PubMed number, record 4036, "
        "https://doi.org/10.1000/notice.1",
        "roe2021 (retired): Retraction, 6 February 2010, by DOI, record 9, "
        "https://doi.org/10.1000/notice.1; marked already",
        "without DOI and PubMed number, so not compared: zoe2022",
        "notices: 2, the newest of 6 February 2010; summaries: 3; matches: 1 new, 1 marked already",
    ]


def test_many_faults_are_counted() -> None:
    """A register in which every row is wrong does not fill the screen."""
    findings = find(*[{"RetractionDate": "x"}] * 150, studies=(make_study("roe2021"),))
    assert (len(findings.faults), findings.faulty) == (100, 150)
    assert "not read: and 50 more" in format_findings(findings, 1)
