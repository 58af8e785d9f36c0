"""Report: what a measurement found, with everything it depends on; as JSON and as a plain table."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Plain = str | int | float | bool | None
"""A value that JSON and a table cell can show."""

WIDEST = 72
"""Characters of a row's cell that a terminal is shown; a whole letter would push all else off the screen."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one command of `evaluate` prints.

    Attributes:
        title: what was measured.
        measures: by name; None where it is not defined on these questions.
        counts: how many of what stand behind the measures.
        settings: what a repetition must keep the same: hashes, generation, model, configuration, seed.
        intervals: 95% bootstrap intervals of measures.
        timings: milliseconds, by name.
        groups: one a kind or split of questions, all with the same keys.
        rows: one a class or question, all with the same keys.
    """

    title: str
    measures: Mapping[str, float | None]
    counts: Mapping[str, int]
    settings: Mapping[str, Plain]
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    groups: Sequence[Mapping[str, Plain]] = ()
    rows: Sequence[Mapping[str, Plain]] = ()

    def to_json(self) -> dict[str, object]:
        """Plain values under the names that scripts rely on: `measures`, `settings` and the rest."""
        return {
            "measures": dict(self.measures),
            "settings": dict(self.settings),
            "title": self.title,
            "counts": dict(self.counts),
            "intervals": {name: list(ends) for name, ends in self.intervals.items()},
            "timings": dict(self.timings),
            "groups": [dict(group) for group in self.groups],
            "rows": [dict(row) for row in self.rows],
        }

    def to_text(self) -> str:
        """Tables for a terminal: measures with their intervals, then counts, rows and settings."""
        tables = [
            [[name, _cell(value), _ends(self.intervals.get(name))] for name, value in self.measures.items()],
            [[name, str(count)] for name, count in self.counts.items()],
            [[name, f"{value:.2f}"] for name, value in self.timings.items()],
            _lines(self.groups),
            _lines(self.rows),
            [[name, _cell(value)] for name, value in self.settings.items()],
        ]
        return "\n\n".join([self.title, *(table(rows) for rows in tables if rows)])


def file_sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lines(rows: Sequence[Mapping[str, Plain]]) -> list[list[str]]:
    """Rows as cells, under their names."""
    return [list(row) for row in rows[:1]] + [[*map(_short, map(_cell, row.values()))] for row in rows]


def _short(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 1]}\u2026"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as columns of equal width, two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _ends(ends: tuple[float, float] | None) -> str:
    return f"[{ends[0]:.4f}, {ends[1]:.4f}]" if ends else ""


def _cell(value: Plain) -> str:
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else str(value)
