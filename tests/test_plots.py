"""Plots: SVG that is the same every time, says what it shows, and holds nothing foreign."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from evaluation.comparing.plots import SVG, Labels, Line, draw_differences, draw_recall, draw_risk
from tests.conftest import ROOT

LABELS = Labels("some", "A <title> & more", "What there is to see.")
LINES = [
    Line("$\\alpha<script>_{", 1, [1, 10, 100], [0.1, 0.2, 0.9]),
    Line("_hidden \u202e\u65e5\u672c and a name that is far too long", 2, [1, 10, 100], [0.2, 0.3, 0.4]),
]

Draw = Callable[[Labels], str]
DRAWS: list[Draw] = [
    lambda labels: draw_differences([0.5, 0.0, -0.25, 1.0], "nDCG@10", labels),
    lambda labels: draw_recall(LINES, labels),
    lambda labels: draw_risk(LINES, labels),
]


def parse(svg: str) -> etree._Element:
    return etree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [text.text or "" for text in parse(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("draw", DRAWS)
def test_a_plot_says_what_it_is(draw: Draw) -> None:
    """Role, title and description are there for who cannot see it; text is text."""
    root = parse(draw(LABELS))
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert (title.text, description.text) == (LABELS.title, LABELS.description)
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert len(texts(draw(LABELS))) > 5


@pytest.mark.parametrize("draw", DRAWS)
def test_the_same_values_give_the_same_bytes(draw: Draw) -> None:
    """No date, no random ids."""
    assert draw(LABELS) == draw(LABELS)


@pytest.mark.parametrize("draw", DRAWS)
def test_two_plots_fit_on_one_page(draw: Draw) -> None:
    """Ids are a plot's own, each is used or names title and description, and what is used is there."""
    one, other = (set(parse(draw(LABELS._replace(name=name))).xpath("//@id")) for name in ("one", "two"))
    assert one
    assert not one & other
    svg = draw(LABELS)
    for identifier in parse(svg).xpath("//@id"):
        assert f"#{identifier}" in svg or identifier in {"some-0", "some-1"}
    for used in parse(svg).xpath("//@*[local-name() = 'href']"):
        assert used.removeprefix("#") in parse(svg).xpath("//@id")


@pytest.mark.parametrize("draw", DRAWS)
def test_nothing_is_fetched_or_styled_beyond_the_plot(draw: Draw) -> None:
    """No script, no style sheet, no link but to the plot's own parts."""
    root = parse(draw(LABELS))
    names = {etree.QName(element).localname for element in root.iter()}
    assert not names & {"script", "style", "image", "foreignObject", "metadata", "a"}
    assert all(link.startswith("#") for link in root.xpath("//@*[local-name() = 'href']"))


def test_names_are_text_and_nothing_else() -> None:
    """Neither mathematics nor marks: what the font lacks is replaced, what is too long is cut."""
    found = texts(draw_recall(LINES, LABELS))
    assert "1 $\\alpha<script>_{" in found
    assert "2 _hidden \ufffd\ufffd\ufffd and a name \u2026" in found


def test_differences_are_counted_in_words() -> None:
    """Better, level and worse questions stand above the bars."""
    found = texts(draw_differences([0.5, 0.0, -0.25, 1.0, 0.0, 0.0], "RR@10", LABELS))
    assert {"2 better", "3 level", "1 worse"} <= set(found)


@pytest.mark.parametrize("values", [[0.5], [0.0], [0.0, 0.0], [-1.0] * 3])
def test_one_sided_and_single_differences_are_drawn(values: list[float]) -> None:
    """Only wins, only losses, only ties, one question: no fault and no warning."""
    assert draw_differences(values, "P@1", LABELS).startswith("<svg")


def test_many_lines_stay_apart() -> None:
    """Twelve runs: no two have the same colour, dashes and marks."""
    lines = [Line(f"run {number}", number, [1, 100], [0.0, number / 12]) for number in range(1, 13)]
    assert {f"{line.number} {line.name}" for line in lines} <= set(texts(draw_recall(lines, LABELS)))
    root = parse(draw_recall(lines, LABELS))
    styles = [path.get("style", "") for path in root.xpath("//*[contains(@style, 'stroke-width: 1.5')]")]
    assert len(set(styles)) >= 12


def test_matplotlib_is_silent_and_leaves_nothing_at_home(tmp_path: Path) -> None:
    """With a home that nobody may write to nothing is said, and no cache stays there or elsewhere."""
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    home.chmod(0o500)
    code = (
        "from evaluation.comparing.plots import *;"
        "print(draw_differences([1.0], 'x', Labels('a', 'b', 'c'))[:4])"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MPL", "XDG"))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env=kept | {"HOME": str(home), "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("<svg\n", "")
    assert list(home.iterdir()) == []
    assert list(temporary.iterdir()) == []
