from dataclasses import replace
from pathlib import Path

import pytest

from corpus.passages import split_study
from corpus.studies import Study, parse_study
from service.balance import Topic, balance, on_topic, topic_of
from service.evidence import Evidence
from tests.studies import make_study

FOR = make_study("doe2020", finding="benefit")
FOR_TOO = make_study("roe2021", finding="benefit", people="99")
AGAINST = make_study("poe2017", finding="no_difference", design="randomized_trial", people="18")
AGAINST_WEAKLY = make_study("zoe2018", finding="no_difference", design="case_series", people="500")
NEITHER = make_study("moe2019", finding="not_reported")


def sentences(study: Study, score: float) -> list[Evidence]:
    return [
        Evidence(passage=passage, sentence=span, quote=span, score=score)
        for passage in split_study(study)
        for span in passage.sentences
    ]


def by_id(*studies: Study) -> dict[str, Study]:
    return {study.study_id: study for study in studies}


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("does it work?", Topic.effect),
        ("Did it help the kidneys", Topic.effect),
        ("is it better than placebo", Topic.effect),
        ("is it safe?", Topic.safety),
        ("how many people died", Topic.safety),
        ("what are the side-effects", Topic.safety),
        ("is it safe and does it work", Topic.safety),
        ("what dose was used", None),
        ("who paid for it", None),
        ("where do the cells come from", None),
    ],
)
def test_questions_with_two_sides_are_recognised(question: str, topic: Topic | None) -> None:
    """Questions on effect and on safety have two sides; plain facts have one."""
    assert topic_of(question) is topic


def test_the_study_that_disagrees_is_brought_in() -> None:
    """When one side was chosen, the strongest study of the other one gives its main message all the same."""
    candidates = [*sentences(FOR, 0.9), *sentences(AGAINST, 0.3), *sentences(AGAINST_WEAKLY, 0.6)]
    statements, contrast = balance(
        candidates[:1], candidates, by_id(FOR, AGAINST, AGAINST_WEAKLY), Topic.effect
    )
    assert [item.study_id for item in statements] == ["doe2020"]
    assert [(item.study_id, item.passage.section) for item in contrast] == [("poe2017", "key-messages")]


def test_on_safety_the_other_side_is_quoted_on_safety() -> None:
    """A question on safety gets the other study's section on side effects."""
    candidates = [*sentences(FOR, 0.9), *sentences(AGAINST, 0.3)]
    _, contrast = balance(candidates[:1], candidates, by_id(FOR, AGAINST), Topic.safety)
    assert [item.passage.section for item in contrast] == ["side-effects-and-safety"]


def test_sides_that_were_both_chosen_are_parted() -> None:
    """Chosen sentences of the other side stand in the contrast; studies that take no side stay."""
    chosen = [sentences(study, 0.9)[0] for study in (FOR, AGAINST, NEITHER, FOR_TOO)]
    statements, contrast = balance(chosen, chosen, by_id(FOR, AGAINST, NEITHER, FOR_TOO), Topic.effect)
    assert [item.study_id for item in statements] == ["doe2020", "moe2019", "roe2021"]
    assert [item.study_id for item in contrast] == ["poe2017"]


def test_an_answer_against_is_balanced_by_one_in_favour() -> None:
    """Where the best sentence found no difference, a study that reported a benefit speaks as well."""
    candidates = [*sentences(AGAINST, 0.9), *sentences(FOR, 0.5)]
    _, contrast = balance(candidates[:1], candidates, by_id(FOR, AGAINST), Topic.effect)
    assert [item.study_id for item in contrast] == ["doe2020"]


def test_plain_facts_have_no_contrast() -> None:
    """A question of plain fact keeps its order and gets no other side."""
    chosen = [sentences(study, 0.9)[0] for study in (FOR, AGAINST)]
    assert balance(chosen, chosen, by_id(FOR, AGAINST), None) == (chosen, [])


def test_without_another_side_there_is_none() -> None:
    """Where every study points the same way, no contrast is made up."""
    candidates = [*sentences(FOR, 0.9), *sentences(FOR_TOO, 0.5), *sentences(NEITHER, 0.9)]
    _, contrast = balance(candidates[:1], candidates, by_id(FOR, FOR_TOO, NEITHER), Topic.effect)
    assert contrast == []


def test_the_other_side_says_its_best_sentence_too() -> None:
    """Beside its main message the other side is quoted with the sentence that answers, where that is sure."""
    theirs = sentences(AGAINST, 0.3)
    direct = next(item for item in theirs if item.passage.section == "what-they-found")
    candidates = [*sentences(FOR, 0.9), *theirs, replace(direct, score=0.8)]
    _, contrast = balance(candidates[:1], candidates, by_id(FOR, AGAINST), Topic.effect)
    assert [item.passage.section for item in contrast] == ["key-messages", "what-they-found"]


def test_what_was_studied_does_not_answer_whether_it_works() -> None:
    """A sentence that only tells what the study was about is no candidate on effect; other sections' are."""
    kept = on_topic(sentences(FOR, 0.9), Topic.effect)
    assert {item.passage.section for item in kept} == {"key-messages", "what-they-found"}
    assert on_topic(sentences(FOR, 0.9), None) == sentences(FOR, 0.9)


def test_sections_of_drafts_stay_candidates() -> None:
    """A draft with sections of its own is read whole: nothing is known of where it speaks about what."""
    draft = parse_study(
        "---\nid: doe2020\ntitle: A\nstatus: draft\n---\n## Abstract\n\nIt helped.\n", Path("doe2020.md")
    )
    assert len(on_topic(sentences(draft, 0.9), Topic.effect)) == 1


def test_a_report_on_one_patient_never_speaks_alone_for_a_side() -> None:
    """Where only a case report was chosen for a side, the strongest study of that side speaks first."""
    case = make_study("case2010", finding="benefit", design="case_report", people="1")
    chosen = [sentences(AGAINST, 0.9)[0], sentences(case, 0.8)[0]]
    candidates = [*sentences(AGAINST, 0.9), *sentences(case, 0.8), *sentences(FOR, 0.3)]
    statements, contrast = balance(chosen, candidates, by_id(AGAINST, FOR, case), Topic.effect)
    assert [item.study_id for item in statements] == ["poe2017"]
    assert [item.study_id for item in contrast] == ["doe2020", "case2010"]
