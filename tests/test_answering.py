import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.search import PassageIndex
from service.answering import Sources, answer_question
from service.answers import DISCLAIMER, Answer, NoticeKind, Outcome
from service.balance import Topic, topic_of
from service.verification import is_verbatim
from service.wording import IS_IT_TRUE

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
    return library.sources


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


ON_EFFECT = """
did it help the kidneys?
does it work?
Does it really work?
do stem cells work for lupus
did it help people
is it any good
is this any good
do stem cells cure lupus
is there any proof that it works
how well does it work
how effective is it
what are the results
what did the studies find
so did they get better or not
does stem cell therapy help lupus patients
is it better than nothing
is it better than placebo
Is it any better than the usual drugs?
stem cells vs placebo
what are the chances that it helps
will it make a difference
can stem cells heal lupus
does this stuff actually do anything
benefits?
pros and cons
does it wrok
do stem sells help lupis
is it effectve
did teh treatmant help
is stem cell treatement any better then placbo
is the tretment succesful
"""

ON_SAFETY = """
is it safe?
how safe are stem cells
Is this treatment dangerous?
what are the risks
what are the side effects
side effects?
any bad reactions?
what can go wrong
anything bad happen to anyone?
did anyone die
how many people died
deaths
can it kill you
did anyone get hurt
were there complications
was anyone harmed
what are the downsides
adverse events
is it sfae
is it danegrous
side efects
wat are the side efects of stem cels
complicatons
did people have bad side effects from the stem cells
is it safe and does it work
"""


@pytest.mark.parametrize("question", [*ON_EFFECT.split("\n")[1:-1], *ON_SAFETY.split("\n")[1:-1]])
def test_general_questions_on_effect_and_safety_show_both_sides(sources: Sources, question: str) -> None:
    """However it is asked and misspelt, the study that found no difference stands in every general answer."""
    answer = answer_question(question, sources)
    assert answer.outcome is Outcome.answered
    findings = {str(card.finding) for card in answer.studies}
    assert findings & {"no_difference", "harm"}
    assert findings & {"benefit", "mixed"}
    assert "deng2017" in cited(answer)


@pytest.mark.parametrize("question", ON_SAFETY.split("\n")[1:-1])
def test_general_questions_on_safety_tell_of_the_death(sources: Sources, question: str) -> None:
    """The death in the stem cell group is told wherever safety is asked for in general."""
    answer = answer_question(question, sources)
    said = [*answer.statements, *(statement for side in answer.contrast for statement in side.statements)]
    assert any("died of severe pneumonia" in statement.text for statement in said)


@pytest.mark.parametrize(
    "question", ["is it safe and does it work?", "what are the risks and benefits", "pros and cons?"]
)
def test_who_asks_for_benefit_and_harm_gets_both(sources: Sources, question: str) -> None:
    """Both sides speak on both: what stem cells did, and what went wrong."""
    answer = answer_question(question, sources)
    for side in (answer.statements, answer.contrast[0].statements):
        text = " ".join(statement.text for statement in side)
        assert topic_of(text) is Topic.safety
        assert any(topic_of(statement.text) is Topic.effect for statement in side)
    assert "about safety" not in answer.contrast[0].why


def test_answers_are_short(sources: Sources) -> None:
    """A general question gets one sentence a side, a question of plain fact at most three quotes."""
    general = answer_question("does it work?", sources)
    assert [len(general.statements), len(general.contrast)] == [2, 1]
    fact = answer_question("what dose was used", sources)
    assert len(fact.statements) <= 3


def test_quote_shows_which_part_answers(sources: Sources) -> None:
    """Where a quote marks the part that answers, that lies within the quote."""
    answers = [answer_question(question, sources) for question in QUESTIONS]
    marked = [s.citation for a in answers for s in a.statements if s.citation.highlight]
    assert all(c.highlight and c.start <= c.highlight.start < c.highlight.end <= c.end for c in marked)


