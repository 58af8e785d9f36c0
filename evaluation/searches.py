"""Searches: the settings of search that are told apart, by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import product
from typing import NamedTuple

from evaluation.report import Plain
from evaluation.runs import Run, Scored
from index.fusion import Fusion
from index.search import Hit, PassageIndex

SHIPPED = "shipped"
DENSE = "dense alone"
LEXICAL = "BM25 alone"
RANKS = "reciprocal ranks of the two"

SLUGS = {"shipped": SHIPPED, "dense": DENSE, "bm25": LEXICAL, "ranks": RANKS}
"""What the command line calls them."""

DEPTH = 100
"""Documents kept of a question: what R@100 needs."""

WEIGHTS = (0.2, 0.3, 0.35, 0.4, 0.5)
PASSAGES = (1, 2, 3, 5)
FEEDBACK = (0.25, 0.5, 0.75)
LATE_PASSAGES = (10, 25, 50)
LATE = (0.3, 0.4, 0.5, 0.7, 1.0)

RANK_CONSTANT = 60
"""Of reciprocal rank fusion: Cormack, Clarke and Büttcher (SIGIR 2009)."""

COUNTS: Mapping[str, Callable[[Hit], bool]] = {LEXICAL: lambda hit: hit.lexical > 0}
"""Which hits count where not all do: BM25 alone has nothing to say of a document without the words."""


class Searched(NamedTuple):
    """Questions as they were searched.

    Attributes:
        run: documents best first.
        milliseconds: what each question took.
    """

    run: Run
    milliseconds: Sequence[float]


def settings() -> dict[str, Fusion]:
    """The settings that are one search each, so all but RANKS, by what a row calls them."""
    off = Fusion(feedback_passages=0, late_passages=0)
    fusions = {
        SHIPPED: Fusion(),
        DENSE: replace(off, lexical_weight=0.0),
        LEXICAL: replace(off, lexical_weight=1.0),
    }
    for weight in WEIGHTS:
        fusions[f"BM25 {weight}"] = replace(off, lexical_weight=weight)
    for passages, feedback in product(PASSAGES, FEEDBACK):
        name = f"BM25 {off.lexical_weight}, feedback of {passages} x {feedback}"
        fusions[name] = replace(off, feedback_passages=passages, feedback_weight=feedback)
    for passages, late in product(LATE_PASSAGES, LATE):
        fusions[f"shipped, but {passages} read x {late}"] = Fusion(late_passages=passages, late_weight=late)
    return fusions


def search_with(
    name: str, index: PassageIndex, search: Callable[[Callable[[Hit], bool]], Searched]
) -> Searched:
    """Searches with one of the settings; the index is as before afterwards, whatever happens.

    Args:
        name: a key of `settings()`, or RANKS, which searches twice.
        index: what is searched.
        search: searches it for every question; given is which hits count.
    """
    if name == RANKS:
        return fuse_searched(search_with(DENSE, index, search), search_with(LEXICAL, index, search))
    before = index.fusion
    try:
        index.fusion = settings()[name]
        return search(COUNTS.get(name, _every))
    finally:
        index.fusion = before


def parameters(name: str) -> dict[str, Plain]:
    """What a setting sets, for a report."""
    return {"rank_constant": RANK_CONSTANT} if name == RANKS else asdict(settings()[name])


def fuse_searched(one: Searched, other: Searched) -> Searched:
    """The ranks of two searches fused; a question takes as long as both."""
    took = [sum(pair) for pair in zip(one.milliseconds, other.milliseconds, strict=True)]
    return Searched(fuse_ranks(one.run, other.run), took)


def fuse_ranks(one: Run, other: Run) -> Run:
    """Reciprocal rank fusion of two runs: the sum of 1 / (RANK_CONSTANT + rank)."""
    return {question: _fuse_ranks((one[question], other[question])) for question in one}


def _every(_: Hit) -> bool:
    return True


def _fuse_ranks(rankings: Sequence[Sequence[Scored]]) -> list[Scored]:
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item.document] = scores.get(item.document, 0.0) + 1.0 / (RANK_CONSTANT + rank)
    return _best_first(scores)[:DEPTH]


def _best_first(scores: Mapping[str, float]) -> list[Scored]:
    return [Scored(*item) for item in sorted(scores.items(), key=lambda item: -item[1])]
