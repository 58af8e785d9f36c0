import pytest

from service.countries import PLACES


@pytest.mark.parametrize(("one", "other"), [("chinese", "china"), ("dutch", "holland"), ("british", "uk")])
def test_a_country_and_its_adjective_are_one_place(one: str, other: str) -> None:
    """The Chinese study is the one from China."""
    assert PLACES[one] == PLACES[other]
    assert {one, other} <= PLACES[one]


def test_each_name_stands_for_itself_at_least() -> None:
    """Every name is written in lower case and is among the words that it stands for."""
    assert all(name == name.lower() and name in words for name, words in PLACES.items())
    assert PLACES["harvard"] == {"harvard"}
    assert "us" not in PLACES
