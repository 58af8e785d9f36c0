"""Figures: everything that the own questions can measure, as the release gate compares it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isfinite

from evaluation import own
from evaluation.answers import LOWER_IS_BETTER, evaluate_answers
from evaluation.baseline import Figure
from evaluation.measures import interval
from evaluation.own import SEED, Searches, search_own
from evaluation.questions import Question
from evaluation.report import Report
from evaluation.screening import CLASSES, NONE, Line, measure_screening
from index.search import PassageIndex
from service.answering import Weighed

Figures = Mapping[str, Figure | None]
"""By measure, named "part: measure"; None where one could not be measured."""


def measure(
    questions: Sequence[Question],
    *,
    weigh: Callable[[str], Weighed],
    index: PassageIndex,
    query: Callable[[str], str],
    screen: Callable[[str], str],
    progress: Callable[[], object] = lambda: None,
) -> Figures:
    """Measures search, answers and screening on the same questions.

    Args:
        questions: as read_questions gave them.
        weigh: answers a question, and tells the sentence that it was surest of.
        index: over the library.
        query: what is searched for a question.
        screen: gives a question's class, `none` where there is nothing to say.
        progress: called after each question searched or answered.

    Raises:
        FailedQuestionError: a fault kept a question from being searched or answered.
        IncompleteRunError: no question can be searched for.
    """
    searched = search_own(questions, index, query=query, progress=progress)
    answers = evaluate_answers(questions, weigh, title="", settings={}, progress=progress)
    lines = [
        Line(question=item.question, expected=item.notice.value if item.notice else NONE)
        for item in questions
    ]
    screened = measure_screening(lines, screen, classes=CLASSES, title="", settings={})
    return dict([*_searched(searched), *_reported("answers", answers), *_reported("screening", screened)])


def steps(questions: Sequence[Question]) -> int:
    """How often `measure` will report progress."""
    return len(questions) + own.steps(questions)


def undefined(figures: Figures) -> list[str]:
    """The measures that a run could not tell."""
    return [name for name, figure in figures.items() if figure is None]


def lower_is_better(name: str) -> bool:
    """Whether a fall of this measure is good news."""
    measured = name.partition(": ")[2]
    return measured in LOWER_IS_BETTER or measured.startswith("false alarms ")


def _searched(searched: Searches) -> Iterator[tuple[str, Figure | None]]:
    for name, measures in searched.values.items():
        for measured, by_question in measures.items():
            values = list(by_question.values())
            figure = _figure(sum(values) / len(values), interval(values, SEED), len(values))
            yield f"retrieval, {name}: {measured}", figure


def _reported(part: str, report: Report) -> Iterator[tuple[str, Figure | None]]:
    for name, value in report.measures.items():
        yield f"{part}: {name}", _figure(value, report.intervals.get(name), report.counts[f"behind {name}"])


def _figure(value: float | None, ends: tuple[float, float] | None, count: int) -> Figure | None:
    if value is None or ends is None or not all(map(isfinite, (value, *ends))):
        return None
    return Figure(value=value, low=ends[0], high=ends[1], questions=count)
