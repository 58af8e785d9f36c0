"""Chart: figures over time as stacked bars or as lines.

Pure geometry, in units of the drawing's own width; the template draws it and says the words. Nothing is cut
off below: the vertical axis begins at 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, count, groupby
from math import ceil
from typing import NamedTuple

WIDE, NARROW = 720, 320
"""Widths of the two drawings of each chart: beside a table's width, and on a phone."""

HEIGHT, HEAD, FOOT, LEFT, RIGHT = 220, 22, 26, 44, 18
"""Height of the whole; room for marks above, for dates below, for numbers at the left, for half a date."""

LABEL = 56
"""A date as a label, with some air."""

MOST_ROWS = 4
STEPS = (1, 2, 5)
SHARE = 0.8
"""Of a column's width, what its bar fills."""

Series = Mapping[str, Sequence[float | None]]
"""Values by column, for each layer; None where there is nothing to show."""


class Tick(NamedTuple):
    """A place on an axis."""

    at: float
    label: str


class Bar(NamedTuple):
    """A piece of a stacked bar."""

    layer: str
    x: float
    y: float
    width: float
    height: float


class Line(NamedTuple):
    """A line with gaps: an SVG path, and the points that no line leads to."""

    layer: str
    path: str
    dots: tuple[tuple[float, float], ...]


class Column(NamedTuple):
    """What a pointer over a column is told."""

    x: float
    width: float
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing.

    Attributes:
        name: tells the two widths apart, as a class of the page.
        highest: the number at the top of the vertical axis.
        rows: numbers of the vertical axis.
        dates: labels below.
        marks: places in time at which something changed.
        columns: all of them, from left to right.
        bars: pieces, if it is made of bars.
        lines: if it is made of lines.
    """

    name: str
    width: int
    highest: int
    columns: tuple[Column, ...]
    dates: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    rows: tuple[Tick, ...] = ()
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = HEAD

    def y(self, value: float) -> float:
        """Where a value lies; 0 is on the floor."""
        floor = self.height - FOOT
        return floor - value / self.highest * (floor - self.top)


def draw_bars(
    series: Series, dates: Sequence[str], told: Sequence[str], marks: Mapping[int, str], width: int
) -> Chart:
    """Layers on top of one another, the first one lowest.

    Args:
        series: values, 0 or more.
        dates: a label for each column.
        told: what each column says in words.
        marks: labels by the columns with which something changed.
        width: WIDE or NARROW.
    """
    stacks = [[value or 0 for value in column] for column in zip(*series.values(), strict=True)]
    chart = _frame(max(map(sum, stacks), default=0), dates, told, marks, width)
    bars = (
        Bar(
            layer,
            column.x + column.width * (1 - SHARE) / 2,
            chart.y(reached),
            column.width * SHARE,
            chart.y(0) - chart.y(value),
        )
        for column, stack in zip(chart.columns, stacks, strict=True)
        for layer, value, reached in zip(series, stack, accumulate(stack), strict=True)
        if value
    )
    return replace(chart, bars=tuple(bars))


def draw_lines(
    series: Series, dates: Sequence[str], told: Sequence[str], marks: Mapping[int, str], width: int
) -> Chart:
    """A line for each layer, broken where there is no value; the arguments are those of `draw_bars`."""
    known = [value for values in series.values() for value in values if value is not None]
    chart = _frame(max(known, default=0), dates, told, marks, width)
    return replace(chart, lines=tuple(_line(layer, values, chart) for layer, values in series.items()))


def rows_up_to(top: float) -> list[int]:
    """Round numbers from 0 to at least `top`, in MOST_ROWS steps or fewer."""
    steps = (factor * 10**power for power in count() for factor in STEPS)
    step = next(step for step in steps if step * MOST_ROWS >= top)
    return list(range(0, max(1, ceil(top / step)) * step + 1, step))


def _frame(
    top: float, dates: Sequence[str], told: Sequence[str], marks: Mapping[int, str], width: int
) -> Chart:
    rows = rows_up_to(top)
    room = (width - LEFT - RIGHT) / len(dates)
    columns = [Column(LEFT + place * room, room, words) for place, words in enumerate(told)]
    apart = ceil(LABEL / room)
    # From the last one back: today has its date, whatever else has.
    labelled = range(len(dates) - 1, -1, -apart)
    chart = Chart(
        name="wide" if width == WIDE else "narrow",
        width=width,
        highest=rows[-1],
        columns=tuple(columns),
        dates=tuple(Tick(columns[place].x + room / 2, dates[place]) for place in labelled),
        marks=tuple(Tick(columns[place].x, label) for place, label in sorted(marks.items())),
    )
    return replace(chart, rows=tuple(Tick(chart.y(row), f"{row:,}") for row in rows))


def _line(layer: str, values: Sequence[float | None], chart: Chart) -> Line:
    points = [
        None if value is None else (column.x + column.width / 2, chart.y(value))
        for column, value in zip(chart.columns, values, strict=True)
    ]
    runs = [
        [point for point in run if point]
        for has, run in groupby(points, lambda point: point is not None)
        if has
    ]
    path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in run) for run in runs if len(run) > 1)
    return Line(layer, path, tuple(run[0] for run in runs if len(run) == 1))
