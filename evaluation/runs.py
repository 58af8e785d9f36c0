"""Runs: what a search returned, in TREC's text format.

One document a line, `qid Q0 docid rank score tag`, separated by white space; rank from 1.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from os import SEEK_END
from pathlib import Path
from typing import NamedTuple

from evaluation.errors import InputFileError
from evaluation.lines import read_lines


class Scored(NamedTuple):
    """A document that a search returned for one question."""

    document: str
    score: float


Run = Mapping[str, Sequence[Scored]]
"""Documents by question id, best first. The order counts, not the score: what people see is an order."""


class TaggedRun(NamedTuple):
    """A run with what its file says beside it.

    Attributes:
        run: documents best first, questions in the file's order.
        tag: the name that its maker gave it.
        contradictions: for how many questions the ranks order the documents otherwise than the scores.
        is_ended: whether the last line ends as a line does; if not, the file may have been cut there.
    """

    run: Run
    tag: str
    contradictions: int
    is_ended: bool


def read_run(path: Path) -> Run:
    """Reads a TREC run; as in trec_eval the score decides, then (unlike there) the rank.

    Raises:
        InputFileError: as for `read_tagged_run`.
    """
    return read_tagged_run(path).run


def read_tagged_run(path: Path) -> TaggedRun:
    """Reads a TREC run with its tag.

    Raises:
        InputFileError: a line has not six columns, rank or score is no number, a document comes twice, or the
            tag changes: a line cut within its tag, or several runs in one file.
    """
    run: dict[str, dict[str, tuple[float, int]]] = {}
    first_tag = ""
    for number, line in read_lines(path):
        question, document, rank, score, tag = _columns(path, number, line)
        first_tag = first_tag or tag
        if tag != first_tag:
            problem = f"the tag {tag!r} instead of {first_tag!r}: a cut line, or several runs in one file"
            raise InputFileError(path, problem, line=number)
        found = run.setdefault(question, {})
        if document in found:
            raise InputFileError(
                path, f"document {document} comes twice for question {question}", line=number
            )
        found[document] = (-_number(path, number, "score", score), int(_number(path, number, "rank", rank)))
    if not run:
        raise InputFileError(path, "it has no lines")
    return TaggedRun(
        run={question: _ordered(found) for question, found in run.items()},
        tag=first_tag,
        contradictions=sum(map(_contradicts, run.values())),
        is_ended=_is_ended(path),
    )


def write_run(path: Path, run: Run, tag: str) -> None:
    """Writes a TREC run.

    Args:
        path: the file.
        run: documents best first.
        tag: names the run; no white space.
    """
    with path.open("w", encoding="utf-8") as file:
        file.writelines(run_lines(run, tag))


def run_lines(run: Run, tag: str) -> Iterator[str]:
    """The lines of a TREC run, each with its end."""
    for question, found in run.items():
        for rank, (document, score) in enumerate(found, start=1):
            yield f"{question} Q0 {document} {rank} {score!r} {tag}\n"


def _columns(path: Path, number: int, line: str) -> tuple[str, str, str, str, str]:
    match line.split():
        case [question, _, document, rank, score, tag]:
            return question, document, rank, score, tag
        case columns:
            problem = f"{len(columns)} columns instead of 6: qid Q0 docid rank score tag"
            raise InputFileError(path, problem, line=number)


def _number(path: Path, line: int, name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputFileError(path, f"the {name} {text!r} is no number", line=line)
    return value


def _ordered(found: Mapping[str, tuple[float, int]]) -> list[Scored]:
    return [
        Scored(document, -negative)
        for document, (negative, _) in sorted(found.items(), key=lambda item: item[1])
    ]


def _contradicts(found: Mapping[str, tuple[float, int]]) -> bool:
    """Whether a higher score stands at a lower place; equal scores or equal ranks contradict nothing."""
    ranks = [rank for _, rank in sorted(found.values())]
    return any(earlier > later for earlier, later in pairwise(ranks))


def _is_ended(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, SEEK_END)
        return file.read() in b"\r\n"
