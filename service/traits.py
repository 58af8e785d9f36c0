"""Traits: what a study may be called by: its authors, year, places, length, size and design."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.studies import Study
from service.countries import PLACES
from service.mentions import PEOPLE

NUMBERS = {
    word: number
    for number, word in enumerate(
        """
        one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen twenty
        """.split(),
        start=1,
    )
} | {
    word: 10 * tens
    for tens, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), start=3)
}

MONTHS = {"week": 0.25, "month": 1, "year": 12}
"""Months in each unit of a study's length."""

TENS = 10

GROUPED = frozenset("the those these all of among".split())
"""Words before a number of people that speak of a known group: "10 people died" does not."""

NO_PLACES = frozenset(
    """
    university international hospital center centre january february march april may june july august
    september october november december
    """.split()
)
"""Capitalised words after "in" or "from" that say nothing of a place."""

_NAME = r"[A-Z][a-z]+(?:[ -][A-Z][a-z]+)*"
_PLACE = re.compile(rf"\b(?:in|from|at|near) (?:the )?({_NAME}(?:, {_NAME})*)\b(?! (?:19|20)\d\d)")
_CAPITAL = re.compile(r"(?<=[a-z,] )([A-Z][a-z]{2,}(?:[A-Z][a-z]+)?)\b")
_CITED = re.compile(r"\b([A-Z][a-z]+(?:-[A-Z][a-z]+)?)(?: et al\.?,?)? \(?((?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class Traits:
    """What one study may be called by; all words in lower case.

    Attributes:
        study: the study.
        first: the words of the first author's family name.
        authors: those of every author's.
        places: names of places and hospitals that its summary speaks of, and of who paid for it.
        journal: the journal's name as it is written; empty where it is one word, or not known.
        names: all names in its sections, for telling a name from a word.
        months: how long people were followed.
        described: title, design and comparison, to look for words such as "placebo" in.
        cited: other studies, (author, year), that it speaks of.
        text: its sections.
    """

    study: Study
    first: frozenset[str]
    authors: frozenset[str]
    places: frozenset[str]
    journal: str
    names: frozenset[str]
    months: frozenset[float]
    described: str
    cited: frozenset[tuple[str, str]]
    text: str


def traits_of(study: Study) -> Traits:
    """What a study may be called by."""
    told = [study.title, study.design_note, study.comparison]
    notes = [study.who, study.design_note, *study.cautions, *(fact.value for fact in study.facts)]
    text = "\n".join(section.text for section in study.sections)
    families = [frozenset(_words(author.rsplit(" ", 1)[0])) for author in study.authors]
    journal = re.split(r"[\d(:,]", study.journal or "")[0].strip()
    places = _places([*filter(None, notes), text], study.journal or "")
    return Traits(
        study=study,
        first=families[0] if families else frozenset(),
        authors=frozenset().union(*families) - {"et", "al"},
        places=frozenset(places) | _names(study.funding or ""),
        journal=journal if " " in journal else "",
        names=_names(text),
        months=frozenset(lengths(re.findall(r"\d+\.\d+|[^\W_]+", (study.follow_up or "").lower()))),
        described=" ".join(filter(None, told)).lower(),
        cited=frozenset((match[1].lower(), match[2]) for match in _CITED.finditer(text)),
        text=text.lower(),
    )


def lengths(words: Iterable[str]) -> Iterator[float]:
    """The lengths of time in a row of words, in months: "up to 5 years" is 60."""
    for number, unit in pairwise(words):
        months = MONTHS.get(unit.removesuffix("s"))
        count = number_of(number)
        if months and count:
            yield count * months


def number_of(word: str) -> float | None:
    """The number that a word stands for, in digits, or spelled out up to twenty and in tens."""
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", word):
        return float(word)
    return float(NUMBERS[word]) if word in NUMBERS else None


def counts_of_people(words: Sequence[str]) -> Iterator[int]:
    """The numbers of people that stand for a group: "the ten patients", "out of 81 people", "those 16"."""
    for place, word in enumerate(words[1:], start=1):
        count = number_of(word)
        tens = number_of(words[place - 1])
        if count is None or not count.is_integer():
            continue
        units = number_of(words[place + 1]) if place + 1 < len(words) else None
        if word.isalpha() and count >= 2 * TENS and units is not None and units < TENS:
            continue  # "eighty" of "eighty one"
        spelled = word.isalpha() and count < TENS and tens is not None and tens >= 2 * TENS
        first = place - 1 if spelled else place
        if words[first - 1] not in GROUPED or first == 0:
            continue
        after = words[place + 1 : place + 4]
        is_group = words[first - 2 : first] == ["group", "of"] or after[:1] in (["who"], ["that"])
        if is_group or PEOPLE & set(after):
            yield int(count + (tens or 0) if spelled else count)


def _places(texts: Iterable[str], journal: str) -> Iterator[str]:
    for text in texts:
        for match in _PLACE.finditer(text):
            yield from (word for word in _words(match[1]) if word not in NO_PLACES)
    # A journal is often a university's, and stands for its town.
    yield from (word for word in _words(journal) if word in PLACES)


def _names(text: str) -> frozenset[str]:
    """The words that a text has in capitals within its sentences and never without."""
    capital = {match[1].lower() for match in _CAPITAL.finditer(f"a {text}")}
    return frozenset(capital - set(re.findall(r"\b[a-z]+\b", text)))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())
