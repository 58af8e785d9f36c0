"""Languages that nobody speaks, made of the English words: they show what a page does with any words.

One is written from right to left, by marks that turn the letters round; one is longer than English. Both are
real catalogues, read as every other one is.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from service.catalogue import PLACEHOLDER
from service.languages import DIRECTION, NAME
from service.strings import Id, strings_in_use

RIGHT_TO_LEFT, LONG = "ar", "de"
"""Codes that the made-up languages go by: formatting days needs real ones."""

OVERRIDE, END = "\u200f\u202e", "\u202c"

WORD = re.compile(rf"(?P<value>{PLACEHOLDER.pattern})|(?:(?!{PLACEHOLDER.pattern})\S)+")


def turned(text: str) -> str:
    """The words written from right to left, what stands for a value left as it is."""
    return WORD.sub(lambda word: word[0] if word["value"] else f"{OVERRIDE}{word[0]}{END}", text)


def stretched(text: str) -> str:
    """The words with two fifths more behind them, as translations grow."""
    plain = PLACEHOLDER.sub("", text).replace("\n", " ")
    return f"{text} {plain[: max(2, len(plain) * 2 // 5)].strip()}"


def write_catalogue(folder: Path, code: str, change: Callable[[str], str], **given: str) -> None:
    """Writes the catalogue of a made-up language.

    Args:
        folder: where it goes.
        code: its code.
        change: makes its words of the English ones.
        given: those that are not made so, "direction" and "name".
    """
    catalogue = Catalog(locale=code, charset="utf-8")
    fixed = {DIRECTION: given.get("direction", "ltr"), NAME: given["name"]}
    for words in strings_in_use():
        said = fixed.get(words) if isinstance(words, str) else None
        catalogue.add(words, said or _changed(words, change, catalogue.num_plurals))
    with (folder / f"{code}.po").open("wb") as file:
        write_po(file, catalogue)


def write_pseudo_languages(folder: Path) -> None:
    """Writes both of them."""
    write_catalogue(folder, RIGHT_TO_LEFT, turned, name="Right to left", direction="rtl")
    write_catalogue(folder, LONG, stretched, name="Long")


def _changed(words: Id, change: Callable[[str], str], forms: int) -> str | tuple[str, ...]:
    if isinstance(words, str):
        return change(words)
    one, many = words
    return tuple(_filled((change(one), *[change(many)] * forms), forms))


def _filled(texts: Iterable[str], forms: int) -> list[str]:
    return list(texts)[:forms]
