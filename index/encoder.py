"""Encoder: turns texts into vectors; OnnxEncoder does it with an exported sentence-transformers model."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.sentences import Span
from index.errors import EncoderError
from index.layers import UNTRAINED, Judgement, ReadingLayers, load_layers
from index.models import (
    INNER_OUTPUT,
    MODEL_FILE,
    PACKAGED_NAME,
    PACKAGED_SHA256,
    REFUSED,
    SENTENCE_OUTPUT,
    TOKEN_OUTPUT,
    TOKENIZER_FILE,
    Export,
    Model,
    find_model,
    read_export,
)
from index.sessions import open_session

Floats = NDArray[np.float32]
Progress = Callable[[int], object]
"""Called with the number of texts encoded since the last call; what it returns is of no use."""

BATCH = 4
"""Texts in one forward pass: of long ones, 8 take a tenth more time each, 16 a third, and memory too."""


class TokenVectors(NamedTuple):
    """The tokens of one text, each with its vector in context.

    Attributes:
        tokens: word pieces in reading order, without the model's own marks such as [CLS] and [SEP].
        vectors: (len(tokens), dimension), unit length: made ready for reading by the trained layers, or the
            last hidden layer where there are none for the model.
        weights: (len(tokens),), what each token counts, if it is one of a question; their sum is 1.
    """

    tokens: tuple[str, ...]
    vectors: Floats
    weights: Floats

    @classmethod
    def alike(cls, tokens: Sequence[str], vectors: Floats) -> Self:
        """Tokens that count alike."""
        return cls(tuple(tokens), vectors, np.full(len(tokens), 1 / max(len(tokens), 1), np.float32))

    def only(self, places: Sequence[int]) -> "TokenVectors":
        """The tokens in some places, counting as much among themselves as before."""
        weights = self.weights[places]
        tokens = tuple(self.tokens[place] for place in places)
        return TokenVectors(tokens, self.vectors[places], weights / weights.sum())


class Encoder(Protocol):
    """What the index needs of a model.

    Attributes:
        name: what people call the model.
        sha256: names the model's weights and settings; another hash means other vectors.
        dimension: length of a vector.
        max_tokens: what of a text lies beyond is not read.
        judgement: what the reader makes of how its tokens match.
    """

    name: str
    sha256: str
    dimension: int
    max_tokens: int
    judgement: Judgement

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Vectors of texts: (len(texts), dimension), unit length."""

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Token vectors of each text."""

    def encode_question(self, text: str) -> tuple[Floats, TokenVectors]:
        """A question's vector, (dimension,), and its token vectors, from one forward pass."""

    def knows(self, word: str) -> bool:
        """Whether a word, in lower case, is one token of its own: a common word, rightly spelt."""

    def token_spans(self, text: str) -> list[Span]:
        """Where in a text each of its tokens stands, in the order of `encode_tokens`."""

    def encode_with_tokens(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> tuple[Floats, list[TokenVectors]]:
        """What `encode` and `encode_tokens` return, from one forward pass."""


class OnnxEncoder:
    """An exported model on the CPU. May be used by several threads at once."""

    def __init__(
        self, export: Export, session: Any, tokenizer: Tokenizer, layers: ReadingLayers | None = None
    ) -> None:
        self.name = export.name
        self.sha256 = layers.sha256 if layers else export.source_sha256
        self.dimension = export.dimension
        self.max_tokens = export.max_tokens
        self.judgement = layers.judgement if layers else UNTRAINED
        self._session = session
        self._tokenizer = tokenizer
        self._layers = layers

    @classmethod
    def load(cls, folder: Path, *, threads: int = 0) -> Self:
        """Loads what `export_encoder` wrote, after checking its hashes.

        Args:
            folder: the exported model.
            threads: for one forward pass; 0 takes one a core.

        Raises:
            EncoderError: a file is missing or not as it was written.
        """
        export = read_export(folder)
        try:
            session = open_session(folder / MODEL_FILE, threads)
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise EncoderError(f"{folder}: the exported model cannot be loaded: {error}") from error
        return cls(export, session, tokenizer, load_layers(export.source_sha256, threads=threads))

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Vectors of texts: (len(texts), dimension), unit length.

        Args:
            texts: any texts; of each, the first `max_tokens` tokens are read.
            progress: called with the number of texts done since the last call.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for numbers, inputs, _ in self._batches(texts):
            (vectors[numbers],) = self._session.run([SENTENCE_OUTPUT], inputs)
            if progress:
                progress(len(numbers))
        return vectors

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Token vectors of each text; see TokenVectors."""
        return self.encode_with_tokens(texts)[1]

    def encode_question(self, text: str) -> tuple[Floats, TokenVectors]:
        """A question's vector, (dimension,), and its token vectors, from one forward pass."""
        vectors, tokens = self.encode_with_tokens([text])
        return vectors[0], tokens[0]

    def knows(self, word: str) -> bool:
        """Whether a word, in lower case, is one token of its own: a common word, rightly spelt."""
        return self._tokenizer.token_to_id(word) is not None

    def token_spans(self, text: str) -> list[Span]:
        """Where in a text each of its tokens stands, in the order of `encode_tokens`."""
        encoding = self._tokenizer.encode(_readable(text))
        marks = zip(encoding.offsets, encoding.special_tokens_mask, strict=True)
        return [Span(*offsets) for offsets, mark in marks if not mark]

    def encode_with_tokens(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> tuple[Floats, list[TokenVectors]]:
        """What `encode` and `encode_tokens` return, from one forward pass."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        tokens: dict[int, TokenVectors] = {}
        for numbers, inputs, encodings in self._batches(texts):
            states, vectors[numbers] = self._session.run([self._states, SENTENCE_OUTPUT], inputs)
            ready, weights = self._make_ready(states, inputs["attention_mask"])
            for number, *own in zip(numbers, encodings, ready, weights, strict=True):
                tokens[number] = _without_marks(*own)
            if progress:
                progress(len(numbers))
        return vectors, [tokens[number] for number in range(len(texts))]

    @property
    def _states(self) -> str:
        return INNER_OUTPUT if self._layers else TOKEN_OUTPUT

    def _make_ready(self, states: Floats, mask: NDArray[np.int64]) -> tuple[Floats, Floats]:
        if self._layers:
            return self._layers.make_ready(states, mask)
        length = np.linalg.norm(states, axis=2, keepdims=True)
        return states / np.maximum(length, np.finfo(np.float32).tiny), np.ones(mask.shape, np.float32)

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], dict[str, NDArray[np.int64]], Any]]:
        """Texts of like length together, so that little is spent on padding: numbers, inputs, encodings."""
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for first in range(0, len(order), BATCH):
            numbers = order[first : first + BATCH]
            encodings = self._tokenizer.encode_batch([_readable(texts[number]) for number in numbers])
            inputs = {
                "input_ids": np.array([encoding.ids for encoding in encodings], dtype=np.int64),
                "attention_mask": np.array([encoding.attention_mask for encoding in encodings], np.int64),
            }
            yield numbers, inputs, encodings


def _readable(text: str) -> str:
    """The text, as long as it was, for the tokenizer: half of a surrogate pair, from JSON, is none to it."""
    return text.encode("utf-8", "replace").decode()


def _without_marks(encoding: Any, vectors: Floats, weights: Floats) -> TokenVectors:
    kept = [place for place, mark in enumerate(encoding.special_tokens_mask) if not mark]
    own = weights[kept]
    return TokenVectors(
        tuple(encoding.tokens[place] for place in kept), vectors[kept], own / max(own.sum(), 1e-9)
    )


def ensure_encoder(model: str, encoders: Path, *, threads: int = 0) -> OnnxEncoder:
    """Loads a model's export, after making it where it is missing or damaged.

    The export is made by another process, so that this one never imports torch. A line on stderr says so,
    because it takes a while.

    Args:
        model: "all-MiniLM-L6-v2", the packaged one, or the folder of any sentence-transformers model.
        encoders: folder of exports; made where it is missing.
        threads: for one forward pass; 0 takes one a core.

    Raises:
        EncoderError: there is no such model, it is of an unknown kind, or it cannot be exported.
    """
    found = find_model(model)
    folder = encoders.resolve() / found.slug
    try:
        return OnnxEncoder.load(folder, threads=threads)
    except EncoderError:
        with _lock(encoders):
            _export_unless_done(found, folder)
    return OnnxEncoder.load(folder, threads=threads)


def _export_unless_done(model: Model, folder: Path) -> None:
    try:
        read_export(folder)  # by another process, while this one waited for the lock
    except EncoderError as error:
        reason = f"{error}; making it again" if folder.exists() else "once; it takes about half a minute"
        sys.stderr.write(f"Exporting the model {model.name} to ONNX ({reason}) ...\n")
        _run_export(model, folder)


def _run_export(model: Model, folder: Path) -> None:
    source = PACKAGED_NAME if model.sha256 == PACKAGED_SHA256 else str(model.folder)
    done = subprocess.run(  # noqa: S603 - this Python, our own module
        [sys.executable, "-m", "index.export", source, str(folder)],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == REFUSED:
        raise EncoderError(done.stderr.strip().splitlines()[-1])
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise EncoderError(f"{model.name}: the model cannot be exported: {last}")


@contextmanager
def _lock(encoders: Path) -> Iterator[None]:
    """One export at a time; a second process waits for the first."""
    try:
        encoders.mkdir(parents=True, exist_ok=True)
        file = (encoders / "lock").open("a")
    except OSError as error:
        raise EncoderError(f"{encoders}: the folder of exported models: {error.strerror}") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
