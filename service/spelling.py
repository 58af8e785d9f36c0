"""Spelling: a word that is none is read as the library's word that is one slip away."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import NamedTuple

from service.answers import Respelling

LEAST_LENGTH = 6
"""Shorter words have too many neighbours."""

ENDINGS = ("s", "es", "d", "ed", "ly", "ing")
"""What may stand at the end of a right word without changing which word it is."""

WORD = re.compile(r"[^\W\d_]+")


class Mended(NamedTuple):
    """A question with its misspelt words put right."""

    question: str
    respellings: tuple[Respelling, ...]


class Speller:
    """The words of a library, by their first letter, which people rarely get wrong."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words = {word.lower() for text in texts for word in WORD.findall(text)}
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._words):
            if len(word) >= LEAST_LENGTH:
                self._by_letter[word[0]].append(word)

    def mend(self, question: str, is_word: Callable[[str], bool]) -> Mended:
        """Puts right what is one slip (see is_one_slip; f for ph counts as none) from a known word.

        A real word is never changed, however like another it is: hypotension is not hypertension, retinal is
        not renal, and one drug's name is not another's. So two slips in a word are not forgiven.

        Args:
            question: any text.
            is_word: whether the encoder knows a word, in lower case, as one piece.
        """
        found: dict[str, str] = {}
        for word in dict.fromkeys(WORD.findall(question)):
            meant = None if self._is_right(word.lower(), is_word) else self._nearest(word.lower())
            if meant:
                found[word] = meant
        mended = WORD.sub(lambda match: found.get(match.group(), match.group()), question)
        return Mended(mended, tuple(Respelling(typed=typed, read=read) for typed, read in found.items()))

    def _is_right(self, word: str, is_word: Callable[[str], bool]) -> bool:
        """Whether a word is too short to judge, or known, by itself or with another ending."""
        shorter, longer = (word.removesuffix(end) for end in ("s", "es")), (word + end for end in ENDINGS)
        forms = [word, *shorter, *longer]
        return len(word) < LEAST_LENGTH or any(form in self._words or is_word(form) for form in forms)

    def _nearest(self, word: str) -> str | None:
        """The one known word that is a slip away; None where none is, or where it could be either of two."""
        written = {word, word.replace("f", "ph")}
        near = [
            known for known in self._by_letter[word[0]] if any(is_one_slip(form, known) for form in written)
        ]
        return near[0] if len(near) == 1 else None


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether two words differ by one letter at most: added, left out, changed, or swapped with the next.

    That is an optimal string alignment distance (Damerau 1964) of at most 1.
    """
    if abs(len(typed) - len(meant)) > 1:
        return False
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(typed, meant, strict=False)))
    rest, other = typed[same:], meant[same:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
