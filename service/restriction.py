"""Restriction: a question that names a study by author, year, place, length or design is answered from it."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import reduce
from itertools import pairwise
from typing import NamedTuple
from weakref import WeakKeyDictionary

from corpus.passages import Passage
from corpus.studies import Study
from index.function_words import FUNCTION_WORDS
from index.search import Hit, PassageIndex
from service.answers import Respelling
from service.authors import Authors
from service.countries import PLACES
from service.designs import Described, by_design, by_extreme
from service.mentions import AND, PEOPLE, POINTING, YEAR, Mention, Token, mentions, tokens_of
from service.spelling import Speller
from service.traits import MONTHS, Traits, counts_of_people, lengths, number_of, traits_of

FEWEST = 5
"""Smaller numbers of people are said of parts of studies as well, and name none."""

WHERE = frozenset("in from at of out".split())
CITED = frozenset({"et", "al", "colleagues", "coworkers"})


class Named(NamedTuple):
    """What a question names.

    Attributes:
        studies: ids of the studies that it is about; empty where it names none.
        unknown: names, as they were written, that no study has: "Harvard", "Deng 2015".
        apart: where it names several side by side ("Deng 2017 and Gu 2014", "both reviews"), those that each
            want to be heard, or one of each; empty where a name leaves open which of several is meant.
        rest: the question less the words that only say which studies are meant.
        respellings: names that were read as others.
    """

    studies: frozenset[str]
    unknown: tuple[str, ...]
    apart: tuple[frozenset[str], ...]
    rest: str
    respellings: tuple[Respelling, ...]


class _Fit(NamedTuple):
    """How one mention was understood: the studies that fit it, or the name that none has, or neither."""

    studies: frozenset[str] = frozenset()
    unknown: str = ""
    used: frozenset[int] = frozenset()
    respellings: tuple[Respelling, ...] = ()


class StudyNames:
    """What the studies of a library may be called by.

    Args:
        studies: those that may be named.
        is_library_word: whether a word, in lower case, is one of the library's, and so no stranger's name.
        is_word: whether it is a word of the language, and so no misspelt name.
    """

    def __init__(
        self, studies: Iterable[Study], is_library_word: Callable[[str], bool], is_word: Callable[[str], bool]
    ) -> None:
        self._traits = [traits_of(study) for study in studies]
        self._places = frozenset(word for one in self._traits for word in one.places)
        self._authors = Authors(self._traits, is_library_word, is_word)

    def find(self, question: str) -> Named:
        """The studies that a question names, and the names in it that no study has.

        A name counts only beside a word such as "study", "et al" or a year, because "sun" and "yang" are
        words and names of other people too. The traits of one phrase must agree on a study. Phrases speak of
        the same study where one fits them all; else they add up, as in "Deng 2017 and Gu 2014", but for those
        that say less of a study than another one does ("the Wang trials ... Wang 2013").

        Args:
            question: rightly spelt, but for names.
        """
        found = mentions(question)
        fits = [self._fit(mention, question) for mention in found]
        people = self._by_people([token.word for token in tokens_of(question)])
        journal = self._those(lambda one: bool(one.journal) and f"in {one.journal}" in question)
        named = [studies for studies in (*(fit.studies for fit in fits), journal) if studies]
        if people and (not named or any(people & each for each in named)):
            named.append(people)
        named = list(dict.fromkeys(self._of_size(each, question) for each in named))
        same = reduce(frozenset.intersection, named) if named else frozenset[str]()
        named = [each for each in named if not any(other < each for other in named)]
        studies = same or frozenset().union(*named)
        more = () if same else tuple(named)
        theirs = (mention for mention, fit in zip(found, fits, strict=True) if fit.studies)
        plural = len(named) == 1 and any(mention.is_plural for mention in theirs)
        used = frozenset[int]().union(*(fit.used for fit in fits))
        return Named(
            studies=studies,
            unknown=tuple(dict.fromkeys(fit.unknown for fit in fits if fit.unknown)),
            apart=tuple(frozenset((each,)) for each in sorted(studies)) if plural else more,
            rest=self._rest(question, used),
            respellings=tuple(dict.fromkeys(each for fit in fits for each in fit.respellings)),
        )

    def _of_size(self, named: frozenset[str], question: str) -> frozenset[str]:
        """Those of several studies that had so many people: "Liang's 15 patients"."""
        words = [token.word for token in tokens_of(question)]
        said = (number_of(count) for count, noun in pairwise(words) if noun in PEOPLE)
        sizes = {count for count in said if count is not None and count >= FEWEST}
        return named & self._those(lambda one: one.study.people in sizes) or named

    def _rest(self, question: str, used: Collection[int]) -> str:
        rest = _without(question, used) if used else question
        for one in self._traits:
            rest = rest.replace(f" in {one.journal}", "") if one.journal else rest
        return rest

    def _fit(self, mention: Mention, question: str) -> _Fit:
        place = self._by_place(mention)
        if mention.noun and mention.noun.word in PEOPLE:
            return _Fit(place.studies) if place else _Fit()
        said = frozenset(token.number for token in (*mention.before, *mention.after))
        authors, respellings = self._authors.find(mention, question)
        hard = [hint for hint in (authors, self._by_year(mention), place) if hint]
        both = reduce(frozenset.intersection, (hint.studies for hint in hard)) if hard else None
        if (cited := self._by_citation(mention)) and not both:
            return _Fit(cited)
        stranger = "" if authors else self._authors.stranger(mention, question)
        is_name = bool(mention.noun or authors)  # "erratum 2011" is neither a study nor an author's
        if stranger or (both == frozenset() and is_name):
            return _Fit(unknown=stranger or _wording(hard), used=said)
        soft = [hint for hint in self._soft(mention) if hint]
        for hint in soft:
            # What people remember of a study's design may be wrong; its author they know.
            both = hint.studies if both is None else (both & hint.studies) or both
        if not both:
            return _Fit(unknown=_wording(soft), used=said) if soft else _Fit()
        tokens = {token.number for hint in (*hard, *soft) for token in hint.used}
        noun = {mention.noun.number} if mention.noun and not mention.described else set()
        return _Fit(both, used=frozenset(tokens | noun), respellings=respellings)

    def _by_year(self, mention: Mention) -> Described | None:
        tokens = tuple(token for token in (*mention.before, *mention.after) if YEAR.fullmatch(token.word))
        years = {token.word for token in tokens}
        found = self._those(lambda one: str(one.study.year) in years)
        return Described(found, tokens) if years else None

    def _by_place(self, mention: Mention) -> Described | None:
        # "Was the study done in China?" asks where it was done, and names none.
        points = mention.pointed or not mention.is_plural
        where = mention.after if points and mention.after[:1] and mention.after[0].word in WHERE else ()
        words = (*mention.before, *where)
        tokens = tuple(token for token in words if token.word in PLACES or token.word in self._places)
        names = [PLACES.get(token.word, frozenset((token.word,))) for token in tokens]
        found = self._those(lambda one: all(one.places & each for each in names))
        return Described(found, tokens) if tokens else None

    def _soft(self, mention: Mention) -> Iterator[Described | None]:
        """What describes a study without naming it: its length, its size, its design."""
        yield self._by_length(mention)
        counted = set(_sizes([token.word for token in mention.tokens]))
        people = self._those(lambda one: one.study.people in counted)
        yield Described(people, ()) if people else None
        yield by_design(mention, self._traits)
        yield by_extreme(mention, self._traits)

    def _by_length(self, mention: Mention) -> Described | None:
        said = set(lengths([token.word for token in (*mention.before, *mention.described)]))
        used = tuple(token for token in mention.before if _is_length(token.word))
        found = self._those(lambda one: bool(one.months & said))
        return Described(found, used) if said and mention.definite else None

    def _by_people(self, words: Sequence[str]) -> frozenset[str]:
        """The studies that speak of so many people, where one of them had just so many: "the group of 87"."""
        sizes = {one.study.people for one in self._traits}
        counted = {count for count in counts_of_people(words) if count >= FEWEST and count in sizes}
        return self._those(
            lambda one: any(one.study.people == count or f" {count} people" in one.text for count in counted)
        )

    def _by_citation(self, mention: Mention) -> frozenset[str]:
        """The studies whose summary speaks of the one that is named: "Tang 2016", "the 2012 report"."""
        words = [token.word for token in mention.tokens]
        pairs = set(pairwise(words))
        cited = self._those(lambda one: bool(one.cited & pairs))
        if cited or mention.noun is None:
            return cited
        phrases = [f"{word} {mention.noun.word}" for word in words if YEAR.fullmatch(word)]
        return self._those(lambda one: any(phrase in one.text for phrase in phrases))

    def _those(self, fits: Callable[[Traits], bool]) -> frozenset[str]:
        return frozenset(one.study.study_id for one in self._traits if fits(one))


def names_in(index: PassageIndex, speller: Speller) -> StudyNames:
    """The names of an index's studies; kept as long as it is: they are read out of whole summaries."""
    found = _NAMES.get(index)
    if found is None:
        found = _NAMES[index] = StudyNames(index.studies.values(), speller.knows, index.encoder.knows)
    return found


