"""Draft files are written whole, read back the same, and never over another file."""

import errno
import os
from pathlib import Path

import pytest

from corpus.drafts import draft_sections, draft_text, write_draft
from corpus.errors import LibraryError
from corpus.studies import Mark, Status, Study, load_study, parse_study

HOSTILE = "\n\n".join(
    [
        "## Side effects and safety",
        "---",
        "Plain text.",
        "## What they found",
        "# One hash",
        "{{ braces }} <script>alert(1)</script> & entities &amp;",
        "- a dash",
        "## ",
    ]
)


def _study(**fields: object) -> Study:
    return Study.model_validate(
        {"id": "deng2017", "title": "A trial", "status": Status.draft, "imported_from": "a.ris", **fields}
    )


def test_a_draft_reads_back_as_it_was_written(tmp_path: Path) -> None:
    """Every field and section of a written draft is the same when the file is loaded."""
    study = _study(
        title='Null: "quotes", #hash and ---',
        authors=("Deng D", "O'Neil P", "No"),
        year=2017,
        doi="10.1136/annrheumdis-2017-211073",
        pmid="00123",
        marks=(Mark(kind="retraction", note="Retracted in: X", link="https://example.org/1"),),
        sections=draft_sections([("Background", "One.\n\nTwo."), ("Results", "Three.")]),
    )
    path = write_draft(study, tmp_path / "new" / "folder")
    assert load_study(path).model_dump() == study.model_dump()
    assert path.name == "deng2017.md"
    assert "pmid: '00123'" in path.read_text()


def test_hostile_text_stays_text() -> None:
    """Lines of a source that look like headings or front matter open no section and close nothing."""
    study = _study(sections=draft_sections([("Abstract", HOSTILE), ("Results", HOSTILE)]))
    read = parse_study(draft_text(study), Path("deng2017.md"))
    assert [section.title for section in read.sections] == ["Abstract", "Results"]
    for section in read.sections:
        assert [line.strip() for line in section.text.split("\n\n")] == [
            line.strip() for line in HOSTILE.split("\n\n")
        ]


def test_hostile_front_matter_stays_a_value() -> None:
    """A title that looks like YAML or ends the front matter is kept as a title."""
    for title in ("---", "a: b", "!!python/object:os.system x", "&a *a", "yes", "2017", "- x", "a --- " * 60):
        study = _study(title=title.strip(), funding=f"{title}---")
        assert parse_study(draft_text(study), Path("x.md")).title == title.strip()


def test_equal_titles_get_numbers() -> None:
    """Sections whose names would be the same, also those without Latin letters, are told apart."""
    sections = draft_sections([("Results", "a"), ("RESULTS", "b"), ("Методы", "c"), ("結果", "d"), ("", "e")])
    assert len({section.name for section in sections}) == 5
    assert [section.title for section in sections][:2] == ["Results", "RESULTS (2)"]
    assert len(parse_study(draft_text(_study(sections=sections)), Path("x.md")).sections) == 5


def test_remarks_become_comments() -> None:
    """What an editor should look at stands as comments in the front matter, one line each."""
    text = draft_text(_study(), ["first\n---\nline", "sec\x10ond"])
    assert "# first --- line\n# second\n" in text
    assert parse_study(text, Path("x.md")).title == "A trial"


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    """A file that is there stays as it is, and the error names it."""
    (tmp_path / "deng2017.md").write_text("mine")
    with pytest.raises(LibraryError, match=r"deng2017\.md is there already"):
        write_draft(_study(), tmp_path)
    assert (tmp_path / "deng2017.md").read_text() == "mine"


def test_a_folder_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    """A folder that cannot be made gives one clear line."""
    (tmp_path / "out").write_text("a file")
    with pytest.raises(LibraryError, match=r"deng2017\.md cannot be written: File exists"):
        write_draft(_study(), tmp_path / "out")


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fills up while a draft is written, neither the draft nor a piece of it stays."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LibraryError, match="No space left on device"):
        write_draft(_study(), tmp_path)
    assert list(tmp_path.iterdir()) == []
