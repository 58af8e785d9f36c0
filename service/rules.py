"""Rules: the screening rules file as records.

The file is data that a clinician can review: lists of words, the contexts in which a pattern counts, and
rules of a class, a reason, patterns, and examples that must or must not fire.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from service.answers import NoticeKind
from service.words import Speech, forgive

RULES = Path(__file__).with_name("screening_rules.yaml")
"""The rules that come with plaincite."""

_RULE_KEYS = {"id", "class", "why", "card", "except", "markup", "points", "enough", "within", "fires", "silent"}


class RulesError(Exception):
    """The rules file cannot be used; its text is one line that names the file and the place in it."""

    def __init__(self, path: Path, problem: str, *, line: int | None = None) -> None:
        self.path = path
        self.problem = problem
        super().__init__(f"{path}:{line}: {problem}" if line else f"{path}: {problem}")


@dataclass(frozen=True, slots=True)
class Context:
    """When a pattern that stands in a clause counts. All but `at_most` are names of lists.

    Attributes:
        needs: one of these must be in the sentence.
        not_before: none of these directly before the pattern, or one word away.
        not_touching: none of these directly before the pattern or reaching into it.
        not_earlier: none of these before the pattern in its clause.
        not_in_clause: none of these in its clause.
        not_in_sentence: none of these in its sentence.
        not_in_question: none of these in the question.
        despite: where one of these is in its sentence, neither `not_in_clause` nor `not_in_sentence` is asked.
        at_most: the longest question, in words, that counts; 0 for any.
    """

    needs: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_touching: tuple[str, ...] = ()
    not_earlier: tuple[str, ...] = ()
    not_in_clause: tuple[str, ...] = ()
    not_in_sentence: tuple[str, ...] = ()
    not_in_question: tuple[str, ...] = ()
    despite: tuple[str, ...] = ()
    at_most: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to put a notice on an answer.

    Attributes:
        rule_id: names the rule in reports and tests.
        kind: the class.
        why: the reason, for the reviewer.
        card: the text to show where it is not the one of the class.
        patterns: the context's name and the pattern, in order.
        excepts: patterns that keep the rule silent in a clause.
        markup: regular expressions for what is no language, matched on the cleaned text.
        points: groups of phrases and what each group counts, once, in a sentence.
        enough: the points from which the rule fires; 0 where it has none.
        within: the context in which phrases count.
        fires: questions that it must fire on.
        silent: look-alikes that no rule of its class may fire on.
    """

    rule_id: str
    kind: NoticeKind
    why: str
    card: str = ""
    patterns: tuple[tuple[str, str], ...] = ()
    excepts: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()
    points: tuple[tuple[int, tuple[str, ...]], ...] = ()
    enough: int = 0
    within: str = ""
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the file says."""

    version: str
    speech: Speech
    lists: Mapping[str, tuple[str, ...]]
    contexts: Mapping[str, Context]
    rules: tuple[Rule, ...] = field(default=())


def load_rules(path: Path = RULES) -> Rules:
    """Reads a rules file.

    Raises:
        RulesError: it cannot be read, or says something that it may not.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise RulesError(path, " ".join((error.problem or "not readable").split()), line=line) from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise RulesError(path, f"cannot be read: {error}") from error
    try:
        lists = {f"{{{name}}}": _phrases(text) for name, text in content["lists"].items()}
        contexts = {name: _context(given or {}, lists) for name, given in content["contexts"].items()}
        rules = tuple(_rule(given, contexts) for given in content["rules"])
        version, speech = str(content["version"]), _speech(content["speech"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RulesError(path, f"{type(error).__name__}: {error}") from error
    doubled = {rule.rule_id for rule in rules if [r.rule_id for r in rules].count(rule.rule_id) > 1}
    if doubled:
        raise RulesError(path, f"two rules have the id {min(doubled)}; give one of them another")
    return Rules(version, speech, lists, contexts, rules)


def _phrases(text: str) -> tuple[str, ...]:
    """Phrases separated by commas or line ends."""
    return tuple(" ".join(phrase.split()) for phrase in text.replace("\n", ",").split(",") if phrase.strip())


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _speech(given: Mapping[str, str]) -> Speech:
    pairs = (entry.split(":") for entry in _phrases(given["spelled_out"]))
    return Speech(
        spelled_out={short.strip(): tuple(plain.split()) for short, plain in pairs},
        left_out=frozenset(_phrases(given["left_out"])),
        openers=frozenset(_phrases(given["openers"])),
        joiners=frozenset(_phrases(given["joiners"])),
        carriers=frozenset(_phrases(given["carriers"])),
        forgiven=forgive(_phrases(given["forgiven"])),
        real_words=frozenset(_phrases(given["real_words"])),
    )


def _context(given: Mapping[str, Any], lists: Mapping[str, object]) -> Context:
    unknown = set(given) - {each.name for each in fields(Context)}
    if unknown:
        raise ValueError(f"no context has a field {min(unknown)!r}")
    values = {key: value if key == "at_most" else _list_names(value, lists) for key, value in given.items()}
    return Context(**values)


def _list_names(value: str, lists: Mapping[str, object]) -> tuple[str, ...]:
    names = tuple(f"{{{name}}}" for name in value.split())
    for name in names:
        if name not in lists:
            raise ValueError(f"there is no list {name}")
    return names


def _rule(given: Mapping[str, str], contexts: Mapping[str, Context]) -> Rule:
    rule_id = given["id"]
    unknown = set(given) - _RULE_KEYS - set(contexts)
    if unknown:
        raise ValueError(f"rule {rule_id}: {min(unknown)!r} is neither a context nor a field of a rule")
    rule = Rule(
        rule_id=rule_id,
        kind=NoticeKind(given["class"]),
        why=given["why"],
        card=given.get("card", ""),
        patterns=tuple(_patterns(given, contexts)),
        excepts=_lines(given.get("except")),
        markup=_lines(given.get("markup")),
        points=tuple(_group(line) for line in _lines(given.get("points"))),
        enough=int(given.get("enough", 0)),
        within=given.get("within", ""),
        fires=_lines(given.get("fires")),
        silent=_lines(given.get("silent")),
    )
    if not (rule.patterns or rule.markup or rule.points) or not rule.fires:
        raise ValueError(f"rule {rule_id}: a rule has patterns and examples that must fire")
    if rule.points and not (rule.enough > 0 and rule.within in contexts):
        raise ValueError(f"rule {rule_id}: points go with `enough` and `within`, the name of a context")
    return rule


def _group(line: str) -> tuple[int, tuple[str, ...]]:
    """A line of points: `2: chest, breastbone`."""
    points, phrases = line.split(":")
    return int(points), _phrases(phrases)


def _patterns(given: Mapping[str, str], contexts: Mapping[str, Context]) -> Iterator[tuple[str, str]]:
    for key, text in given.items():
        if key in contexts:
            yield from ((key, line) for line in _lines(text))
