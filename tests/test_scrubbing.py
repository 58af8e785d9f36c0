"""Scrubbing: names, numbers and addresses go, the question about health stays."""

import time

import pytest

from service.library import Library
from service.scrubbing import Scrubber, common_words
from service.wording import ANSWERED, NO_EVIDENCE, SCREENED, UNEXPLAINED
from tests.scrubbing import measure, read_examples


@pytest.fixture(scope="module")
def scrubber(library: Library) -> Scrubber:
    """A scrubber that knows the real library's words."""
    return Scrubber.of(library)


@pytest.mark.parametrize("group", ["first", "after", "last"])
def test_what_tells_who_somebody_is_goes_and_the_question_stays(scrubber: Scrubber, group: str) -> None:
    """Of the examples' marked parts at least 96 in 100 go whole, of their other words at most 1 in 100."""
    measured = measure(read_examples(group), scrubber.scrub)
    assert measured.recall >= 0.96, measured.leaks
    assert measured.overscrubbed <= 0.01, measured.lost


def test_there_are_enough_examples_and_a_third_came_after_the_rules() -> None:
    """Over 150 examples, more than a third of them written when the rules were finished."""
    first, after, last = (len(read_examples(group)) for group in ("first", "after", "last"))
    assert first + after + last >= 150
    assert (after + last) / (first + after + last) > 1 / 3


@pytest.mark.parametrize(
    ("question", "scrubbed"),
    [
        ("my name is john smith, is it safe?", "my name is [name], is it safe?"),
        ("dr. miller said it works", "dr. [name] said it works"),
        ("Is Anna's kidney better?", "Is [name]'s kidney better?"),
        ("mail a.b@c.example or call 555-123-4567", "mail [email] or call [phone]"),
        ("MRN 4839201, born 03/04/1985", "MRN [number], born [date]"),
        ("i live in toledo, ohio", "i live in [place]"),
        ("what did the Wang study find, and Deng et al.?", "what did the Wang study find, and Deng et al.?"),
        ("my name is Wang Fang", "my name is [name]"),
        ("does Hughes syndrome count", "does Hughes syndrome count"),
        ("is zxqvbrt safe", "is [word] safe"),
        ("see doi 10.1186/s13075-018-1625-3", "see doi 10.1186/s13075-018-1625-3"),
    ],
)
def test_a_mark_stands_where_something_was(scrubber: Scrubber, question: str, scrubbed: str) -> None:
    """Each kind has its mark; authors in a study's name, illnesses and citations stay."""
    assert scrubber.scrub(question) == scrubbed


def test_marks_are_left_alone(scrubber: Scrubber) -> None:
    """A text that was scrubbed before, or that somebody typed marks into, is no trouble."""
    text = "my name is [name], mail [email], i live in [place] and dr. [name] gave me [word]"
    assert scrubber.scrub(text) == text


def test_unreadable_scripts_do_not_slip_through(scrubber: Scrubber) -> None:
    """A name in letters that the library does not have is a word that nobody knows."""
    assert "王小明" not in scrubber.scrub("我叫王小明, 干细胞安全吗?")
    assert "Иванова" not in scrubber.scrub("меня зовут Мария Иванова, is it safe")


def test_the_answers_own_words_stay(scrubber: Scrubber) -> None:
    """What answers say in fixed words is left alone, so that scrubbing one only takes what it repeats."""
    for message in (ANSWERED, NO_EVIDENCE, SCREENED, UNEXPLAINED):
        assert scrubber.scrub(message) == message


def test_no_text_keeps_scrubbing_busy(scrubber: Scrubber) -> None:
    """Text made to be slow takes not much longer than any other of its length."""
    plain = "does it help the kidneys of people with lupus nephritis " * 18
    hostile = ["a." * 500, "a@" * 500, "@" * 1000, "1 " * 500, "1" * 1000, "a-" * 500, "x" * 1000, "_a" * 500]
    allowed = 20 * _seconds(scrubber, plain) + 1
    for text in hostile:
        assert _seconds(scrubber, text) < allowed, text[:10]


def _seconds(scrubber: Scrubber, text: str) -> float:
    began = time.process_time()
    scrubber.scrub(text)
    return time.process_time() - began


def test_a_language_without_a_list_has_no_common_words() -> None:
    """It would otherwise be read with the English ones."""
    assert "doctor" in common_words("en")
    assert "sangre" in common_words("es")
    assert common_words("fr") == frozenset()
