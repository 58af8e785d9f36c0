"""Text as it may stand in a study file: one line a paragraph, no control characters."""

import re
import unicodedata

from corpus.characters import without_hidden

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
    """The text on one line: runs of white space become one space, hidden characters go."""
    return " ".join(without_hidden(" ".join(text.split())).split())


def ascii_letters(name: str) -> str:
    """The name in the letters a to z, without accents, spaces, hyphens; empty where no letter is left."""
    base = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return re.sub(r"[^a-z]", "", base)


def shorten(text: str, length: int = 60) -> str:
    """The first characters of a text, for naming it in a message."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
