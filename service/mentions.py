"""Mentions: the phrases of a question that speak of certain studies ("the Deng trial", "Gu et al., 2014")."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.function_words import FUNCTION_WORDS

NOUNS = frozenset(
    """
    study studies trial trials trail trails paper papers review reviews report reports article articles
    publication series meta-analysis meta-analyses metaanalysis pilot work
    """.split()
)
"""Words for a study; "trail" is how many write "trial"."""

SINGULAR = frozenset("series meta-analysis metaanalysis".split())
"""Those of them that end with "s" and yet may be one study."""

PEOPLE = frozenset("people patients patient persons participants volunteers adults women men".split())
"""Stands for a study only in "the people from Nanjing"."""

ONE = frozenset({"one", "ones"})
"""Stands for a study only after "the" or another word that points: "the one from 2018"."""

POINTING = frozenset("the this that these those both which what".split())
LOOSE = frozenset("a an any some no every each all many few several more other another".split())
WITHIN = frozenset("and up long or most two three four five six seven eight nine ten one half".split())
"""Function words and numbers that may stand inside a phrase: "the five year follow up study"."""

LINKS = frozenset("by from of in at done made run published conducted called out".split())
RELATIVES = frozenset("with that which where lasting on over having using".split())

BEFORE, AFTER = 6, 8
"""Words before and after "study" that may say which one is meant."""

YEAR = re.compile(r"(?:19|20)\d\d")
OTHERS = (("et", "al"), ("and", "colleagues"), ("and", "coworkers"), ("and", "others"), ("and", "co"))
AND = frozenset({"and", "or", "vs", "versus"})
SAYING = frozenset("find found report reported conclude concluded publish published write wrote".split())

NOT_NAMES = frozenset(
    """
    january february march april may june july august september october november december spring summer autumn
    fall winter christmas year years late early mid around before between until published
    """.split()
)
"""Words before a year that are no author's name."""

_TOKEN = re.compile(r"meta-anal\w+|[^\W_]+(?:['’]s\b)?", re.IGNORECASE)  # noqa: RUF001
_STOP = re.compile(r"[.?!;:\n](?:\s|$)|[()]")


class Token(NamedTuple):
    """A word of a question; `number` counts from 0."""

    number: int
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """In lower case, without the 's of a possessive."""
        return re.sub(r"['’]s$", "", self.text.lower())  # noqa: RUF001

    @property
    def plain(self) -> str:
        """As it was written, without the 's of a possessive."""
        return re.sub(r"['’]s$", "", self.text)  # noqa: RUF001

    @property
    def is_name_like(self) -> bool:
        """Whether it is written as a name is, which says nothing of the first word of a sentence."""
        return self.text[0].isupper()


