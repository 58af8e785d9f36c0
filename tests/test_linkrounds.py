import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from service.linkcheck import LinkChecker, LinkResult, Outcome
from service.linkrounds import (
    LinkRounds,
    Progress,
    RoundRunningError,
    forget_others,
    keep_result,
    known_links,
    links_of,
    states_of,
)
from service.storage.database import Database
from tests.studies import make_study

LINK = "https://journal.example/a"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Told(LinkChecker):
    """Finds what it is told to find; waits before each link until it may go on."""

    def __init__(self, outcomes: dict[str, Outcome | Exception], *, free: bool = True) -> None:
        super().__init__("test")
        self._outcomes = outcomes
        self.may_go_on = threading.Event()
        if free:
            self.may_go_on.set()

    async def check(self, links: "list[str]", told: Callable[[LinkResult], None]) -> None:  # type: ignore[override]
        for link in links:
            outcome = self._outcomes[link]
            if isinstance(outcome, Exception):
                raise outcome
            told(LinkResult(link, outcome, None, "", AT))
            while not self.may_go_on.is_set():
                await asyncio.sleep(0.01)


def result(outcome: Outcome, days: int = 0, link: str = LINK) -> LinkResult:
    return LinkResult(link, outcome, 404, "In words.", AT + timedelta(days=days))


def test_links_of_a_study_are_those_that_readers_can_follow() -> None:
    """Its link, its DOI, and the links of its marks, each once; an endless one cannot be checked."""
    study = make_study(
        doi="10.1000/xyz.1",
        link="https://journal.example/a",
        marks="[{kind: erratum, note: A, link: https://journal.example/b}, {kind: update, note: B}]",
    )
    links = ("https://journal.example/a", "https://doi.org/10.1000/xyz.1", "https://journal.example/b")
    assert links_of(study) == links
    assert links_of(make_study(doi="10.1000/xyz.1", link="https://doi.org/10.1000/xyz.1")) == (
        "https://doi.org/10.1000/xyz.1",
    )
    assert links_of(make_study(link=f"https://journal.example/{'a' * 2000}")) == ()
    assert list(states_of(study, {}).values()) == [None] * 3


def test_last_result_is_kept_with_the_day_since_which_it_is_so(database: Database) -> None:
    """The same outcome again keeps its first day; another outcome begins anew."""
    for outcome, days in [(Outcome.answers, 0), (Outcome.gone, 1), (Outcome.gone, 5)]:
        with database.begin() as connection:
            keep_result(connection, result(outcome, days))
    with database.begin() as connection:
        state = known_links(connection)[LINK]
    assert state.result == result(Outcome.gone, 5)
    assert state.since == AT + timedelta(days=1)
    assert state.is_dead


@pytest.mark.parametrize("outcome", [Outcome.untold, Outcome.unreached, Outcome.inside, Outcome.answers])
def test_only_what_is_gone_is_dead(database: Database, outcome: Outcome) -> None:
    """A site that turned us away, or was not reached, is not called dead."""
    with database.begin() as connection:
        keep_result(connection, result(outcome))
        assert not known_links(connection)[LINK].is_dead


def test_links_that_no_summary_has_are_forgotten(database: Database) -> None:
    """What was found of a link goes with it."""
    with database.begin() as connection:
        keep_result(connection, result(Outcome.gone))
        keep_result(connection, result(Outcome.gone, link=f"{LINK}/b"))
        forget_others(connection, [LINK])
        assert list(known_links(connection)) == [LINK]


def test_round_keeps_each_result_as_it_comes_and_runs_alone(database: Database) -> None:
    """While one is under way its progress shows, and no second one begins."""
    links = ["https://a.example/", "https://b.example/"]
    checker = Told(dict.fromkeys(links, Outcome.answers), free=False)
    rounds = LinkRounds(database, checker)
    assert rounds.progress is None
    rounds.begin([*links, *links])
    try:
        while rounds.progress != Progress(1, 2):
            pass
        with database.begin() as connection:
            assert list(known_links(connection)) == links[:1]
        with pytest.raises(RoundRunningError):
            rounds.begin(links)
    finally:
        checker.may_go_on.set()
        rounds.wait()
    assert (rounds.progress, rounds.problem) == (None, "")
    with database.begin() as connection:
        assert sorted(known_links(connection)) == links


def test_round_can_be_stopped(database: Database) -> None:
    """What was found until then stays."""
    links = ["https://a.example/", "https://b.example/"]
    rounds = LinkRounds(database, Told(dict.fromkeys(links, Outcome.answers), free=False))
    rounds.begin(links)
    while rounds.progress != Progress(1, 2):
        pass
    rounds.stop()
    assert (rounds.progress, rounds.problem) == (None, "The round was stopped.")
    with database.begin() as connection:
        assert list(known_links(connection)) == links[:1]


def test_round_that_breaks_off_says_so_and_can_be_begun_again(database: Database) -> None:
    """A fault of ours ends the round in words; the next one starts afresh."""
    outcomes: dict[str, Outcome | Exception] = {"https://a.example/": OSError("disk")}
    rounds = LinkRounds(database, Told(outcomes))
    rounds.begin(outcomes)
    rounds.wait()
    assert "broke off" in rounds.problem
    outcomes["https://a.example/"] = Outcome.gone
    rounds.begin(outcomes)
    rounds.wait()
    assert rounds.problem == ""
