"""Hidden characters: those that nobody sees, but that change how a text reads, is found or is quoted."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

JOINERS = "\u200c\u200d"
"""Persian and Indic words need them between their letters; elsewhere they hide."""

_CANDIDATES = re.compile(r"[^\n\r\t -~]")
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CONTROLS = frozenset({"Cc", "Zl", "Zp"})
_HIDDEN_CATEGORIES = _CONTROLS | {"Cf", "Co", "Cs"}
_BLANKS = (
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer vowels that are not written
    (0x180B, 0x180F),  # Mongolian selectors
    (0x2800, 0x2800),  # Braille blank
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFFA0, 0xFFA0),
    (0xFFFE, 0xFFFF),
    (0xE0100, 0xE01EF),
)
"""Characters that show nothing, though Unicode files them under letters and marks, or under none."""

LOST = "\ufffd"
"""Stands where a program could not read a letter."""

_WESTERN = ("LATIN", "GREEK", "CYRILLIC")
_AROUND = 12


class Hidden(NamedTuple):
    """A hidden character of a text.

    Attributes:
        start: its place in the text.
        line: from 1, as editors count lines.
        letter: the character.
    """

    start: int
    line: int
    letter: str


def hidden_characters(text: str) -> Iterator[Hidden]:
    """Every hidden character of a text, in order; letters that were lost count as well."""
    for match in _CANDIDATES.finditer(text):
        letter, start = match.group(), match.start()
        if letter in JOINERS and _joins(text[start - 1 : start], text[start + 1 : start + 2]):
            continue
        if letter == LOST or is_hidden(letter):
            yield Hidden(start, text.count("\n", 0, start) + 1, letter)


def without_hidden(text: str) -> str:
    """The text without its hidden characters."""
    places = {hidden.start for hidden in hidden_characters(text) if hidden.letter != LOST}
    return "".join(letter for place, letter in enumerate(text) if place not in places)


@lru_cache(maxsize=4096)
def is_hidden(letter: str) -> bool:
    """Whether a character shows nothing, or turns, breaks or ends the text around it."""
    if letter in "\n\r\t":
        return False
    code = ord(letter)
    return unicodedata.category(letter) in _HIDDEN_CATEGORIES or any(
        first <= code <= last for first, last in _BLANKS
    )


def name_of(letter: str) -> str:
    """The character as Unicode names it: "U+202E RIGHT-TO-LEFT OVERRIDE"."""
    code = f"U+{ord(letter):04X}"
    name = unicodedata.name(letter, "")
    return f"{code} {name}" if name else code


def harm_of(letter: str) -> str:
    """What the character does to readers, in a few words."""
    if letter == LOST:
        return "a letter was lost here when the text was copied"
    if letter in _TURNING:
        return "it can turn the order in which text is shown"
    if unicodedata.category(letter) in _CONTROLS:
        return "it is a control character and no part of a text"
    return "nobody sees it, and whoever searches for the word around it does not find it"


def shown_around(text: str, hidden: Hidden) -> str:
    """The words around a hidden character, with its number in its place: "ten [U+202E] people"."""
    before = text[max(0, hidden.start - _AROUND) : hidden.start].rpartition("\n")[2]
    after = text[hidden.start + 1 : hidden.start + 1 + _AROUND].partition("\n")[0]
    number = "?" if hidden.letter == LOST else f"U+{ord(hidden.letter):04X}"
    visible = ("".join("" if is_hidden(letter) else letter for letter in part) for part in (before, after))
    return f"[{number}]".join(visible)


def _joins(before: str, after: str) -> bool:
    return all(
        letter
        and unicodedata.category(letter)[0] in "LM"
        and not unicodedata.name(letter, "LATIN").startswith(_WESTERN)
        for letter in (before, after)
    )
