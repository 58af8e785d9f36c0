"""How good are the answers: questions with what they should get, through the service's own spine."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple

from evaluation.abstention import Decision, area, bootstrap, risk_at
from evaluation.measures import auc, interval, share
from evaluation.questions import Question, faults_of, holds_one
from evaluation.report import Plain, Report
from service.answering import UNANSWERED, Weighed
from service.answers import Answer, Outcome
from service.evidence import Evidence

COVERAGE = 0.8
WRONG, RISK, AREA = "confident wrong", f"risk at {COVERAGE:.0%} coverage", "area under risk and coverage"
LOWER_IS_BETTER = frozenset({WRONG, RISK, AREA})

SEED = 17


class _Judged(NamedTuple):
    """One question's answer, judged; None where the question does not say what is right."""

    question_id: str
    question: str
    kind: str | None
    split: str | None
    expected: str
    outcome: str
    notice: str | None
    confidence: float | None
    best_right: bool | None
    right_outcome: bool
    right_notice: bool | None
    sentence_first: bool | None
    sentence_shown: bool | None
    study_shown: bool | None
    complete: bool | None
    confident_wrong: bool | None


def evaluate_answers(
    questions: Sequence[Question],
    weigh: Callable[[str], Weighed],
    *,
    title: str,
    settings: Mapping[str, Plain],
    progress: Callable[[], object] = lambda: None,
) -> Report:
    """Measures answers.

    Abstentions stay in the denominator: a question that should be answered and is not counts 0 for its
    sentence, its study and its completeness.

    Args:
        questions: as read_questions gave them.
        weigh: answers a question, and tells the sentence that it was surest of.
        title: of the report.
        settings: what the answers depend on, for the report.
        progress: called after each question.

    Raises:
        FailedQuestionError: a fault kept a question from being answered.
    """
    judged = []
    for question in questions:
        with faults_of(question):
            weighed = weigh(question.question)
        judged.append(_judge(question, weighed))
        progress()
    values = _values(judged)
    figures, ends, counts = _abstention(judged)
    return Report(
        title=title,
        measures={name: share(found) for name, found in values.items()} | figures,
        intervals={name: interval(found, SEED) for name, found in values.items() if found} | ends,
        counts={"questions": len(judged)}
        | {f"behind {name}": len(found) for name, found in values.items()}
        | {f"behind {name}": count for name, count in counts.items()},
        settings={**settings, "seed": SEED},
        groups=[*_groups("kind", judged), *_groups("split", judged)],
        rows=[item._asdict() for item in judged],
    )


def _judge(question: Question, weighed: Weighed) -> _Judged:
    answer, best = weighed
    quotes = [*answer.statements, *(quote for side in answer.contrast for quote in side.statements)]
    cited = {quote.citation.study_id for quote in quotes}
    notice = answer.notice.kind if answer.notice else None
    first = _right([quote.text for quote in answer.statements[:1]], question)
    shown = _right([quote.text for quote in quotes], question)
    study = bool(cited & question.answering) if question.answering else None
    to_answer = question.outcome is Outcome.answered
    return _Judged(
        question_id=question.question_id,
        question=question.question,
        kind=question.kind,
        split=question.split.value if question.split else None,
        expected=question.outcome.value,
        outcome=answer.outcome.value,
        notice=notice.value if notice else None,
        confidence=_confidence(question, best),
        best_right=_best_right(question, best),
        right_outcome=answer.outcome is question.outcome,
        right_notice=notice is question.notice if question.notice else None,
        sentence_first=first if to_answer else None,
        sentence_shown=shown if to_answer else None,
        study_shown=study if to_answer else None,
        complete=cited >= set(question.needed) if question.needed else None,
        confident_wrong=_confident_wrong(question, answer, study if shown is None else shown),
    )


def _right(texts: Sequence[str], question: Question) -> bool | None:
    return holds_one(texts, question.sentences) if question.sentences else None


def _confident_wrong(question: Question, answer: Answer, right: bool | None) -> bool | None:
    """Whether it was answered without anything right: worse than any abstention."""
    if answer.outcome is not Outcome.answered:
        return False
    if right is None:
        return None if question.outcome is Outcome.answered else True
    return not right


def _for_the_reader(question: Question) -> bool:
    """Whether it is the reader that decides; the others should end at the gate, which is measured apart."""
    return question.outcome is not Outcome.screened and question.notice not in UNANSWERED


def _confidence(question: Question, best: Evidence | None) -> float | None:
    if not _for_the_reader(question):
        return None
    return best.score if best else 0.0


def _best_right(question: Question, best: Evidence | None) -> bool | None:
    """Whether the surest sentence is a right one, quoted or not."""
    if not _for_the_reader(question):
        return None
    if best is None:
        return False
    if question.sentences:
        return holds_one([best.passage.quote(best.quote)], question.sentences)
    return best.study_id in question.answering if question.studies else question.outcome is Outcome.answered


def _values(judged: Sequence[_Judged]) -> dict[str, list[bool]]:
    """Of each measure that is a share: whether, a question."""
    return {
        "outcome accuracy": [item.right_outcome for item in judged],
        "answered": _outcomes(judged, Outcome.answered),
        "abstained": _outcomes(judged, Outcome.no_evidence),
        "screened right": _known(item.right_notice for item in judged),
        "right sentence first": _known(item.sentence_first for item in judged),
        "right sentence shown": _known(item.sentence_shown for item in judged),
        "right study shown": _known(item.study_shown for item in judged),
        "complete": _known(item.complete for item in judged),
        WRONG: _known(item.confident_wrong for item in judged),
    }


def _known(values: Iterable[bool | None]) -> list[bool]:
    return [value for value in values if value is not None]


def _outcomes(judged: Sequence[_Judged], outcome: Outcome) -> list[bool]:
    """Of the questions that should end so, which did."""
    return [item.right_outcome for item in judged if item.expected == outcome.value]


class _Abstention(NamedTuple):
    measures: dict[str, float | None]
    intervals: dict[str, tuple[float, float]]
    counts: dict[str, int]


def _abstention(judged: Sequence[_Judged]) -> _Abstention:
    """Does the confidence tell answerable questions from the others, and right sentences from wrong ones?"""
    known = [(item, item.confidence) for item in judged if item.confidence is not None]
    decisions = [Decision(confidence, bool(item.best_right)) for item, confidence in known]
    yes = [confidence for item, confidence in known if item.expected == Outcome.answered.value]
    no = [confidence for item, confidence in known if item.expected == Outcome.no_evidence.value]
    risk = partial(risk_at, coverage=COVERAGE)
    measures = {"abstention AUC": auc(yes, no), RISK: risk(decisions), AREA: area(decisions)}
    intervals = {}
    if yes and no:
        intervals["abstention AUC"] = bootstrap(auc, yes, no, seed=SEED)
    if decisions:
        intervals |= {name: bootstrap(of, decisions, seed=SEED) for name, of in ((RISK, risk), (AREA, area))}
    return _Abstention(measures, intervals, dict.fromkeys(measures, len(decisions)))


def _groups(name: Literal["kind", "split"], judged: Sequence[_Judged]) -> list[dict[str, Plain]]:
    """The shares once more, for each kind or split by itself."""
    rows: list[dict[str, Plain]] = []
    for group in dict.fromkeys(getattr(item, name) for item in judged if getattr(item, name)):
        theirs = [item for item in judged if getattr(item, name) == group]
        shares = {measure: share(found) for measure, found in _values(theirs).items()}
        rows.append({"group": f"{name}: {group}", "questions": len(theirs), **shares})
    return rows
