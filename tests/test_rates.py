import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import limits.aio.storage.memory
import limits.aio.strategies
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp

from service import rates as module
from service.app import create_app
from service.problems import URGENT
from service.rates import LONG_WAIT, WAITS, Rates, network_of, wait_in_words
from tests.conftest import Served
from tests.shelf import Shelf, answered
from tests.test_app import log as log  # noqa: PLC0414  # a fixture is found by its name

ALICE, BOB = "192.0.2.1", "192.0.2.2"
QUESTION = {"question": "Did it help?"}
HTML = {"Accept": "text/html"}


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for place in (limits.aio.storage.memory, limits.aio.strategies, module):
        monkeypatch.setattr(place, "time", SimpleNamespace(time=clock.time))
    return clock


def take(rates: Rates, *addresses: str) -> list[int]:
    """What each of them is told, one after another."""

    async def ask() -> list[int]:
        return [await rates.take(address) for address in addresses]

    # In a thread of its own: where a browser is open, this one has a loop already.
    with start_blocking_portal() as portal:
        return portal.call(ask)


def test_an_address_may_ask_so_often(clock: Clock) -> None:  # noqa: ARG001  # stands still
    """Beyond its number of questions an address is told how many seconds to wait; others are not."""
    rates = Rates("2/minute", "")
    *early, late, other = take(rates, ALICE, ALICE, ALICE, BOB)
    assert early == [0, 0]
    assert 0 < late <= 60
    assert other == 0


def test_after_the_wait_it_may_ask_again(clock: Clock) -> None:
    """Who waits as long as they were told is answered, under one limit and under the longer of two."""
    for written, most in (("2/minute", 60), ("2/minute;3/hour", 3600)):
        rates = Rates(written, "")
        take(rates, ALICE, ALICE)
        waited = 0.0
        while (told := take(rates, ALICE)[0]) or waited == 0:
            assert 0 < told <= most
            clock.now += told + 1
            waited += told
        assert waited <= most


def test_all_limits_hold(clock: Clock) -> None:
    """Of several limits the longest wait is told, and what one of them refuses counts for none."""
    rates = Rates("2/minute;3/hour", "")
    assert take(rates, ALICE, ALICE) == [0, 0]
    clock.now += 120
    assert take(rates, ALICE) == [0]
    (told,) = take(rates, ALICE)
    assert told > 60


def test_all_together_may_ask_so_often(clock: Clock) -> None:  # noqa: ARG001  # stands still
    """Beyond what all may ask together everybody is told to wait."""
    rates = Rates("", "3/minute")
    assert [bool(told) for told in take(rates, ALICE, BOB, "198.51.100.3", "198.51.100.4")] == [False] * 3 + [
        True
    ]


def test_nobody_uses_up_what_others_have(clock: Clock) -> None:  # noqa: ARG001  # stands still
    """Questions that are refused to one address do not count among those of all."""
    rates = Rates("1/minute", "3/minute")
    take(rates, *[ALICE] * 50)
    assert take(rates, BOB, "198.51.100.3") == [0, 0]


