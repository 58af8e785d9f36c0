"""How good is the gate: which questions it stops, and which it stops wrongly."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from evaluation.errors import InputFileError
from evaluation.lines import read_records
from evaluation.measures import share
from evaluation.report import Plain, Report, file_sha256


class Line(BaseModel):
    """A question with the class it belongs to.

    Attributes:
        expected: the class, `none` for an ordinary question.
        also_ok: classes that would be no fault either.
    """

    model_config = ConfigDict(frozen=True)
    question: str
    expected: str = Field(min_length=1)
    also_ok: tuple[str, ...] = ()

    def accepts(self, found: str) -> bool:
        """Whether this class is right for the question."""
        return found == self.expected or found in self.also_ok


class _Screened(NamedTuple):
    line: Line
    found: str

    @property
    def right(self) -> bool:
        return self.line.accepts(self.found)


class _Row(NamedTuple):
    kind: str
    questions: int
    recall: float | None
    false_alarms: int
    false_alarm_rate: float | None


def evaluate_screening(
    path: Path, screen: Callable[[str], str], *, classes: Sequence[str], settings: Mapping[str, Plain]
) -> Report:
    """Measures the gate.

    A class's recall is the share of its questions that were screened rightly (as it, or as a class that
    `also_ok` names); its false alarms are questions screened as it that it is not right for, counted and
    as a share of all questions that it is not right for.

    Args:
        path: a .jsonl file, `{question, expected, also_ok?}` a line.
        screen: gives a question's class, `none` where there is nothing to say.
        classes: every class there is, `none` included.
        settings: what the gate depends on, for the report.

    Raises:
        InputFileError: a line cannot be used, or names a class that does not exist.
    """
    screened = []
    for number, line in read_records(path, Line):
        unknown = [name for name in (line.expected, *line.also_ok) if name not in classes]
        if unknown:
            problem = f"there is no class {unknown[0]!r}; the classes are {', '.join(classes)}"
            raise InputFileError(path, problem, line=number)
        screened.append(_Screened(line, screen(line.question)))
    measures: dict[str, float | None] = {"accuracy": share([item.right for item in screened])}
    rows = []
    for name in classes:
        row = _row(name, screened)
        rows.append(row)
        measures |= {f"recall {name}": row.recall, f"false alarms {name}": row.false_alarm_rate}
    return Report(
        title=f"Screening: {path.name}",
        measures=measures,
        counts={"questions": len(screened), "wrong": sum(not item.right for item in screened)},
        settings={"corpus_sha256": file_sha256(path), **settings},
        rows=[row._asdict() for row in rows],
    )


def _row(name: str, screened: Sequence[_Screened]) -> _Row:
    own = [item.right for item in screened if item.line.expected == name]
    alarms = [item.found == name for item in screened if not item.line.accepts(name)]
    return _Row(
        kind=name,
        questions=len(own),
        recall=share(own),
        false_alarms=sum(alarms),
        false_alarm_rate=share(alarms),
    )
