import re
from pathlib import Path

import pytest

from corpus.glossary import load_glossary
from corpus.passages import Passage, split_study
from corpus.studies import GLOSSARY_NAME, LIBRARY, load_studies
from service.evidence import Evidence
from service.reasons import Reason
from service.scope import of_people_asked_for, unknown_drugs
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
    assert unknown_drugs(question, GLOSSARY, PASSAGES) == unknown


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


def test_a_study_of_such_people_may_answer() -> None:
    """In a library on children every sentence of a study that took in children counts."""
    study = make_study("kids2020", who="Children aged 5 to 12 with lupus")
    every = sentences(split_study(study))
    assert of_people_asked_for("did it help the children", every, {study.study_id: study}) == every
