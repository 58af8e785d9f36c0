"""Reading questions: whatever a file asks for must be there to be found."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.studies import LIBRARY, load_studies
from evaluation.commands import OWN_QUESTIONS
from evaluation.errors import FailedQuestionError, InputFileError
from evaluation.qrels import read_qrels, write_qrels
from evaluation.questions import Split, choose_split, faults_of, holds_one, qrels, read_questions, unfinished
from service.answers import NoticeKind, Outcome
from tests.studies import make_study

STUDIES = {
    "doe2020": make_study("doe2020"),
    "poe2021": make_study("poe2021", side_effects_and_safety="Two people\nhad a rash."),
}
FELL = "Protein in the urine fell in 9 of 10 people."
FULL = {
    "id": "d01",
    "question": "did it help  the kidneys?",
    "kind": "direct",
    "split": "held_out",
    "outcome": "answered",
    "studies": {"doe2020": 3, "poe2021": 1},
    "sentences": [FELL],
    "needed": ["doe2020", "poe2021"],
}


def write(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "questions.jsonl"


def test_reads_all_of_a_question(path: Path) -> None:
    """Every field is kept; grades from 2 up make a study a right one to cite."""
    (question,) = read_questions(write(path, FULL), STUDIES)
    assert (question.question_id, question.kind, question.split) == ("d01", "direct", Split.held_out)
    assert (question.question, question.outcome) == ("did it help the kidneys?", Outcome.answered)
    assert dict(question.studies) == {"doe2020": 3, "poe2021": 1}
    assert question.answering == {"doe2020"}
    assert question.needed == ("doe2020", "poe2021")


def test_an_evaluators_own_file_may_be_short(path: Path) -> None:
    """Question and outcome will do: the id is the line's number, a plain list of studies grades each 3."""
    write(
        path,
        {"question": "why?", "outcome": "no_evidence"},
        {"question": "help me", "outcome": "screened", "notice": "crisis"},
        {"question": "did it help?", "outcome": "answered", "studies": ["doe2020"]},
    )
    questions = read_questions(path, STUDIES)
    assert [question.question_id for question in questions] == ["1", "2", "3"]
    assert questions[1].notice is NoticeKind.crisis
    assert dict(questions[2].studies) == {"doe2020": 3}


def test_a_false_premise_has_what_puts_it_right(path: Path) -> None:
    """A question that is not to be answered may name studies and sentences that correct it."""
    write(path, FULL | {"outcome": "no_evidence", "needed": []})
    assert read_questions(path, STUDIES)[0].sentences == (FELL,)


def test_a_sentence_may_be_broken_over_lines(path: Path) -> None:
    """Line breaks of the source are single spaces in a question's sentence."""
    write(path, FULL | {"studies": {"poe2021": 3}, "needed": [], "sentences": ["Two people had a rash."]})
    assert len(read_questions(path, STUDIES)) == 1


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"studies": {"doe2019": 3}, "needed": []}, "the library has no study doe2019"),
        ({"sentences": ["Everybody lived."]}, "none of the question's studies has the sentence 'Every"),
        (
            {"sentences": ["Everybody lived."], "studies": {}, "needed": []},
            "none of the library's studies has",
        ),
        (
            {"sentences": ["Two people had a rash."], "studies": {"doe2020": 3}, "needed": []},
            "none of the question's studies has the sentence 'Two people",
        ),
        ({"studies": {"doe2020": 0, "poe2021": 1}}, "studies.doe2020: Input should be greater than"),
        ({"studies": {"doe2020": 4, "poe2021": 1}}, "studies.doe2020: Input should be less than"),
        ({"studies": {"doe2020": "3", "poe2021": 1}}, "studies.doe2020: Input should be a valid integer"),
        ({"needed": ["roe2001"]}, "needed: roe2001 is not among the question's studies"),
        ({"outcome": "screened"}, "a question that ends with a safety card has neither"),
        ({"outcome": "perhaps"}, "outcome: Input should be 'answered'"),
        ({"notice": "panic"}, "notice: Input should be 'emergency'"),
        ({"split": "test"}, "split: Input should be 'tuning' or 'held_out'"),
        ({"id": "d 02"}, "id: String should match pattern"),
        ({"question": " "}, "question: Please write a question"),
        ({"question": "x" * 1001}, "question: Please shorten your question"),
        ({"relevance": 3}, "relevance: Extra inputs are not permitted"),
        ({"id": "d01"}, "the id d01 stands in line 1 already"),
        ({"question": "Did it help the KIDNEYS?"}, "the same question stands in line 1 already"),
    ],
)
def test_a_faulty_line_is_named(path: Path, change: dict[str, Any], problem: str) -> None:
    """What the library does not have, what contradicts itself and what stands twice is refused."""
    write(path, FULL, FULL | {"id": "d02", "question": "and the lungs?"} | change)
    with pytest.raises(InputFileError) as caught:
        read_questions(path, STUDIES)
    assert caught.value.line == 2
    assert caught.value.problem.startswith(problem)


