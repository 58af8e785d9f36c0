"""Likeness: which questions ask the same thing in other words, so that they can be counted together.

Two questions are compared word by word in context, each word with its best counterpart in the other (late
interaction, as the reader compares). A word counts the more, the rarer it is in the library: that two
questions about lupus both say "stem cells help" says nothing, that both say "pregnant" does.
"""

import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.function_words import FUNCTION_WORDS

Floats = NDArray[np.float32]

ALIKE = 0.55
"""Least likeness of two questions that are counted together. Of 20 pairs that ask the same in other words 11
reach it, of 20 that only sound alike 3 do (tests/test_likeness.py)."""

SMALL = 0.05
"""What a word counts that says nothing of what a question is about."""

_WORD = re.compile(r"[^\W\d_]+")


class Rarity:
    """What each word counts in a library.

    The square of its inverse document frequency (Sparck Jones 1972), 1 for a word that no passage has.

    Args:
        passages: the library's texts.
    """

    def __init__(self, passages: Iterable[str]) -> None:
        words = [set(_WORD.findall(passage.lower())) for passage in passages]
        self._found = Counter(word for each in words for word in each)
        self._most = math.log(len(words) + 1)

    def of(self, word: str) -> float:
        """What a word, in lower case, counts: 0 to 1."""
        if word in FUNCTION_WORDS or not word.isalnum() or not self._most:
            return SMALL
        return max(SMALL, (1 - math.log(self._found[word] + 1) / self._most) ** 2)


class Meaning(NamedTuple):
    """A question as it is compared.

    Attributes:
        tokens: (word pieces, dimension), unit length each.
        weights: (word pieces,), what each counts; their sum is 1.
    """

    tokens: Floats
    weights: Floats

    @classmethod
    def of(cls, question: str, encoder: Encoder, rarity: Rarity) -> Self:
        """What a question means in a library."""
        _, read = encoder.encode_question(question)
        weights = np.array([rarity.of(word) for word in _whole_words(read.tokens)], np.float32)
        return cls(read.vectors, weights / max(float(weights.sum()), SMALL))

    def to_bytes(self) -> bytes:
        """Packed, with half the digits, which no comparison notices."""
        stream = io.BytesIO()
        packed = np.hstack([self.tokens, self.weights[:, None]]).astype(np.float16)
        np.save(stream, packed, allow_pickle=False)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Unpacked."""
        rows = np.load(io.BytesIO(packed), allow_pickle=False).astype(np.float32)
        return cls(np.ascontiguousarray(rows[:, :-1]), rows[:, -1])


def _whole_words(pieces: Sequence[str]) -> list[str]:
    """For each word piece ("##s" goes on with the one before) the word that it is of."""
    words: list[str] = []
    numbers: list[int] = []
    for piece in pieces:
        if words and piece.startswith("##"):
            words[-1] += piece.removeprefix("##")
        else:
            words.append(piece)
        numbers.append(len(words) - 1)
    return [words[number] for number in numbers]


def likeness(one: Meaning, other: Meaning) -> float:
    """How alike two questions are, at most 1: the worse of both ways round; 0 where one has no words."""
    if not len(one.tokens) or not len(other.tokens):
        return 0.0
    matches = one.tokens @ other.tokens.T
    return float(min(one.weights @ matches.max(axis=1), other.weights @ matches.max(axis=0)))


class Leaders:
    """Questions of which each leads a group, and who finds the one that a question belongs to.

    Leader clustering (Hartigan 1975): a question joins the leader that it is most like, the earlier of two
    that are equally like, or becomes a leader itself. The same questions in the same order always give the
    same groups, and a question that comes later changes none of them.

    Args:
        known: leaders by their names, in order.
        least: how alike a question must be to one of them.
    """

    def __init__(self, known: Iterable[tuple[str, Meaning]] = (), least: float = ALIKE) -> None:
        self._least = least
        self._names: list[str] = []
        self._meanings: list[Meaning] = []
        self._block: _Block | None = None
        for name, meaning in known:
            self._add(name, meaning)

    def join(self, name: str, meaning: Meaning) -> str:
        """The name of the leader that a question belongs to; its own where it becomes one."""
        leader, alike = self._nearest(meaning)
        if alike >= self._least:
            return leader
        self._add(name, meaning)
        return name

    def _add(self, name: str, meaning: Meaning) -> None:
        if len(meaning.tokens):  # one without words leads nobody
            self._names.append(name)
            self._meanings.append(meaning)
            self._block = None

    def _nearest(self, meaning: Meaning) -> tuple[str, float]:
        if not self._names or not len(meaning.tokens):
            return "", -1.0
        if self._block is None:
            self._block = _Block.of(self._meanings)
        alike = self._block.likeness(meaning)
        best = int(np.argmax(alike))
        return self._names[best], float(alike[best])


class _Block(NamedTuple):
    """Several questions, their words in one block: another one is compared with all of them at once."""

    tokens: Floats
    weights: Floats
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, meanings: Sequence[Meaning]) -> Self:
        """The block of some questions, each of which has words."""
        ends = np.cumsum([len(each.tokens) for each in meanings])
        return cls(
            np.vstack([each.tokens for each in meanings]),
            np.concatenate([each.weights for each in meanings]),
            np.concatenate([[0], ends[:-1]]),
        )

    def likeness(self, meaning: Meaning) -> Floats:
        """What `likeness` gives for each of them."""
        matches = meaning.tokens @ self.tokens.T
        there = meaning.weights @ np.maximum.reduceat(matches, self.starts, axis=1)
        back = np.add.reduceat(self.weights * matches.max(axis=0), self.starts)
        alike: Floats = np.minimum(there, back)
        return alike
