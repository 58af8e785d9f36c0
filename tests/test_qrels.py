"""TREC qrels: read, written, refused."""

from pathlib import Path

import pytest

from evaluation.errors import InputFileError
from evaluation.qrels import read_qrels, write_qrels


def test_reads_what_it_writes(tmp_path: Path) -> None:
    """Judgments, graded ones and those of 0 too, survive being written and read."""
    qrels = {"q1": {"d1": 3, "d2": 0}, "q2": {"d1": 1}}
    write_qrels(tmp_path / "qrels", qrels)
    assert (tmp_path / "qrels").read_text() == "q1 0 d1 3\nq1 0 d2 0\nq2 0 d1 1\n"
    assert read_qrels(tmp_path / "qrels") == qrels


def test_columns_are_parted_by_any_white_space(tmp_path: Path) -> None:
    """Tabs and several spaces do as well, and the second column says nothing."""
    (tmp_path / "qrels").write_text("q1\tQ0\td1\t2\nq1   0  d2   -1\n")
    assert read_qrels(tmp_path / "qrels") == {"q1": {"d1": 2, "d2": -1}}


@pytest.mark.parametrize(
    "heading", ["", "query-id\tcorpus-id\tscore\n", "\ufeffquery-id\tcorpus-id\tscore\r\n"]
)
def test_reads_beirs_three_columns_too(tmp_path: Path, heading: str) -> None:
    """Three columns between tabs are BEIR's, with their heading or without; ids may hold spaces there."""
    (tmp_path / "qrels").write_text(f"{heading}q 1\td1\t2\nq 1\td2\t0\n")
    assert read_qrels(tmp_path / "qrels") == {"q 1": {"d1": 2, "d2": 0}}


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("q1 0 d1 9999999999\n", 1, "the relevance '9999999999' is beyond 1,000"),
        ("q1 0 d1 -1001\n", 1, "the relevance '-1001' is beyond 1,000"),
        ("q1 0 d1 1_0\n", 1, "the relevance '1_0' is no whole number"),
        ("query-id\tcorpus-id\tscore\nq1\td1", 2, "2 columns between tabs instead of 3"),
        ("query-id\tcorpus-id\tscore\nq1\td1\t", 2, "the relevance '' is no whole number"),
        ("query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td1\t1\n", 3, "judged twice"),
        ("query-id\tcorpus-id\tscore\n", None, "it has no judgments"),
        ("q1 0 d1 1\nq1 0 d2", 2, "3 columns instead of 4"),
        ("q1 0 d1 1 tag\n", 1, "5 columns instead of 4"),
        ("q1 0 d1 yes\n", 1, "the relevance 'yes' is no whole number"),
        ("q1 0 d1 0.5\n", 1, "the relevance '0.5' is no whole number"),
        ("q1 0 d1 1\nq2 0 d1 1\nq1 0 d1 2\n", 3, "document d1 is judged twice for question q1"),
        ("", None, "it has no judgments"),
    ],
)
def test_refuses_what_is_no_judgment(tmp_path: Path, content: str, line: int | None, problem: str) -> None:
    """A cut line, a wrong figure and a contradiction are refused with file and line."""
    path = tmp_path / "qrels"
    path.write_text(content)
    with pytest.raises(InputFileError, match=problem) as caught:
        read_qrels(path)
    assert (caught.value.path, caught.value.line) == (path, line)
