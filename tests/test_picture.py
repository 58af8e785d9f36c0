"""Picture: where the marks of studies stand."""

import re
from collections.abc import Sequence
from itertools import combinations, pairwise

import pytest

from corpus.studies import Finding, Study
from service.app import STATIC
from service.picture import NARROW, SHAPES, WIDE, Picture, Shape, Step, draw, is_doubtful, symbol_of
from tests.generated import generated
from tests.shelf import STUDIES
from tests.studies import make_draft, make_study

REAL = tuple(STUDIES.values())
UNKNOWN = (make_draft(), make_draft(year="2020"), make_draft(people="7"))
LIBRARIES: dict[str, Sequence[Study]] = {
    "the real one": REAL,
    "one study": REAL[:1],
    "nothing known": UNKNOWN[:1],
    "some not known": (*UNKNOWN, *REAL),
    "three hundred": generated(300),
    "of one year": [study for study in generated(300) if study.year == 2010],
    "all alike": [make_study(f"doe{number}") for number in range(60)],
    "two centuries": [make_study(f"doe{year}", year=str(year)) for year in range(1900, 2101, 10)],
}
WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW])
CONTRAST = 3
"""WCAG 1.4.11: graphics against what is behind them."""

GREYS = 1.2
"""Contrast between two colours that can be told apart as greys, lying side by side."""


def within(step: Step, place: float, room: float) -> bool:
    return step.start - 1e-6 <= place - room and place + room <= step.start + step.length + 1e-6


@WIDTHS
@pytest.mark.parametrize("name", LIBRARIES)
def test_every_study_stands_where_it_belongs(name: str, width: int) -> None:
    """Each study has one mark, which lies whole in the row of its size and in the column of its year."""
    by_id = {f"id{number}": study for number, study in enumerate(LIBRARIES[name])}
    named = [study.model_copy(update={"study_id": study_id}) for study_id, study in by_id.items()]
    picture = draw(named, width)
    assert sorted(mark.study_id for mark in picture.marks) == sorted(by_id)
    for mark in picture.marks:
        study = by_id[mark.study_id]
        (row,) = (step for step in picture.rows if within(step, mark.y, picture.side / 2))
        (column,) = (step for step in picture.columns if within(step, mark.x, picture.side / 2))
        assert holds(row, study.people)
        assert holds(column, study.year)


def holds(step: Step, number: int | None) -> bool:
    if number is None or step.first is None or step.last is None:
        return number is step.first
    return step.first <= number <= step.last


@WIDTHS
@pytest.mark.parametrize("name", LIBRARIES)
def test_no_mark_hides_another(name: str, width: int) -> None:
    """Marks never overlap, and all of them lie within the frame, beside the labels."""
    picture = draw(LIBRARIES[name], width)
    for one, two in combinations(picture.marks, 2):
        assert max(abs(one.x - two.x), abs(one.y - two.y)) >= picture.side
    for mark in picture.marks:
        assert picture.columns[0].start < mark.x < picture.width
        assert 0 < mark.y < picture.floor < picture.height


@WIDTHS
@pytest.mark.parametrize("name", LIBRARIES)
def test_rows_and_columns_lie_side_by_side(name: str, width: int) -> None:
    """The largest sizes are on top, later years further along, what is not known last, without a gap."""
    picture = draw(LIBRARIES[name], width)
    for steps in (picture.rows, picture.columns):
        for one, two in pairwise(steps):
            assert two.start == pytest.approx(one.start + one.length)
    tops = [row.first for row in picture.rows if row.first is not None]
    assert tops == sorted(tops, reverse=True)
    assert None not in [row.first for row in picture.rows[:-1]]
    assert None not in [column.first for column in picture.columns[:-1]]
    assert picture.columns[-1].start + picture.columns[-1].length == pytest.approx(width)
    labels = [column.start for column in picture.labelled]
    assert all(two - one >= 36 for one, two in pairwise(labels))


def test_the_same_studies_give_the_same_picture() -> None:
    """The order in which studies come changes nothing."""
    for studies in (REAL, generated(300)):
        assert draw(studies, WIDE) == draw(studies[::-1], WIDE)


def test_marks_can_be_hit_while_there_is_room() -> None:
    """In libraries of some dozens a mark is 24 pixels wide; in the largest it can still be read."""
    assert [draw(generated(count), WIDE).side for count in (1, 60, 150, 300)] == [24, 24, 18, 14]


def test_a_picture_is_no_higher_than_it_must_be() -> None:
    """The real library fits a phone's screen, and years are put together only where that saves height."""
    phone, desk = draw(REAL, NARROW), draw(REAL, WIDE)
    assert phone.height < 480
    assert [column.first for column in desk.columns] == list(range(2010, 2021))
    assert [column.first for column in phone.columns] == list(range(2010, 2021, 2))


def test_shape_tells_whether_there_was_a_comparison() -> None:
    """No study without a comparison group has the shape of one with it; what is not known has its own."""
    kinds: dict[Shape, set[str]] = {}
    for design, shape in SHAPES.items():
        kinds.setdefault(shape, set()).add(str(design))
    assert kinds[Shape.square] == {"randomized_trial"}
    assert kinds[Shape.diamond] == {"meta_analysis"}
    assert kinds[Shape.hexagon] == {"controlled_study"}
    assert kinds[Shape.broken] == {"other", "None"}
    assert symbol_of(make_draft()).name == "broken-not_reported"


def test_a_study_in_doubt_is_told_apart() -> None:
    """Retractions and concerns count, corrections do not."""
    for kind, doubtful in {"retraction": True, "expression_of_concern": True, "erratum": False}.items():
        assert is_doubtful(make_study(marks=f"[{{kind: {kind}, note: See the journal}}]")) is doubtful


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(two)))
    return (lighter + 0.05) / (darker + 0.05)


def colours(sheet: str, name: str) -> tuple[str, str]:
    """A colour on light and on dark ground, as the style sheets have it."""
    found = re.search(rf"--{name}: (?:var\([\w-]+, )?light-dark\((#\w{{6}}), (#\w{{6}})\)", sheet)
    assert found, name
    return found[1], found[2]


@pytest.mark.parametrize("dark", [False, True])
def test_colours_stand_out_in_colour_and_in_grey(dark: bool) -> None:
    """Each finding's colour has a contrast of 3:1 on the page and on its cards, and its own grey."""
    sheet = "".join((STATIC / name).read_text(encoding="utf-8") for name in ("answer.css", "style.css"))
    found = {finding: colours(sheet, finding)[dark] for finding in Finding}
    for ground in (colours(sheet, "page")[dark], colours(sheet, "pc-surface")[dark]):
        assert all(contrast(colour, ground) >= CONTRAST for colour in found.values())
    greys = sorted(found.values(), key=luminance)
    assert all(contrast(one, two) >= GREYS for one, two in pairwise(greys))


def test_three_hundred_studies_need_no_more_than_a_screen_or_two() -> None:
    """The picture of a large library stays within three screens of a phone."""
    heights: list[Picture] = [draw(generated(300), width) for width in (WIDE, NARROW)]
    assert [picture.height < limit for picture, limit in zip(heights, (640, 2_200), strict=True)] == [
        True,
        True,
    ]
