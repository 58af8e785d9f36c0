import pytest

from corpus.studies import LIBRARY, load_studies
from service.restriction import named_studies, without_names

STUDIES = load_studies(LIBRARY)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what did the Deng trial find", {"deng2017"}),
        ("what did deng et al find?", {"deng2017"}),
        ("who paid for Deng's study", {"deng2017"}),
        ("how many reached kidney remission in gu 2014", {"gu2014"}),
        ("is there a comparison group in the 2018 follow-up study", {"wang2018", "liu2018"}),
        ("what did wang find in 2018", {"wang2018"}),
        ("the Wang 2018 paper", {"wang2018"}),
        ("the five-year study", {"wang2018"}),
        ("side effects in the 3 year study", {"bai2017"}),
        ("the study by Bai", {"bai2017"}),
        ("the one from 2019", {"wen2019"}),
        ("what did the Liang papers from 2010 say", {"liang2010_pilot", "liang2010_dah"}),
    ],
)
def test_named_study_restricts(question: str, expected: set[str]) -> None:
    """An author, a year or a length beside a word such as "study" names studies; hints must agree."""
    assert named_studies(question, STUDIES) == expected


@pytest.mark.parametrize(
    "question",
    [
        "does sun make lupus worse",
        "did it help the kidneys",
        "what happened after five years",
        "how many people were alive after 5 years",
        "is this study any good",
        "the Smith trial",
        "",
        "???",
    ],
)
def test_other_questions_are_not_restricted(question: str) -> None:
    """A name that is an ordinary word, a time point, or an unknown author restricts nothing."""
    assert named_studies(question, STUDIES) == frozenset()


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("who paid for the Deng trial?", "who paid for the ?"),
        ("side effects in Deng et al. 2017", "side effects in ."),
        ("what happened in the 6 month study", "what happened in the"),
    ],
)
def test_names_are_left_out_of_what_is_read(question: str, left: str) -> None:
    """A study does not say its own name, so the words that name it are not looked for in its sentences."""
    deng = [study for study in STUDIES if study.study_id == "deng2017"]
    assert without_names(question, deng) == left
