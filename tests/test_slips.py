import pytest

from service.slips import (
    cost,
    is_another,
    is_miswritten,
    is_one_slip,
    is_other_form,
    near_spellings,
    sound_of,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("siklofosfamide", "cyclophosphamide"),
        ("plasebo", "placebo"),
        ("nefritis", "nephritis"),
        ("mikofenolate", "mycophenolate"),
        ("hemorage", "hemorrhage"),
        ("remishun", "remission"),
        ("wich", "which"),
        ("cels", "cells"),
    ],
)
def test_words_that_sound_alike_have_one_sound(typed: str, meant: str) -> None:
    """A word that is written by ear is heard as the word that was meant."""
    assert sound_of(typed) == sound_of(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nephritis", "neuritis"),
        ("arthritis", "arteritis"),
        ("renal", "retinal"),
        ("cell", "call"),
        ("", "a"),
    ],
)
def test_different_words_have_different_sounds(one: str, other: str) -> None:
    """Words that mean something else are not heard as the same."""
    assert sound_of(one) != sound_of(other)


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("lupus", "lupus", 0),
        ("lupis", "lupus", 1),
        ("kidny", "kidney", 1),
        ("sledia", "sledai", 1),
        ("predison", "prednison", 2),
        ("neuritis", "nefritis", 3),
        ("abc", "xyz", None),
        ("", "", 0),
    ],
)
def test_cost_counts_vowels_less(typed: str, meant: str, expected: int | None) -> None:
    """A vowel or a swap costs 1, a consonant 2, a consonant for a vowel 3; too much is None."""
    assert cost(typed, meant, 4) == expected
    assert cost(meant, typed, 4) == expected


def test_no_cost_is_given_beyond_the_most() -> None:
    """What costs more than allowed is not told apart."""
    assert cost("predison", "prednison", 1) is None


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("nephrotic", "nephritis", True),
        ("nephrosis", "nephritis", True),
        ("hypotension", "hypertension", True),
        ("thrombocytosis", "thrombocytopenia", True),
        ("predisone", "prednisolone", True),
        ("predisone", "prednisone", False),
        ("nefritis", "nephritis", False),
        ("lupis", "lupus", False),
    ],
)
def test_endings_and_beginnings_make_another_word(typed: str, meant: str, expected: bool) -> None:
    """Words of medicine whose ending or beginning tells them apart are no misspellings of each other."""
    assert is_another(typed, meant) is expected


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("recurrent", "recurrence", True),
        ("diagnose", "diagnosed", True),
        ("malignant", "malignancy", True),
        ("remisson", "remission", False),
        ("infusin", "infusion", False),
        ("cell", "cells", False),
    ],
)
def test_forms_of_one_word_are_told(typed: str, meant: str, expected: bool) -> None:
    """A word with another ending of the language is rightly spelt; short words are not judged."""
    assert is_other_form(typed, meant) is expected


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("protienuria", "proteinuria", True),
        ("remision", "remission", True),
        ("dialisis", "dialysis", True),
        ("kidneyys", "kidneys", True),
        ("same", "same", True),
        ("hypotension", "hypertension", False),
        ("retinal", "renal", False),
        ("neuritis", "nephritis", False),
        ("ab", "ba", True),
        ("", "a", True),
        ("", "ab", False),
    ],
)
def test_one_slip_is_one_letter_or_one_swap(typed: str, meant: str, expected: bool) -> None:
    """One letter more, less or other, or two neighbours swapped; nothing beyond that."""
    assert is_one_slip(typed, meant) is expected
    assert is_one_slip(meant, typed) is expected


def test_near_spellings_change_no_vowel_for_another() -> None:
    """A vowel may be missing, letters double and swap places, but a hubby does not become a hobby."""
    near = set(near_spellings("hubby"))
    assert {"huby", "ubhby", "hubbby", "huubby", "hubyb", "huebby"} & near == {
        "hubbby", "huubby", "hubyb", "huebby",
    }  # fmt: skip
    assert "hobby" not in near


@pytest.mark.parametrize(
    ("typed", "expected"), [("dengg", True), ("dneg", True), ("den", True), ("dang", False), ("deng", False)]
)
def test_a_name_with_another_letter_is_another_name(typed: str, expected: bool) -> None:
    """A letter too many, too few or swapped is a slip in a name; a different letter is somebody else."""
    assert is_miswritten(typed, "deng") is expected