def test_a_line_number_is_no_second_id(path: Path) -> None:
    """An id that was given and one that was not must not fall together."""
    write(path, FULL | {"id": "2"}, {"question": "why?", "outcome": "no_evidence"})
    with pytest.raises(InputFileError, match="the id 2 stands in line 1 already"):
        read_questions(path, STUDIES)


def test_a_cut_file_is_refused(path: Path) -> None:
    """Half a line is no shorter question, and no line at all is no empty set."""
    path.write_text(json.dumps(FULL)[:-9])
    with pytest.raises(InputFileError, match="1: not a whole line of JSON"):
        read_questions(path, STUDIES)
    path.write_text("\n")
    with pytest.raises(InputFileError, match="it has no lines"):
        read_questions(path, STUDIES)


def test_qrels_are_graded_and_can_be_written(path: Path, tmp_path: Path) -> None:
    """Studies are judged by question id with their grades; a question that grades none is not judged."""
    write(path, FULL, {"question": "why?", "outcome": "no_evidence"})
    judged = qrels(read_questions(path, STUDIES))
    assert judged == {"d01": {"doe2020": 3, "poe2021": 1}}
    write_qrels(tmp_path / "qrels", judged)
    assert read_qrels(tmp_path / "qrels") == judged


def test_a_split_is_chosen(path: Path) -> None:
    """Only its questions are left; a split that is not there is refused with those that are."""
    write(path, FULL, FULL | {"id": "d02", "question": "and the lungs?", "split": "tuning"})
    questions = read_questions(path, STUDIES)
    assert [each.question_id for each in choose_split(path, questions, "tuning")] == ["d02"]
    assert choose_split(path, questions, None) == questions
    with pytest.raises(
        InputFileError, match="no question has the split 'dev'; the splits here are: held_out, t"
    ):
        choose_split(path, questions, "dev")


def test_what_the_release_gate_misses_is_named(path: Path) -> None:
    """A short question is good enough to be measured, and not to be released on."""
    write(path, FULL, {"question": "did it help?", "outcome": "answered", "kind": "vague"})
    assert unfinished(read_questions(path, STUDIES)) == [
        "question 2 has no split",
        "question 2 has no studies",
        "question 2 has no sentences",
    ]


def test_an_error_is_told_with_its_question(path: Path) -> None:
    """Whatever a question runs into names the question."""
    (question,) = read_questions(write(path, FULL), STUDIES)
    with (
        pytest.raises(FailedQuestionError, match="question d01 failed with KeyError: 'gone'"),
        faults_of(question),
    ):
        raise KeyError("gone")


def test_a_quote_may_bring_the_sentence_before_along() -> None:
    """A sentence is found in a quote that holds more, and across a line break; part of it is not enough."""
    assert holds_one([f"It was so.\n{FELL}"], [FELL])
    assert holds_one([FELL.replace(" urine", "\nurine")], ["Nobody died.", FELL])
    assert not holds_one([FELL[:-1]], [FELL])
    assert not holds_one([], [FELL])


def test_the_own_questions_are_whole() -> None:
    """At least 200 questions, 80 not to be answered; the held-out part shares none with the other."""
    studies = {study.study_id: study for study in load_studies(LIBRARY)}
    questions = read_questions(OWN_QUESTIONS, studies)
    assert unfinished(questions) == []
    assert len(questions) >= 200
    assert sum(question.outcome is not Outcome.answered for question in questions) >= 80
    parts = {split: {one.question.lower() for one in questions if one.split is split} for split in Split}
    assert len(parts[Split.held_out]) >= 100
    assert parts[Split.held_out].isdisjoint(parts[Split.tuning])
    assert all(one.split for one in questions)
