"""Qrels: which documents answer which question, in TREC's text format or BEIR's.

TREC: one judgment a line, `qid 0 docid rel`, separated by white space. BEIR: `qid docid rel` between tabs,
below a heading. rel is a whole number, 0 for not relevant.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from evaluation.errors import InputFileError
from evaluation.lines import read_lines

Qrels = Mapping[str, Mapping[str, int]]
"""Relevance by question id and document id."""


WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")

BEIR_COLUMNS = 3

HIGHEST = 1000
"""The highest grade that is read: what computes the measures sets aside memory for each grade up to it."""


class Judgment(NamedTuple):
    """A line as it stands in a file: nothing of it is checked yet but its columns."""

    line: int
    question: str
    document: str
    relevance: str


def read_qrels(path: Path) -> Qrels:
    """Reads a qrels file; its first line tells which format it is in.

    Raises:
        InputFileError: a line has another number of columns, its relevance is no whole number, or a document
            is judged twice for one question.
    """
    qrels: dict[str, dict[str, int]] = {}
    for line, question, document, relevance in read_judgments(path):
        add_judgment(qrels, question, document, relevance, path=path, line=line)
    if not qrels:
        raise InputFileError(path, "it has no judgments")
    return qrels


def read_judgments(path: Path) -> Iterator[Judgment]:
    """The lines of a qrels file, in whichever format it is.

    Raises:
        InputFileError: it cannot be read, or a line has another number of columns than its format.
    """
    tabbed: bool | None = None
    for number, line in read_lines(path):
        if tabbed is None:
            tabbed = len(line.split("\t")) == BEIR_COLUMNS
            if line.startswith("query-id\t"):
                continue
        columns = line.split("\t") if tabbed else line.split()
        match columns:
            case [question, document, relevance] if tabbed:
                yield Judgment(number, question, document, relevance)
            case [question, _, document, relevance] if not tabbed:
                yield Judgment(number, question, document, relevance)
            case _:
                wanted = "between tabs instead of 3: query-id corpus-id score"
                wanted = wanted if tabbed else "instead of 4: qid 0 docid rel"
                raise InputFileError(path, f"{len(columns)} columns {wanted}", line=number)


def write_qrels(path: Path, qrels: Qrels) -> None:
    """Writes a TREC qrels file, in the order given."""
    with path.open("w", encoding="utf-8") as file:
        for question, judged in qrels.items():
            file.writelines(
                f"{question} 0 {document} {relevance}\n" for document, relevance in judged.items()
            )


def add_judgment(
    qrels: dict[str, dict[str, int]], question: str, document: str, relevance: str, *, path: Path, line: int
) -> None:
    """Adds one judgment as it was read.

    Raises:
        InputFileError: the relevance is no whole number or beyond any scale, or the document is judged
            already.
    """
    if not WHOLE_NUMBER.fullmatch(relevance):
        raise InputFileError(path, f"the relevance {relevance!r} is no whole number", line=line)
    value = int(relevance) if len(relevance) <= len(f"-{HIGHEST}") else HIGHEST + 1
    if abs(value) > HIGHEST:
        problem = f"the relevance {relevance[:20]!r} is beyond {HIGHEST:,}; a grade is 0 to 3 or so"
        raise InputFileError(path, problem, line=line)
    judged = qrels.setdefault(question, {})
    if document in judged:
        raise InputFileError(path, f"document {document} is judged twice for question {question}", line=line)
    judged[document] = value