def test_without_a_rate_nothing_is_counted() -> None:
    """An operator may turn it off."""
    assert take(Rates("", ""), *[ALICE] * 500) == [0] * 500


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (ALICE, ALICE),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:192.0.2.1", ALICE),
        ("::1", "::"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_an_ipv6_network_counts_as_one(address: str, network: str) -> None:
    """Addresses of one /64 are one visitor's; an IPv4 address is itself, however it is written."""
    assert network_of(address) == network


def test_memory_has_a_bound(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many addresses ask, and however long, no more is kept than a few numbers for each slot."""
    slots = 64
    monkeypatch.setattr(module, "SLOTS", slots)
    rates = Rates("1/minute;2/hour", "")
    kept = rates._counters.storage
    for round_ in range(3):
        take(rates, *(f"2001:db8:{round_:x}:{number:x}::1" for number in range(4 * slots)))
        # The current window and the one before, for each limit.
        assert len(kept.storage) <= slots * 2 * 2
        clock.now += 1800
    clock.now += 3 * 3600
    take(rates, ALICE, ALICE)
    assert len(kept.storage) <= 4
    assert len(kept.locks) <= 4


def test_no_address_is_kept(clock: Clock) -> None:  # noqa: ARG001  # stands still
    """What is kept does not have the address, and two processes keep different numbers for it."""
    kept = set()
    for rates in (Rates("5/minute", ""), Rates("5/minute", "")):
        take(rates, ALICE)
        (key,) = rates._counters.storage.storage
        assert ALICE not in key
        kept.add(key)
    assert len(kept) == 2


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(1, WAITS[60]), (60, WAITS[60]), (61, WAITS[600]), (3600, WAITS[3600]), (3601, LONG_WAIT)],
)
def test_a_wait_is_told_in_words(seconds: int, says: str) -> None:
    """A person is told a minute, ten minutes, an hour, or tomorrow: never less than it takes."""
    assert wait_in_words(seconds) == says


@pytest.fixture
def client(serve_app: Callable[[ASGIApp], str]) -> Iterator[httpx.Client]:
    """A service where one address may ask twice a day."""
    app = create_app(
        Shelf(answered()),
        origins=["https://clinic.example"],
        rate="2/day",
        rate_overall="9/day",
    )
    with httpx.Client(base_url=serve_app(app), trust_env=False) as client:
        yield client


@pytest.mark.parametrize("path", ["/fragment", "/api/answers", "/ask", "/feedback"])
def test_who_asks_too_often_is_told_to_wait(client: httpx.Client, path: str) -> None:
    """Each way of asking is counted together with all others; a page and a program are told alike."""
    client.post("/fragment", data=QUESTION)
    client.post("/api/answers", json=QUESTION)
    told = client.post(path, data=QUESTION, headers={"Accept": "application/json"})
    shown = client.post(path, data=QUESTION, headers=HTML)
    assert (told.status_code, shown.status_code) == (429, 429)
    assert 0 < int(told.headers["retry-after"]) <= 86_400
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["detail"] == f"{LONG_WAIT} {URGENT}"
    assert URGENT in shown.text
    assert told.headers["cache-control"] == "no-store"
    assert "content-security-policy" in told.headers


def test_pages_and_files_are_not_counted(client: httpx.Client) -> None:
    """Reading is free, before and after the last question."""
    paths = ("/", "/studies", "/studies/wang2018", "/about", "/ask.js", "/static/style.css", "/healthz")
    for _ in range(3):
        assert {client.get(path).status_code for path in paths} == {200}
        client.post("/ask", data=QUESTION)
    assert client.post("/ask", data=QUESTION).status_code == 429
    assert {client.get(path).status_code for path in paths} == {200}


def test_a_listed_page_may_read_how_long_to_wait(client: httpx.Client) -> None:
    """The widget on another page sees status and wait; asking for leave is free."""
    origin = {"Origin": "https://clinic.example"}
    for _ in range(3):
        assert client.options(
            "/fragment", headers=origin | {"Access-Control-Request-Method": "POST"}
        ).is_success
        response = client.post("/fragment", data=QUESTION, headers=origin)
    assert response.status_code == 429
    assert response.headers["access-control-allow-origin"] == "https://clinic.example"
    assert response.headers["access-control-expose-headers"] == "Retry-After"


def test_what_is_refused_to_a_page_is_not_counted(client: httpx.Client) -> None:
    """A page that is not listed cannot use up the questions of its visitor."""
    for _ in range(5):
        client.post("/fragment", data=QUESTION, headers={"Origin": "https://elsewhere.example"})
    assert client.post("/fragment", data=QUESTION).status_code == 200


def test_no_address_is_logged(client: httpx.Client, log: Any) -> None:
    """The line of a request that was too many has its path and reason, and nothing of who sent it."""
    for _ in range(3):
        client.post("/fragment", data=QUESTION, headers={"X-Forwarded-For": "203.0.113.77"})
    client.get("/healthz")  # taken up only when the line of the request before it is written
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    refused = [line for line in lines if line.get("refused")]
    assert [(line["route"], line["status"], line["refused"]) for line in refused] == [
        ("/fragment", 429, "rate")
    ]
    assert "203.0.113" not in log.getvalue()
    assert "127.0.0.1" not in log.getvalue()


def test_a_proxy_that_is_not_named_is_warned_of_once(client: httpx.Client, log: Any) -> None:
    """Where visitors cannot be told apart, the operator learns of it, and which setting mends it."""
    for _ in range(3):
        client.post("/fragment", data=QUESTION, headers={"X-Forwarded-For": "203.0.113.77"})
    warnings = [line for line in log.getvalue().splitlines() if "PLAINCITE_PROXIES" in line]
    assert len(warnings) == 1


def forwarded(url: str, *addresses: str) -> list[int]:
    """The statuses of questions that a proxy passes on from these addresses."""
    return [
        httpx.post(
            f"{url}/fragment", data=QUESTION, headers={"X-Forwarded-For": address}, trust_env=False
        ).status_code
        for address in addresses
    ]


def test_a_named_proxy_tells_visitors_apart(start_server: Callable[..., Served]) -> None:
    """What a named proxy adds is believed; what a visitor wrote before that, or sends past it, is not."""
    server = start_server(RATE="1/day", PROXIES="127.0.0.1")
    assert forwarded(server.url, ALICE, ALICE, BOB) == [200, 429, 200]
    assert forwarded(server.url, f"198.51.100.3, {ALICE}", f"198.51.100.4, {BOB}") == [429, 429]
    assert "PLAINCITE_PROXIES" not in server.log.read_text()
    other = start_server(RATE="1/day", PROXIES="10.0.0.0/8")
    assert forwarded(other.url, ALICE, BOB) == [200, 429]
