"""How good are the answers: questions with what they should get, through the service's own spine."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, Self

from pydantic import BaseModel, ConfigDict, model_validator

from corpus.studies import Study
from evaluation.errors import InputFileError
from evaluation.lines import read_records
from evaluation.measures import interval, share
from evaluation.report import Plain, Report, file_sha256
from service.answers import Answer, Outcome

SEED = 17


class Line(BaseModel):
    """A question with what it should get.

    Attributes:
        outcome: how it should end.
        studies: ids, any of which is a right one to cite.
        sentences: verbatim sentences of those studies, any of which is a right one to show.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    question: str
    outcome: Outcome
    studies: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.outcome is not Outcome.answered and (self.studies or self.sentences):
            raise ValueError(f"studies and sentences belong to a question to be answered, not {self.outcome}")
        return self


class _Judged(NamedTuple):
    """One question's answer, judged; None where the line does not say what is right."""

    question: str
    expected: str
    outcome: str
    right_outcome: bool
    sentence_first: bool | None
    sentence_shown: bool | None
    study_shown: bool | None


def evaluate_answers(
    path: Path,
    ask: Callable[[str], Answer],
    studies: Mapping[str, Study],
    *,
    settings: Mapping[str, Plain],
    progress: Callable[[], object] = lambda: None,
) -> Report:
    """Measures answers.

    Abstentions stay in the denominator: a question that should be answered and is not counts 0 for its
    sentence and its study.

    Args:
        path: a .jsonl file, `{question, outcome, studies?, sentences?}` a line.
        ask: answers a question.
        studies: what is answered from; expected studies and sentences must be among them.
        settings: what the answers depend on, for the report.
        progress: called after each question.

    Raises:
        InputFileError: a line cannot be used, or expects what is not in the library.
    """
    judged = []
    for number, line in read_records(path, Line):
        _check(path, number, line, studies)
        judged.append(_judge(line, ask(line.question)))
        progress()
    values = {
        "outcome accuracy": [item.right_outcome for item in judged],
        "answered": _outcomes(judged, Outcome.answered),
        "abstained": _outcomes(judged, Outcome.no_evidence),
        "right sentence first": [item.sentence_first for item in judged if item.sentence_first is not None],
        "right sentence shown": [item.sentence_shown for item in judged if item.sentence_shown is not None],
        "right study shown": [item.study_shown for item in judged if item.study_shown is not None],
    }
    return Report(
        title=f"Answers: {path.name}",
        measures={name: share(found) for name, found in values.items()},
        intervals={name: interval(found, SEED) for name, found in values.items() if found},
        counts={"questions": len(judged)} | {f"behind {name}": len(found) for name, found in values.items()},
        settings={"questions_sha256": file_sha256(path), **settings, "seed": SEED},
        rows=[item._asdict() for item in judged],
    )


def _check(path: Path, number: int, line: Line, studies: Mapping[str, Study]) -> None:
    for study_id in line.studies:
        if study_id not in studies:
            raise InputFileError(path, f"the library has no study {study_id}", line=number)
    for sentence in line.sentences:
        if not any(
            _has_one([section.text], (sentence,)) for study in studies.values() for section in study.sections
        ):
            raise InputFileError(path, f"no study of the library has the sentence {sentence!r}", line=number)


def _judge(line: Line, answer: Answer) -> _Judged:
    first = [statement.text for statement in answer.statements[:1]]
    shown = [statement.text for statement in answer.statements]
    shown += [statement.text for side in answer.contrast for statement in side.statements]
    cited = {study.study_id for study in answer.studies}
    return _Judged(
        question=line.question,
        expected=line.outcome.value,
        outcome=answer.outcome.value,
        right_outcome=answer.outcome is line.outcome,
        sentence_first=_has_one(first, line.sentences) if line.sentences else None,
        sentence_shown=_has_one(shown, line.sentences) if line.sentences else None,
        study_shown=bool(cited & set(line.studies)) if line.studies else None,
    )


def _has_one(quotes: list[str], sentences: tuple[str, ...]) -> bool:
    """Whether a quote holds one of the sentences, line breaks aside; it may bring the one before along."""
    return any(_one_line(sentence) in _one_line(quote) for quote in quotes for sentence in sentences)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _outcomes(judged: list[_Judged], outcome: Outcome) -> list[bool]:
    """Of the questions that should end so, which did."""
    return [item.right_outcome for item in judged if item.expected == outcome.value]
