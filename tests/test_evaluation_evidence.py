"""Measuring the choice of sentences."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from evaluation.errors import EvaluationError, InputFileError
from evaluation.evidence import cosine, evaluate_evidence
from tests.toy import ToyEncoder


def line(question: str, labels: list[int], *, answerable: bool = True) -> dict[str, Any]:
    sentences = [f"{question} {place}" for place in range(len(labels))]
    return {
        "qid": "q",
        "question": question,
        "sentences": sentences,
        "labels": labels,
        "answerable": answerable,
    }


def write(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in lines))
    return path


SCORES = {"one": [0.1, 0.9, 0.5], "two": [0.8, 0.2, 0.3], "off": [0.05, 0.3, 0.85], "bare": [0.2, 0.1, 0.0]}


def score(question: str, sentences: Sequence[str]) -> list[float]:
    assert len(sentences) == 3
    return SCORES[question]


def test_measures_by_hand(tmp_path: Path) -> None:
    """P@1 and MAP over answerable lines with a right sentence; AUC of the best score over all lines."""
    path = write(
        tmp_path / "lines.jsonl",
        line("one", [0, 1, 0]),  # right sentence first
        line("two", [0, 1, 1]),  # right ones second and third
        line("off", [0, 0, 0], answerable=False),
        line("bare", [0, 0, 0]),  # answerable, but no sentence is marked: only in the AUC
    )
    report = evaluate_evidence(path, score, settings={"model": "toy"})
    assert report.measures["P@1"] == 0.5
    assert report.measures["MAP"] == pytest.approx((1 + (1 / 2 + 2 / 3) / 2) / 2)
    # Best scores: 0.9, 0.8 and 0.2 against 0.85.
    assert report.measures["AUC"] == pytest.approx(1 / 3)
    assert report.counts == {"lines": 4, "ranked": 2, "answerable": 3, "unanswerable": 1}
    assert report.settings["model"] == "toy"


def test_lines_with_one_qid_are_all_measured(tmp_path: Path) -> None:
    """A question put to several documents counts once for each."""
    path = write(tmp_path / "lines.jsonl", line("one", [0, 1, 0]), line("one", [1, 0, 0]))
    report = evaluate_evidence(path, score, settings={})
    assert (report.counts["ranked"], report.measures["P@1"]) == (2, 0.5)


def test_what_is_not_defined_is_null(tmp_path: Path) -> None:
    """Without unanswerable lines there is no AUC; without answerable ones no ranking."""
    only = write(tmp_path / "answerable.jsonl", line("one", [0, 1, 0]))
    none = write(tmp_path / "unanswerable.jsonl", line("off", [0, 0, 0], answerable=False))
    assert evaluate_evidence(only, score, settings={}).measures == {"P@1": 1.0, "MAP": 1.0, "AUC": None}
    assert evaluate_evidence(none, score, settings={}).measures == {"P@1": None, "MAP": None, "AUC": None}


def test_equal_scores_keep_the_reading_order(tmp_path: Path) -> None:
    """A scorer that tells nothing gets the first sentence, whatever its label."""
    path = write(tmp_path / "lines.jsonl", line("one", [0, 0, 1]), line("two", [1, 0, 0]))
    report = evaluate_evidence(path, lambda _, sentences: [0.5] * len(sentences), settings={})
    assert report.measures["P@1"] == 0.5
    assert report.measures["MAP"] == pytest.approx((1 / 3 + 1) / 2)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"labels": [0, 1]}, "3 sentences but 2 labels"),
        ({"sentences": [], "labels": []}, "sentences: Tuple should have at least 1 item"),
        ({"answerable": "perhaps"}, "answerable: Input should be a valid boolean"),
        ({"labels": [0, 1, -1]}, "labels.2: Input should be greater than or equal to 0"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, change: dict[str, Any], problem: str) -> None:
    """What does not fit together is refused with file and line."""
    path = write(tmp_path / "lines.jsonl", line("one", [0, 1, 0]), line("two", [0, 1, 0]) | change)
    with pytest.raises(InputFileError) as caught:
        evaluate_evidence(path, score, settings={})
    assert caught.value.line == 2
    assert caught.value.problem.startswith(problem)


@pytest.mark.parametrize("scores", [[0.1, 0.2], [0.1, float("nan"), 0.3]])
def test_a_scorer_that_breaks_its_word_is_refused(tmp_path: Path, scores: list[float]) -> None:
    """Missing or undefined scores end the measurement: they must not look like low ones."""
    path = write(tmp_path / "lines.jsonl", line("one", [0, 1, 0]))
    with pytest.raises(EvaluationError, match="the scorer gave"):
        evaluate_evidence(path, lambda *_: scores, settings={})


def test_the_plain_scorer_is_the_cosine(tmp_path: Path) -> None:
    """The floor to compare with: a sentence with the question's words comes before one without."""
    sentences = ["nothing of the kind", "the kidney got better"]
    path = write(
        tmp_path / "lines.jsonl",
        {
            "qid": "q",
            "question": "kidney better",
            "sentences": sentences,
            "labels": [0, 1],
            "answerable": True,
        },
    )
    told: list[None] = []
    scorer = cosine(ToyEncoder())
    report = evaluate_evidence(path, scorer, settings={}, progress=lambda: told.append(None))
    assert report.measures["P@1"] == 1.0
    assert len(told) == 1
    assert scorer("kidney", ["kidney"]) == pytest.approx([1.0])
