import pytest

from corpus.characters import harm_of, hidden_characters, name_of, shown_around, without_hidden

PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
"""A word with a zero-width non-joiner, as it is rightly written."""


@pytest.mark.parametrize(
    "letter",
    [
        *"\x00\x07\x0b\x7f\x85\xad\u061c\u180e\u200b\u200c\u200d\u200e\u2028\u202e\u2060\u2066\u2800",
        *"\u3164\ue000\ufe0f\ufeff\ufffd\U000e0041",
    ],
)
def test_hidden_character_is_found_with_its_line(letter: str) -> None:
    """Controls, marks that turn the text and whatever shows nothing are found, with line and place."""
    text = f"The first line.\nTen peo{letter}ple took part.\n"
    ((start, line, found),) = hidden_characters(text)
    assert (start, line, found) == (text.index(letter), 2, letter)


@pytest.mark.parametrize(
    "text",
    ["Lü Z, Söderström Å, Müller-Lüdenscheid", "β-cells, 5 µg, ≥ 3, “quoted” — 1 500 °C", "a\tb\r\nc", ""],
)
def test_ordinary_text_has_none(text: str) -> None:
    """Accents, signs, quotation marks, no-break spaces, tabs and line ends are ordinary."""
    assert not list(hidden_characters(text))


def test_joiner_stays_where_a_script_needs_it() -> None:
    """A zero-width joiner belongs in Persian and Hindi words; between Latin letters it hides."""
    assert not list(hidden_characters(f"{PERSIAN} क्\u200dष"))
    assert [hidden.start for hidden in hidden_characters("lu\u200dpus")] == [2]


def test_hidden_characters_go_and_lost_letters_stay() -> None:
    """What is cleaned loses no letter, and does not pretend that none was lost."""
    assert without_hidden(f"ten\u202e peo\u200bple\x00 \ufffd {PERSIAN}") == f"ten people \ufffd {PERSIAN}"


def test_character_is_told_in_words() -> None:
    """A fault names the character, says what it does, and shows the words around it without it."""
    text = "In all\nten\u200b peo\u202eple took part"
    hidden = list(hidden_characters(text))[1]
    assert name_of(hidden.letter) == "U+202E RIGHT-TO-LEFT OVERRIDE"
    assert name_of("\x00") == "U+0000"
    assert shown_around(text, hidden) == "ten peo[U+202E]ple took par"
    harms = {harm_of(letter) for letter in "\u202e\u200b\x00\ufffd"}
    assert len(harms) == 4
