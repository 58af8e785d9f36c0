"""Picture: the studies of a list as marks on a grid, by year from left to right and by size upwards.

Pure geometry, in units of the drawing's own width; the template draws it and says the words. The grid is made
of steps (years, and numbers of people), not of a fine scale: marks of one cell stand side by side, none
hides another, and no mark is moved to a year or a size that its study did not have.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from corpus.studies import Design, Finding, Study
from service.doctor import ALARMING
from service.scales import Range, place_in, size_ranges, year_ranges

WIDE, NARROW = 600, 288
"""Widths of the two drawings: on a column of text, and on a phone of 320 pixels."""

PERIODS = (1, 2, 5, 10, 20, 50, 100)
"""Years that a column may stand for."""

PITCHES = ((60, 28), (150, 22))
"""Up to so many studies, a mark has so much room; beyond the last ones SMALLEST."""

SMALLEST = 18
GAP = 4
ROW, COLUMN, UNKNOWN_COLUMN = 32, 24, 70
"""The least height of a row and width of a column; the last one has words below it."""

HIGHEST = {WIDE: 640, NARROW: 480}
HIGHER = 1.3
"""Up to this height, or so many times the least possible one, years are put together no further."""

LABELS = {WIDE: 92, NARROW: 78}
HEAD, FOOT = 26, 48
"""Room for the labels of rows, for the words above the grid, and for years and words below it."""

YEAR_WIDTH = 36
"""A year as a label, with some air."""


class Shape(StrEnum):
    """How a mark shows what kind of study it stands for: filled, shaded or empty, strongest first."""

    diamond = "diamond"
    square = "square"
    hexagon = "hexagon"
    circle = "circle"
    small = "small"
    broken = "broken"


SHAPES: Mapping[Design | None, Shape] = {
    Design.meta_analysis: Shape.diamond,
    Design.randomized_trial: Shape.square,
    Design.controlled_study: Shape.hexagon,
    Design.single_arm_trial: Shape.circle,
    Design.cohort: Shape.circle,
    Design.case_series: Shape.small,
    Design.case_report: Shape.small,
    Design.other: Shape.broken,
    None: Shape.broken,
}


class Symbol(NamedTuple):
    """What a mark looks like: its shape tells the kind of study, its sign and colour what it found."""

    shape: Shape
    finding: Finding

    @property
    def name(self) -> str:
        """As in the ids of a page."""
        return f"{self.shape}-{self.finding}"


class Mark(NamedTuple):
    """A study in the picture; `x` and `y` are the middle of its mark."""

    study_id: str
    x: float
    y: float


class Step(NamedTuple):
    """A row or a column: what it holds, from `first` to `last`, and where it lies; None means not known."""

    first: int | None
    last: int | None
    start: float
    length: float

    @property
    def middle(self) -> float:
        """The middle of it."""
        return self.start + self.length / 2


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of the studies.

    Attributes:
        name: tells it from the other drawing of the same studies.
        side: the width and height of a mark.
        rows: steps of size, the largest on top, what is not known below all.
        columns: steps of time, what is not known last.
        labelled: the columns whose first year is written below them.
    """

    name: str
    width: int
    height: float
    side: int
    rows: tuple[Step, ...]
    columns: tuple[Step, ...]
    labelled: tuple[Step, ...]
    marks: tuple[Mark, ...]

    @property
    def floor(self) -> float:
        """Where the grid ends and the labels of the columns begin."""
        return self.height - FOOT


Cell = tuple[int, int]
"""The numbers of a row and of a column, from 0."""


def draw(studies: Sequence[Study], width: int) -> Picture:
    """The picture of studies in so much room (WIDE or NARROW).

    Of the ways to put years together, it takes the finest that is not too high. The same studies always
    give the same picture.
    """
    pitch = next((room for most, room in PITCHES if len(studies) <= most), SMALLEST)
    ways = [_columns(year_ranges([study.year for study in studies], period), width) for period in PERIODS]
    roomy = [columns for columns in ways if _is_roomy(columns, pitch)] or ways[-1:]
    possible = [_draw(studies, width, pitch, columns) for columns in roomy]
    highest = max(HIGHEST[width], HIGHER * min(each.height for each in possible))
    return next(each for each in possible if each.height <= highest)


