"""An encoder for building while questions are answered: it takes turns with them."""

import threading
import time
from collections.abc import Sequence

import numpy as np

from corpus.sentences import Span
from index.encoder import BATCH, Encoder, Floats, Progress, TokenVectors
from service.publishing.failures import StoppedError


class ConsiderateEncoder:
    """Another encoder, used for a few texts at a time, with a pause as long as they took after each.

    A thread of low priority would be no help: while it waited for its turn it would hold what all threads of
    Python need.

    Args:
        encoder: the one that questions are encoded with.
        stop: set when nothing more is to be encoded.
    """

    def __init__(self, encoder: Encoder, stop: threading.Event) -> None:
        self.name = encoder.name
        self.sha256 = encoder.sha256
        self.dimension = encoder.dimension
        self.max_tokens = encoder.max_tokens
        self.judgement = encoder.judgement
        self._encoder = encoder
        self._stop = stop

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Vectors of texts: (len(texts), dimension), unit length."""
        return self.encode_with_tokens(texts, progress)[0]

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Token vectors of each text."""
        return self.encode_with_tokens(texts)[1]

    def encode_question(self, text: str) -> tuple[Floats, TokenVectors]:
        """A question's vector, (dimension,), and its token vectors, from one forward pass."""
        return self._encoder.encode_question(text)

    def knows(self, word: str) -> bool:
        """Whether a word, in lower case, is one token of its own: a common word, rightly spelt."""
        return self._encoder.knows(word)

    def token_spans(self, text: str) -> list[Span]:
        """Where in a text each of its tokens stands, in the order of `encode_tokens`."""
        return self._encoder.token_spans(text)

    def encode_with_tokens(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> tuple[Floats, list[TokenVectors]]:
        """What `encode` and `encode_tokens` return.

        Raises:
            StoppedError: the service is told to stop.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        tokens: list[TokenVectors] = []
        for first in range(0, len(texts), BATCH):
            began = time.perf_counter()
            few = texts[first : first + BATCH]
            vectors[first : first + len(few)], own = self._encoder.encode_with_tokens(few, progress)
            tokens += own
            if self._stop.wait(time.perf_counter() - began):
                raise StoppedError
        return vectors, tokens
