"""SentenceStore: each sentence's vector and token vectors, so that reading needs no encoding."""

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
STARTS_FILE = "token-starts.npy"
FIRST_FILE = "sentence-starts.npy"
KEYS_FILE = "keys.npy"

KEPT_BYTES = 32_000_000
"""Token vectors on disk up to which they are kept in memory, twice as large: some 3,000 sentences."""

CHUNK = 128
"""Sentences encoded and written at a time: their tokens take some 10 MB."""


class SentenceVectors(NamedTuple):
    """One sentence.

    Attributes:
        vector: the whole sentence, (dimension,), float32, unit length.
        tokens: its tokens in context, (tokens, dimension), unit length up to rounding; float16 on disk and
            where they are read from there, float32 where they are kept in memory.
    """

    vector: NDArray[np.float32]
    tokens: NDArray[np.floating]


class SentenceStore:
    """The sentences of all passages, in the passages' order; a large library's stay on disk until read.

    Attributes:
        vectors: of whole sentences, (sentences, dimension), float32, unit length.
    """

    def __init__(self, folder: Path, keep: int) -> None:
        self.vectors: NDArray[np.float32] = np.load(folder / VECTORS_FILE, mmap_mode="r").view(np.ndarray)
        tokens = np.load(folder / TOKENS_FILE, mmap_mode="r").view(np.ndarray)
        # Widening all of a small library once is cheaper than widening what is read at each question.
        self._tokens = tokens.astype(np.float32) if tokens.nbytes <= keep else tokens
        self._token_starts = np.load(folder / STARTS_FILE)
        self._sentence_starts = np.load(folder / FIRST_FILE)
        self._folder = folder

    @classmethod
    def open(cls, folder: Path, *, keep: int = KEPT_BYTES) -> Self:
        """Opens what `write_sentences` wrote; the caller has checked that it is intact.

        Args:
            folder: what was written.
            keep: bytes of token vectors on disk up to which they are kept in memory, twice as large.
        """
        return cls(folder, keep)

    def __len__(self) -> int:
        return len(self.vectors)

    def of(self, passage: int) -> list[SentenceVectors]:
        """The sentences of a passage, in the order of its `sentences`.

        Args:
            passage: the passage's number in the index.
        """
        return [self[number] for number in self.numbers_of(passage)]

    def numbers_of(self, passage: int) -> range:
        """The numbers of a passage's sentences."""
        return range(*self._sentence_starts[passage : passage + 2])

    def tokens_of(self, passage: int) -> NDArray[np.floating]:
        """The tokens of all sentences of a passage, (tokens, dimension)."""
        first, end = self._sentence_starts[passage : passage + 2]
        tokens: NDArray[np.floating] = self._tokens[self._token_starts[first] : self._token_starts[end]]
        return tokens

    def __getitem__(self, number: int) -> SentenceVectors:
        start, end = self._token_starts[number : number + 2]
        return SentenceVectors(self.vectors[number], self._tokens[start:end])

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
    with ExitStack() as stack:
        vectors = stack.enter_context(RowFile(folder / VECTORS_FILE, np.float32, encoder.dimension))
        tokens = stack.enter_context(RowFile(folder / TOKENS_FILE, np.float16, encoder.dimension))
        lengths = []
        for chunk in _chunks(texts, keys):
            for sentence in _encode(chunk, encoder, old, kept):
                vectors.append(sentence.vector)
                tokens.append(sentence.tokens)
                lengths.append(len(sentence.tokens))
            if progress:
                progress(len(chunk))
    _write_starts(folder / STARTS_FILE, lengths)
    _write_starts(folder / FIRST_FILE, [len(sentences) for sentences in passages])
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
        text: SentenceVectors(vector, own.vectors.astype(np.float16))
        for text, vector, own in zip(new, vectors, tokens, strict=True)
    }
    for text, key in chunk:
        yield old[kept[key]] if old and key in kept else fresh[text]


def _write_starts(path: Path, lengths: Sequence[int]) -> None:
    with RowFile(path, np.int64) as file:
        file.append(np.cumsum([0, *lengths], dtype=np.int64))
