"""Reader: how well a sentence answers a question, told from the vectors of both.

Late interaction after Khattab and Zaharia, "ColBERT" (SIGIR 2020): each token of the question looks for its
best match among the sentence's tokens, and the matches are averaged. Tokens count alike: weighting them by
their rarity was tried and did no better (evaluation/README.md).
"""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, TokenVectors

Floats = NDArray[np.float32]

SIMILARITY_WEIGHT = 0.3
"""Share of the whole sentence's cosine beside the tokens' mean best match."""

SLOPE, MIDDLE = 7.0, 0.81
"""Logistic curve from the raw score to 0..1, fitted on whether a text answers (evaluation/README.md)."""


class ReadableSentence(Protocol):
    """A sentence as the index stores it.

    Attributes:
        vector: (dimension,), unit length.
        tokens: (tokens, dimension), unit length.
    """

    @property
    def vector(self) -> NDArray[np.floating]:
        """The whole sentence."""

    @property
    def tokens(self) -> NDArray[np.floating]:
        """Its tokens."""


def read(vector: Floats, tokens: TokenVectors, sentences: Sequence[ReadableSentence]) -> list[float]:
    """Scores sentences against one question.

    Args:
        vector: the question's vector, (dimension,), unit length.
        tokens: the question's token vectors, from the same forward pass.
        sentences: what may answer.

    Returns:
        One score a sentence, 0 to 1, in their order; the higher, the likelier it answers.
    """
    if not sentences:
        return []
    if not tokens.tokens:
        return [0.0] * len(sentences)
    lengths = [len(sentence.tokens) for sentence in sentences]
    similarity = np.stack([sentence.vector for sentence in sentences]).astype(np.float32) @ vector
    late = _mean_best_match(tokens.vectors, [sentence.tokens for sentence in sentences], lengths)
    return [_probability(raw) for raw in late + SIMILARITY_WEIGHT * similarity]


def _mean_best_match(
    question: Floats, sentences: Sequence[NDArray[np.floating]], lengths: Sequence[int]
) -> Floats:
    """The mean over question tokens of the best cosine to a token of each sentence: (len(sentences),)."""
    filled = [number for number, length in enumerate(lengths) if length]
    result = np.zeros(len(sentences), dtype=np.float32)
    if filled:
        # One product for all sentences; reduceat then takes each one's own columns.
        every = np.concatenate([sentences[number] for number in filled]).astype(np.float32)
        starts = np.cumsum([0, *(lengths[number] for number in filled[:-1])])
        result[filled] = np.maximum.reduceat(question @ every.T, starts, axis=1).mean(axis=0)
    return result


def _probability(raw: float) -> float:
    return 1.0 / (1.0 + math.exp(-SLOPE * (float(raw) - MIDDLE)))


class _Encoded:
    def __init__(self, vector: Floats, tokens: Floats) -> None:
        self.vector = vector
        self.tokens = tokens


def read_texts(encoder: Encoder, question: str, sentences: Sequence[str]) -> list[float]:
    """The same scores for sentences that are in no index; encodes them first."""
    vector, tokens = encoder.encode_question(question)
    vectors, all_tokens = encoder.encode_with_tokens(sentences)
    return read(vector, tokens, [_Encoded(v, t.vectors) for v, t in zip(vectors, all_tokens, strict=True)])
