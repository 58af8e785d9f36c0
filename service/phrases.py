"""Phrases: word patterns that a clinician can read, and where they stand in a clause.

A pattern is written in plain words:

    heart attack            these words next to one another
    pain|pains              one of these words; come_off is two words in an alternative
    bleed*                  any word that begins so
    #                       any number
    ^ did                   did, where a clause begins with it
    {who}                   any phrase of the list of that name
    {adverb}?               the same, or nothing; so with words
    {kin}|i|she             any phrase of the list, or one of the words
    chest .. hurts          at most four words between, and no denial among them
    {fever} & {infusion}    both in the same sentence, in any order
    {lab} && {asks}         both in the question, in any order

Matching walks word by word over lists that were found beforehand, so its time grows with the length of
the text and never explodes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import product
from typing import Any, NamedTuple

GAP = 4
"""Words that `..` may stand for at most."""
NUMBER = "#"
START = "^"
"""Stands before the first word of a clause."""
DENIAL = "{denial}"
"""The list of words that a gap never reaches across."""

Span = tuple[int, int]
"""The first word of a phrase in a clause, from 0, and the word after its last."""

Found = Mapping[str, Sequence[Span]]
"""Where in a clause each phrase stands; a phrase that does not is left out."""


class PatternError(ValueError):
    """A pattern or a list that cannot be read; its text says why."""


class Step(NamedTuple):
    """One phrase of a pattern and how many words may stand before it."""

    gap: int
    phrase: str


Part = tuple[Step, ...]


class Pattern(NamedTuple):
    """A pattern taken apart.

    Attributes:
        here: the steps in one clause.
        beside: steps that must be in the same sentence.
        anywhere: steps that must be in the question.
    """

    here: Part
    beside: tuple[Part, ...] = ()
    anywhere: tuple[Part, ...] = ()

    @property
    def key(self) -> str:
        """The phrase to look the pattern up by: words rather than a list, for lists are found often."""
        names = [step.phrase for step in self.here]
        return next((name for name in reversed(names) if not name.startswith("{")), names[-1])


class Lexicon:
    """All phrases of all lists and patterns in one tree of words."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}
        self._names: set[str] = set()
        self._words: set[str] = set()
        self._stems: set[str] = set()

    @property
    def words(self) -> frozenset[str]:
        """Every whole word that some phrase needs."""
        return frozenset(self._words)

    def add(self, name: str, phrases: Iterable[str]) -> None:
        """Adds phrases (plain words and alternatives) under a name; the same name again is no fault."""
        if name in self._names:
            return
        self._names.add(name)
        for phrase in phrases:
            nodes = [self._root]
            for word in phrase.split():
                nodes = [self._step(node, choice) for node in nodes for choice in word.split("|")]
            for node in nodes:
                names = node.setdefault("", [])
                if name not in names:
                    names.append(name)

    def _step(self, node: dict[str, Any], words: str) -> dict[str, Any]:
        for word in words.split("_"):
            (self._stems if word.endswith("*") else self._words).add(word)
            node = node.setdefault(word, {})
        return node

    def compile(self, pattern: str) -> list[Pattern]:
        """Takes a pattern apart; one with optional lists, or lists among alternatives, gives several.

        Raises:
            PatternError: it names a list that there is not, or has nothing to look for.
        """
        chosen = product(*(_choices(word) for word in pattern.split()))
        return [self._compile([word for word in words if word]) for words in chosen]

    def _compile(self, words: list[str]) -> Pattern:
        parts: dict[str, list[Part]] = {"": [], "&": [], "&&": []}
        joint, part = "", list[str]()
        for word in [*words, "&"]:
            if word in parts:
                parts[joint].append(tuple(self._steps(part)))
                joint, part = word, []
            else:
                part.append(word)
        return Pattern(parts[""][0], tuple(parts["&"]), tuple(parts["&&"]))

    def _steps(self, words: list[str]) -> Iterator[Step]:
        gap, literal = 0, list[str]()
        for word in [*words, ""]:
            if word and word != ".." and not word.startswith("{"):
                literal.append(word)
                continue
            if literal:
                name = " ".join(literal)
                self.add(
                    name,
                    (
                        " ".join(choice).replace("_", " ")
                        for choice in product(*(w.split("|") for w in literal))
                    ),
                )
                yield Step(gap, name)
                gap, literal = 0, []
            if word.startswith("{"):
                if word not in self._names:
                    raise PatternError(f"there is no list {word}, as in {' '.join(words)!r}")
                yield Step(gap, word)
                gap = 0
            elif word == "..":
                gap = GAP
        if not words or words[0] == ".." or words[-1] == "..":
            raise PatternError(
                f"a pattern begins and ends with a word or a list, not as in {' '.join(words)!r}"
            )

    def find(self, words: Sequence[tuple[str, ...]]) -> Found:
        """Every phrase in a clause; each word is given as the forms it may be read as (`forms`)."""
        found: defaultdict[str, list[Span]] = defaultdict(list)
        for start, forms in enumerate(words):
            nodes = [self._root[form] for form in forms if form in self._root]
            end = start + 1
            while nodes:
                span = (start, end)
                for node in nodes:
                    for name in node.get("", ()):
                        found[name].append(span)
                if end == len(words):
                    break
                nodes = [node[form] for node in nodes for form in words[end] if form in node]
                end += 1
        return dict(found)

    def forms(self, word: str) -> tuple[str, ...]:
        """The ways the lexicon knows a word: itself, its stems, `#` for a number; empty for none."""
        number = (NUMBER,) if word[0].isdigit() else ()
        return (*((word,) if word in self._words else ()), *self._stems_of(word), *number)

    def _stems_of(self, word: str) -> Iterator[str]:
        for length in range(1, len(word) + 1):
            stem = word[:length] + "*"
            if stem in self._stems:
                yield stem


def _choices(word: str) -> tuple[str, ...]:
    """What one word of a pattern may be: lists each for itself, words together, "" for nothing."""
    choices = word.rstrip("?").split("|") if "{" in word else [word.rstrip("?")]
    lists = [choice for choice in choices if choice.startswith("{")]
    others = "|".join(choice for choice in choices if not choice.startswith("{"))
    return (*lists, *([others] if others else []), *([""] if word.endswith("?") else []))


def matches(part: Part, found: Found) -> list[Span]:
    """Where a part of a pattern stands in a clause."""
    for step in part:
        if step.phrase not in found:
            return []
    spans = set(found[part[0].phrase])
    for step in part[1:]:
        starts: defaultdict[int, list[int]] = defaultdict(list)
        for begin, end in found[step.phrase]:
            starts[begin].append(end)
        denials = {begin for begin, _ in found.get(DENIAL, ())} if step.gap else set()
        spans = {
            (start, end)
            for start, before in spans
            for begin in _reach(before, step.gap, denials)
            for end in starts.get(begin, ())
        }
    return sorted(spans)


def _reach(before: int, gap: int, denials: Set[int]) -> Iterator[int]:
    for begin in range(before, before + gap + 1):
        yield begin
        if begin in denials:
            return
