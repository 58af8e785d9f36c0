"""Small libraries of plain summaries, written for this project, with the questions that people ask them.

A question is asked of all studies of its library at once, as plaincite is used: the sentences of one study
are the near misses of another.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sentence_transformers import SentenceTransformer

from evaluation.errors import InputFileError
from evaluation.training.lessons import Lesson

LIBRARIES = Path(__file__).parents[1] / "data" / "libraries"
"""One JSON file a library: sentences by study, and questions with the numbers of those that answer."""

SOURCE = "libraries"

NEAREST = 30
"""Sentences of a library that a question is shown beside its answers: those that similarity would take."""


class _Asked(BaseModel):
    """A question: the numbers of the sentences that answer it, by study; none where nothing does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    answers: Mapping[str, tuple[Annotated[int, Field(ge=0)], ...]]
    kind: str


class _Library(BaseModel):
    """The sentences of each study, and what is asked of them; `fold` as in evaluation.training.lessons."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fold: int
    studies: Mapping[str, tuple[str, ...]]
    questions: tuple[_Asked, ...]

    @model_validator(mode="after")
    def _match(self) -> Self:
        for asked in self.questions:
            for study, numbers in asked.answers.items():
                if not all(number < len(self.studies.get(study, ())) for number in numbers):
                    raise ValueError(f"{asked.question!r}: study {study} has no sentence {max(numbers)}")
        return self


def read_libraries(folder: Path = LIBRARIES) -> list[Lesson]:
    """The lessons of all libraries of a folder.

    Raises:
        InputFileError: a file is no library.
    """
    return [lesson for path in sorted(folder.glob("*.json")) for lesson in _read(path)]


def _read(path: Path) -> Iterator[Lesson]:
    try:
        library = _Library.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise InputFileError(path, error.errors()[0]["msg"]) from error
    places = [(study, number) for study, texts in library.studies.items() for number in range(len(texts))]
    sentences = tuple(text for texts in library.studies.values() for text in texts)
    parts = tuple(map(len, library.studies.values()))
    for asked in library.questions:
        right = {(study, number) for study, numbers in asked.answers.items() for number in numbers}
        answers = frozenset(place for place, where in enumerate(places) if where in right)
        yield Lesson(SOURCE, asked.question, sentences, answers, library.fold, parts)


def narrow(lessons: Iterable[Lesson], model: SentenceTransformer, most: int = NEAREST) -> list[Lesson]:
    """The same with the sentences that answer and, of the others, those that are nearest to the question.

    Out of a whole library hardly any sentence is worth telling from an answer.

    Args:
        lessons: of libraries.
        model: tells what is near.
        most: sentences kept that do not answer.
    """
    lessons = list(lessons)
    texts = list(dict.fromkeys(text for one in lessons for text in (one.question, *one.sentences)))
    vectors = dict(zip(texts, model.encode(texts, normalize_embeddings=True), strict=True))
    return [_narrow(one, vectors, most) for one in lessons]


def _narrow(lesson: Lesson, vectors: Mapping[str, NDArray[np.float32]], most: int) -> Lesson:
    near = sorted(
        lesson.others, key=lambda place: -float(vectors[lesson.question] @ vectors[lesson.sentences[place]])
    )
    kept = sorted([*lesson.answers, *near[:most]])
    answers = frozenset(place for place, old in enumerate(kept) if old in lesson.answers)
    sentences = tuple(lesson.sentences[place] for place in kept)
    return replace(lesson, sentences=sentences, answers=answers, parts=())
