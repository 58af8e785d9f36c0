from itertools import pairwise

import pytest

from service.desks.chart import HEAD, LEFT, NARROW, RIGHT, WIDE, draw_bars, draw_lines, rows_up_to

DATES = [f"{day} Nov" for day in range(1, 31)]
TOLD = [f"{date}: something" for date in DATES]


@pytest.mark.parametrize(
    ("top", "rows"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (5, [0, 2, 4, 6]),
        (17, [0, 5, 10, 15, 20]),
        (400.5, [0, 200, 400, 600]),
    ],
)
def test_rows_are_round_numbers_from_zero(top: float, rows: list[int]) -> None:
    """The axis begins at 0, goes up in round steps, and ends at or above the highest value."""
    assert rows_up_to(top) == rows


def test_bars_stand_on_one_another() -> None:
    """Each piece begins where the one below ends; together they are as high as the axis says."""
    chart = draw_bars({"a": [3, 0], "b": [1, 2]}, DATES[:2], TOLD[:2], {}, WIDE)
    low, high, alone = chart.bars
    assert (low.layer, high.layer, alone.layer) == ("a", "b", "b")
    assert low.y + low.height == pytest.approx(chart.y(0))
    assert high.y + high.height == pytest.approx(low.y)
    assert high.y == pytest.approx(chart.y(4)) == pytest.approx(HEAD)
    assert alone.y + alone.height == pytest.approx(chart.y(0))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everything_is_within_the_drawing(width: int) -> None:
    """Bars, dates and marks lie within it, in order, and dates do not touch."""
    chart = draw_bars({"a": list(range(30))}, DATES, TOLD, {0: "1", 29: "2"}, width)
    assert all(bar.x >= LEFT and bar.x + bar.width <= width - RIGHT for bar in chart.bars)
    assert all(bar.y >= HEAD and bar.y + bar.height <= chart.y(0) + 0.01 for bar in chart.bars)
    places = sorted(date.at for date in chart.dates)
    assert all(after - before >= 50 for before, after in pairwise(places))
    assert chart.dates[0].label == "30 Nov"
    assert [mark.label for mark in chart.marks] == ["1", "2"]


def test_lines_have_gaps() -> None:
    """Where a day has no value the line breaks; a value alone is a point."""
    chart = draw_lines({"a": [1, 2, None, 3, None, 4, 4]}, DATES[:7], TOLD[:7], {}, WIDE)
    (line,) = chart.lines
    assert line.path.count("M") == 2
    assert [round(y, 1) for _, y in line.dots] == [round(chart.y(3), 1)]


def test_nothing_at_all() -> None:
    """Without any value there is an empty frame, not an error."""
    assert draw_bars({"a": [0] * 30}, DATES, TOLD, {}, WIDE).bars == ()
    (line,) = draw_lines({"a": [None] * 30}, DATES, TOLD, {}, WIDE).lines
    assert (line.path, line.dots) == ("", ())
