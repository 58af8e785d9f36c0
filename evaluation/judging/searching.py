"""Searching: runs of the library that is answered from, by the named settings of search."""

from collections.abc import Callable, Mapping
from copy import copy
from functools import partial

from evaluation.judging.pool import PooledRun, Unit
from evaluation.own import by_study
from evaluation.retrieval import comparable
from evaluation.runs import Scored
from evaluation.searches import DEPTH, RANKS, SLUGS, Searched, search_with, settings
from index.search import Hit, PassageIndex
from service.library import Library

NAMES = {setting: slug for slug, setting in SLUGS.items()}
"""What the settings that the command line knows are called there."""


def setting_names() -> tuple[str, ...]:
    """All settings, those that the command line knows first."""
    return tuple(dict.fromkeys((*SLUGS.values(), *settings())))


def search_library(
    library: Library,
    setting: str,
    questions: Mapping[str, str],
    unit: Unit,
    progress: Callable[[], object] = lambda: None,
) -> PooledRun:
    """What a setting finds for each question, spelt and worded as the service does.

    Args:
        library: what is searched; people may be answered from it meanwhile.
        setting: one of `setting_names()`.
        questions: by id.
        unit: what is found; a study stands where the best of its passages does.
        progress: called after each question of each search.
    """
    # A copy of its own, over the same vectors: another setting must never reach an answer.
    index = copy(library.index)
    queries = {name: library.query(text) for name, text in questions.items()}
    run = search_with(setting, index, partial(_search, index, queries, unit, progress)).run
    name = NAMES.get(setting, "-".join(setting.replace(",", "").split()))
    return PooledRun(name, f"search setting: {setting}, generation {library.generation}", run)


def steps(setting: str) -> int:
    """How often a setting searches for each question."""
    return 2 if setting == RANKS else 1


def _search(
    index: PassageIndex,
    queries: Mapping[str, str],
    unit: Unit,
    progress: Callable[[], object],
    keep: Callable[[Hit], bool],
) -> Searched:
    run: dict[str, list[Scored]] = {}
    for name, query in queries.items():
        hits = [(hit, score) for hit, score in comparable(index.search(query, DEPTH)) if keep(hit)]
        passages = [Scored(hit.passage.passage_id, score) for hit, score in hits]
        run[name] = by_study(hits) if unit is Unit.study else passages
        progress()
    return Searched(run, [0.0] * len(run))
