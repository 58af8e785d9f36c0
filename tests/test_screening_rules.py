"""Reading the rules file: what it must hold, how faults are told, and the JSON that is kept beside it."""

import json
from pathlib import Path

import pytest

from service.answers import NoticeKind
from service.rules import RULES, RulesError, keep_rules, load_rules, read_yaml
from service.screening import Screen, load_screen

SMALL = """\
version: "1"
speech:
  spelled_out: "im: i am"
  left_out: "the"
  openers: "i"
  verbs: "is"
  joiners: "and"
  carriers: "no"
  forgiven: "breathing"
  real_words: "breeding"
lists:
  denial: "no, not"
  who: "i, he"
  own: "{who}, my"
  research: "trial"
contexts:
  told:
    needs: who
    not_in_clause: research
rules:
  - id: breathing
    class: emergency
    why: Trouble breathing can kill.
    told: |
      {who} .. breathless
    fires: |
      I am breathless
"""


def small(tmp_path: Path, *edits: tuple[str, str]) -> Path:
    text = SMALL
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_small_file_is_read(tmp_path: Path) -> None:
    """Every part of a rules file ends up in its record."""
    rules = load_rules(small(tmp_path))
    (rule,) = rules.rules
    assert rules.lists["{who}"] == ("i", "he")
    assert rules.lists["{own}"] == ("i", "he", "my")
    assert rules.contexts["told"].needs == {"{who}"}
    assert rules.speech.spelled_out == {"im": ("i", "am")}
    assert (rule.rule_id, rule.kind) == ("breathing", NoticeKind.emergency)
    assert rule.patterns == (("told", "{who} .. breathless"),)
    assert Screen(rules).check("he is so breathless").kind is NoticeKind.emergency
    assert Screen(rules).check("was he breathless in the trial").kind is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("class: emergency", "class: urgent", "'urgent' is not a valid NoticeKind"),
        ("    told: |", "    tolt: |", "rule breathing: 'tolt' is neither a context nor a field"),
        ("needs: who", "needs: whom", "there is no list {whom}"),
        ('"{who}, my"', '"{kin}, my"', "list own: there is no list {kin} above it"),
        ("needs: who", "requires: who", "no context has a field 'requires'"),
        ("{who} ..", "{whom} ..", "rule breathing: there is no list {whom}"),
        ("{who} .. breathless", "{who} ..", "a pattern begins and ends with a word or a list"),
        ("breathless\n    fires", "the breathless\n    fires", "before a pattern could match them: the"),
        ("    fires: |\n      I am breathless\n", "", "a rule has patterns and examples that must fire"),
        ('version: "1"\n', "", "the field 'version' is missing"),
        ("  - id: breathing", "  - id: [breathing", ":22: "),
    ],
)
def test_faults_are_told_in_one_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    """A file with a fault is refused with one line that names the file and what is wrong."""
    path = small(tmp_path, (old, new))
    with pytest.raises(RulesError) as error:
        Screen(load_rules(path), path)
    text = str(error.value)
    assert text.startswith(str(path))
    assert problem in text
    assert "\n" not in text


def test_same_id_twice_is_refused(tmp_path: Path) -> None:
    """Two rules of one name could not be told apart in a report."""
    rule = SMALL[SMALL.index("  - id") :]
    with pytest.raises(RulesError, match="two rules have the id breathing"):
        load_rules(small(tmp_path, (rule, rule + rule)))


def test_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    """A file that is not there is no traceback."""
    with pytest.raises(RulesError, match=r"nowhere\.yaml: cannot be read: No such file or directory"):
        load_rules(tmp_path / "nowhere.yaml")


def test_kept_json_is_that_of_the_shipped_rules() -> None:
    """The JSON beside the shipped rules is up to date; if not, run `python -m service.rules`."""
    kept = json.loads(RULES.with_suffix(".json").read_text(encoding="utf-8"))
    assert kept["content"] == read_yaml(RULES)


def test_kept_json_is_read_and_a_stale_or_damaged_one_is_not(tmp_path: Path) -> None:
    """JSON made from the file stands in for it; after a change of the file it no longer does."""
    path = small(tmp_path)
    kept = keep_rules(path)
    told = json.loads(kept.read_text(encoding="utf-8"))
    told["content"]["version"] = "from the JSON"
    kept.write_text(json.dumps(told), encoding="utf-8")
    assert load_rules(path).version == "from the JSON"
    path.write_text(SMALL.replace('version: "1"', 'version: "2"'), encoding="utf-8")
    assert load_rules(path).version == "2"
    kept.write_text(kept.read_text(encoding="utf-8")[:50], encoding="utf-8")
    assert load_rules(path).version == "2"


def test_shipped_rules_have_reasons_and_look_alikes() -> None:
    """Each shipped rule says why it is there and shows a question that it must let pass."""
    screen = load_screen()
    assert {rule.kind for rule in screen.rules.rules} == set(NoticeKind)
    for rule in screen.rules.rules:
        assert rule.why.endswith("."), rule.rule_id
        assert rule.fires, rule.rule_id
        assert rule.silent, rule.rule_id


def test_points_of_a_sentence_add_up(tmp_path: Path) -> None:
    """Groups of words count once each, within one sentence, and fire when there are enough points."""
    points = '    within: "told: 3"\n    points: |\n      2: chest, ribs\n      1: pain, hurts\n'
    screen = Screen(load_rules(small(tmp_path, ("    told: |\n      {who} .. breathless\n", points))))
    assert screen.check("i have pain behind the ribs").kind is NoticeKind.emergency
    assert screen.check("i have chest and ribs").kind is None
    assert screen.check("i have pain. my chest").kind is None
    assert screen.check("pain in the chest").kind is None
    assert screen.check("i saw pain in the chest in the trial").kind is None
