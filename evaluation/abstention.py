"""Abstention: does a system know which of its answers to keep to itself?

Risk and coverage after El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification"
(JMLR 11, 2010): answer the questions one is surest of, and see how many of those answers are wrong.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluation.measures import RESAMPLES

Item = TypeVar("Item")


class Decision(NamedTuple):
    """What would have been answered, whether or not it was.

    Attributes:
        confidence: the higher the sooner it is answered.
        right: whether that answer would have been right; never, where nothing can be.
    """

    confidence: float
    right: bool


def risks(decisions: Sequence[Decision]) -> NDArray[np.float64]:
    """The share of wrong answers among the surest 1, 2, ... all; of equally sure ones wrong ones first."""
    values = np.asarray(decisions, np.float64).reshape(-1, 2)
    order = np.lexsort((values[:, 1], -values[:, 0]))
    wrong: NDArray[np.float64] = np.cumsum(1.0 - values[order, 1])
    return wrong / np.arange(1, len(values) + 1)


def risk_at(decisions: Sequence[Decision], coverage: float) -> float | None:
    """The share of wrong answers when this share of all questions is answered; None without questions."""
    if not decisions:
        return None
    # Rounded first: 0.8 of 5 questions is 4, and not 5 for the sake of its sixteenth digit.
    return float(risks(decisions)[math.ceil(round(coverage * len(decisions), 9)) - 1])


def area(decisions: Sequence[Decision]) -> float | None:
    """The area under the risk-coverage curve; None without questions.

    Geifman, Uziel and El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers"
    (ICLR 2019).
    """
    return float(risks(decisions).mean()) if decisions else None


def bootstrap(
    statistic: Callable[..., float | None], *samples: Sequence[Item], seed: int
) -> tuple[float, float]:
    """The 95% percentile bootstrap interval of a figure that is no mean.

    Args:
        statistic: takes the samples.
        samples: each not empty, each drawn from by itself.
        seed: the same seed gives the same interval.
    """
    random = np.random.default_rng(seed)
    found = []
    for _ in range(RESAMPLES):
        drawn = [[sample[n] for n in random.integers(0, len(sample), len(sample))] for sample in samples]
        found.append(statistic(*drawn))
    low, high = np.percentile(np.asarray(found, np.float64), [2.5, 97.5])
    return float(low), float(high)
