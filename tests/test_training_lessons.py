import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.errors import EvaluationError, InputFileError
from evaluation.training.lessons import FOLDS, OWN_QUESTIONS, Lesson, read_evidence, read_own

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def line(question: str, document: str, labels: list[int], *, answerable: bool = True) -> dict[str, object]:
    sentences = [f"{document} says {place}." for place in range(len(labels))]
    return {
        "qid": question,
        "question": f"{question}?",
        "doc_id": document,
        "sentences": sentences,
        "labels": labels,
        "answerable": answerable,
    }


def test_lines_become_lessons(tmp_path: Path) -> None:
    """A lesson knows which sentences answer; a line whose answer no sentence holds is left out."""
    rows = [line("a", "d", [0, 1, 2]), line("b", "d", [0], answerable=False), line("c", "e", [0, 0])]
    first, second = read_evidence(write(tmp_path / "set.jsonl", rows))
    assert (first.source, first.question, first.others) == ("set", "a?", [0])
    assert first.answers == frozenset({1, 2})
    assert (second.question, second.answers) == ("b?", frozenset())


def test_what_shares_a_document_shares_the_fold(tmp_path: Path) -> None:
    """What shares a document, or a question, directly or not, is never both learnt from and measured."""
    rows = [line(f"q{n}", f"d{n}", [1]) for n in range(40)]
    rows += [line(f"q{n}", f"d{n + 1}", [1]) for n in range(0, 40, 2)]  # a bridge between each pair
    folds = {
        lesson.sentences[0]: lesson.fold for lesson in read_evidence(write(tmp_path / "set.jsonl", rows))
    }
    for n in range(0, 40, 2):
        assert folds[f"d{n} says 0."] == folds[f"d{n + 1} says 0."]
    assert set(folds.values()) == set(range(FOLDS))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Data sets of one document each."""
    write(tmp_path / "evidence" / "evidence_inference_abstract.jsonl", [line("q", "e1", [1, 0])])
    page: dict[str, object] = {"question": "q", "answer": "A cold passes. It takes a week."}
    write(tmp_path / "questions" / "medquad.jsonl", [page])
    abstract: dict[str, object] = {
        "_id": "n1",
        "title": "Tea",
        "text": "Ten people drank tea. Nobody fell ill.",
    }
    write(tmp_path / "retrieval" / "nfcorpus" / "corpus.jsonl", [abstract])
    return tmp_path


def own(source: str, doc: str, sentences: list[int], of: int) -> dict[str, object]:
    return {
        "source": source,
        "doc": doc,
        "question": "was it safe",
        "sentences": sentences,
        "of": of,
        "kind": "x",
    }


def test_own_questions_find_their_documents(data: Path) -> None:
    """An own question names a document of a data set, which is cut into sentences anew."""
    rows = [
        own("nfcorpus", "n1", [2], 3),
        own("evidence_inference", "e1", [], 2),
        own("medquad", "0", [1], 2),
    ]
    first, second, third = read_own(data, write(data / "own.jsonl", rows))
    assert first.sentences == ("Tea", "Ten people drank tea.", "Nobody fell ill.")
    assert (first.answers, second.answers) == (frozenset({2}), frozenset())
    assert third.sentences == ("A cold passes.", "It takes a week.")


@pytest.mark.parametrize("row", [own("nfcorpus", "n1", [0], 4), own("nfcorpus", "gone", [0], 3)])
def test_document_that_is_not_as_it_was_is_refused(data: Path, row: dict[str, object]) -> None:
    """A document that is missing, or cut otherwise, would teach wrong things; file and line are named."""
    path = write(data / "own.jsonl", [row])
    with pytest.raises(EvaluationError, match=r"own\.jsonl:1: nfcorpus"):
        read_own(data, path)


def test_number_of_no_sentence_is_refused(data: Path) -> None:
    """An answer beyond the end of its document is a slip of the pen; file and line are named."""
    with pytest.raises(InputFileError, match=r"own\.jsonl:1: .*sentences"):
        read_own(data, write(data / "own.jsonl", [own("nfcorpus", "n1", [3], 3)]))


def shipped() -> Iterator[dict[str, object]]:
    for text in OWN_QUESTIONS.read_text(encoding="utf-8").splitlines():
        yield json.loads(text)


def test_shipped_questions_hold_no_text_of_the_sets() -> None:
    """The questions are our own; of the documents only ids and numbers of sentences are kept."""
    rows = list(shipped())
    assert {frozenset(row) for row in rows} == {
        frozenset(("source", "doc", "question", "sentences", "of", "kind"))
    }
    assert 0.3 < sum(not row["sentences"] for row in rows) / len(rows) < 0.5


def test_shipped_questions_fit_the_data_sets() -> None:
    """Every question's document is there and cut as it was when the question was written."""
    if not SHARED.is_dir():
        pytest.skip("the data sets are not there")
    lessons = read_own(SHARED)
    assert len(lessons) == sum(1 for _ in shipped())
    assert all(isinstance(one, Lesson) and 0 <= one.fold < FOLDS for one in lessons)
