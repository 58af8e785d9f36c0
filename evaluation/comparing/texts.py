"""Texts: what the questions and documents behind ids say, where the files with them were given."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from evaluation.beir import Document, Query
from evaluation.comparing.contenders import Contender, counted, first_of
from evaluation.errors import InputFileError
from evaluation.lines import read_records
from evaluation.qrels import Qrels


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by id.

    Attributes:
        documents: None where no corpus was given.
        questions: None where no questions were given.
    """

    documents: Mapping[str, Document] | None = None
    questions: Mapping[str, str] | None = None


def read_texts(
    corpus: Path | None, queries: Path | None, *, documents: Set[str], questions: Set[str]
) -> Texts:
    """Reads the texts of the documents and questions that are named, and of no others.

    Args:
        corpus: BEIR's corpus.jsonl, `{_id, title, text}` a line; None leaves the documents without text.
        queries: BEIR's queries.jsonl, `{_id, text}` a line; None leaves the questions without text.
        documents: ids of the documents that are wanted.
        questions: ids of the questions that are wanted.

    Raises:
        InputFileError: a line cannot be used, an id stands twice, or nothing that is wanted is in a file.
    """
    return Texts(
        documents=dict(_documents(corpus, documents)) if corpus else None,
        questions=dict(_questions(queries, questions)) if queries else None,
    )


def gaps(texts: Texts, contenders: Sequence[Contender], qrels: Qrels) -> Iterator[str]:
    """What is shown without its text, and why, a sentence each."""
    if texts.questions is None:
        yield "no questions file was given: questions are shown by their ids"
    else:
        yield from _gap("judged question", qrels, texts.questions, "among the questions")
    if texts.documents is None:
        yield "no corpus was given: passages are shown by their ids"
        return
    judged = dict.fromkeys(document for documents in qrels.values() for document in documents)
    yield from _gap("judged document", judged, texts.documents, "in the corpus")
    for contender in contenders:
        hits = dict.fromkeys(item.document for found in contender.run.values() for item in found)
        for gap in _gap("document", hits, texts.documents, "in the corpus"):
            yield f"{contender.name}: {gap}"


def _gap(what: str, ids: Iterable[str], known: Container[str], where: str) -> Iterator[str]:
    missing = [identifier for identifier in ids if identifier not in known]
    if missing:
        yield f"{counted(len(missing), what)} not {where}: shown without text{first_of(missing)}"


def _documents(path: Path, wanted: Set[str]) -> Iterator[tuple[str, Document]]:
    seen: set[str] = set()
    for number, document in read_records(path, Document):
        _once(seen, document.document_id, path, number)
        if document.document_id in wanted:
            yield document.document_id, document
    _check(path, seen, wanted, "documents")


def _questions(path: Path, wanted: Set[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, query in read_records(path, Query):
        _once(seen, query.query_id, path, number)
        if query.query_id in wanted:
            yield query.query_id, query.text
    _check(path, seen, wanted, "questions")


def _once(seen: set[str], identifier: str, path: Path, line: int) -> None:
    if identifier in seen:
        raise InputFileError(path, f"the id {identifier} stands twice", line=line)
    seen.add(identifier)


def _check(path: Path, seen: set[str], wanted: Set[str], what: str) -> None:
    if seen.isdisjoint(wanted):
        raise InputFileError(
            path, f"it has none of the {what} of runs and qrels; is it of another collection?"
        )
