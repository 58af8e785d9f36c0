"""A question as plain words in clauses, whatever way it was typed."""

import pytest

from service.rules import load_rules
from service.words import Speech, clean_text, corrected, forgive, split_clauses


@pytest.fixture(scope="module")
def speech() -> Speech:
    return load_rules().speech


def clauses(question: str, speech: Speech) -> list[str]:
    return [" ".join(words) for words, _ in split_clauses(clean_text(question), speech)]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("CAN\u2019T", "can't"),
        ("est\u00e1", "esta"),
        ("ni\u00f1o", "nino"),
        ("bre\u200bathe\u00ad", "breathe"),
        ("\uff43hest", "chest"),
        ("a\x00b\x07", "ab"),
        ("one\r\ntwo\tthree", "one\ntwo three"),
    ],
)
def test_text_is_cleaned(typed: str, read: str) -> None:
    """Case, accents, curly quotes, wide letters and what cannot be seen are taken away."""
    assert clean_text(typed) == read


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("I can't breathe", ["i cant breathe"]),
        ("u r my mom's dr", ["you are my mom dr"]),
        ("I'm sooooo tired", ["i am soo tired"]),
        ("s u i c i d e", ["suicide"]),
        ("I do not have it", ["i dont have it"]),
        ("My chest hurts. Did it help?", ["my chest hurts", "did it help"]),
        ("it works but my chest hurts", ["it works", "my chest hurts"]),
        ("I have lupus, my chest hurts", ["i have lupus", "my chest hurts"]),
        ("no fever, chest pain or cough", ["no fever chest pain or cough"]),
        ("chest pain, sweating", ["chest pain", "sweating"]),
        ("no cough, fever is 40", ["no cough", "fever is 40"]),
        ("it burned but the left arm is numb", ["it burned", "left arm is numb"]),
        ("creatinine 2.1 (high)", ["creatinine 2.1", "high"]),
        ("...", []),
    ],
)
def test_clauses(speech: Speech, question: str, expected: list[str]) -> None:
    """Text speak is spelled out, fillers are dropped, and each clause says one thing."""
    assert clauses(question, speech) == expected


def test_sentences_are_counted(speech: Speech) -> None:
    """Clauses of one sentence have its number."""
    numbers = [sentence for _, sentence in split_clauses("a1 hurts, my leg too. done!\nnow", speech)]
    assert numbers == sorted(numbers)
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("siezure", "seizure"),
        ("brething", "breathing"),
        ("unconcious", "unconscious"),
        ("su1c1dal", "suicidal"),
        ("k1ll", "kill"),
        ("diee", "die"),
        ("brth", "breath"),
        ("chst", "chest"),
        ("strks", None),
        ("breeding", None),
        ("threat", None),
        ("cat", None),
        ("library", None),
    ],
)
def test_slips_are_corrected(speech: Speech, typed: str, meant: str | None) -> None:
    """One slip, letters held down or vowels left out are forgiven in a word that matters, in others not."""
    assert corrected(typed, speech) == meant


def test_forgiven_forms_leave_one_letter_out() -> None:
    """Each word stands under itself and under every way to leave one letter out."""
    assert forgive(["abc"]) == {"abc": "abc", "bc": "abc", "ac": "abc", "ab": "abc"}
