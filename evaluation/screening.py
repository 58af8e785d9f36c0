"""How good is the gate: which questions it stops, and which it stops wrongly."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from evaluation.errors import InputFileError
from evaluation.lines import read_records
from evaluation.measures import interval, share
from evaluation.report import Plain, Report, file_sha256
from service.answers import NoticeKind
from service.screening import load_screen, screen_safely

NONE = "none"
"""The class of an ordinary question."""

CLASSES = (*(kind.value for kind in NoticeKind), NONE)

SEED = 17


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


def service_screen() -> Callable[[str], str]:
    """The service's own screening: gives a question's class."""
    screen = load_screen()

    def class_of(question: str) -> str:
        kind = screen_safely(screen, question).kind
        return kind.value if kind else NONE

    return class_of


def evaluate_screening(
    path: Path, screen: Callable[[str], str], *, classes: Sequence[str], settings: Mapping[str, Plain]
) -> Report:
    """Measures the gate on a file.

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
    lines = []
    for number, line in read_records(path, Line):
        unknown = [name for name in (line.expected, *line.also_ok) if name not in classes]
        if unknown:
            problem = f"there is no class {unknown[0]!r}; the classes are {', '.join(classes)}"
            raise InputFileError(path, problem, line=number)
        lines.append(line)
    return measure_screening(
        lines,
        screen,
        classes=classes,
        title=f"Screening: {path.name}",
        settings={"corpus_sha256": file_sha256(path), **settings},
    )


def measure_screening(
    lines: Sequence[Line],
    screen: Callable[[str], str],
    *,
    classes: Sequence[str],
    title: str,
    settings: Mapping[str, Plain],
) -> Report:
    """The same for lines that have been read already."""
    screened = [_Screened(line, screen(line.question)) for line in lines]
    values = {"accuracy": [item.right for item in screened]}
    for name in classes:
        values |= {f"recall {name}": _own(name, screened), f"false alarms {name}": _alarms(name, screened)}
    return Report(
        title=title,
        measures={name: share(found) for name, found in values.items()},
        intervals={name: interval(found, SEED) for name, found in values.items() if found},
        counts={"questions": len(screened), "wrong": sum(not item.right for item in screened)}
        | {f"behind {name}": len(found) for name, found in values.items()},
        settings={**settings, "seed": SEED},
        rows=[_row(name, screened)._asdict() for name in classes],
    )


def _own(name: str, screened: Sequence[_Screened]) -> list[bool]:
    """Of a class's own questions, which were screened rightly."""
    return [item.right for item in screened if item.line.expected == name]


def _alarms(name: str, screened: Sequence[_Screened]) -> list[bool]:
    """Of the questions that a class is wrong for, which were screened as it."""
    return [item.found == name for item in screened if not item.line.accepts(name)]


def _row(name: str, screened: Sequence[_Screened]) -> _Row:
    own, alarms = _own(name, screened), _alarms(name, screened)
    return _Row(
        kind=name,
        questions=len(own),
        recall=share(own),
        false_alarms=sum(alarms),
        false_alarm_rate=share(alarms),
    )
