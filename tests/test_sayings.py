import pytest

from corpus.passages import split_study
from corpus.studies import LIBRARY, load_studies
from service.sayings import (
    asks_for_silence,
    asks_what_is_known,
    asks_why,
    gives_reason,
    is_quotable,
    is_silent,
)


@pytest.fixture(scope="module")
def shipped() -> list[str]:
    passages = (passage for study in load_studies(LIBRARY) for passage in split_study(study))
    return [passage.quote(span) for passage in passages for span in passage.sentences]


@pytest.mark.parametrize(
    "text",
    [
        "Sources:",
        "Sources: the abstract and two tables of the paper.",
        "References",
        "What they found",
        "2. Methods and materials",
        "Lancet 2019;393(2):44-51.",
        "Ann Rheum Dis 76(8):1436-1439.",
        "doi: 10.1136/annrheumdis-2017-211073.",
        "Read more at https://example.org/a.",
        "PMID: 28478399.",
    ],
)
def test_headings_and_references_are_not_to_be_quoted(text: str) -> None:
    """What is no sentence of its own, or a line of sources."""
    assert not is_quotable(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nobody died.",
        "It fell by 2.1 grams a day (1.4 with placebo).",
        "We read a re-post of its abstract and could not confirm its DOI.",
        "Smith et al. 2019 found that protein fell in eight of ten people.",
        "\u201cIt helped.\u201d",
        "効果がありました。",
        "a text without a full stop that is far too long to be a heading of anything",
    ],
)
def test_sentences_may_be_quoted(text: str) -> None:
    """What says something is no heading, with whatever marks it ends, and although it names a source."""
    assert is_quotable(text)


def test_every_sentence_of_the_library_may_be_quoted(shipped: list[str]) -> None:
    """None of the shipped summaries' sentences is taken for a heading or a reference."""
    assert [text for text in shipped if not is_quotable(text)] == []


@pytest.mark.parametrize(
    ("text", "silent", "reason"),
    [
        ("The sources we read do not give the causes of the 4 deaths.", True, False),
        ("We could not confirm its DOI.", True, False),
        ("That side effects are not given does not mean that there were none.", True, False),
        ("It was stopped early because no benefit would be shown.", False, True),
        ("Nobody was told which drip they got, so that hopes could not sway the result.", False, True),
        ("Nine of 12 people improved.", False, False),
    ],
)
def test_kinds_of_sentences(text: str, silent: bool, reason: bool) -> None:
    """What a source does not say, and why something is so, are told by the words for it."""
    assert (is_silent(text), gives_reason(text)) == (silent, reason)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("is it known who paid?", True),
        ("what is missing?", True),
        ("in which of the studies are we simply not told about side effects?", True),
        ("which studies don't say anything about side effects?", True),
        ("which never mention them", True),
        ("which trials did not report side effects?", True),
        ("who paid?", False),
        ("did it not help?", False),
    ],
)
def test_questions_what_is_known(question: str, asks: bool) -> None:
    """Such a question is answered by what is not said."""
    assert asks_what_is_known(question) is asks


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("which of the reports are silent on unwanted effects?", True),
        ("in which of the studies are we simply not told about side effects?", True),
        ("name the ones that don't mention deaths", True),
        ("which study did not find a benefit?", False),
        ("what do we not know?", False),
        ("did the trial report deaths?", False),
    ],
)
def test_questions_which_sources_say_nothing(question: str, asks: bool) -> None:
    """Only a question for the sources themselves wants those that are silent."""
    assert asks_for_silence(question) is asks


@pytest.mark.parametrize(
    ("question", "asks"),
    [("why was it stopped?", True), ("How come?", True), ("when was it stopped?", False)],
)
def test_questions_for_a_reason(question: str, asks: bool) -> None:
    """Why, in the words that people use for it."""
    assert asks_why(question) is asks
