from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corpus.check import check_library, format_report
from corpus.errors import LibraryError
from corpus.studies import LIBRARY
from tests.summaries import GLOSSARY, SUMMARY, line_of, write_library

TODAY = date(2020, 6, 1)
OTHER = SUMMARY.replace("id: doe2020", "id: roe2021").replace("year: 2020", "year: 2021")
OTHER = OTHER.replace("10.1000/xyz.1", "10.1000/abc.9").replace("12345678", "87654321")
OTHER = OTHER.replace("title: Outcomes", "title: Later outcomes").replace("[Doe J, Roe R]", "[Roe R]")


def write_two(folder: Path, *edits: tuple[str, str]) -> Path:
    """Two summaries that are right, the second of them with the edits."""
    write_library(folder)
    return write_library(folder, *edits, summary=OTHER, name="roe2021.md")


def test_shipped_library_has_no_error() -> None:
    """The library that comes along keeps every rule."""
    report = check_library(LIBRARY, today=datetime.now(UTC).date())
    assert [str(fault) for fault in report.errors] == []
    assert len(report.grades) == 13
    assert all(grade.grade is not None and grade.grade <= 8.0 for grade in report.grades)


def test_two_good_summaries_pass(tmp_path: Path) -> None:
    """What the next tests change is right before."""
    assert check_library(write_two(tmp_path), today=TODAY).faults == ()


def test_check_goes_on_after_a_broken_file(tmp_path: Path) -> None:
    """Every file that cannot be read is told, with line and field, and the others are still checked."""
    write_two(tmp_path, ("all 18 of them", "all 99 of them"))
    write_library(tmp_path, ("people: 18", "people: many"), name="doe2020.md")
    (tmp_path / "stray.md").write_text("no front matter\n", encoding="utf-8")
    report = check_library(tmp_path, today=TODAY)
    assert [(fault.path.name, fault.rule, fault.line, fault.field) for fault in report.errors] == [
        ("doe2020.md", "schema", line_of("people:"), "people"),
        ("roe2021.md", "figure", line_of("who:"), "who"),
        ("stray.md", "schema", 1, None),
    ]
    assert [grade.study_id for grade in report.grades] == ["roe2021"]


def test_every_schema_error_of_a_file_is_told(tmp_path: Path) -> None:
    """A file with three wrong fields gives three faults at once."""
    edits = [
        ("year: 2020", "year: soon"),
        ("doi: 10.1000/xyz.1", "doi: xyz"),
        ("finding: no_difference", "finding: good"),
    ]
    report = check_library(write_library(tmp_path, *edits), today=TODAY)
    assert [(fault.rule, fault.line, fault.field) for fault in report.errors] == [
        ("schema", line_of("year:"), "year"),
        ("schema", line_of("doi:"), "doi"),
        ("schema", line_of("finding:"), "finding"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("doi: 10.1000/xyz.1", "doi: https://doi.org/10.1000/xyz.1", "doi"),
        ('pmid: "12345678"', "pmid: PMID 1", "pmid"),
        ("link: https://doi.org/10.1000/xyz.1", "link: doi.org/10.1000/xyz.1", "link"),
        ("updated: 2020-05-01", "updated: 1 May 2020", "updated"),
        ("id: doe2020", "id: Doe-2020", "id"),
        ("id: doe2020", "id: roe2020", "id"),
    ],
)
def test_forms_are_checked_in_drafts_too(tmp_path: Path, old: str, new: str, field: str) -> None:
    """A DOI, PMID, link, date or id that has not its form is an error, published or not."""
    report = check_library(
        write_library(tmp_path, (old, new), ("status: published", "status: draft")), today=TODAY
    )
    assert [(fault.rule, fault.field) for fault in report.errors] == [("schema", field)]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("doi: 10.1000/abc.9", "doi: 10.1000/XYZ.1", "doi"),
        ('pmid: "87654321"', 'pmid: "12345678"', "pmid"),
        ("year: 2021", "year: 2020", "title"),
    ],
)
def test_same_study_twice_is_found(tmp_path: Path, old: str, new: str, field: str) -> None:
    """Two files with the same DOI, PubMed number, or title and year are one study."""
    edits = [(old, new), ("link: https://doi.org/10.1000/abc.9", "link: https://example.org/")]
    if field == "title":
        edits.append(
            (
                "title: Later outcomes of mesenchymal interventions",
                "title: OUTCOMES of mesenchymal; interventions",
            )
        )
    report = check_library(write_two(tmp_path, *edits), today=TODAY)
    (fault,) = report.errors
    assert (fault.path.name, fault.rule, fault.field) == ("roe2021.md", "duplicate", field)
    assert "doe2020.md" in fault.message


