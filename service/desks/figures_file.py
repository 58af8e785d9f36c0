"""The figures as a file for spreadsheets: one line a day, whatever the page puts together."""

import csv
import io
from collections.abc import Iterator
from math import inf

from service.answers import NoticeKind, Outcome
from service.desks.periods import Period, days_of, questions
from service.feedback import Reason
from service.figures import HELPED, Kind, Tally
from service.latency import BOUNDS


def as_csv(period: Period) -> str:
    """CSV as RFC 4180 has it, with a line of names. Every cell is a number, a day, or a name of ours."""
    labels = sorted(period.total.of(Kind.language))
    out = io.StringIO()
    days = [{"day": day.isoformat(), **dict(_values(tally, labels))} for day, tally in days_of(period)]
    writer = csv.DictWriter(out, fieldnames=["day", *dict(_values(Tally({}), labels))])
    writer.writeheader()
    writer.writerows(days)
    return out.getvalue()


def _values(tally: Tally, languages: list[str]) -> Iterator[tuple[str, str | int]]:
    yield "questions", questions(tally)
    for outcome in Outcome:
        yield outcome.value, tally.count(Kind.outcome, outcome)
    for kind in (Kind.stopped, Kind.notice):
        for one in NoticeKind:
            yield f"{kind.value}_{one.value}", tally.count(kind, one)
    yield "half_took_ms", _rounded(tally.took(0.5))
    yield "95_of_100_took_ms", _rounded(tally.took(0.95))
    for said in (HELPED, *Reason):
        yield f"feedback_{said}", tally.count(Kind.feedback, said)
    for code in languages:
        yield f"language_{code}", tally.count(Kind.language, code)
    yield "generations", " ".join(sorted(tally.of(Kind.generation)))


def _rounded(value: float | None) -> str:
    """Empty where nothing was counted."""
    if value is None:
        return ""
    return f"more than {BOUNDS[-1]}" if value == inf else f"{value:.0f}"
