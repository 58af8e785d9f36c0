"""A deterministic encoder for unit tests: bags of hashed words, no model, no files."""

import hashlib
import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.sentences import Span
from index.encoder import TokenVectors
from index.layers import UNTRAINED

Floats = NDArray[np.float32]


class ToyEncoder:
    """Implements index.encoder.Encoder: texts that share words point the same way."""

    def __init__(self, dimension: int = 64, *, name: str = "toy", max_tokens: int = 256) -> None:
        self.name = name
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.judgement = UNTRAINED
        self.sha256 = hashlib.sha256(f"{name} {dimension}".encode()).hexdigest()
        self.encoded = 0  # texts encoded so far: lets tests count what was reused

    def encode(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> Floats:
        return self.encode_with_tokens(texts, progress)[0]

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self.encode_with_tokens(texts)[1]

    def encode_question(self, text: str) -> tuple[Floats, TokenVectors]:
        vectors, tokens = self.encode_with_tokens([text])
        return vectors[0], tokens[0]

    def knows(self, word: str) -> bool:
        return len(self._tokens(word).tokens) == 1  # so no word looks misspelt here

    def token_spans(self, text: str) -> list[Span]:
        return [Span(*match.span()) for match in re.finditer(r"\w+", text)][: self.max_tokens]

    def encode_with_tokens(
        self, texts: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> tuple[Floats, list[TokenVectors]]:
        tokens = [self._tokens(text) for text in texts]
        self.encoded += len(texts)
        if progress:
            progress(len(texts))
        sums = [own.vectors.sum(axis=0) if own.tokens else self._word("") for own in tokens]
        rows = np.array(sums, dtype=np.float32).reshape(-1, self.dimension)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True), tokens

    def _tokens(self, text: str) -> TokenVectors:
        words = tuple(re.findall(r"\w+", text.lower())[: self.max_tokens])
        rows = [self._word(word) for word in words]
        vectors = np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)
        return TokenVectors.alike(words, vectors)

    def _word(self, word: str) -> Floats:
        drawn = np.random.default_rng(_number(word)).standard_normal(self.dimension).astype(np.float32)
        return drawn / np.linalg.norm(drawn)


def _number(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:6], "big")
