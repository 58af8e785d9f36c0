"""BEIR folders: `corpus.jsonl`, `queries.jsonl` and judgments in `qrels/NAME.tsv`.

Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval Models"
(NeurIPS Datasets and Benchmarks 2021).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from evaluation.errors import InputFileError
from evaluation.lines import read_records
from evaluation.qrels import Qrels, add_judgment, read_judgments

Value = TypeVar("Value")
Identifier = Annotated[str, Field(alias="_id", min_length=1)]


class Document(BaseModel):
    """A line of `corpus.jsonl`."""

    model_config = ConfigDict(frozen=True)
    document_id: Identifier
    title: str = ""
    text: str


class Query(BaseModel):
    """A line of `queries.jsonl`."""

    model_config = ConfigDict(frozen=True)
    query_id: Identifier
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A BEIR folder with one of its splits.

    Attributes:
        documents: in the file's order.
        questions: text by id; only those that the split judges.
        qrels: the split's judgments.
    """

    documents: tuple[Document, ...]
    questions: Mapping[str, str]
    qrels: Qrels


def read_collection(folder: Path, split: str) -> Collection:
    """Reads a BEIR folder.

    Args:
        folder: with `corpus.jsonl`, `queries.jsonl` and `qrels/`.
        split: names the judgments: `qrels/{split}.tsv`.

    Raises:
        InputFileError: a file is missing, or a line of it is cut or does not fit the others.
    """
    documents: dict[str, Document] = {}
    path = folder / "corpus.jsonl"
    for number, document in read_records(path, Document):
        _add(documents, document.document_id, document, path, number)
    questions: dict[str, str] = {}
    path = folder / "queries.jsonl"
    for number, query in read_records(path, Query):
        _add(questions, query.query_id, query.text, path, number)
    qrels = _read_judgments(folder / "qrels" / f"{split}.tsv", questions, documents)
    judged = {question: questions[question] for question in qrels}
    return Collection(tuple(documents.values()), judged, qrels)


def _read_judgments(path: Path, questions: Mapping[str, str], documents: Mapping[str, Document]) -> Qrels:
    if not path.is_file():
        splits = sorted(other.stem for other in path.parent.glob("*.tsv"))
        there = f"the splits here are: {', '.join(splits)}" if splits else "no split is here"
        raise InputFileError(path, f"there is no such file; {there}")
    qrels: dict[str, dict[str, int]] = {}
    for number, question, document, relevance in read_judgments(path):
        if question not in questions:
            raise InputFileError(path, f"question {question} is not in queries.jsonl", line=number)
        if document not in documents:
            raise InputFileError(path, f"document {document} is not in corpus.jsonl", line=number)
        add_judgment(qrels, question, document, relevance, path=path, line=number)
    if not qrels:
        raise InputFileError(path, "it has no judgments")
    return qrels


def _add(found: dict[str, Value], identifier: str, value: Value, path: Path, line: int) -> None:
    if identifier in found:
        raise InputFileError(path, f"the id {identifier} stands twice", line=line)
    found[identifier] = value
