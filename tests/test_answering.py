import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.search import PassageIndex
from service.answering import Sources, answer_question
from service.answers import DISCLAIMER, Answer, NoticeKind, Outcome
from service.verification import is_verbatim

if TYPE_CHECKING:
    from service.library import Library

QUESTIONS = (
    "did it help the kidneys?",
    "does it work?",
    "is it safe?",
    "how many people died",
    "what dose was used",
    "who paid for the deng study",
    "leaky kidneys - did they get better",
    "should I stop prednisone and try this?",
    "I cant breathe and my chest hurts right now",
    "what is the capital of France",
    "does insurance cover it",
    "患者は良くなりましたか",
    "x",
)


@pytest.fixture(scope="module")
def sources(library: "Library") -> Sources:
    return library._sources


def cited(answer: Answer) -> list[str]:
    every = [*answer.statements, *(statement for side in answer.contrast for statement in side.statements)]
    return [statement.citation.study_id for statement in every]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_keeps_the_contract(sources: Sources, question: str) -> None:
    """Whatever is asked: the disclaimer is there, quotes are proven, numbers and cards in order."""
    answer = answer_question(question, sources)
    assert answer.disclaimer == DISCLAIMER
    assert answer.corpus_version == sources.index.manifest.corpus_version
    assert answer.index_generation == sources.index.manifest.generation
    every = [*answer.statements, *(statement for side in answer.contrast for statement in side.statements)]
    assert all(is_verbatim(statement, sources.index.studies) for statement in every)
    assert [statement.citation.number for statement in every] == list(range(1, len(every) + 1))
    assert [card.study_id for card in answer.studies] == list(dict.fromkeys(cited(answer)))
    assert bool(answer.statements) == (answer.outcome is Outcome.answered)


@pytest.mark.parametrize(
    "question", ["did it help the kidneys?", "does it work?", "is it safe?", "is this any good"]
)
def test_general_questions_on_effect_and_safety_show_both_sides(sources: Sources, question: str) -> None:
    """The trial that found no difference, and told of a death, stands in every general answer."""
    answer = answer_question(question, sources)
    assert answer.outcome is Outcome.answered
    assert {"no_difference", "benefit"} <= {str(card.finding) for card in answer.studies}
    assert "deng2017" in cited(answer)


def test_quote_that_leans_shows_which_part_answers(sources: Sources) -> None:
    """A quote of several sentences marks the one that answers, within the quote."""
    answers = [answer_question(question, sources) for question in QUESTIONS]
    marked = [s.citation for a in answers for s in a.statements if s.citation.highlight]
    assert all(c.highlight and c.start <= c.highlight.start < c.highlight.end <= c.end for c in marked)


def test_emergency_is_never_searched(sources: Sources) -> None:
    """An emergency gets its card and no quote."""
    answer = answer_question("my chest hurts and I cant breathe", sources)
    assert answer.outcome is Outcome.screened
    assert answer.notice is not None
    assert answer.notice.kind is NoticeKind.emergency
    assert cited(answer) == []


def test_personal_advice_gets_a_notice_beside_what_the_studies_say(sources: Sources) -> None:
    """A question for advice is told not to change a treatment, and what the studies say stands beside it."""
    answer = answer_question("should I try stem cells for my kidneys?", sources)
    assert answer.notice is not None
    assert answer.notice.kind is NoticeKind.personal_advice
    assert answer.outcome is Outcome.answered


@pytest.mark.parametrize(
    "question",
    [
        "does insurance cover it",
        "did it help with hair loss",
        "can I get pregnant afterwards",
        "does it cure diabetes",
    ],
)
def test_what_the_library_does_not_say_is_said_so(sources: Sources, question: str) -> None:
    """A near-miss ends in no_evidence, with topics that are covered and questions for the doctor."""
    answer = answer_question(question, sources)
    assert answer.outcome is Outcome.no_evidence
    assert answer.statements == ()
    assert answer.topics
    assert answer.ask_your_doctor


def test_named_study_is_answered_from_alone(sources: Sources) -> None:
    """A question about one author's study quotes no other."""
    answer = answer_question("who paid for the Deng trial?", sources)
    assert set(cited(answer)) == {"deng2017"}
    assert "Beike" in answer.statements[0].text


def test_everyday_words_find_medical_ones(sources: Sources) -> None:
    """The glossary's lay words reach sentences that use the medical word."""
    answer = answer_question("did people on plaquenil do worse?", sources)
    assert any("hydroxychloroquine" in statement.text for statement in answer.statements)


def test_same_question_gets_the_same_answer(sources: Sources) -> None:
    """Only the answer's id differs between two askings."""
    first, second = (answer_question("did it help the kidneys?", sources) for _ in range(2))
    assert first.answer_id != second.answer_id
    assert first.model_copy(update={"answer_id": ""}) == second.model_copy(update={"answer_id": ""})


def test_quote_that_does_not_match_is_not_sent(
    sources: Sources, toy_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the passages and the studies differ, no quote passes, and the library "does not say"."""
    from tests.toy import ToyEncoder  # noqa: PLC0415

    index = PassageIndex.load(toy_index, ToyEncoder())
    changed = {
        study_id: study.model_copy(
            update={"sections": tuple(s.model_copy(update={"text": "!" + s.text}) for s in study.sections)}
        )
        for study_id, study in index.studies.items()
    }
    monkeypatch.setattr(index, "studies", changed)
    broken = dataclasses.replace(sources, index=index)
    assert answer_question("does it work?", broken).outcome is Outcome.no_evidence


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("did protienuria go down", "proteinuria"),
        ("did the kidnys get better", "kidneys"),
        ("who had used hydroxycloroquine before", "hydroxychloroquine"),
    ],
)
def test_misspelt_words_are_read_and_told(sources: Sources, question: str, read: str) -> None:
    """A misspelt word is read as the library's own, and the answer says so."""
    answer = answer_question(question, sources)
    assert answer.outcome is Outcome.answered
    assert [respelling.read for respelling in answer.respellings] == [read]
