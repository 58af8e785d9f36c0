from pathlib import Path

import pytest

from evaluation.errors import InputFileError
from evaluation.judging.pool import Unit
from evaluation.judging.run_files import read_run_file
from evaluation.runs import Run, write_run
from tests.comparisons import ranked

KNOWN = {Unit.passage: {"wang2018#0", "wang2018#1", "deng2017#0"}, Unit.study: {"wang2018", "deng2017"}}
RUN = {"q1": ranked("wang2018#1", "deng2017#0"), "q2": ranked("wang2018#0"), "q9": ranked("gone#0")}


def write(folder: Path, run: Run = RUN, name: str = "my run.txt") -> Path:
    path = folder / name
    write_run(path, run, "tag")
    return path


def test_a_run_is_read_for_the_questions_of_the_pool(tmp_path: Path) -> None:
    """What it says of others is left out, and that is told beside it; the name has no blanks."""
    found = read_run_file(write(tmp_path), ["q1", "q2", "q3"], KNOWN, Unit.passage)
    assert found.name == "my-run"
    assert [item.document for item in found.run["q1"]] == ["wang2018#1", "deng2017#0"]
    assert list(found.run) == ["q1", "q2"]
    assert found.source == (
        "file my run.txt, tag tag; 1 questions that are not in the pool left out; "
        "nothing found for 1 of the pool's questions"
    )


def test_a_document_that_the_library_does_not_have_is_told_by_file_and_line(tmp_path: Path) -> None:
    """The first such line, and how many more there are."""
    run = {"q1": ranked("wang2018#1", "wang2018#77", "wang2018#78"), "q2": ranked("wang2018#77")}
    with pytest.raises(InputFileError) as caught:
        read_run_file(write(tmp_path, run), ["q1", "q2"], KNOWN, Unit.passage)
    assert caught.value.line == 2
    assert caught.value.problem == "wang2018#77 is no passage of the library (so are 2 more lines)"


def test_a_run_of_studies_does_not_go_into_a_pool_of_passages(tmp_path: Path) -> None:
    """And the other way round; the text says what is the matter."""
    of_studies, of_passages = {"q1": ranked("wang2018")}, {"q1": ranked("wang2018#0")}
    with pytest.raises(InputFileError, match="wang2018 is a study, not a passage"):
        read_run_file(write(tmp_path, of_studies), ["q1"], KNOWN, Unit.passage)
    with pytest.raises(InputFileError, match="wang2018#0 is a passage, not a study"):
        read_run_file(write(tmp_path, of_passages), ["q1"], KNOWN, Unit.study)


def test_a_run_of_other_questions_is_refused(tmp_path: Path) -> None:
    """It could add nothing."""
    with pytest.raises(InputFileError, match="not one of its 3 questions is among those of the pool"):
        read_run_file(write(tmp_path), ["x1"], KNOWN, Unit.passage)


def test_a_cut_run_is_refused(tmp_path: Path) -> None:
    """As wherever runs are read."""
    path = tmp_path / "cut.run"
    path.write_text("q1 Q0 wang2018#0 1 0.9 tag\nq1 Q0 wang2018#1 2")
    with pytest.raises(InputFileError, match="4 columns instead of 6"):
        read_run_file(path, ["q1"], KNOWN, Unit.passage)


def test_what_is_odd_about_a_file_is_told(tmp_path: Path) -> None:
    """Ranks against scores, a last line without its end."""
    path = tmp_path / "odd.run"
    path.write_text("q1 Q0 wang2018#0 2 0.9 tag\nq1 Q0 wang2018#1 1 0.8 tag")
    source = read_run_file(path, ["q1"], KNOWN, Unit.passage).source
    assert "ranks contradict scores in 1 questions" in source
    assert "no line end" in source
