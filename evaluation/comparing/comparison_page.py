"""Comparison page: findings as one HTML file that needs nothing else, for the screen and for paper."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evaluation.comparing.comparison import MEASURES, Difference
from evaluation.comparing.comparison_report import family, shown_rank
from evaluation.comparing.contenders import counted
from evaluation.comparing.examples import HITS
from evaluation.comparing.findings import Findings
from evaluation.comparing.plots import Labels, Line, draw_differences, draw_recall, draw_risk
from evaluation.comparing.verdicts import p_value
from evaluation.errors import InputFileError

STEPS = 20
"""Coverages at which the table beside the risk-coverage plot gives the risk."""

CUT = 200
"""Letters of a passage that are shown before the reader asks for the rest."""

environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.globals.update(counted=counted, shown_rank=shown_rank, p_value=p_value, hits=HITS, cut=CUT)


class Plot(NamedTuple):
    """A plot with its numbers.

    Attributes:
        name: its id on the page.
        title: what it shows.
        svg: an SVG element from evaluation.comparing.plots, the only text of the page that is not escaped.
        caption: how to read it.
        columns: of its table; the first says what a row is.
        rows: of its table.
    """

    name: str
    title: str
    svg: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def render_page(findings: Findings) -> str:
    """The page; the same findings give the same bytes."""
    numbers = {item.name: place for place, item in enumerate(findings.comparison.standings, start=1)}
    return environment.get_template("comparison.html").render(
        findings=findings,
        comparison=findings.comparison,
        numbers=numbers,
        measures=MEASURES,
        family=family(findings),
        plots=list(_plots(findings, numbers)),
    )


def write_page(path: Path, page: str) -> None:
    """Writes the page as a whole or not at all.

    Raises:
        InputFileError: the file cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_text(page, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise InputFileError(path, f"it cannot be written: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _plots(findings: Findings, numbers: Mapping[str, int]) -> Iterator[Plot]:
    for difference in findings.comparison.differences:
        yield _differences(findings, difference, numbers[difference.name])
    yield _recall(findings, numbers)
    if any(findings.risk.values()):
        yield _risk(findings, numbers)


def _differences(findings: Findings, difference: Difference, number: int) -> Plot:
    comparison = findings.comparison
    measure, baseline = comparison.leading, comparison.baseline.name
    title = f"{measure} of {difference.name} minus {baseline}, question by question"
    wins = counted(difference.wins, "question")
    summary = f"{wins} better, {difference.ties:,} level, {difference.losses:,} worse."
    labels = Labels(
        f"differences-{number}", title, f"Bars sorted from the largest win to the largest loss. {summary}"
    )
    mine, theirs = difference.standing.values[measure], comparison.baseline.values[measure]
    ordered = sorted(difference.by_question.items(), key=lambda item: -item[1])
    return Plot(
        name=labels.name,
        title=title,
        svg=draw_differences(list(difference.by_question.values()), measure, labels),
        caption=f"{summary} Solid above the line: {difference.name} is better. Hatched below: {baseline} is.",
        columns=["question", baseline, difference.name, "difference"],
        rows=[[name, f"{theirs[name]:.4f}", f"{mine[name]:.4f}", f"{value:+.4f}"] for name, value in ordered],
    )


def _recall(findings: Findings, numbers: Mapping[str, int]) -> Plot:
    title = "Recall at depth"
    lines = [
        Line(name, numbers[name], list(found), list(found.values()))
        for name, found in findings.recall.items()
    ]
    depths = list(next(iter(findings.recall.values())))
    description = f"One line a run: mean recall among the first {depths[0]} to {depths[-1]} hits."
    return Plot(
        name="recall",
        title=title,
        svg=draw_recall(lines, Labels("recall", title, description)),
        caption="Share of the relevant documents among the first hits, mean over questions.",
        columns=["depth", *findings.recall],
        rows=[
            [str(depth), *(f"{found[depth]:.4f}" for found in findings.recall.values())] for depth in depths
        ],
    )


def _risk(findings: Findings, numbers: Mapping[str, int]) -> Plot:
    title, measure = "Risk and coverage", findings.comparison.leading
    curves = {name: curve for name, curve in findings.risk.items() if curve}
    lines = [
        Line(name, numbers[name], list(found.coverage), list(found.risk)) for name, found in curves.items()
    ]
    areas = "; ".join(
        f"{name} {found.area:.4f} ({found.by_chance:.4f} by chance)" for name, found in curves.items()
    )
    rows = []
    for step in range(1, STEPS + 1):
        at = {name: int(np.ceil(step / STEPS * len(found.risk))) - 1 for name, found in curves.items()}
        rows.append(
            [f"{step / STEPS:.0%}", *(f"{found.risk[at[name]]:.4f}" for name, found in curves.items())]
        )
    return Plot(
        name="risk",
        title=title,
        svg=draw_risk(
            lines, Labels("risk", title, f"One line a run: risk over coverage. Area under it: {areas}.")
        ),
        caption=(
            "If only the questions with the highest top scores were answered: how many (coverage), and one "
            f"minus their mean {measure} (risk). The more a line falls to the left, the better the run's "
            f"scores tell good results from bad. Area under the curve, less is better: {areas}."
        ),
        columns=["coverage", *curves],
        rows=rows,
    )
