"""Late interaction: each token of a question looks for its best match among a text's tokens.

Khattab and Zaharia, "ColBERT" (SIGIR 2020). Tokens count alike: weighting them by their rarity was tried and
did no better (evaluation/README.md).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def best_matches(question: Floats, texts: Sequence[NDArray[np.floating]]) -> Floats:
    """The best cosine of each question token to a token of each text; 0 for a text without tokens.

    Args:
        question: (question tokens, dimension), unit length.
        texts: of each text (tokens, dimension), unit length.

    Returns:
        (question tokens, texts).
    """
    result = np.zeros((len(question), len(texts)), dtype=np.float32)
    filled = [number for number, tokens in enumerate(texts) if len(tokens)]
    if not filled:
        return result
    # One product for all texts; reduceat then takes each one's own columns.
    every, starts = _joined([texts[number] for number in filled])
    result[:, filled] = np.maximum.reduceat(question @ every.T, starts, axis=1)
    return result


def likeness(question: Floats, texts: Sequence[NDArray[np.floating]]) -> Floats:
    """How alike a question and texts are, both ways: neither may ask for what the other does not.

    That is the mean of what the question's tokens find in the text and of what the text's find in the
    question.

    Args:
        question: (question tokens, dimension), unit length, at least one token.
        texts: of each text (tokens, dimension), unit length, at least one token.

    Returns:
        (texts,), up to 1.
    """
    every, starts = _joined(texts)
    cosines = question @ every.T
    there = np.maximum.reduceat(cosines, starts, axis=1).mean(axis=0)
    lengths = np.diff([*starts, len(every)])
    back = np.add.reduceat(cosines.max(axis=0), starts) / lengths
    mean: Floats = (there + back) / 2
    return mean


def _joined(texts: Sequence[NDArray[np.floating]]) -> tuple[Floats, NDArray[np.int64]]:
    """The tokens of all texts, none of them empty, and where each text's begin."""
    starts = np.cumsum([0, *(len(tokens) for tokens in texts[:-1])])
    return np.concatenate(texts).astype(np.float32, copy=False), starts
