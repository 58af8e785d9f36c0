import pytest

from corpus.glossary import load_glossary
from corpus.passages import Passage, split_study
from corpus.studies import GLOSSARY_NAME, LIBRARY, Study, load_studies
from service.balance import Topic, topic_of
from service.overview import (
    asks_as_a_whole,
    asks_for_both,
    is_general,
    main_messages,
    overview,
    overviews,
    subject_words,
    term_in,
)
from tests.studies import make_study

STUDIES = {study.study_id: study for study in load_studies(LIBRARY)}
PASSAGES = [passage for study in STUDIES.values() for passage in split_study(study)]


@pytest.mark.parametrize(
    ("question", "general"),
    [
        ("does it work?", True),
        ("Do stem cells help lupus?", True),
        ("is the treatment any good", True),
        ("is it safe?", True),
        ("is it dangerous", True),
        ("did it help the kidneys?", False),
        ("is it safe for children", False),
        ("what are the side effects", True),
        ("how many people died", True),
        ("is it any better than the usual drugs?", True),
        ("stem cells vs placebo", True),
        ("what did the studies find", True),
        ("is it better than plaquenil", False),
        ("so did it work or nah", True),
        ("any hope in this?", True),
        ("does it cure diabetes", False),
        ("how many people died after ten years", False),
        ("what dose was used", False),
    ],
)
def test_questions_without_a_subject_of_their_own_are_general(question: str, general: bool) -> None:
    """A question is general when it names the topic and nothing beyond what the library is about."""
    assert (topic_of(question) is not None and is_general(question, STUDIES.values())) is general


def test_subject_comes_from_the_titles() -> None:
    """What half of the titles say is what the library is about."""
    subject = subject_words(tuple(study.title for study in STUDIES.values()))
    assert {"stem", "cell", "cells", "lupus"} <= subject
    assert "placebo" not in subject


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("does it work?", True),
        ("is it safe?", True),
        ("what can go wrong", True),
        ("how many people died", False),
        ("what are the side effects", False),
        ("relapse", True),
    ],
)
def test_some_general_questions_have_no_one_sentence_as_an_answer(question: str, whole: bool) -> None:
    """Those that name a topic as a whole, or none; deaths and side effects may be told in a sentence."""
    assert asks_as_a_whole(question, topic_of(question)) is whole


def test_overview_of_the_effect_shows_one_study_a_side() -> None:
    """The study that found both opens, then the strongest for it, against them the trial that found none."""
    statements, contrast = overview(PASSAGES, STUDIES, Topic.effect)
    assert [item.study_id for item in contrast] == ["deng2017"]
    assert [STUDIES[item.study_id].finding for item in statements] == ["mixed", "benefit"]
    assert {item.passage.section for item in [*statements, *contrast]} == {"key-messages"}
    assert "not proven" in statements[0].text


def test_overview_of_a_comparison_begins_with_the_trial_that_made_it() -> None:
    """Whether it is better than placebo only studies with groups say, that of no difference first."""
    statements, contrast = overview(PASSAGES, STUDIES, Topic.effect, "is it better than placebo?")
    assert statements[0].study_id == "deng2017"
    designs = {str(STUDIES[item.study_id].design) for item in [*statements, *contrast]}
    assert designs <= {"randomized_trial", "controlled_study", "meta_analysis"}


def test_overview_of_safety_tells_of_the_death() -> None:
    """The trial with a comparison group tells of the death in its stem cell group."""
    _, contrast = overview(PASSAGES, STUDIES, Topic.safety)
    assert "died of severe pneumonia" in contrast[0].text


@pytest.mark.parametrize(
    ("question", "both"),
    [
        ("is it safe and does it work", True),
        ("what are the risks and the benefits?", True),
        ("pros and cons", True),
        ("is it worth the risk", True),
        ("did it help or hurt people", True),
        ("does it work?", False),
        ("is it safe?", False),
        ("is it proven to be safe", False),
        ("is there evidence of harm?", False),
        ("did it help people who had died", False),
    ],
)
def test_some_questions_ask_for_benefit_and_harm_at_once(question: str, both: bool) -> None:
    """Words of proof and result go with either of the two, and are no second question."""
    assert asks_for_both(question) is both


