"""Screening: does a question need a safety card, before anything is searched?

Screen.check reads the question clause by clause. A rule fires where one of its patterns stands in a clause
and the context of that pattern holds: words like chest pain, seizure or died are ordinary in questions
about studies, and only person and time tell an emergency from them. The rules are data: screening_rules.yaml.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from service.answers import NoticeKind
from service.phrases import Found, Lexicon, Part, Pattern, PatternError, Span, matches
from service.rules import RULES, Context, Rule, Rules, RulesError, load_rules
from service.words import clean_text, corrected, split_clauses

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

NEAR = 1
"""Words that may stand between a cue and the pattern it takes back ("no more chest pain")."""


class Screening(NamedTuple):
    """What the gate says of a question.

    Attributes:
        kind: the class; None where the question goes the ordinary way.
        rule: id of the rule that fired; empty for none.
        stops: whether the notice stands alone and nothing is searched.
        card: which text of notices.yaml to show; empty for none.
    """

    kind: NoticeKind | None = None
    rule: str = ""
    stops: bool = False
    card: str = ""


UNCHECKED = Screening(NoticeKind.emergency, "gate_fault", True, "unchecked")
"""What a question gets when the gate itself fails: a stopping card that says so and names the numbers."""


class _Entry(NamedTuple):
    """One pattern of a rule, ready to match."""

    rule: Rule
    context: Context
    pattern: Pattern
    excepts: tuple[Pattern, ...]


class _Scale(NamedTuple):
    """The points of a rule, ready to add up: names of phrase lists and what each counts."""

    rule: Rule
    context: Context
    points: tuple[tuple[str, int], ...]
    excepts: tuple[Pattern, ...]


class _Read(NamedTuple):
    """A clause with what was found in it."""

    found: Found
    sentence: int


class Screen:
    """Compiled rules."""

    def __init__(self, rules: Rules, path: Path = RULES) -> None:
        self.rules = rules
        self._lexicon = Lexicon()
        for name, phrases in rules.lists.items():
            self._lexicon.add(name, phrases)
        self._entries: dict[str, list[_Entry]] = {}
        self._scales: list[_Scale] = []
        self._markup: list[tuple[re.Pattern[str], Rule]] = []
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
                entry = _Entry(rule, self.rules.contexts[name], pattern, excepts)
                self._entries.setdefault(pattern.key, []).append(entry)
        if rule.points:
            named = tuple((f"+{rule.rule_id} {n}", *group) for n, group in enumerate(rule.points))
            for name, _, phrases in named:
                self._lexicon.add(name, phrases)
            points = tuple((name, count) for name, count, _ in named)
            self._scales.append(_Scale(rule, self.rules.contexts[rule.within], points, excepts))
        self._markup.extend((re.compile(each), rule) for each in rule.markup)

    def check(self, question: str) -> Screening:
        """The class of a question. Pure: the same question always gets the same class, nothing is kept."""
        text = clean_text(question[:LONGEST])
        fired: dict[NoticeKind, Rule] = {}
        for expression, rule in self._markup:
            if rule.kind not in fired and expression.search(text):
                fired[rule.kind] = rule
        clauses, length = self._read(text)
        for clause in clauses:
            for entry in self._candidates(clause.found):
                if entry.rule.kind not in fired and _holds(entry, clause, clauses, length):
                    fired[entry.rule.kind] = entry.rule
        for scale in self._scales:
            if scale.rule.kind not in fired and _adds_up(scale, clauses, length):
                fired[scale.rule.kind] = scale.rule
        return _verdict(fired)

    def _read(self, text: str) -> tuple[list[_Read], int]:
        speech = self.rules.speech
        clauses, length = list[_Read](), 0
        for words, sentence in split_clauses(text, speech):
            length += len(words)
            clauses.append(_Read(self._lexicon.find([self._forms(word) for word in words]), sentence))
        return clauses, length

    def _forms(self, word: str) -> tuple[str, ...]:
        forms = self._lexicon.forms(word)
        if not forms and (meant := corrected(word, self.rules.speech)):
            forms = self._lexicon.forms(meant)
        return forms

    def _candidates(self, found: Found) -> Iterator[_Entry]:
        for phrase in found:
            yield from self._entries.get(phrase, ())


def load_screen(path: Path = RULES) -> Screen:
    """The gate with the rules of a file.

    Raises:
        RulesError: the file cannot be used.
    """
    return Screen(load_rules(path), path)


def screen_safely(screen: Screen, question: str) -> Screening:
    """The class of a question; where the gate fails, a card that stops, never an ungated answer."""
    try:
        return screen.check(question)
    except Exception:  # whatever went wrong, the question must not pass unchecked
        return UNCHECKED


def _verdict(fired: Mapping[NoticeKind, Rule]) -> Screening:
    kind = next((each for each in ORDER if each in fired), None)
    if kind is None:
        return Screening()
    rule = fired[kind]
    card = rule.card or kind.value
    if kind is NoticeKind.emergency and NoticeKind.crisis in fired:
        card = "emergency_self_harm"
    return Screening(kind, rule.rule_id, kind in STOPPING, card)


def _holds(entry: _Entry, clause: _Read, clauses: list[_Read], length: int) -> bool:
    """Whether a pattern stands in a clause and its context holds there."""
    found, pattern = clause.found, entry.pattern
    spans = matches(pattern.here, found)
    if not spans or not _allows(entry.context, clause, clauses, length):
        return False
    sentence = [other for other in clauses if other.sentence == clause.sentence]
    return (
        any(not _taken_back(entry.context, found, start) for start, _ in spans)
        and all(_stands(part, sentence) for part in pattern.beside)
        and all(_stands(part, clauses) for part in pattern.anywhere)
        and not any(matches(each.here, found) for each in entry.excepts)
    )


def _adds_up(scale: _Scale, clauses: list[_Read], length: int) -> bool:
    """Whether the phrases in any one sentence weigh enough together."""
    counted: dict[int, dict[str, int]] = {}
    for clause in clauses:
        found = clause.found
        phrases = [(name, points) for name, points in scale.points if name in found]
        if not phrases or not _allows(scale.context, clause, clauses, length):
            continue
        if any(matches(each.here, found) for each in scale.excepts):
            continue
        for name, points in phrases:
            if any(not _taken_back(scale.context, found, start) for start, _ in found[name]):
                counted.setdefault(clause.sentence, {})[name] = points
    return any(sum(points.values()) >= scale.rule.enough for points in counted.values())


def _allows(context: Context, clause: _Read, clauses: list[_Read], length: int) -> bool:
    """Whether the context leaves room for a pattern in a clause, wherever in it that stands."""
    if context.at_most and length > context.at_most:
        return False
    if _in_one(context.not_in_question, clauses):
        return False
    sentence = [other for other in clauses if other.sentence == clause.sentence]
    if context.needs and not _in_one(context.needs, sentence):
        return False
    if _in_one(context.despite, sentence):
        return True
    return not _any(context.not_in_clause, clause.found) and not _in_one(context.not_in_sentence, sentence)


def _taken_back(context: Context, found: Found, start: int) -> bool:
    """Whether a cue before the pattern makes it a denial, a fear or a mere possibility."""
    return (
        any(_reaches(found.get(name, ()), start, start - NEAR) for name in context.not_before)
        or any(_reaches(found.get(name, ()), start, start) for name in context.not_touching)
        or any(_reaches(found.get(name, ()), start, 0) for name in context.not_earlier)
    )


def _reaches(cues: Sequence[Span], start: int, least: int) -> bool:
    """Whether a cue begins before `start` and ends at `least` or later."""
    return any(begin < start and end >= least for begin, end in cues)


def _stands(part: Part, clauses: list[_Read]) -> bool:
    return any(matches(part, clause.found) for clause in clauses)


def _in_one(names: tuple[str, ...], clauses: list[_Read]) -> bool:
    return any(_any(names, clause.found) for clause in clauses)


def _any(names: tuple[str, ...], found: Found) -> bool:
    return any(name in found for name in names)
