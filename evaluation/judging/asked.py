"""Asked: the questions that a pool is made for, the project's own or those that an evaluator gives."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

from corpus.studies import Study
from evaluation.beir import Query
from evaluation.errors import InputFileError
from evaluation.lines import read_lines, read_records
from evaluation.questions import choose_split, read_questions
from service.answers import Outcome
from service.schemas import QuestionError, clean_question
from service.screening import Screen, screen_safely

NAME = re.compile(r"[\w.:#@+-]{1,100}")
"""An id that stands between blanks in runs and qrels."""

MOST = 500
"""Questions of a pool."""


class Asked(NamedTuple):
    """Questions of a pool.

    Attributes:
        questions: their words by id.
        told: where they came from.
    """

    questions: Mapping[str, str]
    told: str


class _Line(NamedTuple):
    number: int
    name: str
    text: str


def own_questions(
    path: Path, studies: Mapping[str, Study], *, split: str | None, count: int | None, seed: str
) -> Asked:
    """Questions of the project, those that end with a safety card aside: nothing is ever searched for them.

    Args:
        path: the file of questions.
        studies: the library.
        split: tuning or held_out; None for both.
        count: how many, drawn by chance; None for all.
        seed: of the draw.

    Raises:
        InputFileError: they are over another library, or none has the split.
    """
    every = choose_split(path, read_questions(path, studies), split)
    searched = [each for each in every if each.outcome is not Outcome.screened]
    wanted = len(searched) if count is None else min(count, len(searched))
    drawn = {each.question_id for each in Random(seed).sample(searched, wanted)}
    questions = {each.question_id: each.question for each in searched if each.question_id in drawn}
    how = f"{wanted} of {len(searched)}, drawn by chance" if wanted < len(searched) else f"all {wanted}"
    return Asked(questions, f"the project's own questions ({split or 'tuning and held_out'}): {how}")


def given_questions(path: Path, screen: Screen) -> Asked:
    """Questions of an evaluator: `id<TAB>question` a line, or BEIR's queries.jsonl.

    Raises:
        InputFileError: a line cannot be used, or its question would get a safety card and no search; the
            text never repeats a question.
    """
    read = _read_json_lines if _is_json(path) else _read_tabbed_lines
    questions: dict[str, str] = {}
    for line in read(path):
        for problem in _problems(line, questions, screen):
            raise InputFileError(path, problem, line=line.number)
        questions[line.name] = line.text
    if not questions:
        raise InputFileError(path, "it has no questions")
    if len(questions) > MOST:
        raise InputFileError(path, f"it has {len(questions):,} questions; a pool takes {MOST} at most")
    return Asked(questions, f"{len(questions)} questions from {path.name}")


def _is_json(path: Path) -> bool:
    first = next((line for _, line in read_lines(path)), "")
    return first.lstrip().startswith("{")


def _read_json_lines(path: Path) -> Iterator[_Line]:
    for number, query in read_records(path, Query):
        yield _Line(number, query.query_id, _cleaned(path, number, query.text))


def _read_tabbed_lines(path: Path) -> Iterator[_Line]:
    for number, line in read_lines(path):
        name, tab, text = line.partition("\t")
        if not tab:
            raise InputFileError(path, "there is no tab between an id and a question", line=number)
        yield _Line(number, name.strip(), _cleaned(path, number, text))


def _cleaned(path: Path, number: int, text: str) -> str:
    try:
        return clean_question(text)
    except QuestionError as error:
        raise InputFileError(path, str(error), line=number) from error


def _problems(line: _Line, before: Mapping[str, str], screen: Screen) -> Iterator[str]:
    checks: tuple[tuple[bool, Callable[[], str]], ...] = (
        (not NAME.fullmatch(line.name), lambda: "the id must have no blanks, and 100 letters at most"),
        (line.name in before, lambda: f"the id {line.name} stands twice"),
        (line.text in before.values(), lambda: "the same question stands in a line before it"),
        (
            screen_safely(screen, line.text).stops,
            lambda: "this question gets a safety card, so nothing is searched for it; leave it out",
        ),
    )
    yield from (tell() for is_wrong, tell in checks if is_wrong)
