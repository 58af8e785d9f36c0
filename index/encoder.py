"""Encoder: turns texts into vectors; OnnxEncoder does it with an exported sentence-transformers model."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Progress = Callable[[int], object]
"""Called with the number of texts encoded since the last call; what it returns is of no use."""


class TokenVectors(NamedTuple):
    """The tokens of one text, each with its vector in context.

    Attributes:
        tokens: word pieces in reading order, without the model's own marks such as [CLS] and [SEP].
        vectors: (len(tokens), dimension), last hidden layer, unit length.
        ids: the tokens' numbers in the model's vocabulary.
    """

    tokens: tuple[str, ...]
    vectors: Floats
    ids: tuple[int, ...]


class Encoder(Protocol):
    """What the index needs of a model.

    Attributes:
        name: what people call the model.
        sha256: names the model's weights and settings; another hash means other vectors.
        dimension: length of a vector.
        max_tokens: what of a text lies beyond is not read.
    """

    name: str
    sha256: str
    dimension: int
    max_tokens: int

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Vectors of texts: (len(texts), dimension), unit length."""

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Token vectors of each text."""

    def encode_question(self, text: str) -> tuple[Floats, TokenVectors]:
        """A question's vector, (dimension,), and its token vectors, from one forward pass."""

    def encode_with_tokens(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> tuple[Floats, list[TokenVectors]]:
        """What `encode` and `encode_tokens` return, from one forward pass."""
