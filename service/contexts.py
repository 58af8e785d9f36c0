"""Contexts: when a pattern that stands in a clause counts.

"Chest pain" alone says little. Who has it, and when, and whether it is denied, feared, remembered or asked
about studies, is told by other words around it: cues, kept as lists in the rules file.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from service.phrases import Found, Part, Span, matches

NEAR = 1
"""Words that may stand between a cue and the pattern it takes back ("no more chest pain")."""

Cues = frozenset[str]


@dataclass(frozen=True, slots=True)
class Context:
    """When a pattern counts. All but `at_most` are names of lists.

    Attributes:
        needs: one of these must be in the sentence.
        not_before: none of these directly before the pattern, or one word away.
        not_touching: none of these directly before the pattern or reaching into it.
        not_earlier: none of these before the pattern in its clause, or in a gap of it.
        not_in_clause: none of these in its clause.
        not_in_sentence: none of these in its sentence.
        not_in_question: none of these in the question.
        despite: one of these in its sentence lifts `not_in_clause` and `not_in_sentence`.
        at_most: the longest question, in words, that counts; 0 for any.
    """

    needs: Cues = frozenset()
    not_before: Cues = frozenset()
    not_touching: Cues = frozenset()
    not_earlier: Cues = frozenset()
    not_in_clause: Cues = frozenset()
    not_in_sentence: Cues = frozenset()
    not_in_question: Cues = frozenset()
    despite: Cues = frozenset()
    at_most: int = 0


class Scope(NamedTuple):
    """A sentence or a whole question: what was found in each clause, and the names of all that."""

    clauses: Sequence[Found]
    names: Set[str]
    words: int


class Place(NamedTuple):
    """A clause where it stands."""

    found: Found
    sentence: Scope
    question: Scope


def scope(clauses: Iterable[tuple[Found, int]]) -> Scope:
    """The scope of clauses, each given as what was found in it and its number of words."""
    together = list(clauses)
    names = {name for found, _ in together for name in found}
    return Scope([found for found, _ in together], names, sum(words for _, words in together))


def allows(context: Context, place: Place) -> bool:
    """Whether the context leaves room for a pattern in a clause, wherever in it that stands."""
    sentence = place.sentence.names
    if context.at_most and place.question.words > context.at_most:
        return False
    if context.needs and context.needs.isdisjoint(sentence):
        return False
    if not context.not_in_question.isdisjoint(place.question.names):
        return False
    if not context.despite.isdisjoint(sentence):
        return True
    return context.not_in_clause.isdisjoint(place.found) and context.not_in_sentence.isdisjoint(sentence)


def taken_back(context: Context, found: Found, span: Span) -> bool:
    """Whether a cue before a pattern, or in it, makes what is said a denial, a fear or a mere possibility."""
    start, end = span
    return (
        any(_reaches(found.get(name, ()), start, start - NEAR) for name in context.not_before)
        or any(_reaches(found.get(name, ()), start, start) for name in context.not_touching)
        or any(_reaches(found.get(name, ()), end - 1, 0) for name in context.not_earlier)
    )


def stands(part: Part, where: Scope) -> bool:
    """Whether a part of a pattern is anywhere in a sentence or question."""
    return any(matches(part, found) for found in where.clauses)


def _reaches(cues: Sequence[Span], start: int, least: int) -> bool:
    """Whether a cue begins before `start` and ends at `least` or later."""
    return any(begin < start and end >= least for begin, end in cues)
