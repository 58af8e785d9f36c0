from dataclasses import replace
from pathlib import Path

import pytest

from corpus.passages import split_study
from corpus.studies import Study, parse_study
from service.balance import Topic, balance, comparable, on_topic, topic_of
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
        ("was it any good", Topic.effect),
        ("did anybody stay on dialysis for good", None),
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
    """Sentences of the other side stand in the contrast; of the rest the first two stay, side or no side."""
    chosen = [sentences(study, 0.9)[0] for study in (FOR, AGAINST, NEITHER, FOR_TOO)]
    statements, contrast = balance(chosen, chosen, by_id(FOR, AGAINST, NEITHER, FOR_TOO), Topic.effect)
    assert [item.study_id for item in statements] == ["doe2020", "moe2019"]
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
    ours, sure = sentences(FOR, 0.9), replace(direct, score=0.8)
    _, contrast = balance([ours[0], sure], [*ours, *theirs, sure], by_id(FOR, AGAINST), Topic.effect)
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
    """Where only a case report was sure for a side, the strongest study of that side speaks instead."""
    case = make_study("case2010", finding="benefit", design="case_report", people="1")
    chosen = [sentences(AGAINST, 0.9)[0], sentences(case, 0.8)[0]]
    candidates = [*sentences(AGAINST, 0.9), *sentences(case, 0.8), *sentences(FOR, 0.3)]
    statements, contrast = balance(chosen, candidates, by_id(AGAINST, FOR, case), Topic.effect)
    assert [item.study_id for item in statements] == ["poe2017"]
    assert [item.study_id for item in contrast] == ["doe2020"]


@pytest.mark.parametrize(
    "question",
    [
        "is it better than placebo",
        "was it lower than in the control group",
        "does it beat the usual drugs",
        "did fewer fall ill than without the cells",
        "a dummy treatment did as well?",
    ],
)
def test_comparison_is_answered_by_studies_with_groups(question: str) -> None:
    """A study that only compares people with themselves cannot say what a placebo would have done."""
    candidates = [*sentences(FOR, 0.9), *sentences(AGAINST, 0.3)]
    kept = comparable(question, candidates, by_id(FOR, AGAINST))
    assert {item.study_id for item in kept} == {"poe2017"}


def test_other_questions_are_answered_by_any_study() -> None:
    """Without a comparison, or without a study that made one, every study may answer."""
    candidates = [*sentences(FOR, 0.9), *sentences(AGAINST, 0.3)]
    assert comparable("did it get under control?", candidates, by_id(FOR, AGAINST)) == candidates
    alone = sentences(FOR, 0.9)
    assert comparable("is it better than placebo", alone, by_id(FOR)) == alone


def test_study_that_found_both_speaks_too() -> None:
    """A sure sentence of a study with mixed findings is kept beside two of others."""
    both = make_study("both2020", finding="mixed", design="meta_analysis")
    sure = [sentences(study, 0.9)[0] for study in (FOR, FOR_TOO, both)]
    statements, _ = balance(sure, sure, by_id(FOR, FOR_TOO, both), Topic.effect)
    assert [item.study_id for item in statements] == ["doe2020", "roe2021", "both2020"]


def test_study_that_found_both_is_answered_by_the_one_that_found_none() -> None:
    """Where a study with mixed findings comes first, the other side is that of no difference."""
    both = make_study("both2020", finding="mixed", design="meta_analysis")
    sure = [sentences(both, 0.9)[0], sentences(FOR, 0.8)[0]]
    candidates = [*sure, *sentences(AGAINST, 0.1)]
    _, contrast = balance(sure, candidates, by_id(both, FOR, AGAINST), Topic.effect)
    assert [item.study_id for item in contrast] == ["poe2017"]


def test_question_of_plain_fact_gets_no_message_beside_the_point() -> None:
    """Where a figure is asked for, another study's main message does not answer, but its figure does."""
    ours, theirs = sentences(FOR, 0.9), sentences(AGAINST, 0.3)
    question = "how many weeks until remission"
    assert balance(ours[:1], [*ours, *theirs], by_id(FOR, AGAINST), Topic.effect, question)[1] == []
    sure = replace(theirs[4], score=0.85)
    _, contrast = balance([ours[0], sure], [*ours, *theirs], by_id(FOR, AGAINST), Topic.effect, question)
    assert contrast == [sure]


def test_what_a_study_does_not_say_is_no_contrast() -> None:
    """A sentence that only says what the sources do not give never stands for a side."""
    silent = "The sources we read do not give side effects for this study."
    mute = make_study("mute2017", finding="harm", key_messages=silent, side_effects_and_safety=silent)
    sure = sentences(FOR, 0.9)[:1]
    candidates = [item for item in sentences(mute, 0.8) if item.text == silent]
    assert balance(sure, candidates, by_id(FOR, mute), Topic.safety)[1] == []


def test_benefit_does_not_speak_against_harm_unasked() -> None:
    """That a study found a benefit says nothing of safety, unless a sentence of it answers."""
    harm = make_study("harm2017", finding="harm")
    sure = sentences(harm, 0.9)[:1]
    assert balance(sure, [*sure, *sentences(FOR, 0.3)], by_id(harm, FOR), Topic.safety)[1] == []
    theirs = next(item for item in sentences(FOR, 0.85) if item.passage.section == "side-effects-and-safety")
    _, contrast = balance([*sure, theirs], [*sure, theirs], by_id(harm, FOR), Topic.safety)
    assert contrast == [theirs]
