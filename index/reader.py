"""Reader: how well sentences answer a question.

Each token of the question looks for its best match among a sentence's tokens (index.late). What the matches
come to, in the sentence and in its passage, is judged by a few fitted weights.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, TokenVectors
from index.late import best_matches
from index.layers import Judgement

Floats = NDArray[np.float32]
Tokens = NDArray[np.floating]
"""A sentence's tokens, (tokens, dimension), unit length, as the index stores them."""

WORST_SHARPNESS = 8.0
"""How sharply the worst match is the worst one: a soft minimum, so that no single token decides."""


class Matches(NamedTuple):
    """How a question's tokens match sentences; each (sentences,).

    Attributes:
        match: the weighted mean of the tokens' best matches in the sentence.
        worst: the match of its worst matched tokens there: one word that a sentence lacks can make it an
            answer to another question.
        passage: the mean when each token may look in all sentences of the passage: a sentence makes sense
            only within its study.
    """

    match: Floats
    worst: Floats
    passage: Floats


class Comparison(NamedTuple):
    """A question and sentences, token by token.

    Attributes:
        tokens: those of the question that count.
        best: the best match of each of them in each sentence, (tokens, sentences).
    """

    tokens: TokenVectors
    best: Floats


class Reading(NamedTuple):
    """What the reader makes of sentences, in their order; each (sentences,).

    Attributes:
        likely: how likely each one answers, 0 to 1.
        matches: what that was judged by; None where the question or the sentences have no words.
        comparison: what the matches were told from; None as well.
    """

    likely: list[float]
    matches: Matches | None = None
    comparison: Comparison | None = None


def read(
    tokens: TokenVectors,
    passages: Sequence[Sequence[Tokens]],
    *,
    judgement: Judgement,
    explained: Collection[str] = (),
) -> Reading:
    """For each sentence, in order, how likely it answers a question, and what that was told by.

    Args:
        tokens: the question's.
        passages: what may answer: the sentences of each passage, which are each other's context.
        judgement: what to make of how they match: the encoder's.
        explained: words of the question, in lower case, that no sentence needs to match: the library's
            word for them stands in the question as well, or they only name the study.
    """
    compared = _compare(tokens, passages, explained)
    if compared is None:
        return Reading([0.0] * sum(map(len, passages)))
    found = _matches(compared, passages)
    points = (
        judgement.match * found.match
        + judgement.worst * found.worst
        + judgement.passage * found.passage
        + judgement.offset
    )
    return Reading([1.0 / (1.0 + math.exp(-float(each))) for each in points], found, compared)


def match(
    tokens: TokenVectors, passages: Sequence[Sequence[Tokens]], *, explained: Collection[str] = ()
) -> Matches | None:
    """What `read` judges; None where the question or the sentences have no words."""
    compared = _compare(tokens, passages, explained)
    return _matches(compared, passages) if compared else None


def missed_words(compared: Comparison) -> list[tuple[str, float]]:
    """For each sentence the word of the question that weighs most on its worst match, and that word's match.

    That is the word that it misses most; nothing of it may be missed where the match is near 1.
    """
    every = list(_words(compared.tokens.tokens))
    words = [(word, pieces) for word, pieces in every if word[:1].isalnum()] or every
    shares = _shares(compared.best, compared.tokens.weights)
    most = np.argmax([shares[pieces].sum(axis=0) for _, pieces in words], axis=0)
    matched = [compared.best[pieces].mean(axis=0) for _, pieces in words]
    return [(words[word][0], float(matched[word][place])) for place, word in enumerate(most)]


def _compare(
    tokens: TokenVectors, passages: Sequence[Sequence[Tokens]], explained: Collection[str]
) -> Comparison | None:
    sentences = [sentence for passage in passages for sentence in passage]
    says_nothing = not any(word.isalnum() for word, _ in _words(tokens.tokens))
    if says_nothing or not any(map(len, sentences)):
        return None
    tokens = _without(tokens, explained)
    return Comparison(tokens, best_matches(tokens.vectors, sentences))


def _matches(compared: Comparison, passages: Sequence[Sequence[Tokens]]) -> Matches:
    tokens, best = compared
    return Matches(
        match=tokens.weights @ best,
        worst=_worst(best, tokens.weights),
        passage=tokens.weights @ _best_of_passages(best, passages),
    )


def _without(tokens: TokenVectors, explained: Collection[str]) -> TokenVectors:
    """The tokens less those of explained words; all of them where nothing else would be left."""
    kept = [place for word, pieces in _words(tokens.tokens) if word not in explained for place in pieces]
    return tokens.only(kept) if kept else tokens


def _shares(best: Floats, weights: Floats) -> Floats:
    """How much each token weighs in the worst match of each sentence."""
    shares: Floats = weights[:, None] * np.exp(-WORST_SHARPNESS * best)
    return shares


def _worst(best: Floats, weights: Floats) -> Floats:
    share = _shares(best, weights)
    worst: Floats = (share * best).sum(axis=0) / np.maximum(share.sum(axis=0), np.finfo(np.float32).tiny)
    return worst


def _best_of_passages(best: Floats, passages: Sequence[Sequence[Tokens]]) -> Floats:
    """Each token's best match in the whole passage of each sentence, (question tokens, sentences)."""
    sizes = np.array([len(passage) for passage in passages if len(passage)])
    starts = np.cumsum([0, *sizes[:-1]])
    return np.repeat(np.maximum.reduceat(best, starts, axis=1), sizes, axis=1)


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


def read_texts(encoder: Encoder, question: str, sentences: Sequence[str]) -> list[float]:
    """The same for the sentences of one text that is in no index; encodes them first."""
    _, tokens = encoder.encode_question(question)
    read_tokens = [one.vectors for one in encoder.encode_tokens(sentences)]
    return read(tokens, [read_tokens], judgement=encoder.judgement).likely
