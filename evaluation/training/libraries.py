"""Lessons of small libraries.

A question is asked of all studies of its library at once, as plaincite is used: the sentences of one study
are the near misses of another.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from evaluation.libraries import LIBRARIES, read_library
from evaluation.training.lessons import Lesson

SOURCE = "libraries"

NEAREST = 30
"""Sentences of a library that a question is shown beside its answers: those that similarity would take."""


def read_libraries(folder: Path = LIBRARIES) -> list[Lesson]:
    """The lessons of all libraries of a folder.

    Raises:
        InputFileError: a file is no library.
    """
    return [lesson for path in sorted(folder.glob("*.json")) for lesson in _read(path)]


def _read(path: Path) -> Iterator[Lesson]:
    library = read_library(path)
    parts = tuple(map(len, library.studies.values()))
    for asked in library.questions:
        answers = frozenset(library.places(asked))
        yield Lesson(SOURCE, asked.question, library.sentences, answers, library.fold, parts)


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