def test_study_named_in_another_is_left_to_do_when_it_is_not_there(tmp_path: Path) -> None:
    """A summary that names a study by author and year asks for that study, once, without an error."""
    named = (
        "The trial was small.",
        "Doe et al., 2020 and Roe 2021 agree. Liu 2018 does not, nor did Liu et al. (2018).",
    )
    report = check_library(write_two(tmp_path, named), today=TODAY)
    assert report.errors == ()
    assert [(fault.rule, fault.field, fault.level) for fault in report.todos] == [
        ("missing-study", "What to keep in mind", "todo")
    ]
    assert "Liu 2018" in report.todos[0].message


def test_missing_glossary_is_one_error(tmp_path: Path) -> None:
    """Without a glossary that is said, rather than every hard word of every study."""
    write_library(tmp_path, ("The trial was small.", "Plasmapheresis was used."))
    (tmp_path / "glossary.yaml").unlink()
    (fault,) = check_library(tmp_path, today=TODAY).faults
    assert (fault.path.name, fault.rule) == ("glossary.yaml", "glossary")


def test_broken_glossary_is_told_with_its_line(tmp_path: Path) -> None:
    """A glossary that cannot be read is an error like a study that cannot."""
    write_library(tmp_path, glossary=GLOSSARY + "- term: C3\n  meaning: Again.\n")
    (fault,) = check_library(tmp_path, today=TODAY).faults
    assert (fault.rule, fault.line, fault.field) == ("glossary", 12, "term")


def test_empty_and_missing_folders(tmp_path: Path) -> None:
    """A folder without studies is a fault; a folder that is not there cannot be checked."""
    assert [fault.rule for fault in check_library(tmp_path, today=TODAY).errors] == ["empty", "glossary"]
    with pytest.raises(LibraryError, match="no such folder"):
        check_library(tmp_path / "nowhere", today=TODAY)


def test_file_that_nobody_reads_is_told(tmp_path: Path) -> None:
    """A summary saved under another ending is not passed over in silence."""
    write_library(tmp_path)
    (tmp_path / "roe2021.txt").write_text(OTHER, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("No study at all.\n", encoding="utf-8")
    report = check_library(tmp_path, today=TODAY)
    assert [(fault.path.name, fault.rule, fault.level) for fault in report.faults] == [
        ("roe2021.txt", "unread", "todo")
    ]


def test_draft_without_text_has_no_grade(tmp_path: Path) -> None:
    """A draft that is only front matter is reported as such, and its sections are left to do."""
    front = SUMMARY[: SUMMARY.index("## Key messages")].replace("published", "draft")
    report = check_library(write_library(tmp_path, summary=front), today=TODAY)
    assert [grade.grade for grade in report.grades] == [None]
    assert report.errors == ()
    assert [fault.rule for fault in report.todos] == ["section-missing"] * 5
    assert "doe2020: no text yet (draft)" in format_report(report)


def test_report_names_places_and_sums_up(tmp_path: Path) -> None:
    """A line a fault with its place, a line a study with its grade, and a sum at the end."""
    edits = [
        ("Nine of 12 people (75%)", "Nine of 12 people (74%)"),
        ("The trial was small.", "Liu 2018 was small."),
    ]
    report = check_library(write_library(tmp_path, *edits), today=TODAY)
    path = tmp_path / "doe2020.md"
    figure, small = line_of("Nine of 12"), line_of("The trial was small")
    assert format_report(report).splitlines() == [
        f"{path}:{figure}: Key messages: '74%' is in no fact of the study; add the fact or mend the figure",
        f"{path}:{small}: What to keep in mind: to do: names Liu 2018, which is not in the library",
        f"doe2020: reading grade {report.grades[0].grade:.1f} (published)",
        "studies: 1, published: 1; glossary terms: 4; known questions: 0; errors: 1, to do: 1",
    ]
