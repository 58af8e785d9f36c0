"""Text as it may stand in a study file: one line a paragraph, no control characters."""

import re
import unicodedata

# Marks that are invisible or turn the writing direction: in a quotation they could hide or reorder words.
# The joiners U+200C and U+200D stay, because Persian and Indic words need them.
_INVISIBLE = dict.fromkeys(
    [
        0xAD,
        0x200B,
        0x200E,
        0x200F,
        0x2060,
        0xFEFF,
        0xFFFE,
        0xFFFF,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ]
)

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\u0131": "i",
        "ħ": "h",
        "ŋ": "n",
    }
)


def clean_line(text: str) -> str:
    """The text on one line: runs of white space become one space, control and invisible characters go."""
    spaced = " ".join(text.split())
    kept = (letter for letter in spaced if unicodedata.category(letter) not in {"Cc", "Cs"})
    return " ".join("".join(kept).translate(_INVISIBLE).split())


def ascii_letters(name: str) -> str:
    """The name in the letters a to z, without accents, spaces, hyphens; empty where no letter is left."""
    base = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return re.sub(r"[^a-z]", "", base)


def shorten(text: str, length: int = 60) -> str:
    """The first characters of a text, for naming it in a message."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
