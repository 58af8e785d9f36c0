import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from evaluation.errors import InputFileError
from evaluation.training.lessons import FITTED, HELD_OUT
from evaluation.training.libraries import narrow, read_libraries

STUDIES = {"a": ["Ten people drank tea.", "Nobody fell ill."], "b": ["Tea cost ten pounds.", "Six fell ill."]}


def write(folder: Path, answers: dict[str, list[int]]) -> Path:
    asked = {"question": "who fell ill", "answers": answers, "kind": "safety"}
    library = {"fold": 2, "studies": STUDIES, "questions": [asked]}
    (folder / "tea.json").write_text(json.dumps(library), encoding="utf-8")
    return folder


class Letters:
    """Takes texts for alike that have the same letters."""

    def encode(self, texts: Sequence[str], *, normalize_embeddings: bool) -> np.ndarray:
        vectors = np.array(
            [[text.lower().count(letter) for letter in "acdefilnopsu"] for text in texts], float
        )
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True) if normalize_embeddings else vectors


def test_a_question_is_asked_of_all_studies(tmp_path: Path) -> None:
    """The sentences of all studies are its own, those that answer are known, each study is a context."""
    (lesson,) = read_libraries(write(tmp_path, {"a": [1], "b": [1]}))
    assert lesson.sentences == (*STUDIES["a"], *STUDIES["b"])
    assert lesson.answers == frozenset({1, 3})
    assert lesson.passages == [tuple(STUDIES["a"]), tuple(STUDIES["b"])]
    assert lesson.fold == 2


@pytest.mark.parametrize("answers", [{"a": [2]}, {"c": [0]}, {"a": [-1]}])
def test_an_answer_must_be_there(tmp_path: Path, answers: dict[str, list[int]]) -> None:
    """A study or a sentence that the library does not have is refused, and the file named."""
    with pytest.raises(InputFileError, match=r"tea\.json"):
        read_libraries(write(tmp_path, answers))


def test_only_near_sentences_are_worth_telling_from_an_answer(tmp_path: Path) -> None:
    """All sentences that answer are kept, and of the others the nearest ones, in their order."""
    lessons = read_libraries(write(tmp_path, {"b": [1]}))
    (narrowed,) = narrow(lessons, Letters(), most=1)  # type: ignore[arg-type]  # all that is asked of a model
    assert narrowed.sentences == ("Nobody fell ill.", "Six fell ill.")
    assert narrowed.answers == frozenset({1})
    assert narrowed.passages == [narrowed.sentences]


def test_the_project_s_own_libraries_are_whole() -> None:
    """Some are learnt from, some kept aside, some held out; a third or more has no answer."""
    lessons = read_libraries()
    assert {HELD_OUT, FITTED} < {lesson.fold for lesson in lessons}
    assert len({(lesson.sentences, lesson.question) for lesson in lessons}) == len(lessons)
    assert 0.3 < sum(not lesson.answers for lesson in lessons) / len(lessons) < 0.5
