"""TREC runs: read, written, refused."""

from pathlib import Path

import pytest

from evaluation.errors import InputFileError
from evaluation.runs import Scored, read_run, read_tagged_run, write_run


def test_reads_what_it_writes(tmp_path: Path) -> None:
    """Order and scores survive being written and read, ties among them in their order."""
    run = {"q1": [Scored("b", 0.1 + 0.2), Scored("z", 0.25), Scored("a", 0.25)], "q2": [Scored("b", -1.5)]}
    write_run(tmp_path / "run", run, "plaincite")
    assert (tmp_path / "run").read_text().splitlines()[0] == "q1 Q0 b 1 0.30000000000000004 plaincite"
    assert read_run(tmp_path / "run") == run


def test_the_score_decides_then_the_rank(tmp_path: Path) -> None:
    """Lines may stand in any order: the highest score is first, and the rank parts equal scores."""
    (tmp_path / "run").write_text("q Q0 a 9 1 t\nq Q0 b 1 3 t\nq Q0 c 8 1 t\nq Q0 d 3 2e0 t\n")
    assert [item.document for item in read_run(tmp_path / "run")["q"]] == ["b", "d", "c", "a"]


@pytest.mark.parametrize(
    ("content", "contradictions", "is_ended"),
    [
        ("q Q0 a 1 2 t\nq Q0 b 2 1 t\n", 0, True),
        ("q Q0 a 1 2 t\r\nq Q0 b 1 2 t\r\n", 0, True),
        ("q Q0 b 2 1 t\nq Q0 a 1 1 t", 0, False),
        ("q Q0 a 1 0.1 t\nq Q0 b 2 0.4 t\nr Q0 a 1 1 t\n", 1, True),
        ("q Q0 a 0 9 t\nq Q0 b 0 1 t\n", 0, True),
    ],
)
def test_tells_what_is_odd_about_a_file(
    tmp_path: Path, content: str, contradictions: int, is_ended: bool
) -> None:
    """Distances given as scores turn ranks round; a file without a last line end may be cut."""
    path = tmp_path / "run"
    path.write_bytes(content.encode())
    found = read_tagged_run(path)
    assert (found.tag, found.contradictions, found.is_ended) == ("t", contradictions, is_ended)


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("q Q0 a 1 2.0 t\nq Q0 b 2 1.", 2, "5 columns instead of 6"),
        ("q Q0 a 1 high t\n", 1, "the score 'high' is no number"),
        ("q Q0 a 1 nan t\n", 1, "the score 'nan' is no number"),
        ("q Q0 a first 1 t\n", 1, "the rank 'first' is no number"),
        ("q Q0 a 1 2 t\nq Q0 a 2 1 t\n", 2, "document a comes twice for question q"),
        (
            "q Q0 a 1 2 dense\nq Q0 b 2 1 den",
            2,
            "the tag 'den' instead of 'dense': a cut line, or several runs",
        ),
        ("q Q0 a 1 2 t\nr Q0 a 1 2 u\n", 2, "the tag 'u' instead of 't'"),
        ("\n", None, "it has no lines"),
        ("", None, "it has no lines"),
    ],
)
def test_refuses_what_is_no_run(tmp_path: Path, content: str, line: int | None, problem: str) -> None:
    """A cut line, a wrong figure and a repeated document are refused with file and line."""
    path = tmp_path / "run"
    path.write_text(content)
    with pytest.raises(InputFileError, match=problem) as caught:
        read_run(path)
    assert (caught.value.path, caught.value.line) == (path, line)
