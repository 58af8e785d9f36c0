"""How good is search over the library itself: its own questions, studies in the order of their best passages.

Beside the shipped search stand, in the same run, dense search alone and BM25 alone: what it has to beat.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from evaluation.errors import IncompleteRunError
from evaluation.measures import interval, means, measure_questions
from evaluation.qrels import Qrels
from evaluation.questions import Question, faults_of, qrels
from evaluation.report import Plain, Report
from evaluation.retrieval import comparable
from evaluation.runs import Run, Scored
from evaluation.searches import DENSE, LEXICAL, RANKS, SHIPPED, Searched, search_with
from evaluation.significance import randomisation
from evaluation.tuning import LEADING
from index.search import Hit, PassageIndex
from service.answering import CANDIDATES
from service.answers import Outcome

MEASURES = ("nDCG@10", "RR@10", "R@5", "P@1")
"""Of studies. R@5 and P@1 count every grade from 1; nDCG@10 weighs them."""

SEED = 17


class Searches(NamedTuple):
    """The same questions through several searches.

    Attributes:
        runs: studies best first, by the search's name.
        values: by search, measure and question.
        milliseconds: what each question took, encoding it included, by search.
    """

    qrels: Qrels
    runs: Mapping[str, Run]
    values: Mapping[str, Mapping[str, Mapping[str, float]]]
    milliseconds: Mapping[str, Sequence[float]]


def search_own(
    questions: Sequence[Question],
    index: PassageIndex,
    *,
    query: Callable[[str], str] = str,
    others: Sequence[str] = (),
    progress: Callable[[], object] = lambda: None,
) -> Searches:
    """Searches the library for every question that it answers.

    Args:
        questions: as read_questions gave them; those that are not to be answered, or name no study, are
            left out.
        index: over the library.
        query: what is searched for a question; as it was typed, unless told otherwise.
        others: settings of search, by their names in evaluation.searches, that are measured beside the
            shipped ones and the two baselines.
        progress: called after each question of each search.

    Raises:
        IncompleteRunError: no question is left.
        FailedQuestionError: a fault kept a question from being searched.
    """
    asked = to_be_searched(questions)
    if not asked:
        raise IncompleteRunError(
            "no question that should be answered names a study, so there is nothing to search for"
        )
    judged = qrels(asked)
    found = {
        name: search_with(name, index, partial(_search, index, query, asked, progress))
        for name in names(others)
    }
    runs = {name: each.run for name, each in found.items()}
    values = {name: measure_questions(judged, run, MEASURES) for name, run in runs.items()}
    return Searches(judged, runs, values, {name: each.milliseconds for name, each in found.items()})


def steps(questions: Sequence[Question], others: Sequence[str] = ()) -> int:
    """How often search_own will search."""
    every = names(others)
    return len(to_be_searched(questions)) * (len(every) + (RANKS in every))


def names(others: Sequence[str]) -> list[str]:
    """What is measured: the shipped settings, the two baselines, and whatever else is asked for."""
    return list(dict.fromkeys((SHIPPED, DENSE, LEXICAL, *others)))


def to_be_searched(questions: Sequence[Question]) -> list[Question]:
    """Those that should be answered, and tell from which studies."""
    return [item for item in questions if item.outcome is Outcome.answered and item.studies]


def report_own(
    questions: Sequence[Question],
    searched: Searches,
    *,
    title: str,
    settings: Mapping[str, Plain],
    setting: str = SHIPPED,
) -> Report:
    """One search's measures, a row for each search, and nDCG@10 kind by kind.

    `p` in a row is the paired randomisation test of its nDCG@10 against the shipped settings.

    Args:
        questions: those that were given to search_own.
        searched: what it gave.
        title: of the report.
        settings: what the searches depend on.
        setting: the search whose measures and times are those of the report.
    """
    chosen, took = searched.values[setting], searched.milliseconds[setting]
    shipped = list(searched.values[SHIPPED][LEADING].values())
    return Report(
        title=title,
        measures=means(chosen),
        intervals={name: interval(list(found.values()), SEED) for name, found in chosen.items()},
        counts={"questions": len(searched.qrels), "left out": len(questions) - len(searched.qrels)},
        timings={f"search p{q} ms": float(np.percentile(took, q)) for q in (50, 95)},
        settings={**settings, "setting": setting, "passages_asked_for": CANDIDATES, "seed": SEED},
        groups=_groups(questions, searched),
        rows=[
            {"search": name, **means(found), "p": randomisation(list(found[LEADING].values()), shipped, SEED)}
            for name, found in searched.values.items()
        ],
    )


def _search(
    index: PassageIndex,
    query: Callable[[str], str],
    questions: Sequence[Question],
    progress: Callable[[], object],
    keep: Callable[[Hit], bool],
) -> Searched:
    run: dict[str, list[Scored]] = {}
    milliseconds = []
    for question in questions:
        start = time.perf_counter()
        with faults_of(question):
            hits = index.search(query(question.question), CANDIDATES)
        milliseconds.append(1000 * (time.perf_counter() - start))
        run[question.question_id] = by_study((hit, score) for hit, score in comparable(hits) if keep(hit))
        progress()
    return Searched(run, milliseconds)


def by_study(hits: Iterable[tuple[Hit, float]]) -> list[Scored]:
    """Studies in the order of their best passages, with its score."""
    best: dict[str, float] = {}
    for hit, score in hits:
        best.setdefault(hit.passage.study_id, score)
    return [Scored(study_id, score) for study_id, score in best.items()]


def _groups(questions: Sequence[Question], searched: Searches) -> list[dict[str, Plain]]:
    kinds = {item.question_id: item.kind for item in questions if item.kind}
    rows: list[dict[str, Plain]] = []
    for kind in dict.fromkeys(kinds[each] for each in searched.qrels if each in kinds):
        theirs = [each for each in searched.qrels if kinds.get(each) == kind]
        figures = {
            f"{LEADING}, {name}": float(np.mean([values[LEADING][each] for each in theirs]))
            for name, values in searched.values.items()
        }
        rows.append({"group": f"kind: {kind}", "questions": len(theirs), **figures})
    return rows
