"""Significance against an independent count of all assignments, and power against simulation."""

from itertools import product

import numpy as np
import pytest

from evaluation.significance import (
    ALPHA,
    ASSIGNMENTS,
    POWER,
    detectable,
    differing,
    holm,
    needed,
    randomisation,
    smallest_p,
)


def counted_p(one: list[float], other: list[float]) -> float:
    """The exact p: every way to swap the two systems' values, question by question, is tried."""
    seen = abs(sum(one) - sum(other))
    swaps = list(product([False, True], repeat=len(one)))
    reached = 0
    for swapped in swaps:
        first = sum(b if swap else a for a, b, swap in zip(one, other, swapped, strict=True))
        second = sum(a if swap else b for a, b, swap in zip(one, other, swapped, strict=True))
        reached += abs(first - second) >= seen - 1e-9
    return reached / len(swaps)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("questions", [1, 2, 5, 9, 13])
def test_few_questions_are_counted_exactly(questions: int, seed: int) -> None:
    """Up to 13 differing questions p is the share of all assignments that reach the difference."""
    generator = np.random.default_rng(seed)
    one = list(np.round(generator.random(questions), 1))
    other = list(np.round(generator.random(questions), 1))
    assert randomisation(one, other, seed=1) == pytest.approx(counted_p(one, other), abs=1e-12)


@pytest.mark.parametrize("shift", [0.02, 0.08, 0.15])
def test_many_questions_are_drawn_close_to_the_exact_p(shift: float) -> None:
    """With 16 questions assignments are drawn; p lies within what 10,000 draws can miss."""
    generator = np.random.default_rng(3)
    one = list(generator.random(16))
    other = [value + shift + noise for value, noise in zip(one, generator.normal(0, 0.2, 16), strict=True)]
    exact = counted_p(one, other)
    margin = 4 * np.sqrt(exact * (1 - exact) / ASSIGNMENTS) + 1 / ASSIGNMENTS
    assert randomisation(one, other, seed=1) == pytest.approx(exact, abs=margin)


def test_randomisation_tells_chance_from_difference() -> None:
    """The same values are no difference; always better is one; two questions have no power."""
    one = [0.5] * 20
    better = [value + 0.1 for value in one]
    assert randomisation(one, one, seed=1) == 1.0
    assert randomisation(better, one, seed=1) == pytest.approx(1 / (1 + ASSIGNMENTS), abs=1e-3)
    assert randomisation([0.9, 0.8], [0.1, 0.2], seed=1) == 0.5
    assert randomisation(better, one, seed=1) == randomisation(one, better, seed=1)


def test_questions_without_a_difference_change_nothing() -> None:
    """Levels, and what rounding makes of them, neither help nor hurt."""
    one, other = [0.9, 0.8, 0.7, 0.2], [0.1, 0.2, 0.3, 0.3]
    level = [0.1 + 0.2] * 30
    assert randomisation(one + level, other + [0.3] * 30, seed=1) == randomisation(one, other, seed=1)
    assert len(differing(one + level, other + [0.3] * 30)) == 4


def test_a_claim_is_rarely_made_where_nothing_differs() -> None:
    """Of 400 pairs of equal systems about one in twenty falls below 0.05."""
    generator = np.random.default_rng(5)
    p = [randomisation(list(a), list(b), seed=1) for a, b in generator.random((400, 2, 12))]
    assert np.mean(np.asarray(p) <= ALPHA) == pytest.approx(ALPHA, abs=0.03)


@pytest.mark.parametrize(("questions", "least"), [(0, 1.0), (1, 1.0), (2, 0.5), (5, 0.0625), (6, 0.03125)])
def test_the_least_p_is_2_of_all_assignments(questions: int, least: float) -> None:
    """However clear the outcome: with five questions p cannot fall below 0.05, with six it can."""
    assert smallest_p(questions) == least
    if questions:
        assert randomisation([1.0] * questions, [0.0] * questions, seed=1) == least


def test_holm_by_hand() -> None:
    """The smallest p counts four times, the next three times, and none may fall below the one before."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([0.04]) == [0.04]
    assert holm([]) == []


@pytest.mark.parametrize("questions", [15, 60])
def test_a_detectable_difference_is_found_four_times_out_of_five(questions: int) -> None:
    """Differences whose true mean is the detectable one are shown as often as POWER says."""
    generator = np.random.default_rng(7)
    shape = generator.normal(0, 0.25, questions)
    shape = (shape - shape.mean()) / shape.std(ddof=1) * 0.25
    limit = detectable(list(shape))
    assert limit is not None
    drawn = limit + generator.normal(0, 0.25, (250, questions))
    found = [randomisation(list(row), [0.0] * questions, seed=1) <= ALPHA for row in drawn]
    assert np.mean(found) == pytest.approx(POWER, abs=0.08)


def test_what_is_detectable_by_hand() -> None:
    """(1.960 + 0.842) s / sqrt(n - 1.96^2 / 2); more comparisons and fewer questions need more."""
    values = [0.1, -0.1] * 50
    spread = 0.1 * np.sqrt(100 / 99)
    assert detectable(values) == pytest.approx(2.8016 * spread / np.sqrt(100 - 1.9207), abs=1e-4)
    assert (detectable(values, comparisons=5) or 0) > (detectable(values) or 1)
    assert (detectable(values[:20]) or 0) > (detectable(values) or 1)


@pytest.mark.parametrize("values", [[0.2], [0.3, 0.3, 0.3], [0.0] * 10])
def test_nothing_is_said_of_power_without_a_spread(values: list[float]) -> None:
    """One question, or the same difference everywhere, has no spread to reckon with."""
    assert detectable(values) is None
    assert needed(values) is None


def test_needed_is_the_inverse_of_detectable() -> None:
    """As many questions as are needed for the mean that was seen make just this mean detectable."""
    values = list(np.random.default_rng(1).normal(0.03, 0.2, 100))
    number = needed(values)
    assert number is not None
    repeated = np.resize(np.asarray(values), 100) - np.mean(values)
    spread = repeated.std(ddof=1)
    limit = 2.8016 * spread / np.sqrt(number - 1.9207)
    assert limit == pytest.approx(abs(np.mean(values)), rel=0.01)
    assert needed([0.1, -0.1]) is None
