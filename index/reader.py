"""Reader: how well sentences answer a question, and whether the library knows what is asked about.

Each token of the question looks for its best match among the sentence's tokens, and the matches are averaged.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, TokenVectors
from index.function_words import FUNCTION_WORDS
from index.late import best_matches

Floats = NDArray[np.float32]

SIMILARITY_WEIGHT = 0.3
"""What the whole sentence's cosine counts beside the tokens' mean best match."""

MATCH_WEIGHT, SUPPORT_WEIGHT, OFFSET = 3.7, 6.7, -6.3
"""Logistic weights, from the best sentence's match and the question's support to a probability."""


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


class Reading(NamedTuple):
    """What reading sentences for a question gives.

    Attributes:
        scores: for each sentence how likely it answers, 0 to 1.
        support: how near the least known content word of the question comes to any word read, -1 to 1;
            0 for a question without content words ("what?"). A low one means that the sentences are
            about something else, however alike they are otherwise.
    """

    scores: list[float]
    support: float


def read(
    vector: Floats,
    tokens: TokenVectors,
    sentences: Sequence[ReadableSentence],
    *,
    explained: Collection[str] = (),
) -> Reading:
    """Scores sentences against one question.

    Args:
        vector: the question's vector, (dimension,), unit length.
        tokens: the question's token vectors, from the same forward pass.
        sentences: what may answer.
        explained: words of the question, in lower case, that no sentence needs to match: the library's
            word for them stands in the question as well, or they only name the study.
    """
    says_nothing = not any(word.isalnum() for word, _ in _words(tokens.tokens))
    if says_nothing or not any(len(sentence.tokens) for sentence in sentences):
        return Reading([0.0] * len(sentences), 0.0)
    tokens = _without(tokens, explained)
    best = best_matches(tokens.vectors, [sentence.tokens for sentence in sentences])
    similarity = np.stack([sentence.vector for sentence in sentences]).astype(np.float32, copy=False) @ vector
    matches = best.mean(axis=0) + SIMILARITY_WEIGHT * similarity
    support = _support(tokens.tokens, best.max(axis=1))
    return Reading([_probability(float(match), support) for match in matches], support)


def _without(tokens: TokenVectors, explained: Collection[str]) -> TokenVectors:
    """The tokens less those of explained words; all of them where nothing else would be left."""
    kept = [place for word, pieces in _words(tokens.tokens) if word not in explained for place in pieces]
    if not kept or len(kept) == len(tokens.tokens):
        return tokens
    return TokenVectors(tuple(tokens.tokens[place] for place in kept), tokens.vectors[kept])


def _support(tokens: Sequence[str], matches: Floats) -> float:
    """The least of the content words' matches, a word's being the mean of its pieces'."""
    known = [
        float(np.mean(matches[pieces]))
        for word, pieces in _words(tokens)
        if word not in FUNCTION_WORDS and word.isalnum()
    ]
    return min(known, default=0.0)


def _words(tokens: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    """Words put together from their pieces ("##s" goes on with the word before), with the pieces' places."""
    word, pieces = "", list[int]()
    for place, token in enumerate(tokens):
        if not token.startswith("##") and pieces:
            yield word, pieces
            word, pieces = "", []
        word += token.removeprefix("##")
        pieces.append(place)
    if pieces:
        yield word, pieces


def _probability(match: float, support: float) -> float:
    return 1.0 / (1.0 + math.exp(-(MATCH_WEIGHT * match + SUPPORT_WEIGHT * support + OFFSET)))


class _Encoded(NamedTuple):
    vector: Floats
    tokens: Floats


def read_texts(encoder: Encoder, question: str, sentences: Sequence[str]) -> Reading:
    """The same for sentences that are in no index; encodes them first."""
    vector, tokens = encoder.encode_question(question)
    vectors, all_tokens = encoder.encode_with_tokens(sentences)
    return read(vector, tokens, [_Encoded(v, t.vectors) for v, t in zip(vectors, all_tokens, strict=True)])
