"""Scope: what only a sentence that speaks of it can answer for: a drug, or people of a certain kind.

"Did lupus activity go down in children?" has nearly all words of what a study found in adults, and so has
"was earlier belimumab less common?" of what it says about another drug. Likeness does not tell them apart.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from corpus.glossary import Glossary, Term
from corpus.passages import Passage
from corpus.studies import Study
from service.evidence import Evidence
from service.reasons import Reason, Tell, untold


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
        _words(rf"{CHILDREN}|juvenile|ages?(?: \w+)? \d+|aged|years? (?:old|of age)|year-old"),
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


def unknown_drugs(question: str, glossary: Glossary, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The drugs that a question names, where the library speaks neither of one of them nor of its kind.

    Args:
        question: with the library's words for everyday ones.
        glossary: its terms tell which words are drugs, and how they are written.
        passages: all of the library.
    """
    drugs = {term.term: term for term, _ in glossary.find(question, lay=True) if term.drug}
    kinds = {term.kind_of for term in drugs.values()}
    of_their_kind = (term for term in glossary.terms if term.term in kinds)
    is_known = any(_is_named(term, passages) for term in (*drugs.values(), *of_their_kind))
    return () if is_known else tuple(drugs)


def _is_named(term: Term, passages: Iterable[Passage]) -> bool:
    names = _words("|".join(map(re.escape, (term.term, *term.forms, *term.lay))))
    return any(names.search(passage.text) for passage in passages)
