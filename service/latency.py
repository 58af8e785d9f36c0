"""Latency: how long answers took, counted in fixed steps, so that days can be added up."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

BOUNDS: Sequence[int] = (10, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 2000)
"""Milliseconds: a step holds what took no longer than its bound, and longer than the one before."""

LONGER = "longer"
"""The step beyond the last bound."""


def step_of(milliseconds: float) -> str:
    """The name of the step in which a duration falls: its bound in milliseconds, or LONGER."""
    place = bisect_left(BOUNDS, milliseconds)
    return str(BOUNDS[place]) if place < len(BOUNDS) else LONGER


def quantile(counts: Mapping[str, int], share: float) -> float | None:
    """How long so large a share of the answers took at most, as well as the steps tell.

    Within a step durations are taken to lie evenly, as Prometheus does in `histogram_quantile`.

    Args:
        counts: how many answers fell in each step, by its name.
        share: 0.5 for the median.

    Returns:
        Milliseconds; infinity where it lies beyond the last bound; None where nothing was counted.
    """
    total = sum(counts.values())
    if not total:
        return None
    within = [counts.get(str(bound), 0) for bound in BOUNDS]
    reached, wanted = [0, *accumulate(within)], share * total
    for (low, high), (before, after) in zip(pairwise([0, *BOUNDS]), pairwise(reached), strict=True):
        if after >= wanted and after > before:
            return low + (high - low) * (wanted - before) / (after - before)
    return float("inf")
