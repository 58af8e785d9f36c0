"""Theme: one side of the figures, drawn, and told as a table beside the drawing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.desks.chart import NARROW, WIDE, Chart, Series, draw_bars, draw_lines
from service.desks.figures_told import CLASSES, OUTCOMES, SAID, abstention, milliseconds
from service.desks.periods import Period, Slot, questions
from service.figures import HELPED, Kind, Tally
from service.latency import BOUNDS

DID_NOT = "did_not"
FEEDBACK: Mapping[str, str] = {HELPED: "It helped", DID_NOT: "It did not"}
SHARES: Mapping[str, float] = {"half": 0.5, "most": 0.95}
TOOK: Mapping[str, str] = {"half": "Half took this or less", "most": "95 of 100 took this or less"}
WAYS: Mapping[Kind, str] = {Kind.stopped: "stopped", Kind.notice: "notice beside the answer"}


@dataclass(frozen=True, slots=True)
class Theme:
    """A chart with what it says in words, its legend, and the same as a table.

    Attributes:
        name: its id on the page.
        heading: its title.
        told: what the chart shows, for who cannot see it.
        legend: words by the layers of the chart; empty where the table alone tells.
        charts: the same in two widths.
        head: the table's columns beside the first, which is the day or week.
        rows: the table's rows, newest first.
    """

    name: str
    heading: str
    told: str
    legend: Mapping[str, str]
    charts: tuple[Chart, ...]
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]


def themes_of(period: Period) -> list[Theme]:
    """All of them."""
    return [_outcomes(period), _classes(period), _latency(period), _feedback(period)]


def marks_of(period: Period) -> dict[int, str]:
    """Numbers from 1 by the slots with which another generation began to answer."""
    slots = sorted({period.place_of(day) for day in period.changes.values()})
    return {slot: str(place) for place, slot in enumerate(slots, 1)}


def _outcomes(period: Period) -> Theme:
    def cells(tally: Tally) -> list[str]:
        counts = (questions(tally), *(tally.count(Kind.outcome, outcome) for outcome in OUTCOMES))
        return [*(f"{count:,}" for count in counts), abstention(tally)]

    series = {outcome: _each(period, Kind.outcome, outcome) for outcome in OUTCOMES}
    return Theme(
        name="outcomes",
        heading="How questions ended",
        told="Questions over time, parted by how they ended. The table below has the numbers.",
        legend=OUTCOMES,
        charts=_drawn(draw_bars, period, series, OUTCOMES),
        head=["Questions", *OUTCOMES.values(), "Without an answer, of those let through"],
        rows=_rows(period, cells),
    )


def _classes(period: Period) -> Theme:
    shown = [
        (kind, one)
        for kind in (Kind.stopped, Kind.notice)
        for one in CLASSES
        if period.total.count(kind, one)
    ]

    def cells(tally: Tally) -> list[str]:
        return [f"{tally.count(kind, one):,}" for kind, one in shown]

    return Theme(
        name="classes",
        heading="What the safety check found",
        told="",
        legend={},
        charts=(),
        head=[f"{CLASSES[one]}, {WAYS[kind]}" for kind, one in shown],
        rows=_rows(period, cells) if shown else [],
    )


def _latency(period: Period) -> Theme:
    def cells(tally: Tally) -> list[str]:
        return [milliseconds(tally.took(share)) for share in SHARES.values()]

    series = {
        layer: [_bounded(slot.tally.took(share)) for slot in period.slots] for layer, share in SHARES.items()
    }
    return Theme(
        name="latency",
        heading="How long answers took, in milliseconds",
        told="What half of the answers, and 95 of 100, took at most, over time. The table has the numbers.",
        legend=TOOK,
        charts=_drawn(draw_lines, period, series, TOOK),
        head=list(TOOK.values()),
        rows=_rows(period, cells),
    )


def _feedback(period: Period) -> Theme:
    def cells(tally: Tally) -> list[str]:
        return [f"{tally.count(Kind.feedback, said):,}" for said in SAID]

    helped = _each(period, Kind.feedback, HELPED)
    rated = [slot.tally.total(Kind.feedback) for slot in period.slots]
    series = {HELPED: helped, DID_NOT: [total - good for total, good in zip(rated, helped, strict=True)]}
    return Theme(
        name="feedback",
        heading="What readers said",
        told="Answers that were rated, over time, parted by whether they helped. The table has the reasons.",
        legend=FEEDBACK,
        charts=_drawn(draw_bars, period, series, FEEDBACK),
        head=list(SAID.values()),
        rows=_rows(period, cells),
    )


def _each(period: Period, kind: Kind, label: str) -> list[int]:
    return [slot.tally.count(kind, label) for slot in period.slots]


def _bounded(value: float | None) -> float | None:
    """Where nobody knows how much longer than the last bound it took, the line stays at the bound."""
    return None if value is None else min(value, BOUNDS[-1])


def _drawn(
    draw: Callable[..., Chart], period: Period, series: Series, words: Mapping[str, str]
) -> tuple[Chart, ...]:
    dates = [slot.label for slot in period.slots]
    told = [_told(slot, place, series, words) for place, slot in enumerate(period.slots)]
    return tuple(draw(series, dates, told, marks_of(period), width) for width in (WIDE, NARROW))


def _told(slot: Slot, place: int, series: Series, words: Mapping[str, str]) -> str:
    values = ((words[layer], values[place]) for layer, values in series.items())
    return f"{slot.told}: " + ", ".join(
        f"{word}: {value:,.0f}" for word, value in values if value is not None
    )


def _rows(period: Period, cells: Callable[[Tally], Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    return [(slot.told, cells(slot.tally)) for slot in reversed(period.counted)]
