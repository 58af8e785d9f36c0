"""Fusion: one order from dense and lexical scores, and the feedback of the best passages. Pure functions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fusion:
    """How two searches become one; defaults chosen on train and dev data (evaluation/README.md).

    Attributes:
        depth: how many candidates each search brings, at least 1.
        lexical_weight: share of the lexical score, 0 (dense alone) to 1 (lexical alone).
        feedback_passages: how many of the best passages the query is moved towards; 0 for no feedback.
        feedback_weight: how far: length of their mean beside the query's own length of 1.
        late_passages: how many of the best passages are then put in a new order by late interaction; 0 for
            none.
        late_weight: share of the late interaction in that order, 0 to 1.
    """

    depth: int = 100
    lexical_weight: float = 0.35
    feedback_passages: int = 2
    feedback_weight: float = 0.5
    late_passages: int = 25
    late_weight: float = 0.4


def min_max(scores: Floats) -> Floats:
    """Scores moved and stretched to 0..1; all 0 where all are the same, because then they tell nothing."""
    if not len(scores):
        return scores
    spread = scores.max() - scores.min()
    return (scores - scores.min()) / spread if spread > 0 else np.zeros_like(scores)


def fuse(dense: Floats, lexical: Floats, lexical_weight: float) -> Floats:
    """Convex combination of min-max normalised scores.

    Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (ACM TOIS 2023), who
    find it better than reciprocal ranks, as do our own figures.

    Args:
        dense: cosine of each candidate, found by either search.
        lexical: BM25 of each candidate; 0 for one that the lexical search did not bring.
        lexical_weight: 0 to 1.

    Returns:
        One score a candidate, 0 to 1, comparable only within one question.
    """
    return (1.0 - lexical_weight) * min_max(dense) + lexical_weight * min_max(lexical)


def move_towards(query: Floats, passages: Floats, weight: float) -> Floats:
    """The query vector moved towards the mean of passages taken for relevant.

    Rocchio, "Relevance feedback in information retrieval" (1971), without its negative part; on dense
    vectors as in Li et al., "Pseudo Relevance Feedback with Deep Language Models and Dense Retrievers"
    (ACM TOIS 2023).

    Args:
        query: (dimension,), unit length.
        passages: (n, dimension), n from 1.
        weight: of the mean.

    Returns:
        (dimension,), unit length; the query itself where the sum is 0.
    """
    moved = query + weight * passages.mean(axis=0)
    length = float(np.linalg.norm(moved))
    return (moved / length).astype(np.float32) if length > 0 else query


def reorder(scores: Floats, late: Floats, late_weight: float) -> Floats:
    """New scores: those passages first that were read token by token, in an order of both scores.

    Args:
        scores: fused ones, 0 to 1, best first.
        late: of the first passages, as many as were read.
        late_weight: 0 to 1.

    Returns:
        One score a passage: 0.5 to 1 for those that were read, 0 to 0.5 for the rest.
    """
    read = len(late)
    mixed = (1.0 - late_weight) * min_max(scores[:read]) + late_weight * min_max(late)
    return np.concatenate([(1.0 + mixed) / 2.0, scores[read:] / 2.0]).astype(np.float32)


def best(scores: Floats, k: int) -> Numbers:
    """The places of the k highest scores, best first; ties in the order they were given."""
    return np.argsort(-scores, kind="stable")[:k]
