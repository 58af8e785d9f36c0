"""Lesson: a question with the sentences of one document, some of which answer it or none does."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Annotated, Self
from zlib import crc32

from pydantic import BaseModel, ConfigDict, Field, model_validator

from corpus.sentences import split_sentences
from evaluation.errors import EvaluationError
from evaluation.evidence import Line
from evaluation.lines import read_records

FOLDS = 10

HELD_OUT = 0
"""The fold that nothing is learnt from: what the figures are of."""

FITTED = 1
"""The fold that the judgement is fitted on."""

OWN_QUESTIONS = Path(__file__).parents[1] / "data" / "reading.jsonl"
"""Questions in everyday words that were written for this project, about abstracts of two of the data sets."""

OWN = "own"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learnt from.

    Attributes:
        source: the data set.
        question: what is asked.
        sentences: of one document, in reading order.
        answers: the places of those that answer; none where the document does not answer.
        fold: 0 to FOLDS - 1; questions that share a document or a question share the fold.
        parts: how many of the sentences each study has, where they are those of a library.
    """

    source: str
    question: str
    sentences: tuple[str, ...]
    answers: frozenset[int]
    fold: int
    parts: tuple[int, ...] = ()

    @property
    def passages(self) -> list[tuple[str, ...]]:
        """The sentences that are each other's context: of one document, or of each study of a library."""
        ends = [*accumulate(self.parts or (len(self.sentences),))]
        return [self.sentences[start:end] for start, end in pairwise([0, *ends])]

    @property
    def others(self) -> list[int]:
        """The places of the sentences that do not answer."""
        return [place for place in range(len(self.sentences)) if place not in self.answers]


class _Line(Line):
    """A line of an evidence set, with its document."""

    doc_id: str


class _Own(BaseModel):
    """An own question: the numbers of the sentences that answer, and how many the document has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    doc: str
    question: str
    sentences: tuple[int, ...]
    of: int
    kind: str

    @model_validator(mode="after")
    def _match(self) -> Self:
        if not all(0 <= place < self.of for place in self.sentences):
            raise ValueError(f"sentences {list(self.sentences)} of a document that has {self.of}")
        return self


class _Abstract(BaseModel):
    """A document of a BEIR corpus."""

    doc_id: Annotated[str, Field(alias="_id")]
    title: str
    text: str


class _Page(BaseModel):
    """A consumer-health question's long answer."""

    answer: str


def read_evidence(path: Path) -> list[Lesson]:
    """The lessons of an evidence set.

    A line that has an answer which no sentence of it holds teaches nothing and is left out.

    Raises:
        InputFileError: a line cannot be used.
    """
    rows = []
    for _, line in read_records(path, _Line):
        answers = frozenset(place for place, label in enumerate(line.labels) if label)
        if answers or not line.answerable:
            lesson = Lesson(path.stem, line.question, line.sentences, answers, 0)
            rows.append((f"{line.qid}", line.doc_id, lesson))
    return list(_in_folds(rows))


def read_own(data: Path, path: Path = OWN_QUESTIONS) -> list[Lesson]:
    """The lessons of the own questions, with their documents' sentences from the data sets.

    Args:
        data: the folder of data sets, with `evidence` and `retrieval` in it.
        path: the own questions.

    Raises:
        InputFileError: a line cannot be used.
        EvaluationError: a document is missing, or cut otherwise than when the questions were written.
    """
    documents = _documents(data)
    rows = []
    for number, own in read_records(path, _Own):
        sentences = documents.get((own.source, own.doc), ())
        if len(sentences) != own.of:
            found = f"{own.source} {own.doc} has {len(sentences)} sentences, not {own.of}"
            raise EvaluationError(
                f"{path}:{number}: {found}; take the data sets and libraries of the model card"
            )
        lesson = Lesson(OWN, own.question, sentences, frozenset(own.sentences), 0)
        rows.append((f"own {number}", f"{own.source} {own.doc}", lesson))
    return list(_in_folds(rows))


def by_set(lessons: Iterable[Lesson]) -> Mapping[str, list[Lesson]]:
    """Lessons by their data set."""
    sets = defaultdict(list)
    for lesson in lessons:
        sets[lesson.source].append(lesson)
    return sets


def _documents(data: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """The sentences of every document that an own question may be about, by source and id."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for _, line in read_records(data / "evidence" / "evidence_inference_abstract.jsonl", _Line):
        found.setdefault(("evidence_inference", line.doc_id), line.sentences)
    for _, abstract in read_records(data / "retrieval" / "nfcorpus" / "corpus.jsonl", _Abstract):
        found["nfcorpus", abstract.doc_id] = (abstract.title, *_cut(abstract.text))
    for number, page in enumerate(read_records(data / "questions" / "medquad.jsonl", _Page)):
        found["medquad", str(number)] = _cut(" ".join(page[1].answer.split()))
    return found


def _cut(text: str) -> tuple[str, ...]:
    return tuple(text[span.start : span.end] for span in split_sentences(text))


def _in_folds(rows: Iterable[tuple[str, str, Lesson]]) -> Iterator[Lesson]:
    """Lessons with their folds: whatever shares a question or a document, directly or not, stays together."""
    rows = list(rows)
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        while parents.setdefault(name, name) != name:
            name = parents[name]
        return name

    for question, document, _ in rows:
        parents[root(f"q {question}")] = root(f"d {document}")
    # By their hashes, which are in no order that means anything, and in turn, so that folds are alike large.
    groups = sorted({root(f"d {document}") for _, document, _ in rows}, key=lambda name: crc32(name.encode()))
    folds = {group: number % FOLDS for number, group in enumerate(groups)}
    for _, document, lesson in rows:
        yield replace(lesson, fold=folds[root(f"d {document}")])
