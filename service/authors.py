"""Authors: whose study a question names, and whose it names that the library does not have."""

from collections.abc import Callable, Sequence

from index.function_words import FUNCTION_WORDS
from service.answers import Respelling
from service.countries import PLACES
from service.designs import Described
from service.mentions import NOUNS, YEAR, Mention, Token
from service.slips import is_miswritten, is_one_slip
from service.traits import NUMBERS, Traits

SHORTEST = 4
"""Letters of a family name from which a slip in it is forgiven."""

TITLES = frozenset("dr doctor mr mrs ms miss prof professor nurse named called".split())

Test = Callable[[str], bool]


class Authors:
    """The authors of a library's studies.

    Args:
        traits: of the studies.
        is_library_word: whether a word, in lower case, is one of the library's, and so no stranger's name.
        is_word: whether it is a word of the language, and so no misspelt name.
    """

    def __init__(self, traits: Sequence[Traits], is_library_word: Test, is_word: Test) -> None:
        self._traits = traits
        self._families = frozenset(word for one in traits for word in one.authors)
        self._names = frozenset(word for one in traits for word in one.names)
        journals = (one.study.journal or "" for one in traits)
        self._plain = (
            frozenset(word for one in traits for word in one.places)
            | frozenset(" ".join(journals).lower().split())
            | FUNCTION_WORDS
            | NUMBERS.keys()
            | PLACES.keys()
        )
        self._is_library_word = is_library_word
        self._is_word = is_word

    def find(self, mention: Mention, question: str) -> tuple[Described | None, tuple[Respelling, ...]]:
        """The studies whose author a mention names, first authors before all others, and misspelt names."""
        read: dict[Token, str] = {}
        for token in (*mention.before, *mention.after):
            if token.word in self._families and _is_authors(token, question):
                read[token] = token.word
            elif meant := self._meant(token, mention):
                read[token] = meant
        if not read or (not mention.sure and len(read) < len(mention.before)):
            return None, ()
        words = set(read.values())
        found = [one for one in self._traits if one.first & words]
        found = found or [one for one in self._traits if one.authors & words]
        told = (
            Respelling(typed=token.text, read=name.title())
            for token, name in read.items()
            if token.word != name
        )
        return Described(frozenset(one.study.study_id for one in found), tuple(read)), tuple(told)

    def stranger(self, mention: Mention, question: str) -> str:
        """A name that no author has: a citation's, or a word beside "study" that is written as a name is."""
        if not mention.sure:
            return ""
        year = [token.text for token in mention.before if YEAR.fullmatch(token.word)]
        if mention.noun is None:
            cited = mention.before[0]
            is_name = cited.is_name_like or not self._is_library_word(cited.word)
            return " ".join([cited.text, *year]) if is_name else ""
        nearest = (*mention.before[-2:], *mention.after[1:3])
        if not any(self._is_strange(token, question) for token in nearest):
            return ""
        return " ".join([*(token.plain for token in nearest if token.is_name_like), *year])

    def _meant(self, token: Token, mention: Mention) -> str | None:
        """The author whose name a word misspells; another letter is another name, unless the year fits."""
        word = token.word
        if len(word) < SHORTEST or not word.isalpha() or word in NOUNS | FUNCTION_WORDS:
            return None
        if self._is_word(word) or self._is_library_word(word):
            return None
        years = {each.word for each in mention.tokens if YEAR.fullmatch(each.word)}
        near = {
            name
            for one in self._traits
            for name in one.first
            if is_miswritten(word, name)
            or (str(one.study.year) in years and name[0] == word[0] and is_one_slip(word, name))
        }
        return near.pop() if len(near) == 1 else None

    def _is_strange(self, token: Token, question: str) -> bool:
        said = question[: token.start].rstrip()
        opens = not said or said[-1] in ".?!"
        if opens or question.upper() == question or question.istitle():
            return False  # then a capital tells nothing
        is_name = token.is_name_like and token.word.isalpha() and len(token.word) > 1
        is_other = token.word in self._names or not self._is_library_word(token.word)
        return is_name and is_other and token.word not in self._plain


def _is_authors(token: Token, question: str) -> bool:
    """Whether a family name is not that of the writer's own doctor: "Dr Wang"."""
    before = question[: token.start].lower().rstrip(" .").rpartition(" ")[2]
    return before not in TITLES
