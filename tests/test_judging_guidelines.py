import hashlib

from evaluation.judging.agreement import GRADES
from evaluation.judging.guidelines import load_guidelines

STAMPS = {"2026-11-1": "d50556cac47a4916"}
"""The words of each version: whoever changes one gives the guidelines another version."""


def test_the_guidelines_explain_every_grade_by_an_example() -> None:
    """0 to 3 in order, each with a question, a text and a reason of its own."""
    grades = load_guidelines().grades
    assert tuple(each.grade for each in grades) == GRADES
    assert len({each.text for each in grades}) == len({each.why for each in grades}) == len(GRADES)


def test_a_changed_word_needs_another_version() -> None:
    """A pool names the version that its raters read, so the version has to tell the words."""
    guidelines = load_guidelines()
    words = guidelines.model_dump_json(exclude={"version"})
    assert STAMPS[guidelines.version] == hashlib.sha256(words.encode()).hexdigest()[:16]
