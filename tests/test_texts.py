"""Texts behind ids: read where they are given, and their gaps told."""

import json
from pathlib import Path

import pytest

from evaluation.comparing.contenders import Contender
from evaluation.comparing.texts import Texts, gaps, read_texts
from evaluation.errors import InputFileError
from tests.comparisons import ranked

DOCUMENTS = [{"_id": "d1", "title": "T", "text": "one"}, {"_id": "d2", "text": "two"}]
QUERIES = [{"_id": "q1", "text": "why?"}, {"_id": "q2", "text": "how?"}]


def write(path: Path, records: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def read(folder: Path, *, documents: set[str], questions: set[str]) -> Texts:
    corpus, queries = write(folder / "corpus.jsonl", DOCUMENTS), write(folder / "queries.jsonl", QUERIES)
    return read_texts(corpus, queries, documents=documents, questions=questions)


def test_only_what_is_wanted_is_kept(tmp_path: Path) -> None:
    """A corpus may be large: only the documents of runs and judgments stay in memory."""
    texts = read(tmp_path, documents={"d2", "d9"}, questions={"q1"})
    assert texts.questions == {"q1": "why?"}
    assert [item.text for item in (texts.documents or {}).values()] == ["two"]


@pytest.mark.parametrize(
    ("name", "records", "line", "problem"),
    [
        ("corpus", [*DOCUMENTS, DOCUMENTS[0]], 3, "the id d1 stands twice"),
        ("corpus", [{"_id": "x", "text": ""}], None, "it has none of the documents of runs and qrels"),
        ("queries", [*QUERIES, QUERIES[1]], 3, "the id q2 stands twice"),
        ("queries", [{"_id": "x", "text": ""}], None, "it has none of the questions of runs and qrels"),
        ("queries", [{"_id": "x"}], 1, "text: Field required"),
    ],
)
def test_a_fault_names_file_and_line(
    tmp_path: Path, name: str, records: list[dict[str, str]], line: int | None, problem: str
) -> None:
    """Double ids, missing fields, and a file of another collection are refused."""
    path = write(tmp_path / f"{name}.jsonl", records)
    given = {"corpus": None, "queries": None, name: path}
    with pytest.raises(InputFileError, match=problem) as caught:
        read_texts(**given, documents={"d1"}, questions={"q1"})
    assert (caught.value.path, caught.value.line) == (path, line)


def test_gaps_are_counted_with_an_example(tmp_path: Path) -> None:
    """Whatever is shown without its text is told, run by run."""
    contender = Contender("fused", Path("fused.run"), "t", {"q1": ranked("d1", "d8", "d9")}, ())
    qrels = {"q1": {"d1": 1, "d7": 0}, "q7": {"d1": 1}}
    texts = read(tmp_path, documents={"d1"}, questions={"q1"})
    assert list(gaps(texts, [contender], qrels)) == [
        "1 judged question not among the questions: shown without text (the first is q7)",
        "1 judged document not in the corpus: shown without text (the first is d7)",
        "fused: 2 documents not in the corpus: shown without text (the first is d8)",
    ]


def test_without_files_that_is_said() -> None:
    """Ids only: the reader is told why, and what to give."""
    assert list(gaps(Texts(), [], {"q1": {"d1": 1}})) == [
        "no questions file was given: questions are shown by their ids",
        "no corpus was given: passages are shown by their ids",
    ]
