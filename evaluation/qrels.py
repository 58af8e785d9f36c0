"""Qrels: which documents answer which question, in TREC's text format.

One judgment a line, `qid 0 docid rel`, separated by white space; rel is a whole number, 0 for not relevant.
"""

from collections.abc import Mapping
from pathlib import Path

from evaluation.errors import InputFileError
from evaluation.lines import read_lines

Qrels = Mapping[str, Mapping[str, int]]
"""Relevance by question id and document id."""


def read_qrels(path: Path) -> Qrels:
    """Reads a TREC qrels file.

    Raises:
        InputFileError: a line has not four columns, its relevance is no whole number, or a document is
            judged twice for one question.
    """
    qrels: dict[str, dict[str, int]] = {}
    for number, line in read_lines(path):
        match line.split():
            case [question, _, document, relevance]:
                add_judgment(qrels, question, document, relevance, path=path, line=number)
            case columns:
                raise InputFileError(
                    path, f"{len(columns)} columns instead of 4: qid 0 docid rel", line=number
                )
    if not qrels:
        raise InputFileError(path, "it has no judgments")
    return qrels


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
        InputFileError: the relevance is no whole number, or the document is judged already.
    """
    try:
        value = int(relevance)
    except ValueError as error:
        raise InputFileError(path, f"the relevance {relevance!r} is no whole number", line=line) from error
    judged = qrels.setdefault(question, {})
    if document in judged:
        raise InputFileError(path, f"document {document} is judged twice for question {question}", line=line)
    judged[document] = value
