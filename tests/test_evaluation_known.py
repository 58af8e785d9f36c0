"""Measuring what known questions bring."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.errors import EvaluationError, InputFileError
from evaluation.known import evaluate_known
from evaluation.libraries import LIBRARIES, read_library
from tests.toy import ToyEncoder

STUDIES = {
    "a": ["Ten people drank tea.", "Nobody fell ill."],
    "b": ["Tea cost ten pounds.", "Six slept badly."],
}
QUESTIONS = [
    {"question": "did people sleep", "answers": {"b": [1]}},
    {"question": "was tea dear", "answers": {"b": [0]}},
    {"question": "is coffee better", "answers": {}},
    {"question": "is water better", "answers": {}},
]


def library(folder: Path, name: str = "tea", **more: Any) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"fold": 0, "studies": STUDIES, "questions": QUESTIONS, **more}))
    return path


def test_known_questions_are_held_against_none(tmp_path: Path) -> None:
    """The same questions, read twice: what others asked in the same words finds its sentence."""
    known = [
        {"question": "did people sleep well", "answers": {"b": [1]}},
        {"question": "is coffee better than tea", "answers": {}},
    ]
    report = evaluate_known([library(tmp_path, known=known)], ToyEncoder(), settings={"model": "toy"})
    (row,) = report.rows
    assert (row["library"], row["known"], row["questions"]) == ("tea", 2, 4)
    assert (row["P@1, without"], row["P@1, with"]) == (0.5, 1.0)
    assert report.measures["P@1, with"] == 1.0
    assert report.settings["model"] == "toy"


def test_library_without_known_questions_knows_half_of_its_own(tmp_path: Path) -> None:
    """Each half is asked while the other is known, so that every question counts once."""
    report = evaluate_known([library(tmp_path)], ToyEncoder(), settings={})
    (group,) = report.groups
    assert group["what is known"] == "half of its own questions"
    assert (report.rows[0]["known"], report.counts["questions"]) == (2, 4)


def test_libraries_that_were_learnt_from_are_left_out(tmp_path: Path) -> None:
    """They would seem better than they are; where no other is left, that is said."""
    with pytest.raises(EvaluationError, match="not learnt from"):
        evaluate_known([library(tmp_path, fold=2)], ToyEncoder(), settings={})


def test_known_question_must_name_what_is_there(tmp_path: Path) -> None:
    """A sentence that no study has is refused, and the file named."""
    wrong = [{"question": "who", "answers": {"b": [2]}}]
    with pytest.raises(InputFileError, match=r"tea\.json"):
        evaluate_known([library(tmp_path, known=wrong)], ToyEncoder(), settings={})


def test_shipped_known_questions_are_none_that_are_measured() -> None:
    """Of two libraries that nothing was learnt from."""
    read = [read_library(path) for path in sorted(LIBRARIES.glob("*.json"))]
    with_known = [each for each in read if each.known]
    assert len(with_known) == 2
    for each in with_known:
        assert each.fold == 0
        asked = {one.question.casefold().strip(" ?.!") for one in each.questions}
        assert not asked & {one.question.casefold().strip(" ?.!") for one in each.known}
