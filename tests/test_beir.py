"""BEIR folders: read whole, or refused with file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.beir import read_collection
from evaluation.errors import InputFileError

DOCUMENTS = [
    {"_id": "d1", "title": "A title", "text": "A text"},
    {"_id": "d2", "text": "Another", "metadata": {}},
]
QUERIES = [{"_id": "q1", "text": "A question"}, {"_id": "q2", "text": "One that is not judged"}]
JUDGMENTS = "query-id\tcorpus-id\tscore\nq1\td2\t2\nq1\td1\t0\n"


def jsonl(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(jsonl(DOCUMENTS))
    (tmp_path / "queries.jsonl").write_text(jsonl(QUERIES))
    (tmp_path / "qrels" / "dev.tsv").write_text(JUDGMENTS)
    return tmp_path


def test_reads_documents_judged_questions_and_judgments(folder: Path) -> None:
    """Every document is read, and the questions that the split judges."""
    collection = read_collection(folder, "dev")
    assert [(item.document_id, item.title, item.text) for item in collection.documents] == [
        ("d1", "A title", "A text"),
        ("d2", "", "Another"),
    ]
    assert collection.questions == {"q1": "A question"}
    assert collection.qrels == {"q1": {"d2": 2, "d1": 0}}


def test_the_heading_of_the_judgments_may_be_missing(folder: Path) -> None:
    """Without its heading the first line is a judgment."""
    (folder / "qrels" / "dev.tsv").write_text(JUDGMENTS.partition("\n")[2])
    assert read_collection(folder, "dev").qrels == {"q1": {"d2": 2, "d1": 0}}


@pytest.mark.parametrize(
    ("name", "content", "line", "problem"),
    [
        ("corpus.jsonl", jsonl([*DOCUMENTS, DOCUMENTS[0]]), 3, "the id d1 stands twice"),
        ("corpus.jsonl", jsonl(DOCUMENTS)[:-20], 2, "not a whole line of JSON"),
        ("corpus.jsonl", jsonl([{"_id": "d1"}]), 1, "text: Field required"),
        ("corpus.jsonl", jsonl([{"_id": "", "text": ""}]), 1, "_id: String should have at least 1 character"),
        ("corpus.jsonl", "", None, "it has no lines"),
        ("queries.jsonl", jsonl([QUERIES[0], QUERIES[0]]), 2, "the id q1 stands twice"),
        ("queries.jsonl", jsonl([{"_id": 7, "text": "x"}]), 1, "_id: Input should be a valid string"),
        ("qrels/dev.tsv", JUDGMENTS + "q3\td1\t1\n", 4, "question q3 is not in queries.jsonl"),
        ("qrels/dev.tsv", JUDGMENTS + "q2\td9\t1\n", 4, "document d9 is not in corpus.jsonl"),
        ("qrels/dev.tsv", JUDGMENTS + "q2\td1", 4, "2 columns between tabs instead of 3"),
        ("qrels/dev.tsv", JUDGMENTS + "q2\td1\t", 4, "the relevance '' is no whole number"),
        ("qrels/dev.tsv", JUDGMENTS + "q1\td2\t1\n", 4, "document d2 is judged twice for question q1"),
        ("qrels/dev.tsv", "query-id\tcorpus-id\tscore\n", None, "it has no judgments"),
    ],
)
def test_a_fault_names_its_file_and_line(
    folder: Path, name: str, content: str, line: int | None, problem: str
) -> None:
    """Double ids, ids that are nowhere, cut lines and empty files are refused where they stand."""
    (folder / name).write_text(content)
    with pytest.raises(InputFileError) as caught:
        read_collection(folder, "dev")
    assert (caught.value.path, caught.value.line) == (folder / name, line)
    assert caught.value.problem.startswith(problem)


def test_a_split_that_is_not_there_names_those_that_are(folder: Path) -> None:
    """Whoever mistypes a split is told which there are."""
    with pytest.raises(InputFileError, match="the splits here are: dev"):
        read_collection(folder, "test")


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    """Without the corpus nothing is read, and the missing file is named."""
    with pytest.raises(InputFileError) as caught:
        read_collection(tmp_path / "nothing", "dev")
    assert caught.value.path == tmp_path / "nothing" / "corpus.jsonl"
