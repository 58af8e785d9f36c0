import pytest

from corpus.passages import split_study
from corpus.studies import LIBRARY, load_studies
from service.sayings import asks_what_is_known, gives_reason, is_quotable, is_silent


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
        ("It was stopped early because no benefit would be shown.", False, True),
        ("Nobody was told which drip they got, so that hopes could not sway the result.", False, True),
        ("Nine of 12 people improved.", False, False),
    ],
)
def test_kinds_of_sentences(text: str, silent: bool, reason: bool) -> None:
    """What a source does not say, and why something is so, are told by the words for it."""
    assert (is_silent(text), gives_reason(text)) == (silent, reason)


@pytest.mark.parametrize(
    ("question", "asks"), [("is it known who paid?", True), ("what is missing?", True), ("who paid?", False)]
)
def test_questions_what_is_known(question: str, asks: bool) -> None:
    """Such a question is answered by what is not said."""
    assert asks_what_is_known(question) is asks
