"""Scales: numbers in steps."""

from itertools import pairwise

import pytest

from service.scales import MOST_STEPS, Range, place_in, size_ranges, year_ranges


def test_sizes_that_vary_widely_grow_by_factors() -> None:
    """From one person to some hundreds the steps begin at 1, 2, 5, 10 and so on."""
    assert size_ranges([1, 18, 213]) == [
        Range(1, 1),
        Range(2, 4),
        Range(5, 9),
        Range(10, 19),
        Range(20, 49),
        Range(50, 99),
        Range(100, 199),
        Range(200, 499),
    ]


def test_sizes_that_are_alike_have_even_steps() -> None:
    """Where the largest study is not ten times the smallest, all steps are of one length."""
    assert size_ranges([81, 87]) == [Range(81, 81)] + [Range(size, size) for size in range(82, 88)]
    assert size_ranges([81, 120])[0] == Range(80, 89)
    assert len({last - first for first, last in size_ranges([81, 120]) if first and last}) == 1
    assert size_ranges([18]) == [Range(18, 18)]


@pytest.mark.parametrize(
    "sizes",
    [[0], [0, 5], [0, 213], [1, 10**9], [9, 90], [10, 99], [99_999], [1, 2], [7, 7, 70], [500, 4_000]],
)
def test_each_number_lies_in_just_one_step(sizes: list[int]) -> None:
    """Steps follow each other without a gap, the first and the last have a number, and they are not many."""
    ranges = size_ranges(sizes)
    for one, two in pairwise(ranges):
        assert one.last is not None
        assert two.first == one.last + 1
    assert ranges[0].has(min(sizes))
    assert ranges[-1].has(max(sizes))
    assert len(ranges) <= MOST_STEPS + 2
    for size in sizes:
        assert sum(each.has(size) for each in ranges) == 1


def test_what_is_not_known_has_a_step_of_its_own() -> None:
    """An unknown number lies in no step of known ones, and has one only where there is such a number."""
    sizes, years = size_ranges([None, 5]), year_ranges([None, 2010], 1)
    assert [place_in(sizes, size) for size in (None, 5)] == [0, 1]
    assert [place_in(years, year) for year in (None, 2010)] == [1, 0]
    assert size_ranges([None]) == year_ranges([None], 5) == [Range(None, None)]
    assert size_ranges([]) == year_ranges([], 1) == []
    assert not Range(0, 9).has(None)
    assert not Range(None, None).has(0)


def test_years_are_counted_off_evenly() -> None:
    """Periods begin at round years, and years without a study keep their room."""
    assert year_ranges([2013, 2010], 1) == [Range(year, year) for year in (2010, 2011, 2012, 2013)]
    assert year_ranges([2013, 2024], 5) == [Range(2010, 2014), Range(2015, 2019), Range(2020, 2024)]
