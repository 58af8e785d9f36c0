import pytest

from corpus.studies import LIBRARY, load_studies
from service.designs import by_design, by_extreme
from service.mentions import mentions
from service.traits import traits_of

TRAITS = [traits_of(study) for study in load_studies(LIBRARY)]


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("the placebo trial", {"deng2017"}),
        ("the randomised trial", {"deng2017", "yang2014"}),
        ("the review", {"liu2018", "zhou2020"}),
        ("the pooled reviews", {"liu2018", "zhou2020"}),
        ("the case report", {"liang2010_dah"}),
    ],
)
def test_a_design_fits_studies(phrase: str, expected: set[str]) -> None:
    """What people call a design fits the studies that were made or describe themselves so."""
    (mention,) = mentions(phrase)
    found = by_design(mention, TRAITS)
    assert found is not None
    assert found.studies == expected


@pytest.mark.parametrize(
    "phrase",
    ["a placebo trial", "the randomised trials", "the trial without a placebo", "the good trial", "review"],
)
def test_other_phrases_describe_none(phrase: str) -> None:
    """Any trial, a kind of trials, what a study did not have and other words name no study."""
    (mention,) = mentions(phrase)
    assert by_design(mention, TRAITS) is None


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("the biggest review", {"liu2018"}),
        ("the largest trial", {"gu2014"}),
        ("the oldest study", {"liang2010_dah", "liang2010_pilot", "sun2010"}),
        ("the longest follow-up study", {"wang2018"}),
    ],
)
def test_the_most_of_something_is_found(phrase: str, expected: set[str]) -> None:
    """The biggest, oldest or longest of its kind is found, with all that are alike."""
    (mention,) = mentions(phrase)
    found = by_extreme(mention, TRAITS)
    assert found is not None
    assert found.studies == expected


def test_without_studies_there_is_no_biggest() -> None:
    """Of nothing, none is the most."""
    (mention,) = mentions("the biggest study")
    assert by_extreme(mention, []) is None
    assert by_extreme(mentions("the study")[0], TRAITS) is None
