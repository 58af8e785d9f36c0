"""Runs: what a search returned, in TREC's text format.

One document a line, `qid Q0 docid rank score tag`, separated by white space; rank from 1.
"""

import math
from collections.abc import Mapping, Sequence
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


def read_run(path: Path) -> Run:
    """Reads a TREC run; as in trec_eval the score decides, then (unlike there) the rank.

    Raises:
        InputFileError: a line has not six columns, rank or score is no number, or a document comes twice.
    """
    run: dict[str, dict[str, tuple[float, int]]] = {}
    for number, line in read_lines(path):
        match line.split():
            case [question, _, document, rank, score, _]:
                pass
            case columns:
                problem = f"{len(columns)} columns instead of 6: qid Q0 docid rank score tag"
                raise InputFileError(path, problem, line=number)
        found = run.setdefault(question, {})
        if document in found:
            raise InputFileError(
                path, f"document {document} comes twice for question {question}", line=number
            )
        found[document] = (-_number(path, number, "score", score), int(_number(path, number, "rank", rank)))
    if not run:
        raise InputFileError(path, "it has no lines")
    return {question: _ordered(found) for question, found in run.items()}


def write_run(path: Path, run: Run, tag: str) -> None:
    """Writes a TREC run.

    Args:
        path: the file.
        run: documents best first.
        tag: names the run; no white space.
    """
    with path.open("w", encoding="utf-8") as file:
        for question, found in run.items():
            for rank, (document, score) in enumerate(found, start=1):
                file.write(f"{question} Q0 {document} {rank} {score!r} {tag}\n")


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
