"""What do the settings of search bring: one BEIR folder, several ways to combine dense and lexical search."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from evaluation.beir import read_collection
from evaluation.measures import RETRIEVAL, means, measure_questions, randomisation
from evaluation.report import Plain, Report
from evaluation.retrieval import DEPTH, SEED, open_index, search_all, what_was_searched
from evaluation.runs import Run, Scored
from index.encoder import Encoder
from index.fusion import Fusion
from index.search import Hit

SHIPPED = "shipped"
DENSE = "dense alone"
LEXICAL = "BM25 alone"
RANKS = "reciprocal ranks of the two"
LEADING = "nDCG@10"

WEIGHTS = (0.2, 0.3, 0.35, 0.4, 0.5)
PASSAGES = (1, 2, 3, 5)
FEEDBACK = (0.25, 0.5, 0.75)

RANK_CONSTANT = 60
"""Of reciprocal rank fusion: Cormack, Clarke and Büttcher (SIGIR 2009)."""


COUNTS: Mapping[str, Callable[[Hit], bool]] = {LEXICAL: lambda hit: hit.lexical > 0}
"""Which hits count where not all do: BM25 alone has nothing to say of a document without the words."""


def compare_settings(
    folder: Path,
    split: str,
    encoder: Encoder,
    cache: Path,
    *,
    progress: Callable[[str], object] = lambda _: None,
) -> Report:
    """Measures dense and lexical search alone, and what combining them brings, setting by setting.

    `p` in a row is the paired randomisation test of its nDCG@10 against the shipped settings; with so many
    rows a single small one means little.

    Args:
        folder: a BEIR folder.
        split: names the judgments; never one that is kept for the final test.
        encoder: what documents and questions are encoded with.
        cache: where indexes of BEIR folders are kept and found again; building one shows a bar on stderr.
        progress: called with each setting's name.

    Raises:
        InputFileError: a file of the folder cannot be used.
        PlainIndexError: the index cannot be built.
    """
    collection = read_collection(folder, split)
    index = open_index(collection, folder, encoder, cache, progress=True)
    vectors = encoder.encode(list(collection.questions.values()))
    runs: dict[str, Run] = {}
    for name, fusion in settings().items():
        progress(name)
        index.fusion = fusion
        runs[name], _ = search_all(index, collection.questions, vectors, keep=COUNTS.get(name, _every))
    runs[RANKS] = fuse_ranks(runs[DENSE], runs[LEXICAL])
    values = {name: measure_questions(collection.qrels, run, RETRIEVAL) for name, run in runs.items()}
    shipped = list(values[SHIPPED][LEADING].values())
    rows: list[dict[str, Plain]] = [
        {"setting": name, **means(found), "p": randomisation(list(found[LEADING].values()), shipped, SEED)}
        for name, found in values.items()
    ]
    return Report(
        title=f"Settings of search: {folder.name}, {split}",
        measures=means(values[SHIPPED]),
        counts={"questions": len(collection.qrels), "documents": len(collection.documents)},
        settings=what_was_searched(index, folder, split),
        rows=rows,
    )


def _every(_: Hit) -> bool:
    return True


def settings() -> dict[str, Fusion]:
    """The settings that are compared, by what a row calls them."""
    off = Fusion(feedback_passages=0)
    fusions = {
        SHIPPED: Fusion(),
        DENSE: replace(off, lexical_weight=0.0),
        LEXICAL: replace(off, lexical_weight=1.0),
    }
    for weight in WEIGHTS:
        fusions[f"BM25 {weight}"] = replace(off, lexical_weight=weight)
    for passages, feedback in product(PASSAGES, FEEDBACK):
        name = f"shipped weight, feedback of {passages} x {feedback}"
        fusions[name] = Fusion(feedback_passages=passages, feedback_weight=feedback)
    return fusions


def fuse_ranks(one: Run, other: Run) -> Run:
    """Reciprocal rank fusion of two runs: the sum of 1 / (RANK_CONSTANT + rank)."""
    return {question: _fuse_ranks((one[question], other[question])) for question in one}


def _fuse_ranks(rankings: Sequence[Sequence[Scored]]) -> list[Scored]:
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item.document] = scores.get(item.document, 0.0) + 1.0 / (RANK_CONSTANT + rank)
    return _best_first(scores)[:DEPTH]


def _best_first(scores: Mapping[str, float]) -> list[Scored]:
    return [Scored(*item) for item in sorted(scores.items(), key=lambda item: -item[1])]
