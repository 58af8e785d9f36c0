"""Plots: inline SVG for the comparison's page; the one home of matplotlib.

The same values give the same bytes. Text stays text; whatever a font lacks is replaced, so that nothing is
said on stderr; lines differ in colour, dashes and marks, so that a print in grey can be read.
"""

import io
import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from lxml import etree

from evaluation.comparing.contenders import printable


@contextmanager
def _no_traces() -> Iterator[None]:
    """While matplotlib is imported: it lists the system's fonts in a file at home, and tells of it."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    outside = {name: value for name, value in os.environ.items() if name == "MPLCONFIGDIR"}
    with TemporaryDirectory() as folder:
        os.environ["MPLCONFIGDIR"] = folder
        try:
            yield
        finally:
            del os.environ["MPLCONFIGDIR"]
            os.environ.update(outside)


with _no_traces():
    import matplotlib.style
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import findfont, get_font

SIZE = (6.4, 3.3)
"""Inches; the page scales it."""

LONGEST = 24
"""Letters of a name that fit beside a plot."""

# Okabe and Ito's colours, which colour-blind people can tell apart, the yellow left out: too pale on white.
COLOURS = ("#000000", "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
DASHES = ("-", "--", "-.", ":")
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*", "<")
WIN, LOSS = "#0072b2", "#d55e00"

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
FONT = re.compile(r"font-family: [^;]*;?")
USED_ID = re.compile(r'(?:url\(|xlink:href=")#([^)"]+)')
MARKS_ON_A_LINE = 10


class Line(NamedTuple):
    """A line of a plot.

    Attributes:
        name: of the run that it belongs to.
        number: the run's, from 1; it also chooses the style.
        x: rising.
        y: as long as x.
    """

    name: str
    number: int
    x: Sequence[float]
    y: Sequence[float]


class Labels(NamedTuple):
    """What a plot says in words.

    Attributes:
        name: a word for its ids, other than those of the page's other plots.
        title: what it is, for who cannot see it.
        description: what there is to see.
    """

    name: str
    title: str
    description: str


def draw_differences(values: Sequence[float], measure: str, labels: Labels) -> str:
    """Differences of a measure, one a question, largest first: wins above the line, losses below.

    Returns:
        An SVG element.
    """
    with _style(labels.name):
        figure, axes = _axes()
        ordered = np.sort(np.asarray(values, np.float64))[::-1]
        wins, losses = int(np.sum(ordered > 0)), int(np.sum(ordered < 0))
        level = len(ordered) - wins - losses
        axes.stairs(ordered[:wins], np.arange(wins + 1), fill=True, color=WIN)
        lost = ordered[wins + level :], np.arange(wins + level, len(ordered) + 1)
        # Hatched, so that wins and losses differ in grey as well.
        axes.stairs(*lost, fill=True, facecolor="#fbe3d3", edgecolor=LOSS, linewidth=0.6, hatch="////")
        axes.axhline(0.0, color="black", linewidth=0.8)
        axes.set_xlim(0, len(values))
        axes.set_xlabel("questions, largest win first")
        axes.set_ylabel(f"difference in {measure}")
        axes.set_title(f"{wins:,} better", loc="left")
        axes.set_title(f"{level:,} level", loc="center")
        axes.set_title(f"{losses:,} worse", loc="right")
        return _svg(figure, labels)


def draw_recall(lines: Sequence[Line], labels: Labels) -> str:
    """Recall over depth, from 1 to 100 on a logarithmic scale.

    Returns:
        An SVG element.
    """
    with _style(labels.name):
        figure, axes = _axes()
        _draw(axes, lines)
        axes.set_xscale("log")
        depths = sorted({depth for line in lines for depth in line.x})
        axes.set_xticks(depths, [f"{depth:g}" for depth in depths])
        axes.set_xticks([], minor=True)
        axes.set_ylim(0.0, 1.0)
        axes.set_xlabel("depth: hits looked at")
        axes.set_ylabel("recall, mean over questions")
        figure.legend(loc="outside right upper")
        return _svg(figure, labels)


def draw_risk(lines: Sequence[Line], labels: Labels) -> str:
    """Risk over coverage.

    Returns:
        An SVG element.
    """
    with _style(labels.name):
        figure, axes = _axes()
        _draw(axes, lines)
        axes.set_xlim(0.0, 1.0)
        axes.set_ylim(0.0, None)
        axes.set_xlabel("coverage: share of questions, highest top score first")
        axes.set_ylabel("risk: 1 - mean measure")
        figure.legend(loc="outside right upper")
        return _svg(figure, labels)


def _draw(axes: Axes, lines: Sequence[Line]) -> None:
    for line in lines:
        place, every = line.number - 1, max(1, len(line.x) // MARKS_ON_A_LINE)
        axes.plot(
            line.x,
            line.y,
            color=COLOURS[place % len(COLOURS)],
            linestyle=DASHES[place % len(DASHES)],
            marker=MARKS[place % len(MARKS)],
            # Each line's marks begin elsewhere, so that lines that run together do not hide each other's.
            markevery=(place % every, every),
            label=f"{line.number} {_in_font(line.name)}",
        )


def _axes() -> tuple[Figure, Axes]:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    axes.grid(visible=True, color="#d0d0d0", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _style(name: str) -> AbstractContextManager[None]:
    """Its own defaults, whatever a person has set, with what makes the SVG plain and repeatable."""
    ours = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "text.parse_math": False,
        "axes.titlesize": "medium",
        "lines.markersize": 5,
        "hatch.linewidth": 0.8,
    }
    return matplotlib.style.context(["default", ours], after_reset=True)


def _in_font(name: str) -> str:
    """The name cut to what fits, with a mark for each letter that the font of the plots does not have."""
    letters = get_font(findfont("DejaVu Sans")).get_charmap()
    known = "".join(
        letter if ord(letter) in letters else "\N{REPLACEMENT CHARACTER}" for letter in printable(name)
    )
    return known if len(known) <= LONGEST else f"{known[: LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"


def _svg(figure: Figure, labels: Labels) -> str:
    """The figure as an element of a page: with its title, without what only a file needs."""
    written = io.BytesIO()
    figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    root = etree.fromstring(written.getvalue(), parser)
    etree.strip_elements(root, f"{SVG}metadata", f"{SVG}style", with_tail=False)
    _rename_ids(root, labels.name)
    for text in root.iter(f"{SVG}text"):
        text.set("style", FONT.sub("", text.get("style", "")))
    for name in ("width", "height", "version"):
        del root.attrib[name]
    title, description = etree.Element(f"{SVG}title"), etree.Element(f"{SVG}desc")
    title.text, description.text = labels.title, labels.description
    for place, element in enumerate([title, description]):
        element.set("id", f"{labels.name}-{place}")
        root.insert(place, element)
    root.attrib.update(
        {"role": "img", "aria-labelledby": f"{labels.name}-0 {labels.name}-1", "class": "plot"}
    )
    return etree.tostring(root, encoding="unicode")


def _rename_ids(root: etree._Element, name: str) -> None:
    """Gives ids that are used a name of this plot's own, as the page holds several; drops the others."""
    used = set(USED_ID.findall(etree.tostring(root, encoding="unicode")))
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id" and value not in used:
                del element.attrib["id"]
            elif key == "id":
                element.set("id", f"{name}-{value}")
            elif key == HREF:
                element.set(key, value.replace("#", f"#{name}-"))
            else:
                element.set(key, value.replace("url(#", f"url(#{name}-"))
