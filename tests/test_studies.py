from pathlib import Path

import pytest

from corpus.errors import LibraryError, StudyFileError
from corpus.studies import Design, Finding, load_studies, load_study, parse_study, scan_studies, section_name

STUDY = """---
id: doe2020
title: A trial
authors: [Doe J, Roe R]
year: 2020
doi: 10.1000/xyz.1
pmid: "123"
link: https://example.org/a
design: randomized_trial
people: 18
finding: no_difference
facts:
  - name: Remission
    value: 9 of 12
    sources: [https://example.org/a]
status: published
reviewed_by:
reviewed_on:
---

## Key messages

One sentence. Another one.

A second paragraph.

## What they found
Nine of 12 people (75%) got better.
"""


def write(folder: Path, text: str, name: str = "doe2020.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_study_file_is_read(tmp_path: Path) -> None:
    """Front matter and sections of a study file become one record, empty fields None."""
    study = load_study(write(tmp_path, STUDY))
    assert (study.study_id, study.year, study.design) == ("doe2020", 2020, Design.randomized_trial)
    assert study.finding is Finding.no_difference
    assert study.reviewed_by is None
    assert study.funding is None
    assert [section.name for section in study.sections] == ["key-messages", "what-they-found"]
    assert study.section("key-messages").text == "One sentence. Another one.\n\nA second paragraph."


def test_windows_line_ends_and_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    """A file saved on Windows gives the same sections as any other."""
    path = tmp_path / "doe2020.md"
    path.write_bytes(b"\xef\xbb\xbf" + STUDY.replace("\n", "\r\n").encode())
    assert load_study(path).sections == parse_study(STUDY, path).sections


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("year: 2020", "year: twenty", 5, "year"),
        ("doi: 10.1000/xyz.1", "doi: https://doi.org/10.1000/xyz.1", 6, "doi"),
        ('pmid: "123"', "pmid: abc", 7, "pmid"),
        ("link: https://example.org/a", "link: example.org", 8, "link"),
        ("design: randomized_trial", "design: rct", 9, "design"),
        ("people: 18", "people: -1", 10, "people"),
        ("    value: 9 of 12\n", "", 13, "facts.0.value"),
        ("people: 18", "peple: 18", 10, "peple"),
        ("id: doe2020", "id: Doe 2020", 2, "id"),
        ("reviewed_on:", "reviewed_on: 31/12/2020", 18, "reviewed_on"),
    ],
)
def test_error_names_file_line_and_field(tmp_path: Path, old: str, new: str, line: int, field: str) -> None:
    """What is wrong in the front matter is told with its file, line and field."""
    path = write(tmp_path, STUDY.replace(old, new, 1))
    with pytest.raises(StudyFileError) as caught:
        load_study(path)
    assert (caught.value.path, caught.value.line, caught.value.field) == (path, line, field)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "first line must be ---"),
        ("# A study\n", "first line must be ---"),
        ("---\nid: doe2020\n", "not closed"),
        ("---\n- a\n---\n", "`field: value`"),
        ("---\nid: [a\n---\n", "front matter"),
        ("---\nid: a\nid: b\n---\n", "duplicate key"),
        (STUDY.replace("## Key messages", "Stray text\n\n## Key messages"), "before the first ##"),
        (STUDY + "\n## Key messages\n\nAgain.\n", "stands twice"),
        (STUDY.replace("design: randomized_trial\n", ""), "needs design"),
        (STUDY.replace("reviewed_by:\n", "reviewed_by: Dr Doe\n"), "together or not at all"),
        (STUDY.replace("status: published", "status: published\nsections: []"), "no front matter field"),
    ],
)
def test_broken_files_are_refused_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    """A broken file ends in one line that says what is wrong."""
    with pytest.raises(StudyFileError, match=says) as caught:
        load_study(write(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    """A file in another encoding is refused with the place, not read as something else."""
    path = tmp_path / "doe2020.md"
    path.write_bytes(STUDY.replace("trial", "tri\u00e9l").encode("latin-1"))
    with pytest.raises(StudyFileError, match="not UTF-8"):
        load_study(path)


def test_file_name_must_be_the_id(tmp_path: Path) -> None:
    """A file whose name is not its id is refused, so that a study is found where its id says."""
    with pytest.raises(StudyFileError, match=r"other\.md; make them the same"):
        load_study(write(tmp_path, STUDY, "other.md"))


def test_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A missing library folder is an error, not an empty library."""
    with pytest.raises(LibraryError, match="no such folder"):
        load_studies(tmp_path / "none")


def test_scan_lists_every_broken_file_and_keeps_the_rest(tmp_path: Path) -> None:
    """Reading for a check goes on after a broken file and reports each of them."""
    write(tmp_path, STUDY)
    write(tmp_path, "nothing", "a2001.md")
    write(tmp_path, STUDY.replace("year: 2020", "year: x").replace("doe2020", "roe2021"), "roe2021.md")
    studies, errors = scan_studies(tmp_path)
    assert [study.study_id for study in studies] == ["doe2020"]
    assert [Path(str(error).split(":")[0]).name for error in errors] == ["a2001.md", "roe2021.md"]


def test_section_hash_is_that_of_its_text(tmp_path: Path) -> None:
    """A changed character changes the section's hash."""
    study = load_study(write(tmp_path, STUDY))
    changed = parse_study(STUDY.replace("One sentence", "one sentence"), tmp_path / "doe2020.md")
    assert study.sections[0].sha256 != changed.sections[0].sha256
    assert study.sections[1].sha256 == changed.sections[1].sha256


def test_section_names_fit_into_addresses() -> None:
    """A title becomes lower-case words joined by hyphens, never nothing."""
    assert section_name("What they found?") == "what-they-found"
    assert section_name("方法") == "section"
