"""Scope: what only a library that speaks of it can answer for: a drug, an illness, a time, a kind of people.

"Did lupus activity go down in children?" has nearly all words of what a study found in adults, and so has
"was earlier belimumab less common?" of what it says about another drug, and "how many are alive after ten
years?" of what it counted after five. Likeness does not tell them apart.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from corpus.glossary import Glossary, Term
from corpus.passages import Passage
from corpus.studies import Study
from service.evidence import Evidence
from service.reasons import Reason, Tell, untold
from service.traits import lengths, number_of


class Kind(NamedTuple):
    """A kind of people.

    Attributes:
        asked: words of a question about them.
        said: words of a sentence that tells of them, or of what they would be told apart by.
        were: words of who was studied where these were among them; ages alone may be any.
    """

    asked: re.Pattern[str]
    said: re.Pattern[str]
    were: re.Pattern[str]


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


CHILDREN = (
    r"child(?:ren)?(?:'s)?|childhood|kids?|toddlers?|paediatric|pediatric|teens?|teenage\w*|adolescen\w*|"
    r"(?:small|little|young) (?:boys?|girls?|ones)"
)
PREGNANCY = (
    r"pregnan\w*|breast-?feed\w*|miscarr\w*|unborn|conceiv\w*|(?:have|having|tr(?:y|ies|ying) for) a baby"
)
DESCENT = (
    r"hispanics?|latin[oaxe]s?|african(?:[- ]american)?s?|caucasians?|asians?|ethnic\w*|races?|"
    r"(?:black|white|brown) (?:people|patients?|women|men|or)"
)
BETWEEN = r"(?:than|or|vs|versus|compared)"
WOMEN, MEN = r"wom[ae]n|females?|girls?|ladies", r"m[ae]n|males?|boys?|guys?"

KINDS = (
    Kind(
        _words(CHILDREN),
        _words(rf"{CHILDREN}|juvenile|ages?\b[^.;]{{0,30}}?\d+|aged|years? (?:old|of age)|year-old"),
        _words(rf"{CHILDREN}|juvenile"),
    ),
    Kind(_words(PREGNANCY), _words(PREGNANCY), _words(PREGNANCY)),
    Kind(_words(DESCENT), _words(DESCENT), _words(DESCENT)),
    # One sex alone is most often only who asks: "does it help women with lupus?". So are both together.
    Kind(
        _words(rf"(?:{WOMEN})\b.*\b{BETWEEN}\b.*\b(?:{MEN})|(?:{MEN})\b.*\b{BETWEEN}\b.*\b(?:{WOMEN})"),
        _words(rf"{WOMEN}|{MEN}|sex"),
        _words(rf"{WOMEN}|{MEN}|sex"),
    ),
)


_INSTEAD = _words(r"(?:rather than|instead of|not) (?:just |only )?\w+")
"""What a question is said not to be about: "she has arthritis rather than lupus"."""

_WORD = re.compile(r"\d+\.\d+|[^\W_]+")
_NUMBER = r"(?P<years>\d+|[a-z]+)"
_YEARS_AFTER = (
    _words(
        rf"(?:at|after|within|beyond) (?:about |around |over )?{_NUMBER} years?(?! (?:of|on|with|in|old)\b)"
    ),
    _words(rf"{_NUMBER}[ -]years? (?:later|afterwards|survival|from now|down the (?:road|line))"),
    re.compile(rf"\b{_NUMBER} years (?:on|out|after)(?=\W*$|,)", re.IGNORECASE),
)
"""Times after a treatment; "after ten years of lupus" is none."""


def of_people_asked_for(
    question: str, candidates: Iterable[Evidence], studies: Mapping[str, Study], tell: Tell = untold
) -> list[Evidence]:
    """What may answer for people of the kind that is asked about; all of it where none is.

    A sentence may where it tells of them itself, or where the study was of such people.
    """
    kept = list(candidates)
    for kind in KINDS:
        if kind.asked.search(question):
            others = [
                item
                for item in kept
                if not (kind.said.search(item.text) or kind.were.search(studies[item.study_id].who or ""))
            ]
            tell(Reason.other_people, others)
            kept = [item for item in kept if item not in others]
    return kept


def unknown_subjects(
    question: str, glossary: Glossary, studies: Iterable[Study], passages: Sequence[Passage]
) -> tuple[str, ...]:
    """The drugs, illnesses and times that a question asks about and the library never speaks of.

    Of drugs, and of illnesses, one that it knows is enough for an answer.

    Args:
        question: with the library's words for everyday ones.
        glossary: its terms tell which words are drugs or illnesses, and how they are written.
        studies: all of the library.
        passages: all of them.
    """
    found = [term for term, _ in glossary.find(_INSTEAD.sub("", question), lay=True)]
    drugs = [term for term in found if term.drug]
    illnesses = [term for term in found if term.illness]
    strange = (each for each in (drugs, illnesses) if not _is_any_named(each, glossary, passages))
    names = dict.fromkeys(term.term for each in strange for term in each)
    return (*names, *_unknown_times(question, studies, passages))


def _is_any_named(terms: Collection[Term], glossary: Glossary, passages: Sequence[Passage]) -> bool:
    """Whether a library speaks of one of some terms, or of its kind."""
    kinds = {term.kind_of for term in terms}
    of_their_kind = (term for term in glossary.terms if term.term in kinds)
    return any(_is_named(term, passages) for term in (*terms, *of_their_kind))


def _unknown_times(question: str, studies: Iterable[Study], passages: Sequence[Passage]) -> Iterator[str]:
    """The years after a treatment that a question asks about, where nobody was followed for so long."""
    asked = [match for pattern in _YEARS_AFTER for match in pattern.finditer(question)]
    told = (_WORD.findall((study.follow_up or "").lower()) for study in studies)
    longest = max((months for words in told for months in lengths(words)), default=0.0) if asked else 0.0
    for match in asked:
        said = match["years"]
        years = number_of(said.lower())
        if years is None or years * 12 <= longest:
            continue
        if not _any_says(_words(rf"(?:{said}|{years:g})[ -]years?"), passages):
            yield f"{said} years"


def _any_says(words: re.Pattern[str], passages: Iterable[Passage]) -> bool:
    return any(words.search(passage.text) for passage in passages)


def _is_named(term: Term, passages: Iterable[Passage]) -> bool:
    names = _words("|".join(map(re.escape, (term.term, *term.forms, *term.lay))))
    return _any_says(names, passages)
