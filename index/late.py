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
    every = np.concatenate([texts[number] for number in filled]).astype(np.float32, copy=False)
    starts = np.cumsum([0, *(len(texts[number]) for number in filled[:-1])])
    result[:, filled] = np.maximum.reduceat(question @ every.T, starts, axis=1)
    return result