@pytest.mark.parametrize(
    "question",
    [
        "why did the trial prove that it cures lupus?",
        "how come everybody was cured",
        "why do the cells work better in people that have been on plaquenil before",
        "what made pfizer put its money into the trial",
        "since stem cells cure lupus, how soon can people stop their pills",
    ],
)
def test_what_a_question_takes_for_granted_is_not_agreed_with(sources: Sources, question: str) -> None:
    """A claim that no sentence explains is not answered from the nearest ones; the doctor is asked of it."""
    answer = answer_question(question, sources)
    assert answer.outcome is Outcome.no_evidence
    assert IS_IT_TRUE in answer.ask_your_doctor
    assert cited(answer) == []


def test_reason_that_the_library_gives_is_told(sources: Sources) -> None:
    """A question why is answered where the nearest sentence gives the reason."""
    answer = answer_question("why was the trial stopped early?", sources)
    assert answer.outcome is Outcome.answered
    assert "because it was clear that no benefit would be shown" in answer.statements[0].text


def test_question_for_the_doctor_is_about_what_was_asked(sources: Sources) -> None:
    """Where the library does not say, the first question to take along names the matter, if it is known."""
    answer = answer_question("is benlysta sold in pharmacies", sources)
    assert "belimumab" in answer.ask_your_doctor[0]


def test_named_study_is_what_is_pointed_to_where_it_does_not_say(sources: Sources) -> None:
    """The topics of a question about one study that it does not answer are that study, not its neighbours."""
    answer = answer_question("what colour were the walls in the Gu trial?", sources)
    assert answer.outcome is Outcome.no_evidence
    assert [topic.study_id for topic in answer.topics] == ["gu2014"]


def test_comparison_is_answered_by_studies_that_compared(sources: Sources) -> None:
    """Whoever asks about a control group is not answered from studies without one."""
    answer = answer_question("was protein in the urine lower than in the control group?", sources)
    assert answer.outcome is Outcome.answered
    assert {str(card.design) for card in answer.studies} <= {
        "randomized_trial",
        "controlled_study",
        "meta_analysis",
    }


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


def test_a_study_that_the_library_does_not_have_is_not_answered_from_others(sources: Sources) -> None:
    """A name that no study has ends in no_evidence, with a sentence that says so and nothing quoted."""
    answer = answer_question("what did the Harvard trial find?", sources)
    assert answer.outcome is Outcome.no_evidence
    assert (
        answer.message == "None of the studies in our library is the one that you name: \u201cHarvard\u201d."
    )
    assert answer.statements == ()


@pytest.mark.parametrize(
    ("question", "subject"),
    [("survival at 10 years", "10 years"), ("has it helped people with sjogrens", "Sjögren's syndrome")],
)
def test_what_the_library_never_speaks_of_is_told(sources: Sources, question: str, subject: str) -> None:
    """An illness or a time that no summary has ends in no_evidence, and the answer says which."""
    answer = answer_question(question, sources)
    assert answer.outcome is Outcome.no_evidence
    said = f"Our library does not say. None of its summaries speaks of \u201c{subject}\u201d."
    assert answer.message == said
    assert answer.statements == ()


def test_a_follow_up_is_answered_from_the_study_before(sources: Sources) -> None:
    """The question who paid for it is read together with the one before, and the answer tells."""
    answer = answer_question("who paid for it?", sources, previous="what did the Deng trial find?")
    assert set(cited(answer)) == {"deng2017"}
    assert answer.read_with_previous


def test_a_follow_up_on_a_dose_is_screened_with_the_question_before(sources: Sources) -> None:
    """What is no question for a dose by itself is one after a drug was spoken of."""
    answer = answer_question(
        "and how much of it should I take?", sources, previous="prednisone in the trials"
    )
    assert answer.notice is not None
    assert answer.notice.kind is NoticeKind.dose
