import pytest

from service.answers import Respelling
from service.spelling import Speller, is_one_slip

SPELLER = Speller(["Proteinuria and cyclophosphamide in the kidneys.", "Hydroxychloroquine happened."])
ENGLISH = {"insurance", "kidney", "people", "protect", "cyclone"}


def mended(question: str) -> str:
    return SPELLER.mend(question, ENGLISH.__contains__).question


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("did protienuria go down?", "did proteinuria go down?"),
        ("PROTENURIA", "proteinuria"),
        ("prtienuria", "prtienuria"),
        ("cyclofosfamide, or hydroxycloroquine", "cyclophosphamide, or hydroxychloroquine"),
        ("what happend", "what happened"),
    ],
)
def test_misspelt_words_are_put_right(question: str, expected: str) -> None:
    """A word that is none is read as the library's word that is written most like it."""
    assert mended(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "does insurance protect people",
        "proteinuria in the kidneys",
        "ciclosporin",
        "rituximab",
        "kid",
        "",
        "患者 2,5?",
    ],
)
def test_what_is_no_misspelling_is_left_alone(question: str) -> None:
    """Real words, other drugs, short words and other scripts are not touched."""
    assert mended(question) == question


def test_changes_are_told() -> None:
    """What was typed and what was read are given once each, as typed."""
    respellings = SPELLER.mend("Protienuria? protienuria! Protienuria", ENGLISH.__contains__).respellings
    assert respellings == (
        Respelling(typed="Protienuria", read="proteinuria"),
        Respelling(typed="protienuria", read="proteinuria"),
    )


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


def test_a_word_that_could_be_either_of_two_is_left_alone() -> None:
    """Where two known words are as near, neither is guessed."""
    assert Speller(["infusion", "infusing"]).mend("infusiog", {}.__contains__).respellings == ()
