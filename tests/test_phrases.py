"""Patterns in plain words, and where they stand in a clause."""

import pytest

from service.phrases import START, Lexicon, Pattern, PatternError, matches


@pytest.fixture
def lexicon() -> Lexicon:
    lexicon = Lexicon()
    lexicon.add("{denial}", ["no", "not"])
    lexicon.add("{who}", ["i", "my|his mom", "next_door neighbor"])
    lexicon.add("{adverb}", ["just"])
    return lexicon


def spans(lexicon: Lexicon, pattern: str, clause: str) -> list[tuple[int, int]]:
    compiled = lexicon.compile(pattern)
    found = lexicon.find([(word,) if word == START else lexicon.forms(word) for word in clause.split()])
    return sorted({span for each in compiled for span in matches(each.here, found)})


@pytest.mark.parametrize(
    ("pattern", "clause", "expected"),
    [
        ("heart attack", "a heart attack now", [(1, 3)]),
        ("heart attack", "a heart of attack", []),
        ("chest pain|pains", "chest pains", [(0, 2)]),
        ("bleed*", "it bleeds and is bleeding", [(1, 2), (4, 5)]),
        ("# mg", "take 2.5 mg or mg", [(1, 3)]),
        ("10*", "103 or 1045 or 99", [(0, 1), (2, 3)]),
        ("{who} fell", "my mom fell", [(0, 3)]),
        ("{who} fell", "next door neighbor fell", [(0, 4)]),
        ("{who} {adverb}? fell", "i just fell", [(0, 3)]),
        ("{who} {adverb}? fell", "i fell", [(0, 2)]),
        ("{who}|she fell", "she fell", [(0, 2)]),
        ("mom just? fell", "mom just fell", [(0, 3)]),
        ("mom just? fell", "mom fell", [(0, 2)]),
        ("^ did", "^ did it", [(0, 2)]),
        ("^ did", "^ it did", []),
        ("come_off|stop it", "come off it", [(0, 3)]),
        ("chest .. hurts", "chest a b c d hurts", [(0, 6)]),
        ("chest .. hurts", "chest a b c d e hurts", []),
        ("chest .. hurts", "chest not hurts", []),
        ("chest .. not hurts", "chest not hurts", [(0, 3)]),
    ],
)
def test_patterns(lexicon: Lexicon, pattern: str, clause: str, expected: list[tuple[int, int]]) -> None:
    """Words, alternatives, stems, numbers, lists, optional lists and gaps match what they say."""
    assert spans(lexicon, pattern, clause) == expected


def test_parts_beside_and_anywhere_are_kept_apart(lexicon: Lexicon) -> None:
    """`&` asks for something in the same sentence, `&&` for something in the question."""
    (pattern,) = lexicon.compile("fever & chills & {who} && lab .. #")
    assert isinstance(pattern, Pattern)
    assert [step.phrase for step in pattern.here] == ["fever"]
    assert [[step.phrase for step in part] for part in pattern.beside] == [["chills"], ["{who}"]]
    assert [[step.phrase for step in part] for part in pattern.anywhere] == [["lab", "#"]]


@pytest.mark.parametrize("pattern", [".. fell", "fell ..", "fell & ", "&& fell", "{whom} fell"])
def test_patterns_that_cannot_be_read(lexicon: Lexicon, pattern: str) -> None:
    """A gap at an end, an empty part or an unknown list is refused, naming the pattern."""
    with pytest.raises(PatternError):
        lexicon.compile(pattern)


def test_key_is_a_word_rather_than_a_list(lexicon: Lexicon) -> None:
    """A pattern is looked up by the words that few clauses have."""
    assert lexicon.compile("{who} .. fell .. {adverb}")[0].key == "fell"
    assert lexicon.compile("{adverb} .. {who}")[0].key == "{who}"


def test_unknown_words_have_no_forms(lexicon: Lexicon) -> None:
    """A word that no phrase needs is passed over; a number always has its form."""
    lexicon.compile("bleed* now")
    assert lexicon.forms("kidney") == ()
    assert lexicon.forms("bleeding") == ("bleed*",)
    assert lexicon.forms("42") == ("#",)
