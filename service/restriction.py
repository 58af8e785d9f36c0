"""Restriction: a question that names a study by author, year or length is answered from that study."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from corpus.passages import Passage
from corpus.studies import Study
from index.search import Hit, PassageIndex

STUDY_WORDS = frozenset("study studies trial trials paper papers review report article one".split())
LINKS = frozenset("by from of in published done".split())
NUMBERS = {
    word: str(n) for n, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)
}
UNIT = re.compile(r"(weeks?|months?|years?)")

LENGTH = re.compile(
    rf"\b(?:\d+|{'|'.join(NUMBERS)})[- ]{UNIT.pattern}\b"
    rf"(?=(?:[\s-]+\w+){{0,2}}[\s-]+(?:{'|'.join(STUDY_WORDS)})\b)",
    re.IGNORECASE,
)
"""A length that names a study: "five-year" in "the five-year follow-up study", not "after five years"."""

YEAR = re.compile(r"\b(?:19|20)\d\d\b")

BEFORE = 3
"""Words before "study" that may name it: "the Deng trial", "the five-year follow-up study"."""


def named_studies(question: str, studies: Iterable[Study]) -> frozenset[str]:
    """The ids of the studies that a question names; empty where it names none.

    A name counts only beside a word such as "study", "et al" or the year, because "sun" and "yang" are words
    and names of other people too. Several hints (an author and a year) must agree on a study.
    """
    hints = _hints(_words(question))
    known = list(studies)
    found = [
        {study.study_id for study in known if _traits(study)[kind] & said} for kind, said in hints.items()
    ]
    return frozenset(set.intersection(*filter(None, found))) if any(found) else frozenset()


def restrict(hits: Sequence[Hit], index: PassageIndex, named: Collection[str]) -> list[Passage]:
    """The passages to read: those found, or all of the named studies, whose every sentence may be meant."""
    if not named:
        return [hit.passage for hit in hits]
    return [passage for passage in index.passages if passage.study_id in named]


def without_names(question: str, studies: Iterable[Study]) -> str:
    """A question less the words that only say which studies are meant.

    Of "who paid for the Deng trial?" this leaves "who paid for the ?", which is read in that study: it does
    not say its own name.
    """
    families = (word for study in studies for word in _traits(study)["author"])
    names = STUDY_WORDS.union(("et", "al"), families)
    rest = YEAR.sub(" ", LENGTH.sub(" ", question.replace("'s", "")))
    kept = (part for part in re.split(r"([^\W_]+)", rest) if part.lower() not in names)
    return " ".join("".join(kept).split())


def _words(text: str) -> list[str]:
    words = re.findall(r"[^\W_]+", text.lower().replace("'s", ""))
    return [NUMBERS.get(word, word) if _is_unit(after) else word for word, after in pairwise([*words, ""])]


def _is_unit(word: str) -> bool:
    return UNIT.fullmatch(word) is not None


def _hints(words: list[str]) -> Mapping[str, set[str]]:
    """The words that may name a study: those near "study", before "et al", and all beside a year."""
    near: set[str] = set()
    lengths: set[str] = set()
    years = {word for word in words if YEAR.fullmatch(word)}
    for place, word in enumerate(words):
        if word in STUDY_WORDS:
            before = words[max(0, place - BEFORE) : place]
            after = words[place + 1 : place + 4]
            near |= {*before, *(after if LINKS & set(after[:1]) else ())}
            lengths |= {f"{n} {unit[0]}" for n, unit in pairwise(before) if _is_unit(unit)}
        if words[place + 1 : place + 3] == ["et", "al"]:
            near.add(word)
    return {"author": near | set(words) if years else near, "year": years, "length": lengths}


def _traits(study: Study) -> Mapping[str, set[str]]:
    words = _words(study.follow_up or "")
    return {
        "author": {part for author in study.authors[:1] for part in _words(author.rsplit(" ", 1)[0])},
        "year": {str(study.year)},
        "length": {f"{n} {unit[0]}" for n, unit in pairwise(words) if _is_unit(unit)},
    }
