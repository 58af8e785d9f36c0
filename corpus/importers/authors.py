"""Author names, in the form that MEDLINE uses: family name, initials."""

import re
from typing import NamedTuple

from corpus.importers.plaintext import clean_line

_SUFFIX = re.compile(r"(?:Jr|Sr|2nd|3rd|4th|5th|II|III|IV)\.?")
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?-?){1,4}")
_PARTICLE = re.compile(r"[a-z][a-z'\u2019]*")


class Author(NamedTuple):
    """One author.

    Attributes:
        family: the family name, or the name of a group.
        initials: the initials without stops (`HY`), and a suffix if any (`J Jr`); empty for a group.
    """

    family: str
    initials: str = ""

    @property
    def short(self) -> str:
        """The name as citations write it: `Deng D`."""
        return f"{self.family} {self.initials}".strip()


ET_AL = Author("et al.")
"""Stands where a source leaves authors out."""


def author_of(family: str, given: str, suffix: str = "") -> Author:
    """An author whose family name and given names (or initials) the source keeps apart."""
    return Author(clean_line(family), clean_line(f"{_initials(given)} {suffix.rstrip('.')}"))


def read_author(name: str) -> tuple[Author, str | None]:
    """Reads a name written in one piece.

    A comma separates the family name from the rest (`Deng, D.`). Without one, capital initials at the end or
    at the beginning tell where the family name is (`Farge-Bancel D`, `D. Deng`). Where there are neither,
    the order is taken to be given name, family name (`Ru Bai`), as in English running text, and a remark
    says so.

    Returns:
        The author, and a remark where the order of the names was inferred.
    """
    name = clean_line(name)
    family, comma, given = name.partition(",")
    if comma:
        given, _, suffix = given.strip().partition(",")
        return author_of(family, given, suffix.strip()), None
    words = name.split()
    suffix = words.pop() if words[2:] and _SUFFIX.fullmatch(words[-1]) else ""
    if not words[1:]:
        return Author(name), None
    if _is_initials(words[-1]):
        return author_of(" ".join(words[:-1]), words[-1], suffix), None
    leading = next((place for place, word in enumerate(words) if not _is_initials(word)), 0)
    if leading:
        return author_of(" ".join(words[leading:]), " ".join(words[:leading]), suffix), None
    start = next((place for place, word in enumerate(words) if _PARTICLE.fullmatch(word)), len(words) - 1)
    start = max(start, 1)
    author = author_of(" ".join(words[start:]), " ".join(words[:start]), suffix)
    return author, f"the author {name!r} was read with the family name {author.family!r}; check that"


def medline_author(name: str) -> Author:
    """Reads a name of the MEDLINE format: family name, initials, suffix, in that order (`Doe JF 3rd`)."""
    words = clean_line(name).split()
    suffix = [words.pop()] if words[2:] and _SUFFIX.fullmatch(words[-1]) else []
    initials = [words.pop()] if words[1:] and words[-1].isupper() else []
    return Author(" ".join(words), " ".join([*initials, *suffix]))


def _is_initials(word: str) -> bool:
    return _INITIALS.fullmatch(word) is not None


def _initials(given: str) -> str:
    words = [word for word in re.split(r"[\s.\-\u2010]+", given.strip()) if word]
    return "".join(word if _is_initials(word) else word[0].upper() for word in words)
