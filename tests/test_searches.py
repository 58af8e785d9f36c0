"""The settings of search that are told apart."""

from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation.commands import SETTINGS
from evaluation.runs import Scored
from evaluation.searches import (
    DENSE,
    LEXICAL,
    RANKS,
    SHIPPED,
    SLUGS,
    Searched,
    fuse_ranks,
    parameters,
    search_with,
    settings,
)
from index.fusion import Fusion
from index.search import Hit, PassageIndex
from tests.toy import ToyEncoder


@pytest.fixture
def index(toy_index: Path) -> PassageIndex:
    return PassageIndex.load(toy_index, ToyEncoder())


def test_reciprocal_ranks_by_hand() -> None:
    """A document's score is the sum of 1 / (60 + rank) over the runs that have it."""
    one = {"q": [Scored("a", 9.0), Scored("b", 8.0)]}
    other = {"q": [Scored("b", 0.2), Scored("c", 0.1)]}
    fused = fuse_ranks(one, other)["q"]
    assert [item.document for item in fused] == ["b", "a", "c"]
    assert [item.score for item in fused] == pytest.approx([1 / 62 + 1 / 61, 1 / 61, 1 / 62])


def test_the_command_line_knows_the_names() -> None:
    """What --setting offers are the names here, and each leads to something that can be searched."""
    assert tuple(SLUGS) == SETTINGS
    assert set(SLUGS.values()) <= {*settings(), RANKS}


def test_the_index_is_left_as_it_was(index: PassageIndex) -> None:
    """The setting is in use while it is searched, and no longer, even where the search fails."""
    shipped, used = index.fusion, list[Fusion]()

    def search(_: Callable[[Hit], bool]) -> Searched:
        used.append(index.fusion)
        if index.fusion.lexical_weight == 1.0:
            raise OSError("the disk is gone")
        return Searched({}, [])

    search_with(DENSE, index, search)
    assert index.fusion is shipped
    with pytest.raises(OSError, match="the disk is gone"):
        search_with(LEXICAL, index, search)
    assert index.fusion is shipped
    assert used == [settings()[DENSE], settings()[LEXICAL]]


def test_fused_ranks_take_as_long_as_both_searches(index: PassageIndex) -> None:
    """A question's milliseconds are the sum of the two, and a report says what fused them."""
    took = {0.0: 2.0, 1.0: 3.0}

    def search(_: Callable[[Hit], bool]) -> Searched:
        return Searched({"q": [Scored("a", 1.0)]}, [took[index.fusion.lexical_weight]])

    assert search_with(RANKS, index, search).milliseconds == [5.0]
    assert parameters(RANKS) == {"rank_constant": 60}
    assert parameters(SHIPPED)["lexical_weight"] == Fusion().lexical_weight
