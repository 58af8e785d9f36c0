"""Scrubbing: a question without what tells who asked, made before anything of it is written down.

Patterns find what has a shape (`service/particulars.py`), words and lists find the names of people
(`service/persons.py`). It takes out too much rather than too little, and it cannot find everything: what a
story tells of somebody may lead to them without any name. That is why questions are kept only where an
operator decided so, for some days, and shown to staff alone.
"""

import re
import unicodedata
import warnings
from collections.abc import Callable, Collection
from functools import cache
from typing import TYPE_CHECKING, Self

from index.function_words import FUNCTION_WORDS
from service.languages import LIBRARY_LANGUAGE, Languages
from service.particulars import HELD, without_particulars
from service.persons import without_persons
from service.translation import plain, telling_words, written_in
from service.vocabulary import Vocabulary

if TYPE_CHECKING:
    from service.library import Library

FORMED = {
    "es": re.compile(
        r"\w{3,}(?:aron|ieron|ando|iendo|ad[oa]s?|id[oa]s?|ci[oó]n|ciones|mente|ic[oa]s?|[aei]rse|[aei]r|aban?|"
        r"ar[ií]an?|iste|aste|emos|amos|itis|os[oa]s?|idad|idades|iv[oa]s?|ables?|antes?|ientes?)"
    )
}
"""How words of other languages end that no list has in each of their forms."""


class Scrubber:
    """Takes out of texts what tells who somebody is.

    Args:
        is_word: whether a word, in lower case, is one of the library's or of its language.
        mends: whether a word that is none is clearly a misspelt one of the library.
        authors: family names of the library's authors, in lower case.
        languages: those in which questions may come.
    """

    def __init__(
        self,
        is_word: Callable[[str], bool],
        mends: Callable[[str], bool],
        authors: Collection[str],
        languages: Languages,
    ) -> None:
        self._is_word = is_word
        self._mends = mends
        self._authors = frozenset(authors)
        self._languages = languages

    @classmethod
    def of(cls, library: "Library") -> Self:
        """A scrubber that knows a library's words: what it says, explains and cites stays readable."""
        speller, encoder = library.sources.speller, library.index.encoder
        families = (
            author.rsplit(" ", 1)[0] for study in library.studies.values() for author in study.authors
        )
        return cls(
            lambda word: speller.knows(word) or encoder.knows(word),
            lambda word: bool(speller.mend(word, encoder.knows).respellings),
            {plain(part) for family in families for part in family.replace("-", " ").split()},
            library.languages,
        )

    def scrub(self, text: str) -> str:
        """A text with a mark in the place of each thing that tells who somebody is.

        The marks are [name], [email], [phone], [number], [date], [address], [place], [link], [handle], [age],
        and [word] for a word that is none and might be a name.
        """
        text = unicodedata.normalize("NFKC", text).replace(HELD, "")
        return without_persons(without_particulars(text), self._vocabulary(text))

    def _vocabulary(self, text: str) -> Vocabulary:
        language = written_in(text, self._languages)
        code = language.code if language else ""
        own = common_words(code) | telling_words(code) if code else frozenset()
        formed = FORMED.get(code)
        everyday = common_words(LIBRARY_LANGUAGE) | FUNCTION_WORDS
        return Vocabulary(
            is_word=lambda word: (
                word in own
                or word in everyday
                or self._is_word(word)
                or (formed is not None and formed.fullmatch(word) is not None)
            ),
            is_common=lambda word: word in own or word in everyday,
            mends=(lambda _: False) if language else self._mends,
            authors=self._authors,
        )


@cache
def common_words(code: str) -> frozenset[str]:
    """The words of a language that everybody uses, without accents, as textstat has them; none where not."""
    from textstat.backend.utils import get_lang_easy_words  # noqa: PLC0415 - only scrubbing needs it

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a language without a list of its own would get the English one
        try:
            return frozenset(plain(word.strip()) for word in get_lang_easy_words(code))
        except Warning:
            return frozenset()
