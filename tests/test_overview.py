import pytest

from corpus.passages import split_study
from corpus.studies import LIBRARY, load_studies
from service.balance import Topic, topic_of
from service.overview import VOICES, is_general, main_messages, overview, subject_words

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
        ("what are the side effects", False),
        ("how many people died", False),
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


def test_overview_of_the_effect_shows_the_trial_that_found_none() -> None:
    """The strongest studies open, and the strongest one that found no benefit stands against them."""
    statements, contrast = overview(PASSAGES, STUDIES, Topic.effect)
    assert [item.study_id for item in contrast] == ["deng2017"]
    assert len(statements) == VOICES
    assert all(STUDIES[item.study_id].finding in {"benefit", "mixed"} for item in statements)
    assert {"liu2018", "zhou2020"} <= {item.study_id for item in statements}


def test_overview_of_safety_tells_of_the_death() -> None:
    """The trial with a comparison group tells of the death in its stem cell group."""
    _, contrast = overview(PASSAGES, STUDIES, Topic.safety)
    assert "died of severe pneumonia" in contrast[0].passage.quote(contrast[0].quote)


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
    messages = main_messages(mine, None)
    assert [item.study_id for item in messages] == ["deng2017", "yang2014"]
    assert {item.passage.section for item in messages} == {"key-messages"}
    assert {item.passage.section for item in main_messages(mine, Topic.safety)} == {"side-effects-and-safety"}
