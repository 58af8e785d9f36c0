"""The figures in words: names of what is counted, and the summary at the head of the page."""

from collections.abc import Iterator, Mapping
from math import inf

from service.answers import NoticeKind, Outcome
from service.desks.periods import Period, questions
from service.feedback import Reason
from service.figures import HELPED, Kind, Tally
from service.latency import BOUNDS

OUTCOMES: Mapping[str, str] = {
    Outcome.answered: "Answered",
    Outcome.no_evidence: "“Our library does not say”",
    Outcome.screened: "Stopped by the safety check",
}
CLASSES: Mapping[str, str] = {
    NoticeKind.emergency: "Emergency",
    NoticeKind.crisis: "Crisis",
    NoticeKind.personal_advice: "Personal advice",
    NoticeKind.dose: "Dose",
    NoticeKind.diagnosis: "Diagnosis",
    NoticeKind.off_topic: "Off topic",
    NoticeKind.abuse_or_injection: "Abuse or injection",
}
SAID: Mapping[str, str] = {
    HELPED: "Yes, it helped",
    Reason.wrong_sentence: "A sentence is wrong",
    Reason.not_asked: "It is not what I asked",
    Reason.hard: "It is hard to understand",
    Reason.missing: "Something is missing",
    Reason.other: "Something else",
}
"""As the buttons below an answer say it."""

NOTHING = "–"  # noqa: RUF001  # the dash that tables have where there is nothing


def summary(period: Period) -> Iterator[str]:
    """What matters most, a sentence at a time."""
    asked = questions(period.total)
    if not asked:
        yield f"No question was asked in the last {period.days} days."
        return
    before = (
        ""
        if period.before is None
        else f", and {questions(period.before):,} in the {period.days} days before"
    )
    yield f"In the last {period.days} days {number(asked, 'question was', 'questions were')} asked{before}."
    yield _ended(period.total)
    yield _took(period.total)
    yield _rated(period.total)
    if period.changes:
        yield f"The library that is answered from changed {times(len(period.changes))}."


def abstention(tally: Tally) -> str:
    """The share of questions without an answer, of those that the gate let through."""
    through = tally.count(Kind.outcome, Outcome.answered) + tally.count(Kind.outcome, Outcome.no_evidence)
    return percent(tally.count(Kind.outcome, Outcome.no_evidence), through)


def percent(part: int, whole: int) -> str:
    """A share in whole percent; what is little is not called nothing, nor what is much all."""
    if not whole:
        return NOTHING
    if 0 < part < whole:
        return "less than 1%" if part * 100 < whole else f"{min(99, round(part * 100 / whole))}%"
    return f"{round(part * 100 / whole)}%"


def milliseconds(value: float | None) -> str:
    """A duration, as exact as the steps are in which it was counted."""
    if value is None:
        return NOTHING
    return f"more than {BOUNDS[-1]:,} ms" if value == inf else f"about {round(value):,} ms"


def number(count: int, one: str, more: str) -> str:
    """A number with its noun."""
    return f"{count:,} {one if count == 1 else more}"


def times(count: int) -> str:
    """How often."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _ended(tally: Tally) -> str:
    asked = questions(tally)
    answered, none, stopped = (tally.count(Kind.outcome, outcome) for outcome in OUTCOMES)
    text = (
        f"{answered:,} ({percent(answered, asked)}) got an answer, {none:,} ({percent(none, asked)}) “our "
        f"library does not say”, and the safety check stopped {stopped:,} ({percent(stopped, asked)})"
    )
    urgent = [
        f"{count:,} as {words}"
        for kind, words in ((NoticeKind.emergency, "an emergency"), (NoticeKind.crisis, "a crisis"))
        if (count := tally.count(Kind.stopped, kind))
    ]
    return f"{text}, among them {' and '.join(urgent)}." if urgent else f"{text}."


def _took(tally: Tally) -> str:
    half, most = tally.took(0.5), tally.took(0.95)
    if half == inf:
        return f"More than half of the answers took longer than {BOUNDS[-1]:,} ms."
    if most == inf:
        return (
            f"Half of the answers took {milliseconds(half)} or less; of 100, more than 5 took longer than "
            f"{BOUNDS[-1]:,} ms."
        )
    return (
        f"Half of the answers took {milliseconds(half)} or less, 95 of 100 took {milliseconds(most)} or less."
    )


def _rated(tally: Tally) -> str:
    said = tally.of(Kind.feedback)
    total, helped = sum(said.values()), said.pop(HELPED, 0)
    if not total:
        return "Nobody said whether an answer helped."
    text = (
        f"{number(total, 'answer was', 'answers were')} rated: {helped:,} helped, {total - helped:,} did not"
    )
    if not said:
        return f"{text}."
    reason, most = max(said.items(), key=lambda pair: pair[1])
    return f"{text}, most often because “{SAID.get(reason, reason)}” ({most:,})."
