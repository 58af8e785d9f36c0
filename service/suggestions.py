"""Suggestions: of the questions that a library offers, those nearest to one that it could not answer."""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder

MOST = 3
"""Questions that are offered in the place of an answer: more would be a menu."""


class Suggestions:
    """Questions that a library offers.

    Args:
        questions: all of them.
        encoder: tells which of them is nearest to another question.
        is_answered: whether the library has an answer to one of them. Whoever was told once that the library
            does not say should not be told so again.
    """

    def __init__(
        self, questions: Sequence[str], encoder: Encoder, is_answered: Callable[[str], bool]
    ) -> None:
        self._questions = tuple(questions)
        self._encoder = encoder
        self._is_answered = is_answered
        self._known: dict[str, bool] = {}

    def nearest(self, question: str) -> tuple[str, ...]:
        """The nearest that have an answer, at most MOST, nearest first; never the question itself."""
        if not self._questions:
            return ()
        vector, _ = self._encoder.encode_question(question)
        order = np.argsort(-(self._vectors @ vector), kind="stable")
        found = list[str]()
        for place in order:
            suggestion = self._questions[place]
            if len(found) < MOST and suggestion != question and self._has_answer(suggestion):
                found.append(suggestion)
        return tuple(found)

    # Read when they are first needed: a service that always has an answer never waits for it.
    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        return self._encoder.encode(self._questions)

    def _has_answer(self, suggestion: str) -> bool:
        if suggestion not in self._known:
            self._known[suggestion] = self._is_answered(suggestion)
        return self._known[suggestion]
