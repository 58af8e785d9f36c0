"""Significance: could chance part two systems so far, and what can so few questions show."""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.05
"""How often a difference may be claimed where there is none."""

POWER = 0.8
"""How often a difference that is there should be found: what Cohen (1988) proposed."""

ASSIGNMENTS = 10_000
"""How many assignments of signs are drawn: p is then exact to about 0.004 near 0.05."""

CHUNK = 1_000_000
"""How many signs are held at once."""

SAME = 1e-9
"""Values of a measure that lie closer are the same value, apart from rounding."""


def randomisation(one: Sequence[float], other: Sequence[float], seed: int) -> float:
    """How likely chance alone parts two systems as far as this: two-sided paired randomisation test.

    Smucker, Allan and Carterette, "A comparison of statistical significance tests for information
    retrieval evaluation" (CIKM 2007). Where there are no more than ASSIGNMENTS ways to give each difference
    a sign, all of them are counted and p is exact; else so many are drawn.

    Args:
        one: a value a question.
        other: the other system's values for the same questions.
        seed: the same seed gives the same figure.
    """
    differences = differing(one, other)
    if not len(differences):
        return 1.0
    reached = abs(differences.sum()) - SAME
    if 2 ** len(differences) <= ASSIGNMENTS:
        codes = np.arange(2 ** len(differences))[:, None] >> np.arange(len(differences))
        return float(np.mean(np.abs(_sums(codes & 1, differences)) >= reached))
    generator = np.random.default_rng(seed)
    rows = max(1, CHUNK // len(differences))
    extreme = 0
    for start in range(0, ASSIGNMENTS, rows):
        drawn = generator.integers(0, 2, (min(rows, ASSIGNMENTS - start), len(differences)), dtype=np.int8)
        extreme += int(np.sum(np.abs(_sums(drawn, differences)) >= reached))
    # One more in both counts: the observed assignment is one of those that chance might have drawn.
    return (1 + extreme) / (1 + ASSIGNMENTS)


def differing(one: Sequence[float], other: Sequence[float]) -> NDArray[np.float64]:
    """The differences of the questions on which two systems differ at all."""
    differences = np.asarray(one, np.float64) - np.asarray(other, np.float64)
    return differences[np.abs(differences) > SAME]


def smallest_p(differing: int) -> float:
    """The least that the randomisation test can give where so many questions differ: 2 of 2^n assignments.

    Where it is above ALPHA the test can show nothing, whatever the systems do.
    """
    return min(1.0, 2.0 ** (1 - differing))


def holm(p: Sequence[float]) -> list[float]:
    """Corrects several p for their number, in the order given.

    Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6
    (1979), 65-70: the chance that any of them falls below ALPHA where nothing differs is at most ALPHA.
    """
    corrected = [0.0] * len(p)
    highest = 0.0
    for place, number in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        highest = max(highest, min(1.0, (len(p) - place) * p[number]))
        corrected[number] = highest
    return corrected


def detectable(differences: Sequence[float], *, comparisons: int = 1) -> float | None:
    """The smallest mean difference that so many questions with such a spread show with a chance of POWER.

    Guenther, "Sample size formulas for normal theory t tests", The American Statistician 35 (1981), 243-244,
    solved for the difference: (z_a + z_b) s / sqrt(n - z_a^2 / 2), where s is the standard deviation of
    the paired differences. The t test and the randomisation test agree closely on such measures (Smucker,
    Allan and Carterette 2007); Webber, Moffat and Zobel, "Statistical power in retrieval experimentation"
    (CIKM 2008), use power so.

    Args:
        differences: one a question, those of 0 too.
        comparisons: how many are made; each is then held to ALPHA / comparisons, as Holm's first step does.

    Returns:
        None where it is not defined: too few questions, or all differ by the same.
    """
    alpha, beta = _quantiles(comparisons)
    questions = len(differences) - alpha**2 / 2
    spread = _spread(differences)
    return (alpha + beta) * spread / math.sqrt(questions) if spread and questions > 0 else None


def needed(differences: Sequence[float], *, comparisons: int = 1) -> int | None:
    """How many questions would show the difference that was seen, were it the true one; see `detectable`.

    Returns:
        None where it is not defined: no difference, or all differ by the same.
    """
    mean, spread = abs(float(np.mean(differences))), _spread(differences)
    if mean <= SAME or not spread:
        return None
    alpha, beta = _quantiles(comparisons)
    return math.ceil(((alpha + beta) * spread / mean) ** 2 + alpha**2 / 2)


def _sums(bits: NDArray[np.signedinteger], differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum of the differences, each with the sign that its bit gives it; one for each row of bits."""
    return (2.0 * bits - 1.0) @ differences


def _quantiles(comparisons: int) -> tuple[float, float]:
    normal = NormalDist()
    return normal.inv_cdf(1 - ALPHA / comparisons / 2), normal.inv_cdf(POWER)


def _spread(differences: Sequence[float]) -> float:
    """The standard deviation, 0 where it is only rounding or not defined."""
    spread = float(np.std(differences, ddof=1)) if len(differences) > 1 else 0.0
    return spread if spread > SAME else 0.0
