"""The figures page: how many questions, how they ended, how long it took, what readers said. No questions."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import NamedTuple

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from service.desks.desks import Desks, state_of
from service.desks.figures_file import as_csv
from service.desks.figures_told import CLASSES, SAID, percent, summary
from service.desks.guard import Staff
from service.desks.pages import desk_page
from service.desks.periods import LENGTHS, Period, read_period
from service.desks.themes import marks_of, themes_of
from service.figures import Kind, Tally

UNKNOWN = "Figures are shown of the last 30, 90 or 365 days."

router = APIRouter(prefix="/staff/figures")


class Part(NamedTuple):
    """One of a few things that were counted: its name, how often, and which share of all in whole percent."""

    name: str
    times: int
    share: str
    width: int


@router.get("")
def show(request: Request, member: Staff, days: int = LENGTHS[0]) -> Response:
    """The figures of the last days."""
    desks = state_of(request)
    period = _period(desks, days)
    languages = {code: language.name for code, language in desks.library.languages.items()}
    return desk_page(
        request,
        member,
        "figures.html",
        title="Figures",
        period=period,
        lengths=LENGTHS,
        summary=list(summary(period)),
        themes=themes_of(period),
        parts={
            "classes": [
                ("Stopped: only a card was shown", parts_of(period.total, Kind.stopped, CLASSES)),
                ("A notice beside the answer", parts_of(period.total, Kind.notice, CLASSES)),
            ],
            "feedback": [("What was said", parts_of(period.total, Kind.feedback, SAID))],
        },
        languages=parts_of(period.total, Kind.language, languages),
        changes=_changes(period),
    )


@router.get("/csv")
def download(request: Request, member: Staff, days: int = LENGTHS[0]) -> Response:  # noqa: ARG001  # who may
    """The same by day, for a spreadsheet."""
    period = _period(state_of(request), days)
    name = f"plaincite-figures-{period.first}-{period.slots[-1].last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(period), media_type="text/csv; charset=utf-8", headers=headers)


def parts_of(tally: Tally, kind: Kind, words: Mapping[str, str]) -> Sequence[Part]:
    """What was counted of a kind, the most frequent first; what never happened is left out."""
    counts = sorted(tally.of(kind).items(), key=lambda pair: (-pair[1], pair[0]))
    total = tally.total(kind)
    return [
        Part(words.get(label, label), count, percent(count, total), round(count * 100 / total))
        for label, count in counts
        if count
    ]


def _period(desks: Desks, days: int) -> Period:
    if days not in LENGTHS:
        raise HTTPException(422, UNKNOWN)
    with desks.database.reading() as connection:
        return read_period(connection, days, desks.now().astimezone(UTC).date())


def _changes(period: Period) -> list[tuple[str, str, str]]:
    """The number on the charts, the generation, and its first day."""
    marks = marks_of(period)
    return [
        (marks[period.place_of(day)], name, f"{day.day} {day:%b %Y}") for name, day in period.changes.items()
    ]
