"""Suggestions: the library's own questions, nearest first, and only those that it answers."""

from service.answers import Outcome
from service.library import Library
from service.suggestions import MOST, Suggestions
from tests.toy import ToyEncoder

QUESTIONS = (
    "How many people died?",
    "Did it help the kidneys?",
    "Where did the cells come from?",
    "Did the kidneys get worse?",
    "Who paid?",
)


def test_the_nearest_come_first() -> None:
    """Of the questions those are offered that share most with the one that was asked, and only a few."""
    nearest = Suggestions(QUESTIONS, ToyEncoder(), lambda _: True).nearest("Do the kidneys leak?")
    assert len(nearest) == MOST < len(QUESTIONS)
    assert set(nearest[:2]) == {"Did it help the kidneys?", "Did the kidneys get worse?"}


def test_what_has_no_answer_is_not_offered() -> None:
    """A question that the library does not answer is left out, and so is the one that was just asked."""
    tried: list[str] = []

    def is_answered(question: str) -> bool:
        tried.append(question)
        return question != "Did it help the kidneys?"

    suggestions = Suggestions(QUESTIONS, ToyEncoder(), is_answered)
    for _ in range(2):
        nearest = suggestions.nearest("Did the kidneys get worse?")
        assert "Did it help the kidneys?" not in nearest
        assert "Did the kidneys get worse?" not in nearest
        assert len(nearest) == MOST
    assert len(tried) == len(set(tried)), "each is tried once"


def test_a_library_may_suggest_nothing() -> None:
    """Without questions nothing is offered, and nothing is encoded."""
    assert Suggestions((), ToyEncoder(), lambda _: True).nearest("Do the kidneys leak?") == ()


def test_an_abstention_offers_what_the_library_answers(library: Library) -> None:
    """On the real library each offered question has an answer; an answer itself offers none."""
    offered = library.ask("Does it cause hair loss?").suggestions
    assert len(offered) == MOST
    for question in offered:
        answer = library.ask(question)
        assert answer.outcome is Outcome.answered
        assert answer.suggestions == ()
