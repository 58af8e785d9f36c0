"""Rules: the screening rules file as records.

The file is data that a clinician can review: lists of words, the contexts in which a pattern counts, and
rules of a class, a reason, patterns, and examples that must or must not fire. Reading so much YAML takes
longer than all the rest of the gate, so its content is kept beside it as JSON, with the hash of the YAML
it was made from: after a change `python -m service.rules` makes it anew, and until then the YAML is read.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from service.answers import NoticeKind
from service.contexts import Context
from service.words import Speech, forgive, skeletons

RULES = Path(__file__).with_name("screening_rules.yaml")
"""The rules that come with plaincite."""

_RULE_KEYS = {
    "id",
    "class",
    "why",
    "card",
    "except",
    "markup",
    "points",
    "within",
    "fires",
    "silent",
}


class RulesError(Exception):
    """The rules file cannot be used; its text is one line that names the file and the place in it."""

    def __init__(self, path: Path, problem: str, *, line: int | None = None) -> None:
        self.path = path
        self.problem = problem
        super().__init__(f"{path}:{line}: {problem}" if line else f"{path}: {problem}")


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
        within: the contexts in which phrases count, in each for itself, and the points from which it fires.
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
    within: tuple[tuple[str, int], ...] = ()
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the file says."""

    version: str
    speech: Speech
    lists: Mapping[str, tuple[str, ...]]
    contexts: Mapping[str, Context]
    rules: tuple[Rule, ...]


def load_rules(path: Path = RULES) -> Rules:
    """Reads a rules file.

    Raises:
        RulesError: it cannot be read, or says something that it may not.
    """
    content = _kept(path)
    if content is None:
        content = read_yaml(path)
    try:
        lists = _lists(content["lists"])
        contexts = {name: _context(given or {}, lists) for name, given in content["contexts"].items()}
        rules = tuple(_rule(given, contexts) for given in content["rules"])
        version, speech = str(content["version"]), _speech(content["speech"])
    except KeyError as error:
        raise RulesError(path, f"the field {error} is missing") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise RulesError(path, " ".join(str(error).split())) from error
    ids = [rule.rule_id for rule in rules]
    doubled = sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1})
    if doubled:
        raise RulesError(path, f"two rules have the id {doubled[0]}; give one of them another")
    return Rules(version, speech, lists, contexts, rules)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file as plain values.

    Raises:
        RulesError: it cannot be read; the line is named where it can be told.
    """
    try:
        return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise RulesError(path, " ".join((error.problem or "not readable").split()), line=line) from error
    except OSError as error:
        raise RulesError(path, f"cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, YAMLError) as error:
        raise RulesError(path, f"cannot be read: {' '.join(str(error).split())}") from error


def keep_rules(path: Path = RULES) -> Path:
    """Writes the JSON beside a rules file anew, once the file has proved to be readable.

    Raises:
        RulesError: the file cannot be used.
    """
    content = read_yaml(path)
    kept = path.with_suffix(".json")
    text = json.dumps({"made_from": _sha256(path), "content": content}, ensure_ascii=False, indent=0)
    kept.write_text(text + "\n", encoding="utf-8")
    load_rules(path)
    return kept


def _kept(path: Path) -> Any:
    """What the JSON beside a rules file holds; None where it is missing, damaged or of another YAML."""
    try:
        kept = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        return kept["content"] if kept["made_from"] == _sha256(path) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _lists(given: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The lists by their names in braces; one may take in those that stand above it."""
    lists: dict[str, tuple[str, ...]] = {}
    for name, text in given.items():
        taken: list[str] = []
        for phrase in _phrases(text):
            if phrase.startswith("{") and phrase not in lists:
                raise ValueError(f"list {name}: there is no list {phrase} above it")
            taken.extend(lists.get(phrase, (phrase,)))
        lists[f"{{{name}}}"] = tuple(taken)
    return lists


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
        verbs=frozenset(_phrases(given["verbs"])),
        joiners=frozenset(_phrases(given["joiners"])),
        carriers=frozenset(_phrases(given["carriers"])),
        forgiven=forgive(_phrases(given["forgiven"])),
        skeletons=skeletons(_phrases(given["forgiven"])),
        real_words=frozenset(_phrases(given["real_words"])),
    )


def _context(given: Mapping[str, Any], lists: Mapping[str, object]) -> Context:
    unknown = set(given) - {each.name for each in fields(Context)}
    if unknown:
        raise ValueError(f"no context has a field {min(unknown)!r}")
    values: dict[str, Any] = {
        key: value if key == "at_most" else _list_names(value, lists) for key, value in given.items()
    }
    return Context(**values)


def _list_names(value: str, lists: Mapping[str, object]) -> frozenset[str]:
    names = frozenset(f"{{{name}}}" for name in value.split())
    for name in sorted(names):
        if name not in lists:
            raise ValueError(f"there is no list {name}")
    return names


def _rule(given: Mapping[str, str], contexts: Mapping[str, Context]) -> Rule:
    rule_id = given["id"]
    unknown = {key for key in given if key not in _RULE_KEYS and not contexts.keys() >= set(key.split())}
    if unknown:
        raise ValueError(f"rule {rule_id}: {min(unknown)!r} is neither a context nor a field of a rule")
    rule = Rule(
        rule_id=rule_id,
        kind=NoticeKind(given["class"]),
        why=given["why"],
        card=given.get("card", ""),
        patterns=tuple(_patterns(given)),
        excepts=_lines(given.get("except")),
        markup=_lines(given.get("markup")),
        points=tuple(_group(line) for line in _lines(given.get("points"))),
        within=tuple(_enough(line) for line in _lines(given.get("within"))),
        fires=_lines(given.get("fires")),
        silent=_lines(given.get("silent")),
    )
    if not (rule.patterns or rule.markup or rule.points) or not rule.fires:
        raise ValueError(f"rule {rule_id}: a rule has patterns and examples that must fire")
    if rule.points and not (rule.within and contexts.keys() >= {name for name, _ in rule.within}):
        raise ValueError(f"rule {rule_id}: points go with `within`, contexts and the points that are enough")
    return rule


def _patterns(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The patterns of a rule; those under a key of several contexts count in each of them."""
    for key, text in given.items():
        if key not in _RULE_KEYS:
            yield from ((name, line) for name in key.split() for line in _lines(text))


def _enough(line: str) -> tuple[str, int]:
    """A line of contexts: `told: 6`."""
    name, points = line.split(":")
    return name.strip(), int(points)


def _group(line: str) -> tuple[int, tuple[str, ...]]:
    """A line of points: `2: chest, breastbone`."""
    points, phrases = line.split(":")
    return int(points), _phrases(phrases)


if __name__ == "__main__":
    keep_rules()
