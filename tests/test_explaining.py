"""Explaining: which texts a study gets, and what the texts are like."""

from itertools import product
from pathlib import Path

import pytest

from corpus.reading import reading_grade
from corpus.studies import LIBRARY, Design, Finding, Study, load_studies
from service.explaining import EXPLANATIONS, ExplanationsError, explain, load_explanations
from service.notices import UNREVIEWED
from tests.studies import make_study

TEXTS = load_explanations().explanations
NO_GROUP = "Without a comparison group"
ADVICE = ("should", "you must", "talk to", "ask your", "do not take", "take part in")


def explained(**fields: str) -> str:
    return " ".join(explain(make_study(**fields)))


def every_kind() -> list[Study]:
    """A study of each design, finding and size."""
    sizes = ("null", "0", "1", "2", "29", "30", "99", "100", "399", "400", "5000")
    return [
        make_study(design=design.value, finding=finding.value, people=size)
        for design, finding, size in product(Design, Finding, sizes)
    ]


@pytest.mark.parametrize("design", ["single_arm_trial", "cohort", "case_series"])
def test_a_study_of_one_group_cannot_show_a_cause(design: str) -> None:
    """Where nobody was compared, that is said; and of an improvement, what else may have brought it."""
    shown = explained(design=design, finding="benefit", people="200")
    assert f"{NO_GROUP} " in shown
    assert "cannot show what caused a change" in shown
    assert "goes up and down by itself" in shown
    assert "goes up and down" not in explained(design=design, finding="no_difference", people="200")


def test_a_randomized_trial_compares_fairly() -> None:
    """Chance made the groups, and the text says what that is good for."""
    shown = explained(design="randomized_trial")
    assert "Chance decided who got which treatment" in shown
    assert NO_GROUP not in shown


def test_groups_that_were_not_made_by_chance_may_differ() -> None:
    """A comparison without chance is told apart from one by chance."""
    assert "Chance did not decide" in explained(design="controlled_study")


def test_a_pooled_review_is_as_good_as_what_it_pools() -> None:
    """A pooled review says so, and more where its summary tells of studies without a comparison group."""
    plain = explained(design="meta_analysis", people="500")
    assert "no better than the studies in it" in plain
    assert "does not mend" not in plain
    mixed = explained(design="meta_analysis", cautions="[Mostly studies without a comparison group]")
    assert "does not mend" in mixed


def test_a_case_report_is_one_story() -> None:
    """One patient's story raises questions only, and its size is not told twice."""
    shown = explained(design="case_report", people="1")
    assert "story of one patient" in shown
    assert "Only one person" not in shown


@pytest.mark.parametrize(
    ("people", "says"),
    [
        ("1", "Only one person took part."),
        ("2", "Only 2 people took part."),
        ("29", "Only 29 people took part."),
        ("30", "With 30 people this was a small study."),
        ("99", "With 99 people this was a small study."),
        ("100", "With 100 people, chance plays a smaller part"),
        ("null", "We do not have one number"),
    ],
)
def test_small_has_a_rule(people: str, says: str) -> None:
    """Fewer than 30 people are few, fewer than 100 a small study; a number that is not known fits none."""
    others = {"Only one", "Only 2", "With 30", "With 99", "With 100", "We do not have"} - {
        known
        for known in ("Only one", "Only 2", "With 30", "With 99", "With 100", "We do not have")
        if known in says
    }
    for design in ("single_arm_trial", "randomized_trial", "cohort"):
        shown = explained(design=design, people=people)
        assert says in shown
        assert not [other for other in others if other in shown]


@pytest.mark.parametrize(("people", "says"), [("399", "still few"), ("400", "Numbers alone")])
def test_a_pooled_review_has_a_rule_of_its_own(people: str, says: str) -> None:
    """Fewer than 400 people in all are few for a pooled result (GRADE)."""
    shown = explained(design="meta_analysis", people=people)
    assert f"{people} people together" in shown
    assert says in shown


def test_no_difference_in_a_small_trial_proves_nothing() -> None:
    """Of a small comparison that found nothing it is said that it can have missed something."""
    shown = {
        people: explained(design="randomized_trial", finding="no_difference", people=people)
        for people in ("18", "2000")
    }
    assert "can miss a real difference" in shown["18"]
    assert "can miss" not in shown["2000"]


