import random
from collections import Counter
from math import inf

import pytest

from service.latency import BOUNDS, LONGER, quantile, step_of


@pytest.mark.parametrize(
    ("milliseconds", "step"), [(0, "10"), (10, "10"), (10.01, "20"), (2000, "2000"), (2000.1, LONGER)]
)
def test_a_step_ends_with_its_bound(milliseconds: float, step: str) -> None:
    """A duration falls in the step whose bound it does not exceed; beyond the last one there is one more."""
    assert step_of(milliseconds) == step


def test_quantiles_by_hand() -> None:
    """Of 10 answers up to 20 ms and 10 between 20 and 30, half took 20 at most, three quarters 25."""
    counts = {"20": 10, "30": 10}
    assert quantile(counts, 0.5) == 20
    assert quantile(counts, 0.75) == 25
    assert quantile(counts, 1.0) == 30


def test_quantile_lies_in_the_step_of_the_true_one() -> None:
    """For a thousand durations the told quantile is in the same step as the measured one."""
    chance = random.Random(6)
    durations = sorted(chance.lognormvariate(3.8, 0.6) for _ in range(1000))
    counts = Counter(step_of(each) for each in durations)
    for share in (0.5, 0.9, 0.95, 0.99):
        told = quantile(counts, share)
        assert told is not None
        assert step_of(told) == step_of(durations[round(share * 1000) - 1])


def test_quantile_beyond_the_last_bound_is_not_made_up() -> None:
    """Where most took longer than the last bound, nobody can say how much longer."""
    assert quantile({LONGER: 3, "10": 1}, 0.95) == inf
    assert quantile({LONGER: 1, "10": 3}, 0.5) == pytest.approx(20 / 3)


def test_without_answers_there_is_no_quantile() -> None:
    """Nothing counted gives nothing, rather than 0."""
    assert quantile({}, 0.5) is None
    assert quantile({"10": 0}, 0.5) is None


def test_bounds_grow() -> None:
    """The bounds are in order, which counting relies on."""
    assert list(BOUNDS) == sorted(set(BOUNDS))
