"""Question: what somebody might ask of a library, and what should come of it; read_questions reads a file.

One JSON object a line. An evaluator's own file may be as short as `{question, outcome}`; the set that comes
along (evaluation/data/questions.jsonl) fills in all of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from corpus.studies import Study
from evaluation.errors import FailedQuestionError, InputFileError
from evaluation.lines import read_records
from evaluation.qrels import Qrels
from service.answers import NoticeKind, Outcome
from service.schemas import clean_question

ANSWERS = 2
"""The least grade of a study that answers, at least in part; 1 only touches the question."""

DIRECT = 3


class Split(StrEnum):
    """What a question may be used for."""

    tuning = "tuning"
    held_out = "held_out"


def _graded(value: object) -> object:
    """A plain list of ids says that each of them answers."""
    return dict.fromkeys(value, DIRECT) if isinstance(value, list) else value


Name = Annotated[str, Field(pattern=r"^\S+$")]
Grade = Annotated[int, Field(ge=1, le=3, strict=True)]
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Question(BaseModel):
    """A question with what it should get.

    Attributes:
        question_id: names it in runs, qrels and rows; no white space. The line's number where none is given.
        question: as it would be typed, at most 1,000 characters.
        kind: what sort of question it is, such as "misspelled" or "near miss".
        split: None for a file without splits.
        outcome: how it should end.
        notice: the screening class it belongs to; None for an ordinary question.
        studies: by id the relevance of those that have any: 3 answers it directly, 2 in part, 1 touches it.
            A list of ids gives each of them 3.
        sentences: verbatim sentences of studies, any of which answers. A question with a false premise is
            not answered, but has the studies and sentences that put it right.
        needed: studies that a fair answer must quote all of, both sides of the question.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    question_id: Name = Field(default="", alias="id")
    question: Annotated[str, AfterValidator(clean_question)]
    kind: Text | None = None
    split: Split | None = None
    outcome: Outcome
    notice: NoticeKind | None = None
    studies: Annotated[Mapping[str, Grade], BeforeValidator(_graded)] = Field(default_factory=dict)
    sentences: tuple[Text, ...] = ()
    needed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.outcome is Outcome.screened and (self.studies or self.sentences):
            raise ValueError("a question that ends with a safety card has neither studies nor sentences")
        for study_id in self.needed:
            if study_id not in self.studies:
                raise ValueError(f"needed: {study_id} is not among the question's studies")
        return self

    @property
    def answering(self) -> frozenset[str]:
        """The studies that are right ones to cite."""
        return frozenset(study_id for study_id, grade in self.studies.items() if grade >= ANSWERS)


def read_questions(path: Path, studies: Mapping[str, Study]) -> tuple[Question, ...]:
    """Reads a file of questions and holds each against the library.

    Args:
        path: a .jsonl file, `{id?, question, kind?, split?, outcome, notice?, studies?, sentences?, needed?}`
            a line.
        studies: the library, by id.

    Raises:
        InputFileError: a line cannot be used, names a study or a sentence that the library does not have,
            or has the id or the words of one before it.
    """
    library = {
        study_id: [one_line(section.text) for section in s.sections] for study_id, s in studies.items()
    }
    found: list[Question] = []
    seen: dict[tuple[str, str], int] = {}
    for number, line in read_records(path, Question):
        question = line if line.question_id else line.model_copy(update={"question_id": str(number)})
        for problem in (*_foreign(question, library), *_repeated(question, seen)):
            raise InputFileError(path, problem, line=number)
        seen |= dict.fromkeys(_marks(question), number)
        found.append(question)
    return tuple(found)


def choose_split(path: Path, questions: Sequence[Question], split: str | None) -> tuple[Question, ...]:
    """The questions of one split; all of them for None.

    Raises:
        InputFileError: there is none.
    """
    chosen = tuple(question for question in questions if split is None or question.split == split)
    if not chosen:
        there = ", ".join(sorted({question.split for question in questions if question.split})) or "none"
        raise InputFileError(path, f"no question has the split {split!r}; the splits here are: {there}")
    return chosen


def unfinished(questions: Iterable[Question]) -> list[str]:
    """What a question must have for the release gate, and one of these has not."""
    found = []
    for question in questions:
        lacks = [name for name in ("kind", "split") if getattr(question, name) is None]
        if question.outcome is Outcome.answered:
            lacks += [name for name in ("studies", "sentences") if not getattr(question, name)]
        found += [f"question {question.question_id} has no {name}" for name in lacks]
    return found


def qrels(questions: Iterable[Question]) -> Qrels:
    """The studies' relevance by question id, of the questions that grade any."""
    return {question.question_id: dict(question.studies) for question in questions if question.studies}


@contextmanager
def faults_of(question: Question) -> Iterator[None]:
    """Names the question in whatever error comes of it.

    Raises:
        FailedQuestionError: there was one.
    """
    try:
        yield
    except Exception as error:
        raise FailedQuestionError(question.question_id, error) from error


def holds_one(quotes: Iterable[str], sentences: Iterable[str]) -> bool:
    """Whether a quote holds one of the sentences, line breaks aside; it may bring the one before along."""
    wanted = [one_line(sentence) for sentence in sentences]
    return any(sentence in one_line(quote) for quote in quotes for sentence in wanted)


def one_line(text: str) -> str:
    """The text with single spaces for all white space."""
    return " ".join(text.split())


def _foreign(question: Question, library: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What the library does not have: it could never be right."""
    for study_id in question.studies:
        if study_id not in library:
            yield f"the library has no study {study_id}"
    # Where studies are graded, a sentence of any other would be right and of no relevance at once.
    places = [library.get(study_id, ()) for study_id in question.studies or library]
    for sentence in question.sentences:
        if not any(holds_one(sections, [sentence]) for sections in places):
            whose = "of the question's" if question.studies else "of the library's"
            yield f"none {whose} studies has the sentence {sentence!r}"


def _repeated(question: Question, seen: Mapping[tuple[str, str], int]) -> Iterator[str]:
    for mark in _marks(question):
        if mark in seen:
            what = "the same question" if mark[0] == "question" else f"the id {question.question_id}"
            yield f"{what} stands in line {seen[mark]} already"


def _marks(question: Question) -> list[tuple[str, str]]:
    """What no two questions of a file may share."""
    return [("id", question.question_id), ("question", one_line(question.question).casefold())]