@pytest.mark.parametrize(
    ("caution", "stopped"),
    [
        ("Stopped early: after 18 people", True),
        ("The trial was stopped when money ran out", True),
        ("Three people stopped early because they felt ill", False),
        ("Steroids were stopped after a month", False),
    ],
)
def test_a_study_that_was_cut_short_says_so(caution: str, stopped: bool) -> None:
    """A study that was stopped is told apart from people or drugs that were stopped in it."""
    shown = explained(design="randomized_trial", cautions=f"['{caution}']")
    assert ("sooner than planned" in shown) is stopped


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("retraction", "taken back"),
        ("withdrawal", "taken back"),
        ("expression_of_concern", "may be wrong"),
        ("erratum", "correction"),
        ("correction", "correction"),
    ],
)
def test_a_mark_comes_before_all_else(kind: str, says: str) -> None:
    """What became of the paper is the first thing that is said."""
    first, *_ = explain(make_study(marks=f"[{{kind: {kind}, note: see the journal}}]"))
    assert says in first


def test_the_same_people_are_not_separate_proof() -> None:
    """Where a summary warns that people may be counted elsewhere too, that is explained."""
    assert "not separate proof" in explained(cautions="['Same hospital: may include the same people']")


def test_every_study_of_any_library_is_explained() -> None:
    """Each design but "other" is explained, each size is, and no text is left with a gap in it."""
    for study in every_kind():
        shown = explain(study)
        assert "{" not in " ".join(shown)
        assert len(shown) == len(set(shown))
        assert study.design is Design.other or study.people == 0 or len(shown) >= 2 or study.people == 1


def test_every_shipped_study_is_explained() -> None:
    """Each study of the library has its kind and its size explained, in at most six sentences or pairs."""
    for study in load_studies(LIBRARY):
        assert 2 <= len(explain(study)) <= 6


def test_no_text_is_about_one_study() -> None:
    """The texts name no study, author, disease or treatment: they are about kinds of studies."""
    known = " ".join(item.text for item in TEXTS).lower()
    for word in (
        "lupus",
        "stem cell",
        "kidney",
        *(s.authors[0].split()[0].lower() for s in load_studies(LIBRARY)),
    ):
        assert f" {word} " not in f" {known} "


def test_no_text_is_advice() -> None:
    """The texts say what a study can show and never what anybody should do."""
    for item in TEXTS:
        text = item.text.lower().replace("groups should be alike", "")
        assert not [word for word in ADVICE if word in text]


def test_texts_are_easy_to_read() -> None:
    """Each text reads at grade 8 or lower, and the worst of all put together at grade 7 or lower."""
    assert max(reading_grade(item.text.replace("{people}", "18")) for item in TEXTS) <= 8
    assert max(reading_grade(" ".join(shown)) for study in every_kind() if (shown := explain(study))) <= 7


def test_each_text_names_its_source_and_each_rule_can_fit() -> None:
    """Each text rests on something that is named, and some study in the world would get it."""
    fitting = {item.text for study in every_kind() for item in TEXTS if item.fits(study)}
    for item in TEXTS:
        assert item.source
        assert item.text in fitting or item.marks or item.says


def test_nobody_has_reviewed_the_texts_until_it_says_so(tmp_path: Path) -> None:
    """The shipped texts say that no clinician has checked them; a file with a name and a day says who has."""
    assert load_explanations().reviewed == UNREVIEWED
    text = EXPLANATIONS.read_text(encoding="utf-8").replace('reviewed_by: ""', 'reviewed_by: "Dr. A. Roe"')
    path = tmp_path / "explaining.yaml"
    path.write_text(text.replace('reviewed_on: ""', 'reviewed_on: "2026-02-03"'), encoding="utf-8")
    assert load_explanations(path).reviewed == "Reviewed by Dr. A. Roe on 2026-02-03"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('version: "2026-01"', 'version: ""', "version"),
        ("designs: [case_report]", "designs: [case_reports]", "explanations"),
        ("marks: [correction, erratum]", "marks: [mistake]", "explanations.2.marks"),
        ("fewer_than: 30", "less_than: 30", "less_than"),
        ("explanations:", "explanations: [", "cannot be read"),
    ],
)
def test_texts_with_a_fault_are_refused_in_one_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    """A wrong field, design or mark is found when the texts are loaded."""
    text = EXPLANATIONS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "explaining.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ExplanationsError, match=problem) as error:
        load_explanations(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)
