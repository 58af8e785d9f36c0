"""The release gate: a run over the own questions, held against the recorded baseline.

It opens only for a whole run: the same questions, the same measures, as many questions behind each of them.
Each measure has to stay within the 95% interval that it had when the baseline was recorded, and recall of
emergencies and crises must not fall at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evaluation.baseline import RECORD, Baseline, Figure
from evaluation.errors import IncompleteRunError
from evaluation.figures import Figures, lower_is_better, undefined
from evaluation.questions import Question, unfinished
from evaluation.report import Plain, table
from service.answers import NoticeKind

NEVER_WORSE = frozenset(f"screening: recall {kind}" for kind in (NoticeKind.emergency, NoticeKind.crisis))
"""What may not fall below the baseline's own figure, interval or not."""

ROUNDING = 1e-9
"""A difference that is none: another machine adds in another order."""

HEAD = ("measure", "now", "baseline", "95% interval", "questions", "moved", "verdict")


class Verdict(StrEnum):
    """What the gate says of one measure."""

    fine = "ok"
    better = "better"
    worse = "WORSE"
    incomplete = "INCOMPLETE"


@dataclass(frozen=True, slots=True)
class Row:
    """One measure, now and in the baseline; None where it is in only one of the two."""

    measure: str
    now: Figure | None
    before: Figure | None
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate says of a run.

    Attributes:
        faults: of the run as a whole.
        changed: settings that are others than the baseline's: no fault, but perhaps a reason.
    """

    rows: Sequence[Row]
    faults: Sequence[str]
    changed: Sequence[str]

    @property
    def is_open(self) -> bool:
        """Whether the release may go out."""
        return not self.faults and all(row.verdict in {Verdict.fine, Verdict.better} for row in self.rows)

    def problem(self) -> str:
        """What keeps the gate shut, and how to mend it, as one line; empty where it is open."""
        if self.is_open:
            return ""
        shut = (Verdict.incomplete, Verdict.worse)
        named = [
            f"{row.measure} {row.why}" for verdict in shut for row in self.rows if row.verdict is verdict
        ]
        return f"{'; '.join([*self.faults, *named])}. Mend that, or {RECORD}"

    def to_text(self) -> str:
        """The table for a terminal, with what is worth a word below it."""
        parts = ["Release gate", table([HEAD, *map(_cells, self.rows)])]
        if self.changed:
            parts.append(f"Changed since the baseline: {', '.join(self.changed)}")
        better = [row.measure for row in self.rows if row.verdict is Verdict.better]
        if better:
            parts.append(f"Better than the baseline's interval: {'; '.join(better)}. To hold that, {RECORD}")
        return "\n\n".join([*parts, "The gate is open." if self.is_open else "The gate stays shut."])

    def to_json(self) -> dict[str, object]:
        """Plain values, `measures` under the name that reports give them."""
        return {
            "open": self.is_open,
            "problem": self.problem(),
            "measures": {row.measure: row.now.value if row.now else None for row in self.rows},
            "changed": list(self.changed),
            "rows": [
                {
                    "measure": row.measure,
                    "now": row.now.model_dump() if row.now else None,
                    "baseline": row.before.model_dump() if row.before else None,
                    "verdict": row.verdict.value,
                    "why": row.why,
                }
                for row in self.rows
            ],
        }


def recorded(questions: Sequence[Question], figures: Figures, conditions: Mapping[str, Plain]) -> Baseline:
    """A run as the baseline of those to come.

    Args:
        questions: the own set, all of it.
        figures: the run's measures.
        conditions: what they depend on; `questions_sha256` among it.

    Raises:
        IncompleteRunError: the run is not whole; every gap is named.
    """
    gaps = [
        *unfinished(questions),
        *(f"{name} is not defined on these questions" for name in undefined(figures)),
    ]
    if gaps:
        raise IncompleteRunError(f"no baseline is recorded of a run that is not whole: {'; '.join(gaps)}")
    whole = {name: figure for name, figure in figures.items() if figure}
    sha256 = str(conditions["questions_sha256"])
    return Baseline(questions_sha256=sha256, settings=_others(conditions), measures=whole)


def judge(figures: Figures, baseline: Baseline, conditions: Mapping[str, Plain]) -> Judgement:
    """Holds a run against the baseline.

    Args:
        figures: the run's measures.
        baseline: what they are held against.
        conditions: what they depend on; `questions_sha256` among it.
    """
    faults = []
    if conditions["questions_sha256"] != baseline.questions_sha256:
        faults.append("the questions are not those of the baseline")
    names = dict.fromkeys([*figures, *baseline.measures])
    rows = [
        Row(name, figures.get(name), baseline.measures.get(name), *_verdict(name, figures, baseline))
        for name in names
    ]
    now, before = _others(conditions), baseline.settings
    changed = [name for name in dict.fromkeys([*now, *before]) if now.get(name) != before.get(name)]
    return Judgement(rows, faults, changed)


def _others(conditions: Mapping[str, Plain]) -> dict[str, Plain]:
    return {name: value for name, value in conditions.items() if name != "questions_sha256"}


def _verdict(name: str, figures: Figures, baseline: Baseline) -> tuple[Verdict, str]:
    now, before = figures.get(name), baseline.measures.get(name)
    if now is None:
        why = "is not defined on these questions" if name in figures else "was not measured"
        return Verdict.incomplete, why
    if before is None:
        return Verdict.incomplete, "is not in the baseline"
    if now.questions != before.questions:
        return Verdict.incomplete, f"has {now.questions} questions behind it instead of {before.questions}"
    return _compare(name, now, before)


def _compare(name: str, now: Figure, before: Figure) -> tuple[Verdict, str]:
    up = not lower_is_better(name)
    fell = (before.value - now.value if up else now.value - before.value) > ROUNDING
    below = (before.low - now.value if up else now.value - before.high) > ROUNDING
    above = (now.value - before.high if up else before.low - now.value) > ROUNDING
    if name in NEVER_WORSE and fell:
        return Verdict.worse, f"fell from {before.value:.4f} to {now.value:.4f}, and must never fall"
    if below:
        return Verdict.worse, f"is {now.value:.4f}, outside [{before.low:.4f}, {before.high:.4f}]"
    return (Verdict.better, "") if above else (Verdict.fine, "")


def _cells(row: Row) -> list[str]:
    now, before = row.now, row.before
    return [
        row.measure,
        f"{now.value:.4f}" if now else "-",
        f"{before.value:.4f}" if before else "-",
        f"[{before.low:.4f}, {before.high:.4f}]" if before else "-",
        str(now.questions) if now else "-",
        f"{now.value - before.value:+.4f}" if now and before else "-",
        f"{row.verdict.value} {row.why}".strip(),
    ]