# Weak: an index that another one has taken the place of must not stay in memory for its names.
_NAMES: WeakKeyDictionary[PassageIndex, StudyNames] = WeakKeyDictionary()


def restrict(hits: Sequence[Hit], index: PassageIndex, named: Collection[str]) -> list[Passage]:
    """The passages to read: those found, or all of the named studies, whose every sentence may be meant."""
    if not named:
        return [hit.passage for hit in hits]
    return [passage for passage in index.passages if passage.study_id in named]


def _sizes(words: Sequence[str]) -> Iterator[float]:
    """The numbers of people in a mention: "of 16 hospital patients", "with 87"."""
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        count = number_of(word)
        alone = before == "with" and (not after or after in FUNCTION_WORDS)
        if count is not None and count >= FEWEST and (alone or PEOPLE & set(words)):
            yield count


def _is_length(word: str) -> bool:
    return word.removesuffix("s") in MONTHS or number_of(word) is not None


def _wording(hints: Iterable[Described]) -> str:
    """The words of a mention that no study fits, in their order."""
    tokens: set[Token] = {token for hint in hints for token in hint.used}
    return " ".join(token.plain for token in sorted(tokens, key=lambda token: token.number))


def _without(question: str, used: Collection[int]) -> str:
    """A question less the words that only name studies, and the "in the" before them.

    Of "what happened in the Deng trial?" this leaves "what happened?", which is read in that study: it does
    not say its own name.
    """
    tokens = tokens_of(question)
    dropped = {token.number for token in tokens if token.number in used or token.word in CITED}
    dropped |= {
        token.number
        for token in tokens
        if token.word in AND and {token.number - 1, token.number + 1} <= dropped
    }
    for words in (POINTING, WHERE):
        dropped |= {number - 1 for number in dropped if number and tokens[number - 1].word in words}
    kept, end = [], 0
    for token in tokens:
        kept.append(question[end : token.start])
        kept.append("" if token.number in dropped else token.text)
        end = token.end
    rest = " ".join("".join([*kept, question[end:]]).split())
    rest = re.sub(r"(?<=\s)-(?=\W|$)|\(\s*\)", "", rest)
    return re.sub(r"\s+(?=[?.!,;:])", "", rest).strip(" -,:;")
