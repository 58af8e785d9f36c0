"""Doctor: the questions that an answer leaves open."""

from itertools import combinations

import pytest

from corpus.reading import reading_grade
from corpus.studies import LIBRARY, load_studies
from service.answers import StudyCard
from service.balance import NEGATIVE, Topic
from service.doctor import MOST, ON_HARM, ON_SAFETY, WITHOUT_EVIDENCE, questions_to_ask
from service.wording import study_card
from tests.studies import make_study

CARDS = [study_card(study) for study in load_studies(LIBRARY)]


def card(study_id: str = "doe2020", **fields: str) -> StudyCard:
    return study_card(make_study(study_id, **{"authors": "[Doe J]", **fields}))


def ask(*cards: StudyCard, against: tuple[str, ...] = (), topic: Topic | None = None) -> str:
    return "\n".join(questions_to_ask(cards, against, topic))


def test_studies_that_disagree_come_first() -> None:
    """Where there are two sides, the first question is why, and which of them should count."""
    cards = card("a1", who="People with mild illness"), card("b1", who="People with severe illness")
    first, second, *_ = questions_to_ask(cards, ["b1"], Topic.effect)
    assert first.startswith("These studies do not agree.")
    assert "Doe, 2020: People with mild illness. Doe, 2020: People with severe illness." in second
    assert "do not agree" not in ask(*cards)


def test_a_warning_on_a_paper_comes_before_everything() -> None:
    """A retracted paper is the first thing to ask about; a correction is none."""
    marked = card(marks="[{kind: retraction, note: made up}]")
    assert questions_to_ask([marked], [], None)[0].startswith("There is a warning about a paper here")
    assert "warning" not in ask(card(marks="[{kind: erratum, note: a typo}]"))


@pytest.mark.parametrize(
    ("designs", "asked"),
    [
        (("cohort",), "This study had no comparison group."),
        (("cohort", "single_arm_trial"), "None of these studies had a comparison group."),
        (("cohort", "randomized_trial"), "Some of these studies had no comparison group."),
        (("randomized_trial", "meta_analysis"), None),
    ],
)
def test_the_design_is_asked_about(designs: tuple[str, ...], asked: str | None) -> None:
    """Studies without a comparison group lead to a question on that, worded for one, some or all of them."""
    shown = ask(*(card(f"doe{number}", design=design) for number, design in enumerate(designs)))
    assert asked in shown if asked else "comparison group" not in shown


def test_people_are_told_in_the_summaries_own_words() -> None:
    """Who took part is quoted up to its first stop, without what stands in brackets."""
    who = "'Adults (18 or older) with lupus, not children; most were women'"
    assert "Who took part in Doe, 2020: Adults with lupus, not children. Am I like them?" in ask(
        card(who=who)
    )


def test_people_that_are_not_known_are_said_to_be_unknown() -> None:
    """Where no summary says who took part, the question says that and fills nothing in."""
    assert "Who took part is not known here." in ask(card())


def test_a_pooled_review_speaks_last_of_people() -> None:
    """A study's own people are named rather than the mixed people of a review."""
    review = card("a1", design="meta_analysis", who="People of all kinds")
    assert "Women with lupus" in ask(review, card("b1", who="Women with lupus"))


def test_safety_is_always_asked_about() -> None:
    """Every answer leads to a question about harm; after a question on safety it is about one's own risk."""
    assert ON_SAFETY in ask(card(), topic=Topic.safety)
    assert ON_HARM in ask(card(), topic=Topic.effect)
    assert ON_HARM in ask(card())


def test_old_and_small_studies_lead_to_newer_and_larger_ones() -> None:
    """The newest year is named, and small studies are asked about only where all are small."""
    old, new = card("a1", year="2010", people="9"), card("b1", year="2014", people="20")
    big = card("c1", year="2012", people="500", design="randomized_trial")
    assert "The newest of these studies is from 2014." in ask(old, new)
    assert "This study is from 2010." in ask(old)
    assert "This was a small study." in ask(old, topic=Topic.effect)
    assert "small" not in ask(big, big)


def test_a_result_that_is_not_known_is_asked_for() -> None:
    """A study whose finding we do not have leads to the question whether anybody has it."""
    assert "We do not know what Doe, 2020, found." in ask(card(finding="not_reported"))


@pytest.mark.parametrize("topic", [None, *Topic])
def test_three_to_five_questions_and_nothing_but_questions(topic: Topic | None) -> None:
    """Whatever is cited of the library, three to five different questions come of it, and none is advice."""
    for cards in [*combinations(CARDS, 1), *combinations(CARDS, 2), *combinations(CARDS, 3)]:
        against = [one.study_id for one in cards if one.finding in NEGATIVE]
        questions = questions_to_ask(cards, against, topic)
        assert 3 <= len(set(questions)) == len(questions) <= MOST
        for question in questions:
            assert question.endswith("?")
            assert not question.lower().startswith(("you should", "i should", "take ", "stop ", "start "))


def test_questions_are_easy_to_read() -> None:
    """The patterns read at grade 6 or lower; what a summary says of its people is the summary's own."""
    questions = {
        question
        for cards in [*combinations(CARDS, 1), *combinations(CARDS, 2)]
        for topic in (None, *Topic)
        for question in questions_to_ask(
            cards, [one.study_id for one in cards if one.finding in NEGATIVE], topic
        )
        if "took part" not in question
    }
    people = ask(card("a1", who="Adults"), card("b1", who="Children"), against=("b1",)).splitlines()[1]
    alone = ask(card(who="Adults")).splitlines()[0]
    for question in [*questions, people, alone, *WITHOUT_EVIDENCE]:
        assert reading_grade(question, leave_out=["comparison"]) <= 6, question


def test_what_the_library_does_not_say_leads_to_general_questions() -> None:
    """Without evidence there are three questions, and they name no disease."""
    assert len(WITHOUT_EVIDENCE) == 3
    assert "lupus" not in " ".join(WITHOUT_EVIDENCE).lower()
