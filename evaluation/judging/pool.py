"""Pool: what is judged for each question, the first documents of several runs; whose they were is left out.

Depth-k pooling: Sparck Jones and van Rijsbergen 1975; as TREC does it, Voorhees and Harman (eds.), "TREC:
Experiment and Evaluation in Information Retrieval" (2005), chapter 2.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from evaluation.runs import Run

Pooled = Mapping[str, tuple[str, ...]]
"""Documents to judge by question id, in the order of their ids: nothing of a rank is left in it."""


class Unit(StrEnum):
    """What a document of a run is."""

    passage = "passage"
    study = "study"


class PooledRun(NamedTuple):
    """A run that a pool is made of.

    Attributes:
        name: tells it from the pool's others; also the tag of its file, so without white space.
        source: where it came from, in words.
    """

    name: str
    source: str
    run: Run


def pool_runs(runs: Iterable[Run], questions: Iterable[str], depth: int) -> Pooled:
    """The union of each run's first `depth` documents; questions for which no run found any are left out."""
    given = tuple(runs)
    pooled = {question: _union([run.get(question, ())[:depth] for run in given]) for question in questions}
    return {question: documents for question, documents in pooled.items() if documents}


def contributions(runs: Sequence[PooledRun], pooled: Pooled, depth: int) -> dict[str, tuple[int, int]]:
    """By run, how many of the pool's documents it brought, and how many of these no other run did."""
    brought = {each.name: _brought(each.run, pooled, depth) for each in runs}
    finders = Counter(item for items in brought.values() for item in items)
    return {name: (len(mine), sum(finders[item] == 1 for item in mine)) for name, mine in brought.items()}


def _union(rankings: Iterable[Sequence[tuple[str, float]]]) -> tuple[str, ...]:
    return tuple(sorted({document for ranking in rankings for document, _ in ranking}))


def _brought(run: Run, pooled: Pooled, depth: int) -> set[tuple[str, str]]:
    return {(question, found.document) for question in pooled for found in run.get(question, ())[:depth]}
