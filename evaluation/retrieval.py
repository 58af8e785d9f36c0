"""How good is search: a BEIR folder's judged questions through PassageIndex, as the service searches."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from corpus.passages import Passage
from evaluation.beir import Collection, read_collection
from evaluation.measures import RETRIEVAL, interval, means, measure_questions
from evaluation.report import Plain, Report, file_sha256
from evaluation.runs import Run, Scored
from evaluation.searches import DEPTH, SHIPPED, Searched, parameters, search_with
from index.build import build_passages_index
from index.encoder import Encoder
from index.errors import DamagedIndexError, MissingIndexError, StaleIndexError
from index.lexical import TITLE_WEIGHT
from index.search import Hit, PassageIndex

SEED = 17


class Retrieval(NamedTuple):
    """A measured run."""

    report: Report
    run: Run


class Asked(NamedTuple):
    """A question that is encoded already, so that the time of a search is that of the search.

    Attributes:
        question: its id.
        vector: (dimension,).
        tokens: (tokens, dimension).
    """

    question: str
    text: str
    vector: NDArray[np.float32]
    tokens: NDArray[np.float32]


def evaluate_retrieval(
    folder: Path,
    split: str,
    encoder: Encoder,
    cache: Path,
    *,
    setting: str = SHIPPED,
    progress: bool = False,
) -> Retrieval:
    """Measures search on a BEIR folder, over all questions that the split judges.

    Args:
        folder: a BEIR folder.
        split: names the judgments, `qrels/{split}.tsv`.
        encoder: what documents and questions are encoded with.
        cache: where indexes of BEIR folders are kept and found again.
        setting: of search, by its name in evaluation.searches.
        progress: whether to show bars on a terminal: while the index is built, while the questions are
            encoded, and while they are searched.

    Raises:
        InputFileError: a file of the folder cannot be used.
        PlainIndexError: the index cannot be built.
    """
    collection = read_collection(folder, split)
    index = open_index(collection, folder, encoder, cache, progress=progress)
    questions = encode_questions(collection, encoder, progress=progress)
    search = partial(search_all, index, questions, progress=progress)
    run, milliseconds = search_with(setting, index, search)
    values = measure_questions(collection.qrels, run, RETRIEVAL)
    report = Report(
        title=f"Retrieval: {folder.name}, {split}",
        measures=means(values),
        intervals={name: interval(list(found.values()), SEED) for name, found in values.items()},
        counts={
            "questions": len(collection.qrels),
            "documents": len(collection.documents),
            "unanswered": sum(not found for found in run.values()),
        },
        timings={f"search p{q} ms": float(np.percentile(milliseconds, q)) for q in (50, 95)},
        settings=what_was_searched(index, folder, split) | {"setting": setting} | parameters(setting),
    )
    return Retrieval(report, run)


def what_was_searched(index: PassageIndex, folder: Path, split: str) -> dict[str, Plain]:
    """What a repetition must keep the same, the fusion's settings aside."""
    return {
        "corpus_sha256": index.manifest.corpus_sha256,
        "queries_sha256": file_sha256(folder / "queries.jsonl"),
        "qrels_sha256": file_sha256(folder / "qrels" / f"{split}.tsv"),
        "index_generation": index.manifest.generation,
        "model": index.encoder.name,
        "model_sha256": index.encoder.sha256,
        "title_weight": TITLE_WEIGHT,
        "documents_asked_for": DEPTH,
        "seed": SEED,
    }


def open_index(
    collection: Collection, folder: Path, encoder: Encoder, cache: Path, *, progress: bool
) -> PassageIndex:
    """The index over a BEIR folder: the one in the cache, or a new one where the documents are others.

    Raises:
        PlainIndexError: it cannot be built.
    """
    sha256 = file_sha256(folder / "corpus.jsonl")
    path = cache / f"beir-{sha256[:16]}"
    try:
        return PassageIndex.load(path, encoder)
    except (MissingIndexError, StaleIndexError, DamagedIndexError):
        passages = [_passage(item.document_id, item.title, item.text) for item in collection.documents]
        build_passages_index(passages, path, encoder, corpus_sha256=sha256, progress=progress)
    return PassageIndex.load(path, encoder)


def encode_questions(collection: Collection, encoder: Encoder, *, progress: bool) -> list[Asked]:
    """The questions with their vectors, in their order; with a bar on a terminal where it is wanted."""
    texts = list(collection.questions.values())
    with tqdm(total=len(texts), desc="Encoding the questions", unit="q", disable=_hidden(progress)) as bar:
        vectors, tokens = encoder.encode_with_tokens(texts, bar.update)
    rows = zip(collection.questions.items(), vectors, tokens, strict=True)
    return [Asked(question, text, vector, own.vectors) for (question, text), vector, own in rows]


def search_all(
    index: PassageIndex,
    questions: Sequence[Asked],
    keep: Callable[[Hit], bool],
    *,
    progress: bool = False,
) -> Searched:
    """Searches every question.

    As BEIR does, a document with the question's own id is left out: some collections ask with documents.

    Args:
        index: over documents, one passage each.
        questions: with their vectors.
        keep: which hits count.
        progress: whether to show a bar on a terminal.
    """
    run: dict[str, list[Scored]] = {}
    milliseconds = []
    for asked in tqdm(questions, desc="Searching", unit="q", disable=_hidden(progress)):
        start = time.perf_counter()
        hits = index.search_vector(asked.vector, asked.tokens, asked.text, DEPTH + 1)
        milliseconds.append(1000 * (time.perf_counter() - start))
        found = [Scored(hit.passage.passage_id, score) for hit, score in comparable(hits) if keep(hit)]
        run[asked.question] = [item for item in found if item.document != asked.question][:DEPTH]
    return Searched(run, milliseconds)


def comparable(hits: Sequence[Hit]) -> list[tuple[Hit, float]]:
    """Hits with scores that can be compared between questions, in the same order.

    A hit's own score tells the order within its question alone. Added to it is the cosine of the best hit:
    what the search can say of how sure it is.
    """
    return [(hit, hit.score + hits[0].dense) for hit in hits]


def _hidden(progress: bool) -> bool | None:
    """Whether tqdm hides a bar; None: it looks for itself whether stderr is a terminal."""
    return None if progress else True


def _passage(document_id: str, title: str, text: str) -> Passage:
    """A document as one passage: BEIR judges whole documents, so nothing is cut."""
    return Passage(
        passage_id=document_id,
        study_id=document_id,
        title=title,
        section="",
        start=0,
        text=text,
        sentences=(),
    )
