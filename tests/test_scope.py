import re
from pathlib import Path

import pytest

from corpus.glossary import load_glossary
from corpus.passages import Passage, split_study
from corpus.studies import GLOSSARY_NAME, LIBRARY, load_studies
from service.evidence import Evidence
from service.reasons import Reason
from service.scope import of_people_asked_for, unknown_subjects
from tests.studies import make_study

STUDIES = load_studies(LIBRARY)
PASSAGES = [passage for study in STUDIES for passage in split_study(study)]
GLOSSARY = load_glossary(Path(LIBRARY / GLOSSARY_NAME))


def sentences(passages: list[Passage]) -> list[Evidence]:
    return [
        Evidence(passage=passage, sentence=span, quote=span, score=0.9)
        for passage in passages
        for span in passage.sentences
    ]


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("was earlier belimumab less common in remission", ("belimumab",)),
        ("benlysta or the cells", ("belimumab",)),
        ("lupkynis (voclosporin) against the cells", ("voclosporin",)),
        ("was cyclophosphamide used before", ()),
        ("is benlysta better than cellcept", ()),
        ("should I stop prednisone", ()),
        ("did the kidneys get better", ()),
    ],
)
def test_a_drug_is_unknown_where_the_library_speaks_of_none_that_is_named(
    question: str, unknown: tuple[str, ...]
) -> None:
    """By its own name or a brand's; beside a drug that the library knows, the question can be answered."""
    assert unknown_subjects(question, GLOSSARY, STUDIES, PASSAGES) == unknown


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("has it helped people with sjogrens", ("Sjögren's syndrome",)),
        ("she has rheumatoid arthritis rather than lupus, was it tried", ("rheumatoid arthritis",)),
        ("I have lupus and rheumatoid arthritis, is it safe", ()),
        ("does it help kidney lupus", ()),
        ("did anyone get pneumonia", ()),
    ],
)
def test_an_illness_is_unknown_where_the_library_speaks_of_none_that_is_named(
    question: str, unknown: tuple[str, ...]
) -> None:
    """What was found of one illness says nothing of another; whoever has both can be answered."""
    assert unknown_subjects(question, GLOSSARY, STUDIES, PASSAGES) == unknown


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("survival at 10 years", ("10 years",)),
        ("ten years down the road, how are they?", ("ten years",)),
        ("how are they ten years on?", ("ten years",)),
        ("10-year survival", ("10 years",)),
        ("how many were alive after five years", ()),
        ("does it still work after 20 years of lupus", ()),
        ("she has been ten years on prednisone", ()),
        ("a woman of 40 years, after two years", ()),
        ("what happened years later", ()),
    ],
)
def test_a_time_is_unknown_where_nobody_was_followed_for_so_long(
    question: str, unknown: tuple[str, ...]
) -> None:
    """Only times after a treatment count, not ages and not how long somebody has been ill."""
    assert unknown_subjects(question, GLOSSARY, STUDIES, PASSAGES) == unknown


def test_ages_of_who_was_studied_do_not_make_them_children() -> None:
    """Studies of ages 16 to 65 answer for children with their sentences on ages, not with their results."""
    by_id = {study.study_id: study for study in STUDIES}
    kept = of_people_asked_for("was it tried in children", sentences(PASSAGES), by_id)
    assert any("from 16 to 65 years of age" in item.text for item in kept)
    assert all(re.search(r"\bage of \d+|years of age|year-old", item.text) for item in kept)


@pytest.mark.parametrize(
    "question",
    [
        "did lupus activity go down in children",
        "was it tried in small boys",
        "can pregnant women get it",
        "she is trying for a baby, is it safe",
        "were black or hispanic patients in there",
        "did women go into remission more often than men?",
    ],
)
def test_what_is_said_of_others_does_not_answer_for_people_of_one_kind(question: str) -> None:
    """A sentence has to tell of them, and whoever listens is told why the others are left out."""
    told: list[tuple[Reason, int]] = []
    every = sentences(PASSAGES)
    by_id = {study.study_id: study for study in STUDIES}
    kept = of_people_asked_for(
        question, every, by_id, lambda reason, items: told.append((reason, len(list(items))))
    )
    assert len(kept) < len(every) / 4
    assert told == [(Reason.other_people, len(every) - len(kept))]


@pytest.mark.parametrize(
    "question",
    [
        "does it help women with lupus",
        "my daughter has lupus, is it safe",
        "were the cells from a baby's cord",
        "is it better than nothing",
        "is it safe for women and for men",
    ],
)
def test_who_asks_is_not_who_is_asked_about(question: str) -> None:
    """One sex, a relative or a cord names nobody in particular."""
    every = sentences(PASSAGES)
    assert of_people_asked_for(question, every, {study.study_id: study for study in STUDIES}) == every


@pytest.mark.parametrize(
    "text", ["The average age of the patients was 32.", "Mean age: 32 years.", "They were aged 16 to 40."]
)
def test_ages_are_told_in_many_ways(text: str) -> None:
    """A sentence on ages may answer for children, however it is worded."""
    study = make_study("ages2020", what_was_studied=text)
    kept = of_people_asked_for(
        "was it tried in children?", sentences(split_study(study)), {study.study_id: study}
    )
    assert [item.text for item in kept] == [text]


def test_a_study_of_such_people_may_answer() -> None:
    """In a library on children every sentence of a study that took in children counts."""
    study = make_study("kids2020", who="Children aged 5 to 12 with lupus")
    every = sentences(split_study(study))
    assert of_people_asked_for("did it help the children", every, {study.study_id: study}) == every
