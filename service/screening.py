"""Screening: does a question need a safety card, before anything is searched?

Screen.check reads the question clause by clause. A rule fires where one of its patterns stands in a clause
and the context of that pattern holds, or where the words of a sentence add up: words like chest pain,
seizure or died are ordinary in questions about studies, and only person and time tell an emergency from
them. The rules are data: screening_rules.yaml.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from service.answers import NoticeKind
from service.contexts import Context, Place, allows, scope, stands, taken_back
from service.notices import load_cards, notice_for
from service.phrases import START, Found, Lexicon, Pattern, PatternError, matches
from service.rules import RULES, Rule, Rules, RulesError, load_rules
from service.words import clean_text, corrected, split_clauses

__all__ = ["Screen", "Screening", "load_screen", "notice_for", "screen_safely"]

ORDER = (
    NoticeKind.emergency,
    NoticeKind.crisis,
    NoticeKind.abuse_or_injection,
    NoticeKind.dose,
    NoticeKind.diagnosis,
    NoticeKind.personal_advice,
    NoticeKind.off_topic,
)
"""Which class counts when a question is of several."""

STOPPING = frozenset(
    {NoticeKind.emergency, NoticeKind.crisis, NoticeKind.abuse_or_injection, NoticeKind.off_topic}
)
"""Classes that end a question's journey: nothing is searched."""

LONGEST = 10_000
"""Characters that are read; the service refuses longer questions long before."""

_log = logging.getLogger(__name__)


class Fired(NamedTuple):
    """A rule that fired, and the pattern by which, as the rules file has it."""

    rule: Rule
    pattern: str


class Screening(NamedTuple):
    """What the gate says of a question.

    Attributes:
        kind: the class; None where the question goes the ordinary way.
        rule: id of the rule that fired; empty for none.
        stops: whether the notice stands alone and nothing is searched.
        card: which text of notices.yaml to show; empty for none.
        fired: the first rule of each class that fired, the gravest first; empty for none, or for a fault.
    """

    kind: NoticeKind | None = None
    rule: str = ""
    stops: bool = False
    card: str = ""
    fired: tuple[Fired, ...] = ()


UNCHECKED = Screening(NoticeKind.emergency, "gate_fault", True, "unchecked")
"""What a question gets when the gate itself fails: a stopping card that says so and names the numbers."""


SELF_HARM = "emergency_self_harm"
"""The card of an emergency that may be self-harm: it names the crisis line as well."""


class _Entry(NamedTuple):
    """One pattern of a rule, ready to match; `text` is how it was written."""

    rule: Rule
    context: Context
    pattern: Pattern
    excepts: tuple[Pattern, ...]
    text: str


class _Scale(NamedTuple):
    """The points of a rule, ready to add up: names of phrase lists and what each counts."""

    rule: Rule
    context: Context
    points: tuple[tuple[str, int], ...]
    enough: int
    excepts: tuple[Pattern, ...]


