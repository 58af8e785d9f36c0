"""Text for study files: one line a paragraph, nothing hidden."""

import pytest

from corpus.importers.plaintext import ascii_letters, clean_line, shorten

PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  a\t b\n\nc ", "a b c"),
        ("10\u00a0mg\u2028next\x85line\x0bx", "10 mg next line x"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("safe\u202eevil\u202c \u200bhidden\ufeff soft\u00adhyphen", "safeevil hidden softhyphen"),
        ("\ud800x", "x"),
        (PERSIAN, PERSIAN),
        ("“quotes” — dash ≥ β", "“quotes” — dash ≥ β"),
    ],
)
def test_a_line_is_cleaned(text: str, clean: str) -> None:
    """White space collapses, control and invisible characters go, letters and signs stay."""
    assert clean_line(text) == clean


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Lü", "lu"),
        ("Farge-Bancel", "fargebancel"),
        ("van der Berg", "vanderberg"),
        ("O'Neil", "oneil"),
        ("O\u2019Neil", "oneil"),
        ("Tjønneland", "tjonneland"),
        ("Weiß", "weiss"),
        ("Łukasz", "lukasz"),
        ("Żółć", "zolc"),
        ("İnan", "inan"),
        ("白", ""),
        ("Иванов", ""),
    ],
)
def test_names_in_plain_letters(name: str, letters: str) -> None:
    """A family name is written in the letters a to z, or comes out empty."""
    assert ascii_letters(name) == letters


def test_shortened_text_shows_that_it_is() -> None:
    """A long text is cut and ends in an ellipsis."""
    assert shorten("abc", 3) == "abc"
    assert shorten("abcd", 3) == "ab…"
