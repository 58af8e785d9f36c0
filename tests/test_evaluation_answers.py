"""Measuring answers."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corpus.passages import split_study
from corpus.sentences import split_sentences
from corpus.studies import Study
from evaluation.answers import evaluate_answers
from evaluation.errors import FailedQuestionError
from evaluation.questions import Question, read_questions
from service.answering import UNANSWERED, Weighed
from service.answers import DISCLAIMER, Answer, Citation, Contrast, Notice, NoticeKind, Outcome, Statement
from service.evidence import THRESHOLD, Evidence
from service.wording import study_card
from tests.studies import make_study

if TYPE_CHECKING:
    from service.library import Library

STUDIES = {"doe2020": make_study("doe2020"), "poe2021": make_study("poe2021", finding="no_difference")}
FELL = "Protein in the urine fell in 9 of 10 people."
DIED = "Nobody died."
LEAKED = "Kidneys leaked less protein after treatment."


def statement(number: int, study: Study, sentence: str, *, before: int = 0) -> Statement:
    """A sentence of a study as it is quoted, with the sentence before it where `before` is 1."""
    for section in study.sections:
        spans = split_sentences(section.text)
        for place, span in enumerate(spans):
            if section.text[span.start : span.end] == sentence:
                start = spans[place - before].start
                citation = Citation(
                    number=number,
                    study_id=study.study_id,
                    section=section.name,
                    section_title=section.title,
                    start=start,
                    end=span.end,
                    source_sha256=section.sha256,
                )
                return Statement(text=section.text[start : span.end], citation=citation)
    raise AssertionError(sentence)


def answer(
    *quotes: Statement, other_side: tuple[Statement, ...] = (), notice: NoticeKind | None = None
) -> Answer:
    cited = dict.fromkeys(quote.citation.study_id for quote in (*quotes, *other_side))
    contrast = (
        (Contrast(study_id="poe2021", why="Another result.", statements=other_side),) if other_side else ()
    )
    return Answer(
        outcome=Outcome.answered if quotes else Outcome.no_evidence,
        message="A message.",
        statements=quotes,
        studies=tuple(study_card(STUDIES[study_id]) for study_id in cited),
        contrast=contrast,
        notice=Notice(kind=notice, title="t", text="t", version="1", reviewed="no") if notice else None,
        disclaimer=DISCLAIMER,
        answer_id="a",
        corpus_version="c",
        index_generation="g",
    )


def surest(study: Study, sentence: str, score: float) -> Evidence:
    """A sentence as the reader found it."""
    for passage in split_study(study):
        for span in passage.sentences:
            if passage.quote(span) == sentence:
                return Evidence(passage=passage, sentence=span, quote=span, score=score)
    raise AssertionError(sentence)


def questions(folder: Path, *lines: dict[str, Any]) -> tuple[Question, ...]:
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in lines))
    return read_questions(path, STUDIES)


DOE, POE = STUDIES["doe2020"], STUDIES["poe2021"]
WANTED = {"outcome": "answered", "studies": ["doe2020"], "sentences": [FELL]}


def test_shares_by_hand(tmp_path: Path) -> None:
    """An abstention counts 0 for its sentence and study; the other side of an answer counts as shown."""
    asked = questions(
        tmp_path,
        {"question": "first", "kind": "direct", "split": "tuning", **WANTED},
        {"question": "second", "kind": "direct", "split": "held_out", **WANTED},
        {"question": "contrast", "kind": "direct", **WANTED, "studies": {"poe2021": 2, "doe2020": 1}},
        {"question": "abstains", "kind": "vague", **WANTED},
        {"question": "near miss", "outcome": "no_evidence"},
        {"question": "wrongly answered", "outcome": "no_evidence"},
    )
    given = {
        "first": answer(statement(1, DOE, FELL)),
        "second": answer(statement(1, DOE, DIED), statement(2, DOE, FELL)),
        "contrast": answer(statement(1, DOE, DIED), other_side=(statement(2, POE, FELL),)),
        "abstains": answer(),
        "near miss": answer(),
        "wrongly answered": answer(statement(1, DOE, DIED)),
    }
    told: list[None] = []
    report = evaluate_answers(
        asked,
        lambda question: Weighed(given[question], None),
        title="Answers",
        settings={"model": "toy"},
        progress=lambda: told.append(None),
    )
    assert {name: report.measures[name] for name in list(report.measures)[:9]} == {
        "outcome accuracy": pytest.approx(4 / 6),
        "answered": 0.75,
        "abstained": 0.5,
        "screened right": None,
        "right sentence first": 0.25,
        "right sentence shown": 0.75,
        "right study shown": 0.75,
        "complete": None,
        "confident wrong": pytest.approx(1 / 6),
    }
    assert report.counts["questions"] == len(told) == 6
    assert report.counts["behind right sentence first"] == 4
    assert report.rows[3]["outcome"] == "no_evidence"
    assert report.rows[4]["sentence_first"] is None
    assert [row["question_id"] for row in report.rows if row["confident_wrong"]] == ["6"]
    groups = {row["group"]: row for row in report.groups}
    assert list(groups) == ["kind: direct", "kind: vague", "split: tuning", "split: held_out"]
    assert (groups["kind: direct"]["questions"], groups["kind: direct"]["right sentence first"]) == (3, 1 / 3)
    assert groups["kind: vague"]["right study shown"] == 0.0


def test_an_answer_without_anything_right_is_confidently_wrong(tmp_path: Path) -> None:
    """Whether or not there was a right one; a false premise that is put right is no wrong answer."""
    asked = questions(
        tmp_path,
        {"question": "wrong sentence", **WANTED},
        {"question": "false premise", **WANTED, "outcome": "no_evidence"},
        {"question": "fell for it", **WANTED, "outcome": "no_evidence"},
        {"question": "right study", "outcome": "answered", "studies": ["doe2020"]},
        {"question": "wrong study", "outcome": "answered", "studies": ["poe2021"]},
        {"question": "nothing known", "outcome": "answered"},
        {"question": "emergency", "outcome": "screened", "notice": "emergency"},
    )
    fell, died = answer(statement(1, DOE, FELL)), answer(statement(1, DOE, DIED))
    given = {"false premise": fell, "right study": died}
    report = evaluate_answers(
        asked, lambda question: Weighed(given.get(question, died), None), title="", settings={}
    )
    assert [row["confident_wrong"] for row in report.rows] == [True, False, True, False, True, None, True]
    assert report.measures["confident wrong"] == pytest.approx(4 / 6)
    assert report.measures["right sentence shown"] == 0.0


def test_a_fair_answer_quotes_every_study_that_is_needed(tmp_path: Path) -> None:
    """Statements and the other side count together; one side alone, and an abstention, are not complete."""
    both = {"outcome": "answered", "studies": ["doe2020", "poe2021"], "needed": ["doe2020", "poe2021"]}
    names = ("both sides", "one side", "none")
    asked = questions(tmp_path, *({"question": name, **both} for name in names))
    given = {
        "both sides": answer(statement(1, DOE, DIED), other_side=(statement(2, POE, DIED),)),
        "one side": answer(statement(1, DOE, DIED)),
        "none": answer(),
    }
    report = evaluate_answers(asked, lambda question: Weighed(given[question], None), title="", settings={})
    assert [row["complete"] for row in report.rows] == [True, False, False]
    assert report.measures["complete"] == pytest.approx(1 / 3)


def test_the_right_notice_is_the_one_of_the_question(tmp_path: Path) -> None:
    """Another notice, or none, is not right; questions that need none are not asked about here."""
    asked = questions(
        tmp_path,
        {"question": "a", "outcome": "no_evidence", "notice": "dose"},
        {"question": "b", "outcome": "no_evidence", "notice": "dose"},
        {"question": "c", "outcome": "no_evidence", "notice": "dose"},
        {"question": "d", "outcome": "no_evidence"},
    )
    kinds = {"a": NoticeKind.dose, "b": NoticeKind.diagnosis}
    report = evaluate_answers(
        asked, lambda question: Weighed(answer(notice=kinds.get(question)), None), title="", settings={}
    )
    assert [row["right_notice"] for row in report.rows] == [True, False, False, None]
    assert report.counts["behind screened right"] == 3


def test_confidence_by_hand(tmp_path: Path) -> None:
    """The surest sentence counts whether or not it was quoted; what the gate should end is left out."""
    asked = questions(
        tmp_path,
        {"question": "sure and right", **WANTED},
        {"question": "unsure and right", **WANTED},
        {"question": "sure and wrong", **WANTED},
        {"question": "near miss", "outcome": "no_evidence"},
        {"question": "stopped by mistake", **WANTED},
        {"question": "emergency", "outcome": "screened", "notice": "emergency"},
        {"question": "diagnosis", "outcome": "no_evidence", "notice": "diagnosis"},
    )
    best = {
        "sure and right": surest(DOE, FELL, 0.9),
        "unsure and right": surest(DOE, FELL, 0.3),
        "sure and wrong": surest(DOE, DIED, 0.8),
        "near miss": surest(DOE, DIED, 0.4),
    }
    report = evaluate_answers(
        asked, lambda question: Weighed(answer(), best.get(question)), title="", settings={}
    )
    assert [row["confidence"] for row in report.rows] == [0.9, 0.3, 0.8, 0.4, 0.0, None, None]
    assert [row["best_right"] for row in report.rows] == [True, True, False, False, False, None, None]
    assert report.measures["abstention AUC"] == pytest.approx(2 / 4)
    # Surest first: right, wrong, wrong, right, wrong.
    assert report.measures["risk at 80% coverage"] == pytest.approx(2 / 4)
    assert report.measures["area under risk and coverage"] == pytest.approx(
        (1 / 2 + 2 / 3 + 2 / 4 + 3 / 5) / 5
    )
    assert report.counts["behind abstention AUC"] == 5
    for name in ("abstention AUC", "risk at 80% coverage", "area under risk and coverage"):
        low, high = report.intervals[name]
        assert low <= (report.measures[name] or 0) <= high


def test_a_quote_may_bring_the_sentence_before_along(tmp_path: Path) -> None:
    """The right sentence is found in a quote that holds more."""
    asked = questions(tmp_path, {"question": "leaning", "outcome": "answered", "sentences": [LEAKED]})
    quote = statement(1, DOE, LEAKED, before=1)
    assert quote.text != LEAKED
    report = evaluate_answers(asked, lambda _: Weighed(answer(quote), None), title="", settings={})
    assert report.measures["right sentence first"] == 1.0
    assert report.measures["right study shown"] is None


def test_a_question_that_fails_is_named(tmp_path: Path) -> None:
    """A fault in the service ends the measurement with the question that ran into it."""

    def weigh(_: str) -> Weighed:
        raise ZeroDivisionError("no sentences")

    asked = questions(tmp_path, {"id": "d07", "question": "why?", "outcome": "no_evidence"})
    with pytest.raises(FailedQuestionError, match="question d07 failed with ZeroDivisionError: no sentences"):
        evaluate_answers(asked, weigh, title="", settings={})


@pytest.mark.parametrize(
    "question",
    [
        "did it help the kidneys?",
        "does it work?",
        "is it safe?",
        "how many people died",
        "does insurance cover it",
        "what is a stochastic differential equation",
        "should I stop prednisone and try this?",
        "my chest hurts and I cant breathe",
        "is it lupus that I have?",
    ],
)
def test_confidence_is_what_the_service_decides_by(library: "Library", question: str) -> None:
    """The answer is the one that people get, and says something exactly when confidence is high enough."""
    weighed = library.weigh(question)
    asked = library.ask(question)
    # What else to ask is added to an abstention afterwards.
    assert weighed.answer == asked.model_copy(
        update={"answer_id": weighed.answer.answer_id, "suggestions": weighed.answer.suggestions}
    )
    if weighed.best is None:
        assert asked.outcome is Outcome.screened or (asked.notice and asked.notice.kind in UNANSWERED)
    else:
        assert (asked.outcome is Outcome.answered) == (weighed.best.score >= THRESHOLD)
