"""Typed: a text as somebody typed it: where its capitals tell something, and what each word may be."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from service.cues import TITLES
from service.translation import plain
from service.vocabulary import Vocabulary, is_known, load_names

SHORTEST = 3
"""Letters from which an unknown word may be a name; shorter ones are everywhere ("B cells", "IL")."""

LONGEST_ABBREVIATION = 5
"""Letters up to which a word in capitals is an abbreviation."""

LONGEST = 30
"""Letters beyond which nothing is a word; looking for what it might be would take long."""

LONG = 4
"""Letters from which a word's capital counts where one tells whether capitals mean anything in a text."""

MOST_CAPITALS = 0.6
"""Share of words with a capital above which a capital says nothing of a word."""

_TOKEN = re.compile(r"\[[a-z]+\]|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")  # noqa: RUF001
_BREAK = re.compile(r"[.!?\n:;]")
_GAP = re.compile(r"[ \t]*[-‐‑.]?[ \t]*|['’]s ?", re.ASCII)  # noqa: RUF001
POSSESSIVE = re.compile(r"['’]s$")  # noqa: RUF001
_APOSTROPHE = re.compile(r"['’]")  # noqa: RUF001


class Token(NamedTuple):
    """A word, a number or a mark of a text.

    Attributes:
        text: as it was typed.
        start, end: its place.
        opens: whether it is the first word of a sentence.
    """

    text: str
    start: int
    end: int
    opens: bool

    @property
    def word(self) -> str:
        """In lower case, without accents, apostrophes and the 's of a possessive."""
        return _APOSTROPHE.sub("", plain(POSSESSIVE.sub("", self.text)))

    @property
    def is_word(self) -> bool:
        """Whether it is a word, not a number or a mark."""
        return self.text[0].isalpha()


class TypedText:
    """A text with what can be told of each of its words, by the word's number from 0.

    Attributes:
        text: as it was typed.
        tokens: its words, numbers and marks.
        vocabulary: what tells a word from a name.
        shouts: whether it is all in capitals.
        tells: whether a capital within a sentence tells anything.
    """

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.tokens = _tokens(text)
        self.shouts, self.tells = _capitals(self.tokens)
        self._names = load_names()

    def word(self, n: int) -> str:
        """The word; empty beyond the ends of the text."""
        return self.tokens[n].word if 0 <= n < len(self.tokens) else ""

    def has_capital(self, n: int) -> bool:
        """Whether it is written as a name is where other words are not."""
        text = self.tokens[n].text
        return self.tells and text[0].isupper() and not text.isupper()

    def stands_out(self, n: int) -> bool:
        """Whether it has a capital that its place in the sentence does not explain."""
        return self.has_capital(n) and not self.tokens[n].opens

    def is_firm(self, n: int) -> bool:
        """Whether it is a name and hardly ever anything else."""
        word, text = self.tokens[n].word, self.tokens[n].text
        plural = word.endswith("s") and SHORTEST < len(word) <= LONGEST and word[:-1] in self._names.firm
        if word not in self._names.firm and (not plural or self.is_known(n)):
            parts = _APOSTROPHE.split(plain(text))
            return len(parts) > 1 and any(part in self._names.firm for part in parts if len(part) >= SHORTEST)
        return not (self.is_abbreviation(n) and self.vocabulary.is_word(word))

    def is_given(self, n: int) -> bool:
        """Whether it is an everyday word that is a first name as well."""
        return self.tokens[n].word in self._names.given

    def is_maybe(self, n: int) -> bool:
        """Whether it is an everyday word that is a name as well."""
        return self.is_given(n) or self.tokens[n].word in self._names.family

    def is_known(self, n: int) -> bool:
        """Whether it is a word of the language, the library or medicine."""
        return is_known(self.tokens[n].word, self.tokens[n].text, self.vocabulary, self._names)

    def is_unknown(self, n: int) -> bool:
        """Whether it is no word, and no misspelt one either, as far as that can be told."""
        if not self.tokens[n].is_word or len(self.tokens[n].word) < SHORTEST or self.is_abbreviation(n):
            return False
        if len(self.tokens[n].word) > LONGEST:
            return True
        if self.is_known(n):
            return False
        return self.stands_out(n) or not self.vocabulary.mends(self.tokens[n].word)

    def is_abbreviation(self, n: int) -> bool:
        """Whether it stands in capitals as abbreviations do."""
        text = self.tokens[n].text
        return not self.shouts and text.isupper() and len(text) <= LONGEST_ABBREVIATION

    def are_together(self, one: int, other: int) -> bool:
        """Whether nothing but a space, a hyphen or the point of an initial is between two neighbours."""
        return bool(_GAP.fullmatch(self.text[self.tokens[one].end : self.tokens[other].start]))


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        gap = text[found[-1].end : match.start()] if found else "\n"
        is_title = bool(found) and found[-1].word in TITLES | {"al", "st"}
        found.append(Token(match.group(), *match.span(), bool(_BREAK.search(gap)) and not is_title))
    return found


def _capitals(tokens: Sequence[Token]) -> tuple[bool, bool]:
    """Whether a text is all in capitals, and whether a capital within a sentence tells anything in it."""
    words = [token for token in tokens if token.is_word and len(token.text) >= LONG]
    shouts = sum(token.text.isupper() for token in words) > len(words) / 2
    inner = [token for token in words if not token.opens]
    big = sum(token.text[0].isupper() for token in inner)
    return shouts, not shouts and (len(inner) < LONG or big <= len(inner) * MOST_CAPITALS)