class Mention(NamedTuple):
    """A phrase that may say which study is meant.

    Attributes:
        before: the words before its noun, or a citation: an author and perhaps a year.
        noun: "study" or another word for one; None in a citation.
        after: the words after "study by", "one from".
        described: the words after "study that", "trial with".
        definite: "the trial", not "a trial" or "any trials".
        pointed: "the trial", "these trials", not bare "trials".
        sure: whether its words stand where only names stand.
    """

    before: tuple[Token, ...]
    noun: Token | None
    after: tuple[Token, ...] = ()
    described: tuple[Token, ...] = ()
    definite: bool = True
    pointed: bool = False
    sure: bool = True

    @property
    def is_plural(self) -> bool:
        """Whether it speaks of several studies."""
        return self.noun is not None and self.noun.word.endswith("s") and self.noun.word not in SINGULAR

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All its words but the noun."""
        return self.before + self.after + self.described


def tokens_of(text: str) -> list[Token]:
    """The words of a text."""
    return [Token(number, match.group(), *match.span()) for number, match in enumerate(_TOKEN.finditer(text))]


def mentions(question: str) -> list[Mention]:
    """The phrases that may name a study, citations last; whether a study fits is not looked at."""
    tokens = tokens_of(question)
    phrases = [_phrase(question, tokens, token) for token in tokens if _is_noun(tokens, token)]
    taken = {token.number for phrase in phrases for token in phrase.tokens}
    cited = [each for each in _citations(tokens) if each.before[0].number not in taken]
    return [*phrases, *cited]


def _is_noun(tokens: Sequence[Token], token: Token) -> bool:
    if token.word in NOUNS:
        # "does it work", "trials work": only somebody's work is a study.
        return token.word != "work" or (token.number > 0 and tokens[token.number - 1].text.endswith("s"))
    if token.word in PEOPLE:
        return token.number + 1 < len(tokens) and tokens[token.number + 1].word == "from"
    before = tokens[max(0, token.number - 2) : token.number]
    return token.word in ONE and any(word.word in POINTING for word in before)


def _phrase(question: str, tokens: Sequence[Token], noun: Token) -> Mention:
    before: list[Token] = []
    pointer = None
    for token in reversed(tokens[max(0, noun.number - BEFORE) : noun.number]):
        following = tokens[token.number + 1]
        if _stops(question, token, following) or _ends_another(question, token, following):
            break
        if token.word in POINTING | LOOSE:
            pointer = token.word
            break
        if token.word in FUNCTION_WORDS and token.word not in WITHIN:
            break
        before.insert(0, token)
    rest = _following(question, tokens, noun)
    linked = bool(rest) and rest[0].word in LINKS
    told = bool(rest) and rest[0].word in RELATIVES
    return Mention(
        before=tuple(before),
        noun=noun,
        after=rest if linked else (),
        described=rest if told else (),
        definite=pointer not in LOOSE,
        pointed=pointer in POINTING,
    )


def _ends_another(question: str, token: Token, following: Token) -> bool:
    """Whether another phrase ends with this word: "the four-year study and the five-year study"."""
    is_listed = following.word in AND or "," in question[token.end : following.start]
    return token.word in NOUNS and is_listed


def _following(question: str, tokens: Sequence[Token], noun: Token) -> tuple[Token, ...]:
    found: list[Token] = []
    last = noun
    for token in tokens[noun.number + 1 : noun.number + 1 + AFTER + BEFORE]:
        if _stops(question, last, token):
            break
        if token.word in NOUNS or _is_noun(tokens, token):
            found = _before_pointer(found)
            break
        found.append(token)
        last = token
    return tuple(found[:AFTER])


def _before_pointer(words: list[Token]) -> list[Token]:
    """Words less those that begin the phrase after them: "from 2018 agree with" of "... with the 2020"."""
    for place in range(len(words) - 1, 0, -1):
        if words[place].word in POINTING | LOOSE:
            return words[:place]
        if words[place].word in FUNCTION_WORDS - WITHIN:
            break
    return words


def _citations(tokens: Sequence[Token]) -> Iterator[Mention]:
    """Authors as papers cite them: before "et al", beside a year, as those who found a thing."""
    for token in tokens:
        after = tokens[token.number + 1 : token.number + 5]
        pair = tuple(word.word for word in after[:2])
        rest = after[2:] if pair in OTHERS else after
        year = tuple(word for word in rest[:1] if YEAR.fullmatch(word.word))
        if pair in OTHERS or (year and _may_be_cited(token)):
            yield Mention((token, *year), None)
        elif _says(tokens, token):
            found = (word for word in after if YEAR.fullmatch(word.word))
            yield Mention((token, *found), None)
        elif token.is_name_like and token.plain != token.text:
            # "Deng's placebo group": an author's, or anybody's.
            yield Mention((token,), None, sure=False)
        elif token.is_name_like and after and after[0].word in AND and after[1:2] and after[1].is_name_like:
            # "Wen and Farge-Bancel": two authors, or any two names.
            second = after[1:3] if after[2:] and after[2].is_name_like else after[1:2]
            yield Mention((token, *second), None, sure=False)


def _may_be_cited(token: Token) -> bool:
    word = token.word
    return word.isalpha() and len(word) > 1 and word not in FUNCTION_WORDS | NOT_NAMES | NOUNS | {"al"}


def _says(tokens: Sequence[Token], token: Token) -> bool:
    """Whether it stands where an author stands: "what did wang find", "Deng reported"."""
    following = tokens[token.number + 1] if token.number + 1 < len(tokens) else None
    if following is None or following.word not in SAYING or token.word in FUNCTION_WORDS:
        return False
    asked = token.number > 0 and tokens[token.number - 1].word in {"did", "does", "do"}
    return asked or (token.is_name_like and token.number > 0)


def _stops(question: str, one: Token, following: Token) -> bool:
    """Whether a sentence ends between two neighbouring words; the point after "al" ends none."""
    gap = question[one.end : following.start]
    return bool(_STOP.search(gap)) and one.word != "al"
