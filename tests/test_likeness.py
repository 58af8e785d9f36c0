"""Likeness: questions that ask the same in other words are counted together."""

import numpy as np
import pytest

from service.library import Library
from service.likeness import ALIKE, Leaders, Meaning, Rarity, likeness
from tests.toy import ToyEncoder

SAME = (
    ("can I get pregnant after stem cells", "is pregnancy safe after the infusion?"),
    ("How much does the treatment cost in dollars?", "what is the price of a stem cell infusion"),
    ("do they help with hair loss", "did anyone's hair grow back"),
    ("do stem cells help children with lupus", "my son is 9 and has lupus, are children treated"),
    ("what about skin rashes", "does it clear the butterfly rash on my face"),
    ("is there a trial I can join", "are you recruiting patients for a study"),
    ("does it help the brain", "do stem cells work for brain fog"),
    ("can old people get it", "I am 72, am I too old"),
    ("does medicare pay", "will my insurance cover it"),
    ("how long until it works", "when do people start to feel better after the infusion"),
    ("is it painful", "does the infusion hurt"),
    ("can i get it in the US", "where is the treatment offered"),
    ("does it work with voclosporin", "can it be combined with voclosporin (Lupkynis)"),
    ("what about the covid vaccine", "can i get vaccinated after stem cells"),
    ("does diet matter", "what should I eat during treatment"),
    ("will I be off prednisone", "can I stop steroids after stem cells"),
    ("does it help joint pain", "are my joints going to get better"),
    ("what is CAR-T", "is CAR T cell therapy better than stem cells"),
    ("how many infusions are needed", "do I need more than one infusion"),
    ("is pregnancy safe after the infusion? i am", "is pregnancy safe after the infusion?"),
)
OTHER = (
    ("can I get pregnant after stem cells", "do they help with hair loss"),
    ("can I get pregnant after stem cells", "can men get stem cells"),
    ("does it help the brain", "does it help the joints"),
    ("does it help the skin", "does it help the kidneys"),
    ("How much does the treatment cost", "how long does the treatment last"),
    ("does it work with voclosporin", "does it work with rituximab"),
    ("is it painful", "is it safe"),
    ("how many people died", "how many people got better"),
    ("do stem cells help children with lupus", "do stem cells help men with lupus"),
    ("what are the side effects", "what are stem cells"),
    ("is there a trial I can join", "is there a placebo in the trial"),
    ("does insurance pay for stem cells", "does lupus come back after stem cells"),
    ("can old people get it", "can children get it"),
    ("how many infusions are needed", "how are infusions given"),
    ("does diet matter", "does age matter"),
    ("will I be off prednisone", "will I lose my hair"),
    ("did wang find infections", "did deng find infections"),
    ("what was the dose", "what was the price"),
    ("who paid for the study", "who was in the study"),
    ("does it hurt", "does it help"),
)


def test_the_same_question_in_other_words_is_alike(library: Library) -> None:
    """Of 20 pairs that ask the same 10 reach the threshold, of 20 that only sound alike at most 3."""
    rarity = Rarity(f"{passage.title} {passage.text}" for passage in library.index.passages)
    encoder = library.index.encoder

    def alike(pairs: tuple[tuple[str, str], ...]) -> int:
        pairs_of = ([Meaning.of(text, encoder, rarity) for text in pair] for pair in pairs)
        return sum(likeness(*pair) >= ALIKE for pair in pairs_of)

    assert alike(SAME) >= 10
    assert alike(OTHER) <= 3


def test_rare_words_count_and_common_ones_hardly() -> None:
    """A word that no passage has counts 1, one that every passage has, or a function word, hardly any."""
    rarity = Rarity(["stem cells help", "stem cells and lupus", "stem cells in mice"])
    assert rarity.of("pregnant") == 1.0
    assert rarity.of("stem") == rarity.of("the") == rarity.of("?") == pytest.approx(0.05)
    assert rarity.of("stem") < rarity.of("mice") < 1.0


@pytest.fixture
def meaning() -> "Meaning":
    return Meaning.of("does it help the kidneys", ToyEncoder(), Rarity(["one", "two"]))


def test_a_word_in_pieces_counts_as_one(library: Library) -> None:
    """Each piece counts what the whole word does: "voclosporin" is rare, although "vo" is not."""
    meaning = Meaning.of("voclosporin", library.index.encoder, Rarity(["vo", "stem cells", "lupus"]))
    assert len(meaning.weights) > 1
    assert np.allclose(meaning.weights, 1 / len(meaning.weights))


def test_a_meaning_comes_back_as_it_was_packed(meaning: Meaning) -> None:
    """Half the digits are enough: the likeness to itself is 1 all the same."""
    back = Meaning.from_bytes(meaning.to_bytes())
    assert np.allclose(back.tokens, meaning.tokens, atol=1e-3)
    assert likeness(back, meaning) == pytest.approx(1.0, abs=1e-2)


def _meanings(*texts: str) -> list[tuple[str, Meaning]]:
    rarity = Rarity(["nothing"])
    return [(text, Meaning.of(text, ToyEncoder(), rarity)) for text in texts]


def test_a_question_joins_the_leader_that_it_is_most_like() -> None:
    """The first question leads; one that is alike joins it, any other leads a group of its own."""
    leaders = Leaders()
    asked = _meanings("kidney pain swelling", "hair loss", "swelling pain kidney", "loss hair", "?")
    assert [leaders.join(*each) for each in asked] == [
        "kidney pain swelling",
        "hair loss",
        "kidney pain swelling",
        "hair loss",
        "?",
    ]


def test_what_comes_later_changes_no_group() -> None:
    """The same order gives the same groups, whether asked at once or after the leaders were read again."""
    asked = _meanings("kidney pain", "hair loss", "pain kidney", "skin rash", "rash skin", "hair loss")
    once = Leaders()
    whole = [once.join(*each) for each in asked]
    again = Leaders()
    first = [again.join(*each) for each in asked[:3]]
    known = [each for each in asked if each[0] in dict.fromkeys(first)]
    rest = Leaders(known)
    assert first + [rest.join(*each) for each in asked[3:]] == whole


def test_a_question_without_words_leads_nobody() -> None:
    """Two of them are not alike."""
    leaders = Leaders()
    assert leaders.join("a", _meanings("?!")[0][1]) == "a"
    assert leaders.join("b", _meanings("...")[0][1]) == "b"
