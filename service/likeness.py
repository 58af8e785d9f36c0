"""Likeness: which questions ask the same thing in other words, so that they can be counted together.

Two questions are as alike as the mean of two cosines: that of the whole questions, and that of their words
in context, each word with its best counterpart (late interaction, as the reader compares), the worse of both
ways round. The first alone takes every question about lupus for much the same; the second alone finds common
words in whatever is short.
"""

import io
from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder

Floats = NDArray[np.float32]

ALIKE = 0.7
"""Least likeness of two questions that are counted together. Chosen by reading the pairs among the 390 own
questions, best first: those above ask for the same, from about 0.67 downwards they only speak of the same."""

WORTH_A_LOOK = 2 * ALIKE - 1
"""Least cosine of two whole questions for their words to be compared: below it they cannot reach ALIKE."""


class Meaning(NamedTuple):
    """A question as it is compared.

    Attributes:
        vector: (dimension,), unit length.
        tokens: (words, dimension), unit length each.
        weights: (words,), what each word counts; their sum is 1.
    """

    vector: Floats
    tokens: Floats
    weights: Floats

    @classmethod
    def of(cls, question: str, encoder: Encoder) -> Self:
        """What a question means to an encoder."""
        vector, tokens = encoder.encode_question(question)
        return cls(vector, tokens.vectors, tokens.weights)

    def to_bytes(self) -> bytes:
        """Packed, with half the digits, which no comparison notices."""
        rows = np.vstack([self.vector, *self.tokens]) if len(self.tokens) else self.vector[None]
        packed = np.hstack([rows, np.concatenate([[0.0], self.weights])[:, None]]).astype(np.float16)
        stream = io.BytesIO()
        np.save(stream, packed, allow_pickle=False)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Unpacked."""
        rows = np.load(io.BytesIO(packed), allow_pickle=False).astype(np.float32)
        return cls(rows[0, :-1], rows[1:, :-1], rows[1:, -1])


def likeness(one: Meaning, other: Meaning) -> float:
    """How alike two questions are, at most 1."""
    if not len(one.tokens) or not len(other.tokens):
        return float(one.vector @ other.vector)
    matches = one.tokens @ other.tokens.T
    there, back = one.weights @ matches.max(axis=1), other.weights @ matches.max(axis=0)
    return float(one.vector @ other.vector + min(there, back)) / 2


def leaders(meanings: Sequence[Meaning], least: float = ALIKE) -> list[int]:
    """For each question the number, from 0, of the one that leads its group.

    Leader clustering (Hartigan 1975): in the given order, a question joins the leader that it is most like,
    the earlier of two that are equally like, or becomes a leader. The same questions in the same order always
    give the same groups, and a question that is added at the end changes none of them.
    """
    found: list[int] = []
    chosen: list[int] = []
    vectors = np.zeros((len(meanings), meanings[0].vector.size if meanings else 0), np.float32)
    for number, meaning in enumerate(meanings):
        near = np.flatnonzero(vectors[: len(chosen)] @ meaning.vector >= WORTH_A_LOOK)
        alike = [(likeness(meaning, meanings[chosen[place]]), -place) for place in near.tolist()]
        best, place = max(alike, default=(-1.0, 0))
        if best >= least:
            found.append(chosen[-place])
            continue
        vectors[len(chosen)] = meaning.vector
        chosen.append(number)
        found.append(number)
    return found
