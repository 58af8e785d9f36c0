"""SentenceStore: each sentence's vector and token vectors, so that reading needs no encoding."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, Progress
from index.rows import RowFile, embedding_key, read_keys, write_keys

VECTORS_FILE = "vectors.npy"
TOKENS_FILE = "tokens.npy"
NUMBERS_FILE = "token-ids.npy"
STARTS_FILE = "token-starts.npy"
FIRST_FILE = "sentence-starts.npy"
FREQUENCIES_FILE = "frequencies.npy"
KEYS_FILE = "keys.npy"

CHUNK = 128
"""Sentences encoded and written at a time: their tokens take some 10 MB."""


class SentenceVectors(NamedTuple):
    """One sentence.

    Attributes:
        vector: the whole sentence, (dimension,), float32, unit length.
        tokens: its tokens in context, (tokens, dimension), float16, unit length up to rounding.
        token_ids: their numbers in the encoder's vocabulary, (tokens,).
    """

    vector: NDArray[np.float32]
    tokens: NDArray[np.float16]
    token_ids: NDArray[np.int32]


class SentenceStore:
    """The sentences of all passages, in the passages' order; token vectors stay on disk until read."""

    def __init__(self, folder: Path) -> None:
        self._vectors = np.load(folder / VECTORS_FILE, mmap_mode="r")
        self._tokens = np.load(folder / TOKENS_FILE, mmap_mode="r")
        self._token_ids = np.load(folder / NUMBERS_FILE, mmap_mode="r")
        self._token_starts = np.load(folder / STARTS_FILE)
        self._sentence_starts = np.load(folder / FIRST_FILE)
        frequencies = np.load(folder / FREQUENCIES_FILE)
        self._frequencies: dict[int, int] = dict(frequencies.tolist())
        self._folder = folder

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens what `write_sentences` wrote; the caller has checked that it is intact."""
        return cls(folder)

    def __len__(self) -> int:
        return len(self._vectors)

    def of(self, passage: int) -> list[SentenceVectors]:
        """The sentences of a passage, in the order of its `sentences`.

        Args:
            passage: the passage's number in the index.
        """
        first, end = self._sentence_starts[passage : passage + 2]
        return [self[number] for number in range(first, end)]

    def __getitem__(self, number: int) -> SentenceVectors:
        start, end = self._token_starts[number : number + 2]
        return SentenceVectors(self._vectors[number], self._tokens[start:end], self._token_ids[start:end])

    def idf(self, token_id: int) -> float:
        """How rare a token is among the library's sentences; above 0, highest for one that is in none.

        ln(1 + (N - n + 0.5) / (n + 0.5)) for n of N sentences: Robertson and Zaragoza, "The Probabilistic
        Relevance Framework: BM25 and Beyond" (2009), section 3.1, kept above 0 as Lucene does.
        """
        n = self._frequencies.get(int(token_id), 0)
        return math.log1p((len(self) - n + 0.5) / (n + 0.5))

    def keys(self) -> dict[bytes, int]:
        """The number of each sentence by its embedding key."""
        return read_keys(self._folder / KEYS_FILE)


def write_sentences(
    folder: Path,
    passages: Sequence[Sequence[str]],
    encoder: Encoder,
    *,
    old: SentenceStore | None,
    progress: Progress | None = None,
) -> int:
    """Encodes the sentences of passages and writes them as a store.

    Args:
        folder: an empty folder.
        passages: the sentences of each passage, in order.
        encoder: whose vectors are stored.
        old: an intact store whose vectors are taken over where text and encoder are the same.
        progress: called with the number of sentences done since the last call.

    Returns:
        How many sentences were taken over.
    """
    texts = [text for sentences in passages for text in sentences]
    keys = [embedding_key(encoder.sha256, text) for text in texts]
    kept = old.keys() if old else {}
    frequencies: Counter[int] = Counter()
    with ExitStack() as stack:
        vectors = stack.enter_context(RowFile(folder / VECTORS_FILE, np.float32, encoder.dimension))
        tokens = stack.enter_context(RowFile(folder / TOKENS_FILE, np.float16, encoder.dimension))
        token_ids = stack.enter_context(RowFile(folder / NUMBERS_FILE, np.int32))
        lengths = []
        for chunk in _chunks(texts, keys):
            for sentence in _encode(chunk, encoder, old, kept):
                vectors.append(sentence.vector)
                tokens.append(sentence.tokens)
                token_ids.append(sentence.token_ids)
                lengths.append(len(sentence.token_ids))
                frequencies.update(set(sentence.token_ids.tolist()))
            if progress:
                progress(len(chunk))
    _write_starts(folder / STARTS_FILE, lengths)
    _write_starts(folder / FIRST_FILE, [len(sentences) for sentences in passages])
    with RowFile(folder / FREQUENCIES_FILE, np.int64, 2) as file:
        file.append(np.array(sorted(frequencies.items()), dtype=np.int64))
    write_keys(folder / KEYS_FILE, keys)
    return sum(key in kept for key in keys)


def _chunks(texts: Sequence[str], keys: Sequence[bytes]) -> Iterator[list[tuple[str, bytes]]]:
    for first in range(0, len(texts), CHUNK):
        yield list(zip(texts[first : first + CHUNK], keys[first : first + CHUNK], strict=True))


def _encode(
    chunk: Sequence[tuple[str, bytes]], encoder: Encoder, old: SentenceStore | None, kept: dict[bytes, int]
) -> Iterator[SentenceVectors]:
    new = list({text: None for text, key in chunk if key not in kept})
    vectors, tokens = encoder.encode_with_tokens(new)
    fresh = {
        text: SentenceVectors(vector, own.vectors.astype(np.float16), np.array(own.ids, dtype=np.int32))
        for text, vector, own in zip(new, vectors, tokens, strict=True)
    }
    for text, key in chunk:
        yield old[kept[key]] if old and key in kept else fresh[text]


def _write_starts(path: Path, lengths: Sequence[int]) -> None:
    with RowFile(path, np.int64) as file:
        file.append(np.cumsum([0, *lengths], dtype=np.int64))
