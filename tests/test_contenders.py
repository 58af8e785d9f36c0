"""Runs that are compared: their names, and what is odd about their files."""

from pathlib import Path

import pytest

from evaluation.comparing.contenders import counted, names, printable, read_contenders
from evaluation.errors import EvaluationError, InputFileError
from evaluation.runs import write_run
from tests.comparisons import ranked, run_of, write_runs

QRELS = {f"q{number}": {f"right-{number}": 1} for number in range(4)}


def oddities(path: Path) -> tuple[str, ...]:
    return read_contenders([path], QRELS)[0].oddities


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["a/dense.run", "b/fused.run"], ["dense", "fused"]),
        (["a/run.txt", "a/run.tsv"], ["run.txt", "run.tsv"]),
        (["a/run.txt", "b/run.txt"], ["a/run", "b/run"]),
        (["x/a/run.txt", "y/a/run.txt"], ["x/a/run.txt", "y/a/run.txt"]),
        (["\x1b[31m.run", "\x1b[32m.run"], ["\ufffd[31m", "\ufffd[32m"]),
        (["\x1b.run", "\x1c.run"], ["1 \ufffd.run", "2 \ufffd.run"]),
    ],
)
def test_names_tell_files_apart(paths: list[str], expected: list[str]) -> None:
    """The stem where that will do, else as much of the path as is needed, else a number; always printable."""
    assert names([Path(path) for path in paths]) == expected


def test_what_steers_a_terminal_is_marked() -> None:
    """Escapes, line ends, turned text and halves of letters become a mark; other letters stay."""
    assert printable("a\x1b[0m\nb\u202ec\udcff ü日") == "a\ufffd[0m\ufffdb\ufffdc\ufffd ü日"


def test_counts_with_their_noun() -> None:
    """One question, two questions."""
    assert [counted(1, "query", "queries"), counted(1200, "hit")] == ["1 query", "1,200 hits"]


def test_an_ordinary_run_has_only_what_its_depth_says(tmp_path: Path) -> None:
    """All judged questions answered, 100 hits each: nothing to tell."""
    (path,) = write_runs(tmp_path, {"deep": run_of([1, 2, 3, 4], depth=100)})
    assert oddities(path) == ()


def test_what_was_left_out_or_counted_0_is_told(tmp_path: Path) -> None:
    """Questions that nobody judged, judged ones without hits, and a shallow run each get a sentence."""
    (path,) = write_runs(tmp_path, {"some": {**run_of([1, 2]), "q8": ranked("x"), "q9": ranked("x")}})
    (contender,) = read_contenders([path], QRELS)
    assert list(contender.run) == ["q0", "q1"]
    assert contender.oddities == (
        "2 questions of the run not judged: left out (the first is q8)",
        "2 judged questions without hits: counted 0 (the first is q2)",
        "at most 10 hits a question: recall beyond that depth cannot rise",
    )


def test_a_file_cut_between_lines_is_noticed_by_its_last_question(tmp_path: Path) -> None:
    """Every other question has 100 hits: the one that has fewer was cut."""
    run = {**run_of([1, 1, 1], depth=100), "q3": ranked("a", "b")}
    (path,) = write_runs(tmp_path, {"cut": run})
    assert oddities(path) == ("the last question has 2 hits, every other one 100: is the file cut?",)
    path.write_text(path.read_text().removesuffix("\n"))
    assert "the last line has no line end: check that the file is whole" in oddities(path)


def test_distances_instead_of_scores_are_noticed(tmp_path: Path) -> None:
    """Ranks that rise with the scores: the score decides, and that is told."""
    path = tmp_path / "distances.run"
    lines = [f"q{n} Q0 d{rank} {rank} {rank / 10} faiss\n" for n in range(4) for rank in range(1, 101)]
    path.write_text("".join(lines))
    (contender,) = read_contenders([path], QRELS)
    assert contender.run["q0"][0].document == "d100"
    assert contender.oddities == (
        "ranks contradict scores in 4 questions: the score decided, higher first, as in trec_eval",
    )


def test_a_question_that_finds_itself_is_told(tmp_path: Path) -> None:
    """BEIR leaves such a document out; here the file is taken as it is."""
    path = tmp_path / "itself.run"
    write_run(path, {f"q{n}": ranked(f"q{n}", *(f"d{m}" for m in range(99))) for n in range(4)}, "t")
    (said,) = oddities(path)
    assert said.startswith(
        "4 questions (the first is q0) found a document with the question's own id: counted"
    )


def test_a_run_of_another_collection_is_refused(tmp_path: Path) -> None:
    """Without one judged question there is nothing to measure."""
    (path,) = write_runs(tmp_path, {"other": {"x1": ranked("a"), "x2": ranked("b")}})
    with pytest.raises(InputFileError, match="not one of its 2 questions is judged"):
        read_contenders([path], QRELS)


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    """Also under another name."""
    (path,) = write_runs(tmp_path, {"a": run_of([1])})
    with pytest.raises(EvaluationError, match="a run is given twice"):
        read_contenders([path, tmp_path / "." / "a.run"], QRELS)