class Screen:
    """Compiled rules."""

    def __init__(self, rules: Rules, path: Path = RULES) -> None:
        self.rules = rules
        self._lexicon = Lexicon()
        self._entries: dict[str, list[_Entry]] = {}
        self._scales: list[_Scale] = []
        self._markup: list[tuple[re.Pattern[str], Rule]] = []
        for name, phrases in rules.lists.items():
            self._lexicon.add(name, phrases)
        for rule in rules.rules:
            try:
                self._add(rule)
            except (PatternError, re.error) as error:
                raise RulesError(path, f"rule {rule.rule_id}: {error}") from error
        lost = self._lexicon.words & (rules.speech.left_out | rules.speech.spelled_out.keys())
        if lost:
            problem = "these words are left out or spelled out before a pattern could match them: "
            raise RulesError(path, problem + ", ".join(sorted(lost)))

    def _add(self, rule: Rule) -> None:
        excepts = tuple(each for text in rule.excepts for each in self._lexicon.compile(text))
        for name, text in rule.patterns:
            for pattern in self._lexicon.compile(text):
                entry = _Entry(rule, self.rules.contexts[name], pattern, excepts, text)
                self._entries.setdefault(pattern.key, []).append(entry)
        if rule.points:
            points = []
            for number, (count, phrases) in enumerate(rule.points):
                self._lexicon.add(f"+{rule.rule_id} {number}", phrases)
                points.append((f"+{rule.rule_id} {number}", count))
            for name, enough in rule.within:
                self._scales.append(_Scale(rule, self.rules.contexts[name], tuple(points), enough, excepts))
        self._markup.extend((re.compile(each), rule) for each in rule.markup)

    def check(self, question: str) -> Screening:
        """The class of a question. Pure: the same question always gets the same class, nothing is kept."""
        text = clean_text(question[:LONGEST])
        fired: dict[NoticeKind, Fired] = {}
        for expression, rule in self._markup:
            if rule.kind not in fired and expression.search(text):
                fired[rule.kind] = Fired(rule, expression.pattern)
        places = list(self._read(text))
        for place in places:
            for entry in self._candidates(place.found):
                if entry.rule.kind not in fired and _holds(entry, place):
                    fired[entry.rule.kind] = Fired(entry.rule, entry.text)
        for scale in self._scales:
            if scale.rule.kind not in fired and _adds_up(scale, places):
                fired[scale.rule.kind] = Fired(
                    scale.rule, f"words that weigh at least {scale.enough} together"
                )
        return _verdict(fired)

    def _read(self, text: str) -> Iterator[Place]:
        sentences = [
            [(self._find(words), len(words)) for words, _ in clauses]
            for _, clauses in groupby(split_clauses(text, self.rules.speech), lambda clause: clause.sentence)
        ]
        question = scope(clause for sentence in sentences for clause in sentence)
        for sentence in sentences:
            around = scope(sentence)
            yield from (Place(found, around, question) for found, _ in sentence)

    def _find(self, words: tuple[str, ...]) -> Found:
        return self._lexicon.find([(START,), *(self._forms(word) for word in words)])

    def _forms(self, word: str) -> tuple[str, ...]:
        forms = self._lexicon.forms(word)
        if word.endswith("in"):
            forms += self._lexicon.forms(f"{word}g")  # "feelin", "bleedin"
        if not forms and (meant := corrected(word, self.rules.speech)):
            forms = self._lexicon.forms(meant)
        return forms

    def _candidates(self, found: Found) -> Iterator[_Entry]:
        for phrase in found:
            yield from self._entries.get(phrase, ())


def load_screen(path: Path = RULES) -> Screen:
    """The gate with the rules of a file.

    Raises:
        RulesError: the file cannot be used, or names a card that there is not.
        NoticesError: the texts of the cards cannot be used.
    """
    rules = load_rules(path)
    cards = {rule.card for rule in rules.rules if rule.card} | {UNCHECKED.card, SELF_HARM}
    missing = sorted(cards - load_cards().cards.keys())
    if missing:
        raise RulesError(path, f"there is no card {missing[0]!r} in notices.yaml")
    return Screen(rules, path)


def screen_safely(screen: Screen, question: str) -> Screening:
    """The class of a question; where the gate fails, a card that stops, never an ungated answer."""
    try:
        return screen.check(question)
    except Exception as error:  # whatever went wrong, the question must not pass unchecked
        _log.error("screening failed", extra={"fault": type(error).__name__})  # never the question
        return UNCHECKED


def _verdict(fired: Mapping[NoticeKind, Fired]) -> Screening:
    found = tuple(fired[kind] for kind in ORDER if kind in fired)
    if not found:
        return Screening()
    rule = found[0].rule
    kind = rule.kind
    card = rule.card or kind.value
    if kind is NoticeKind.emergency and NoticeKind.crisis in fired:
        card = SELF_HARM
    return Screening(kind, rule.rule_id, kind in STOPPING, card, found)


def _holds(entry: _Entry, place: Place) -> bool:
    """Whether a pattern stands in a clause and its context holds there."""
    found, pattern = place.found, entry.pattern
    spans = matches(pattern.here, found)
    return (
        bool(spans)
        and allows(entry.context, place)
        and any(not taken_back(entry.context, found, span) for span in spans)
        and all(stands(part, place.sentence) for part in pattern.beside)
        and all(stands(part, place.question) for part in pattern.anywhere)
        and not any(matches(each.here, found) for each in entry.excepts)
    )


def _adds_up(scale: _Scale, places: list[Place]) -> bool:
    """Whether the phrases of any one sentence weigh enough together; each group counts once."""
    counted: dict[int, dict[str, int]] = {}
    for place in places:
        found = place.found
        phrases = [(name, count) for name, count in scale.points if name in found]
        if not phrases or not allows(scale.context, place):
            continue
        if any(matches(each.here, found) for each in scale.excepts):
            continue
        for name, count in phrases:
            if any(not taken_back(scale.context, found, span) for span in found[name]):
                counted.setdefault(id(place.sentence), {})[name] = count
    return any(sum(counts.values()) >= scale.enough for counts in counted.values())