def symbol_of(study: Study) -> Symbol:
    """What the mark of a study looks like; a finding that nobody entered is one that we do not know."""
    return Symbol(SHAPES[study.design], study.finding or Finding.not_reported)


def is_doubtful(study: Study) -> bool:
    """Whether it was withdrawn, or its journal has doubts."""
    return any(mark.kind in ALARMING for mark in study.marks)


def _draw(studies: Sequence[Study], width: int, pitch: int, columns: Sequence[Step]) -> Picture:
    sizes = size_ranges([study.people for study in studies])
    years = [Range(column.first, column.last) for column in columns]
    cells = _cells(studies, sizes, years)
    fits = [max(1, int((column.length - GAP) // pitch)) for column in columns]
    needed = [
        max((-(-len(cells[row, column]) // fits[column]) for column in range(len(columns))), default=0)
        for row in range(len(sizes))
    ]
    rows = list(_rows(sizes, [max(ROW, lines * pitch + GAP) for lines in needed]))
    marks = [
        mark
        for (row, column), inside in cells.items()
        for mark in _marks(inside, rows[row], columns[column], fits[column], pitch)
    ]
    return Picture(
        name="wide" if width == WIDE else "narrow",
        width=width,
        height=HEAD + sum(row.length for row in rows) + FOOT,
        side=pitch - GAP,
        rows=tuple(reversed(rows)),
        columns=tuple(columns),
        labelled=tuple(_labelled(columns)),
        marks=tuple(sorted(marks, key=lambda mark: (mark.x, mark.y))),
    )


def _is_roomy(columns: Sequence[Step], pitch: int) -> bool:
    return all(column.length >= max(COLUMN, pitch + GAP) for column in columns)


def _columns(years: Sequence[Range], width: int) -> list[Step]:
    known = sum(each.first is not None for each in years)
    room = width - LABELS[width]
    apart = UNKNOWN_COLUMN if known < len(years) and known else 0
    columns: list[Step] = []
    start: float = LABELS[width]
    for each in years:
        length = apart or room if each.first is None else (room - apart) / known
        columns.append(Step(*each, start, length))
        start += length
    return columns


def _rows(sizes: Sequence[Range], heights: Sequence[int]) -> Iterator[Step]:
    """The rows from below, as sizes are given."""
    end: float = HEAD + sum(heights)
    for each, height in zip(sizes, heights, strict=True):
        end -= height
        yield Step(*each, end, height)


def _cells(
    studies: Sequence[Study], sizes: Sequence[Range], years: Sequence[Range]
) -> dict[Cell, list[Study]]:
    """The studies of each cell, those that compared most fairly first."""
    order = list(Shape)
    cells: dict[Cell, list[Study]] = defaultdict(list)
    for study in sorted(studies, key=lambda one: (order.index(SHAPES[one.design]), one.study_id)):
        cells[place_in(sizes, study.people), place_in(years, study.year)].append(study)
    return cells


def _marks(studies: Sequence[Study], row: Step, column: Step, fit: int, pitch: int) -> Iterator[Mark]:
    """The marks of a cell, in lines from below, in the middle of it."""
    lines = [studies[start : start + fit] for start in range(0, len(studies), fit)]
    lowest = row.middle + (len(lines) - 1) * pitch / 2
    for height, line in enumerate(lines):
        first = column.middle - (len(line) - 1) * pitch / 2
        for place, study in enumerate(line):
            yield Mark(study.study_id, first + place * pitch, lowest - height * pitch)


def _labelled(columns: Sequence[Step]) -> Iterator[Step]:
    """As many columns, from the first on and evenly, as there is room for their years."""
    known = [column for column in columns if column.first is not None]
    if known:
        yield from known[:: max(1, -(-YEAR_WIDTH // int(known[0].length)))]
