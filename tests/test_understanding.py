from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.glossary import load_glossary
from corpus.studies import GLOSSARY_NAME, LIBRARY
from index.search import PassageIndex
from service.balance import Topic
from service.understanding import Understood, understand

if TYPE_CHECKING:
    from index.encoder import Encoder

Understand = Callable[..., Understood]

ALIVE = "How many people were alive after one year?"
DENG = "What did the Deng trial find?"


@pytest.fixture(scope="module")
def read(real_index: Path, encoder: "Encoder") -> Understand:
    from service.library import speller_of  # noqa: PLC0415

    index = PassageIndex.load(real_index, encoder)
    glossary = load_glossary(LIBRARY / GLOSSARY_NAME)
    speller = speller_of(index, glossary)

    def understood(question: str, previous: str | None = None) -> Understood:
        return understand(question, index, glossary, speller, previous)

    return understood


@pytest.mark.parametrize(
    ("question", "previous", "expected"),
    [
        ("and after five years?", ALIVE, ("How many people were alive after five years?", set(), True)),
        ("what about the Gu study?", ALIVE, ("How many people were alive after one year?", {"gu2014"}, True)),
        ("who paid for it?", DENG, ("who paid for it?", {"deng2017"}, True)),
        ("what about side effects?", DENG, ("what about side effects?", {"deng2017"}, True)),
        ("and how many people died?", DENG, ("and how many people died?", {"deng2017"}, True)),
        ("how many people died?", DENG, ("how many people died?", set(), False)),
        ("how old were they?", DENG, ("how old were they?", {"deng2017"}, True)),
        ("who paid for it?", ALIVE, ("who paid for it?", set(), False)),
        ("who paid for it?", None, ("who paid for it?", set(), False)),
        ("who paid for the Gu study?", DENG, ("who paid for?", {"gu2014"}, False)),
    ],
)
def test_a_follow_up_is_read_with_the_question_before(
    read: Understand, question: str, previous: str | None, expected: tuple[str, set[str], bool]
) -> None:
    """What a question lacks, words or a study, comes from the one before; a whole question stands alone."""
    asked = read(question, previous)
    assert (asked.query, asked.named, asked.read_with_previous) == expected


def test_a_follow_up_takes_the_topic_along(read: Understand) -> None:
    """The question whether it helps goes on from the kidneys to the skin."""
    asked = read("and the skin?", "Does it help the kidneys?")
    assert (asked.topic, asked.read_with_previous) == (Topic.effect, True)


def test_a_study_that_nobody_has_is_still_unknown_in_a_follow_up(read: Understand) -> None:
    """After a question about a study that the library does not have, "it" is that study."""
    assert read("who paid for it?", "what did the Harvard trial find?").unknown_names == ("Harvard",)
    assert read("and in the Harvard trial?", DENG).unknown_names == ("Harvard",)
    assert read("and in the Harvard trial?", DENG).named == frozenset()


@pytest.mark.parametrize(
    ("question", "query", "named"),
    [
        (
            "hello, we are at our wits' end. my mum has lupus in the kidneys since march. i want to know "
            "whether siklofosfamide was given in the Dengg trial. thank you",
            "cyclophosphamide was given?",
            {"deng2017"},
        ),
        (
            "I found a study with 81 people. Why are there two remission figures for those people?",
            "Why are there two remission figures for those people?",
            {"gu2014", "wang2018"},
        ),
        ("were there blod clots in the plasebo trail", "were there blood clots", {"deng2017"}),
        ("was the drip with stemcells from the belly button cord safe", "was the drip", set()),
        ("is there less of the stuff in urine", "is there less of the stuff in urine proteinuria", set()),
    ],
)
def test_messages_become_queries(read: Understand, question: str, query: str, named: set[str]) -> None:
    """The asking part is read, rightly spelt, with the library's words, in the studies that it names."""
    asked = read(question)
    assert asked.query.startswith(query.rstrip("?"))
    assert asked.named == named


def test_everyday_words_need_no_match(read: Understand) -> None:
    """The words that the library's own word stands beside are left out of what must be matched."""
    asked = read("was the drip from the belly button cord safe")
    assert "infusion" in asked.query
    assert "umbilical cord" in asked.query
    assert {"drip", "belly", "button"} <= asked.ignored


def test_only_what_is_read_is_told_as_respelt(read: Understand) -> None:
    """A misspelt word of the story around a question is not told; one of the question is."""
    asked = read("My docter gave me pils and I felt unwell for weeks. Did protienuria in the urine go down?")
    assert [each.read for each in asked.respellings] == ["proteinuria"]
    assert [each.read for each in read("the Dengg trial").respellings] == ["Deng"]


def test_premises_are_told(read: Understand) -> None:
    """The claim that a question takes for granted is handed on in its own words."""
    assert (
        read("why did the trial prove that it cures lupus?").presumed == "the trial prove that it cures lupus"
    )
    assert read("did it cure lupus?").presumed is None


@pytest.mark.parametrize(
    ("question", "general"),
    [
        ("how did Deng's 18 people do?", True),
        ("how did Liang's fifteen patients do?", True),
        ("how did Deng's 12 people do?", False),
        ("how did 18 people do?", False),
    ],
)
def test_the_size_of_a_named_study_asks_for_nothing_more(
    read: Understand, question: str, general: bool
) -> None:
    """So many people are all of the study's; another number asks for some of them."""
    assert read(question).is_general is general


@pytest.mark.parametrize("question", ["the Deng trial", "x", "?", "患者は", "the", "I" * 1000])
def test_every_question_has_a_query(read: Understand, question: str) -> None:
    """However little a question says, something is left to search for."""
    assert read(question).query.strip()
