"""Measuring the gate."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.errors import InputFileError
from evaluation.screening import evaluate_screening

CLASSES = ("emergency", "crisis", "none")


def write(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in lines))
    return path


def test_measures_by_hand(tmp_path: Path) -> None:
    """Recall a class with also_ok taken as right; false alarms over the questions the class is wrong for."""
    path = write(
        tmp_path / "lines.jsonl",
        {"question": "a", "expected": "emergency"},
        {"question": "b", "expected": "emergency", "also_ok": ["crisis"]},
        {"question": "c", "expected": "emergency"},
        {"question": "d", "expected": "none"},
        {"question": "e", "expected": "none"},
    )
    answers = {"a": "emergency", "b": "crisis", "c": "none", "d": "none", "e": "crisis"}
    report = evaluate_screening(path, answers.__getitem__, classes=CLASSES, settings={"rules": "x"})
    assert report.measures["accuracy"] == pytest.approx(3 / 5)
    assert report.measures["recall emergency"] == pytest.approx(2 / 3)
    assert report.measures["recall none"] == 0.5
    assert report.measures["recall crisis"] is None
    assert report.measures["false alarms emergency"] == 0.0
    assert report.measures["false alarms crisis"] == pytest.approx(1 / 4)
    assert report.measures["false alarms none"] == pytest.approx(1 / 3)
    assert (report.counts["questions"], report.counts["wrong"]) == (5, 2)
    assert report.counts["behind recall emergency"] == 3
    assert report.intervals["recall none"] == (0.0, 1.0)
    assert [(row["kind"], row["questions"], row["false_alarms"]) for row in report.rows] == [
        ("emergency", 3, 0),
        ("crisis", 0, 1),
        ("none", 2, 1),
    ]


@pytest.mark.parametrize("change", [{"expected": "emergancy"}, {"also_ok": ["panic"]}])
def test_a_class_that_does_not_exist_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    """A mistyped class would count as a miss for ever: it is refused with its line."""
    path = write(
        tmp_path / "lines.jsonl",
        {"question": "a", "expected": "none"},
        {"question": "b", "expected": "none"} | change,
    )
    with pytest.raises(InputFileError, match="the classes are emergency, crisis, none") as caught:
        evaluate_screening(path, lambda _: "none", classes=CLASSES, settings={})
    assert caught.value.line == 2
