from pathlib import Path

import pytest

from corpus.errors import StudyFileError
from corpus.marking import with_mark
from corpus.studies import LIBRARY, Mark, Status, parse_study, study_files
from tests.summaries import SUMMARY

PATH = Path("doe2020.md")
MARK = Mark(kind="retraction", note='Taken back: "see" # the journal', link="https://doi.org/10.1000/n.1")
ADDED = [
    "  - kind: retraction",
    "    note: 'Taken back: \"see\" # the journal'",
    "    link: https://doi.org/10.1000/n.1",
]
FACTS = "facts:\n"


def added(before: str, after: str) -> list[str]:
    """The lines that came in; every line that was there must still be there, in its order."""
    rest = iter(before.splitlines())
    expected = next(rest, None)
    new = []
    for line in after.splitlines():
        if line == expected:
            expected = next(rest, None)
        else:
            new.append(line)
    assert expected is None
    return new


@pytest.mark.parametrize("path", study_files(LIBRARY), ids=lambda path: path.stem)
def test_mark_comes_into_every_summary_of_the_library(path: Path) -> None:
    """Whatever stands in the front matter already, only the lines of the mark come in."""
    text = path.read_text(encoding="utf-8")
    after = with_mark(text, MARK, path)
    had = parse_study(text, path).marks
    assert added(text, after) == ADDED if had else ["marks:", *ADDED]
    assert parse_study(after, path).marks == (*had, MARK)


def test_mark_stands_before_the_facts() -> None:
    """A first mark gets a field of its own, where an editor sees it."""
    assert f"marks:\n{chr(10).join(ADDED)}\n{FACTS}" in with_mark(SUMMARY, MARK, PATH)


def test_second_mark_keeps_the_indent_and_comments_of_the_first() -> None:
    """A list that is written in another way goes on in that way; remarks stay where they were."""
    there = "marks: # looked up\n- kind: erratum # small\n  note: A table was wrong\n# what follows\n"
    text = SUMMARY.replace(FACTS, there + FACTS)
    after = with_mark(text, MARK, PATH)
    assert added(text, after) == [line[2:] for line in ADDED]
    assert "# what follows\nfacts:" in after
    assert [mark.kind for mark in parse_study(after, PATH).marks] == ["erratum", "retraction"]


@pytest.mark.parametrize("there", ["marks: []\n", "marks: [{kind: erratum,\n  note: A table}]\n"])
def test_list_on_one_line_is_written_out(there: str) -> None:
    """Marks in brackets become a list with a line each; all of them stay."""
    text = SUMMARY.replace(FACTS, there + FACTS)
    before = parse_study(text, PATH).marks
    after = with_mark(text, MARK, PATH)
    assert parse_study(after, PATH).marks == (*before, MARK)
    assert after.replace(after[after.index("marks:") : after.index(FACTS)], there) == text


def test_status_changes_with_the_mark_and_its_remark_stays() -> None:
    """A summary of a retracted paper can be retired in the same step."""
    text = SUMMARY.replace("status: published", "status: 'published' # since May")
    after = with_mark(text, MARK, PATH, status=Status.retired)
    assert "status: retired # since May\n" in after
    assert parse_study(after, PATH).status is Status.retired


def test_line_ends_stay_as_they_are() -> None:
    """A file from Windows stays one."""
    after = with_mark(SUMMARY.replace("\n", "\r\n"), MARK, PATH)
    assert after.count("\r\n") == after.count("\n")


def test_note_over_several_lines_reads_back_as_it_was_written() -> None:
    """What staff write into a note cannot end the front matter or become another field."""
    mark = MARK.model_copy(update={"note": "One\n---\nstatus: published\n\ttwo"})
    assert parse_study(with_mark(SUMMARY, mark, PATH), PATH).marks == (mark,)


def test_front_matter_that_cannot_take_a_mark_is_left_to_a_person() -> None:
    """Where adding would change something else, nothing is returned."""
    text = SUMMARY.replace("status: published", "status: &now published")
    with pytest.raises(StudyFileError, match="write it by hand"):
        with_mark(text, MARK, PATH, status=Status.retired)