def test_overview_of_both_tells_of_each_on_each_side() -> None:
    """Whether it works comes first, then what harm was seen; nothing stands twice."""
    statements, contrast = overviews(PASSAGES, STUDIES, Topic)
    for side in (statements, contrast):
        sections = [item.passage.section for item in side]
        assert len(set(side)) == len(side)
        assert sections[0] == "key-messages"
    assert "did no better than a placebo" in contrast[0].text
    assert "died of severe pneumonia" in contrast[1].text
    assert "not proven" in statements[0].text
    assert any("side effect" in item.text.lower() for item in statements)


def test_overview_of_safety_lets_only_those_speak_that_say_something() -> None:
    """A study whose sources give no side effects has no main message on them."""
    statements, contrast = overview(PASSAGES, STUDIES, Topic.safety)
    assert all(not item.is_silent for item in [*statements, *contrast])
    silent = [passage for passage in PASSAGES if passage.study_id == "wen2019"]
    assert overview(silent, STUDIES, Topic.safety) == ([], [])


def passages_of(*studies: Study) -> list[Passage]:
    return [passage for study in studies for passage in split_study(study)]


def test_sides_are_told_by_finding_and_design_alone() -> None:
    """In any library the strongest study of each side speaks, whatever it is called."""
    studies = [
        make_study("big2001", finding="benefit", design="cohort", people="900"),
        make_study("mid2002", finding="benefit", design="controlled_study", people="50"),
        make_study("bad2003", finding="harm", design="case_series", people="9"),
        make_study("low2004", finding="no_difference", design="randomized_trial", people="12"),
    ]
    by_id = {study.study_id: study for study in studies}
    statements, contrast = overview(passages_of(*studies), by_id, Topic.effect)
    assert [item.study_id for item in statements] == ["mid2002"]
    assert [item.study_id for item in contrast] == ["low2004"]


def test_one_side_alone_speaks_without_a_contrast() -> None:
    """Where every study found harm or no difference, that is the answer."""
    study = make_study("low2004", finding="no_difference")
    statements, contrast = overview(passages_of(study), {study.study_id: study}, Topic.effect)
    assert [item.study_id for item in statements] == ["low2004"]
    assert contrast == []


def test_studies_without_results_do_not_speak() -> None:
    """A study whose results are not known gives no main message."""
    for topic in Topic:
        statements, contrast = overview(PASSAGES, STUDIES, topic)
        assert "yang2014" not in {item.study_id for item in [*statements, *contrast]}


def test_library_without_such_sections_gives_none() -> None:
    """Drafts without our sections give no overview rather than a wrong one."""
    assert overview([], {}, Topic.effect) == ([], [])


def test_main_messages_open_each_named_study() -> None:
    """A question about a study as a whole gets the opening of its key messages, results known or not."""
    mine = [passage for passage in PASSAGES if passage.study_id in {"yang2014", "deng2017"}]
    messages = main_messages(mine, Topic.effect)
    assert [item.study_id for item in messages] == ["deng2017", "yang2014"]
    assert {item.passage.section for item in messages} == {"key-messages"}
    assert {item.passage.section for item in main_messages(mine, Topic.safety)} == {"side-effects-and-safety"}


def test_term_of_a_question_is_no_word_of_the_whole_library() -> None:
    """The first term that the glossary explains, also by its everyday word; "lupus" says nothing here."""
    glossary = load_glossary(LIBRARY / GLOSSARY_NAME)
    assert term_in("did plaquenil matter in lupus?", glossary, STUDIES.values()) == "hydroxychloroquine"
    assert term_in("does it work for lupus?", glossary, STUDIES.values()) is None
