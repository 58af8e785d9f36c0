import pytest

from corpus.studies import LIBRARY, load_studies
from service.traits import counts_of_people, lengths, number_of, traits_of
from tests.studies import make_study

TRAITS = {study.study_id: traits_of(study) for study in load_studies(LIBRARY)}


def test_a_study_is_known_by_its_authors_and_places() -> None:
    """The first author's name counts apart from the others'; places come from the summary's own words."""
    wen = TRAITS["wen2019"]
    assert wen.first == {"wen"}
    assert {"labopin", "farge", "bancel"} <= wen.authors
    assert "nanjing" in wen.places
    assert TRAITS["bai2017"].places >= {"kunming", "china"}
    assert "sichuan" in TRAITS["yang2014"].places


def test_lengths_are_in_months() -> None:
    """The time that people were followed is counted in months, whatever unit it was given in."""
    assert TRAITS["wang2018"].months == {60}
    assert TRAITS["deng2017"].months == {6}
    assert list(lengths("after half a year or two years and 3 weeks".split())) == [24, 0.75]


def test_a_study_that_says_little_has_few_traits() -> None:
    """Without authors, notes and follow-up, a study is known by nothing of them."""
    traits = traits_of(make_study())
    assert (traits.first, traits.authors, traits.places, traits.months) == (set(), set(), set(), set())
    assert traits.described == "a study of cells"


def test_cited_studies_are_traits() -> None:
    """The studies that a review speaks of are found by author and year."""
    assert ("tang", "2016") in TRAITS["zhou2020"].cited


@pytest.mark.parametrize(
    ("word", "expected"),
    [("12", 12), ("8.25", 8.25), ("twelve", 12), ("ninety", 90), ("many", None), ("", None), ("²", None)],
)
def test_numbers_are_read(word: str, expected: float | None) -> None:
    """Digits and spelled-out numbers count; other words do not."""
    assert number_of(word) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("out of 81 people", [81]),
        ("the ten lupus patients", [10]),
        ("those eighty one people", [81]),
        ("the group of 87", [87]),
        ("among the sixteen who got cells", [16]),
        ("10 people died", []),
        ("of 12 months", []),
        ("the 2.5 people", []),
        ("", []),
    ],
)
def test_groups_are_spoken_of_by_their_size(text: str, expected: list[int]) -> None:
    """A number stands for a group only where the words speak of a known one."""
    assert list(counts_of_people(text.split())) == expected
