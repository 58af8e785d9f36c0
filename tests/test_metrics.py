import logging
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from service.app import create_app
from service.journal import Journal
from service.live import Live
from service.metrics import CountRequests, Metrics, MetricsServer
from service.serving import ListeningError
from tests.conftest import Served
from tests.shelf import Shelf, answered, no_evidence
from tests.test_service_figures import EVENTS, MARKED
from tests.test_serving import serve_refused

Samples = dict[tuple[str, ...], float]


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(Live(Shelf(answered())), Journal())  # type: ignore[arg-type]


@pytest.fixture
def server(metrics: Metrics) -> Iterator[MetricsServer]:
    server = MetricsServer("127.0.0.1:0", metrics)
    yield server
    server.close()


def scraped(address: str) -> str:
    response = httpx.get(f"http://{address}/metrics", trust_env=False)
    assert response.status_code == 200
    return response.text


def samples_in(text: str) -> Samples:
    """Samples by their name and the values of their labels."""
    families = text_string_to_metric_families(text)
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


def text_of(metrics: Metrics) -> str:
    return generate_latest(metrics.registry).decode()


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"


def test_events_are_counted(metrics: Metrics, server: MetricsServer) -> None:
    """Outcomes, classes, feedback and durations are told; series are there before their first event."""
    before = samples_in(scraped(server.address))
    assert before["plaincite_answers_total", "no_evidence"] == 0
    assert before["plaincite_stopped_total", "crisis"] == 0
    for event in EVENTS:
        metrics.count(event)
    after = samples_in(scraped(server.address))
    assert after["plaincite_answers_total", "answered"] == 2
    assert after["plaincite_answers_total", "screened"] == 2
    assert after["plaincite_stopped_total", "emergency"] == 1
    assert after["plaincite_notices_total", "personal_advice"] == 1
    assert after["plaincite_feedback_total", "hard"] == 2
    assert after["plaincite_feedback_total", "helped"] == 1
    assert after["plaincite_answer_seconds_bucket", "0.03"] == 0
    assert after["plaincite_answer_seconds_bucket", "0.04"] == 4
    assert after["plaincite_answer_seconds_bucket", "+Inf"] == 5
    assert after["plaincite_answer_seconds_sum",] == pytest.approx(3.148)


def test_labels_are_a_fixed_few(metrics: Metrics, server: MetricsServer) -> None:
    """No label has a word of a question or a reference in it, and events never add a series."""
    before = samples_in(scraped(server.address)).keys()
    for event in EVENTS:
        metrics.count(event)
    text = scraped(server.address)
    assert samples_in(text).keys() == before
    assert MARKED not in text
    assert "0f3c9a" not in text


def test_state_is_asked_for_at_each_scrape() -> None:
    """Generation, studies, and the journal's queue are those of the moment; the program's version is told."""
    live, journal = Live(Shelf(answered())), Journal()  # type: ignore[arg-type]
    server = MetricsServer("127.0.0.1:0", Metrics(live, journal))
    other = Shelf(answered())
    other.generation = "20261123-7"
    live.switch(other)  # type: ignore[arg-type]
    for event in EVENTS:
        journal.tell(event)
    journal.dropped = 3
    text = scraped(server.address)
    server.close()
    found = samples_in(text)
    assert 'plaincite_library_info{corpus="2026-11-22-5d2c",generation="20261123-7"} 1.0' in text
    assert found["plaincite_studies",] == 13
    assert found["plaincite_journal_waiting",] == len(EVENTS)
    assert found["plaincite_journal_dropped_total",] == 3
    assert re.search(r'plaincite_build_info\{version="\d+\.\d+\.\d+"\} 1\.0', text)


def test_only_what_is_ours_is_told(server: MetricsServer) -> None:
    """Beside plaincite's own there are the process's figures, and nothing of the interpreter's."""
    names = {name for name, *_ in samples_in(scraped(server.address))}
    assert {name.split("_")[0] for name in names} == {"plaincite", "process"}
    assert not [name for name in names if name.endswith("_created")]
    assert "process_resident_memory_bytes" in names


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/metrics/", "/staff", "/api/answers"])
def test_there_is_nothing_else_on_its_address(server: MetricsServer, path: str) -> None:
    """Every other path is 404, and says what there is."""
    response = httpx.get(f"http://{server.address}{path}", trust_env=False)
    assert (response.status_code, response.text) == (404, "There is only /metrics here.\n")


def test_nothing_of_a_scrape_is_logged(server: MetricsServer, capfd: pytest.CaptureFixture[str]) -> None:
    """What is asked for there may be anything, so that no line of it is written anywhere."""
    httpx.get(f"http://{server.address}/{MARKED}", trust_env=False)
    httpx.request("NONSENSE", f"http://{server.address}/metrics", trust_env=False)
    scraped(server.address)
    assert capfd.readouterr() == ("", "")


def test_an_address_that_is_taken_is_one_line(server: MetricsServer, metrics: Metrics) -> None:
    """The line names the setting."""
    with pytest.raises(ListeningError, match=f"PLAINCITE_METRICS={server.address}: .*in use"):
        MetricsServer(server.address, metrics)


def test_requests_are_counted_by_route(metrics: Metrics, serve_app: Callable[..., str]) -> None:
    """A request counts for its route's template and its status; all unknown paths are one and the same."""
    journal = Journal()
    journal.count = metrics.count
    url = serve_app(CountRequests(create_app(Shelf(no_evidence()), journal=journal), metrics))  # type: ignore[arg-type]
    with httpx.Client(base_url=url, trust_env=False) as client:
        client.get("/studies/deng2017")
        client.get("/studies/wang2018")
        for path in (f"/{MARKED}", "/wp-login.php", f"/studies/{MARKED}"):
            assert client.get(path).status_code == 404
        client.post("/feedback", data={"reference": "0f3c9a", "helpful": "yes"})
    found = samples_in(text := text_of(metrics))
    assert found["plaincite_requests_total", "/studies/{study_id}", "200"] == 2
    assert found["plaincite_requests_total", "/studies/{study_id}", "404"] == 1
    assert found["plaincite_requests_total", "unmatched", "404"] == 2
    assert found["plaincite_feedback_total", "helped"] == 1
    assert MARKED not in text


def test_a_crash_counts_as_ours(
    metrics: Metrics, serve_app: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of the service is told as status 500 of its route."""

    def fail(_: str) -> None:
        raise RuntimeError(MARKED)

    caplog.set_level(logging.CRITICAL)
    url = serve_app(CountRequests(create_app(Shelf(fail)), metrics))  # type: ignore[arg-type]
    response = httpx.post(f"{url}/api/answers", json={"question": "Did it help?"}, trust_env=False)
    assert response.status_code == 500
    assert samples_in(text_of(metrics))["plaincite_requests_total", "/api/answers", "500"] == 1


def test_who_has_a_response_finds_it_counted(metrics: Metrics) -> None:
    """A request counts before its response leaves, so that no scrape after it can miss it; and only once."""
    found: list[float] = []

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("")(scope, receive, send)

    async def send(_: Message) -> None:
        found.append(samples_in(text_of(metrics))["plaincite_requests_total", "unmatched", "200"])

    with start_blocking_portal() as portal:
        portal.call(CountRequests(answer, metrics), {"type": "http"}, never, send)
    assert found == [1, 1]


async def never() -> Message:
    """Nothing is received."""
    raise AssertionError


def test_a_served_question_is_counted_and_not_told(start_server: Callable[..., Served]) -> None:
    """A real service tells of an answer on its internal address alone, and nothing of the question."""
    address = free_address()
    server = start_server(METRICS=address)
    assert samples_in(scraped(address))["plaincite_answers_total", "answered"] == 0
    question = f"Did it help the kidneys of {MARKED}?"
    answer = httpx.post(f"{server.url}/api/answers", json={"question": question}, trust_env=False)
    outcome = answer.json()["outcome"]
    text = scraped(address)
    assert samples_in(text)["plaincite_answers_total", outcome] == 1
    assert samples_in(text)["plaincite_requests_total", "/api/answers", "200"] == 1
    assert samples_in(text)["plaincite_answer_seconds_count",] == 1
    assert MARKED not in text
    assert httpx.get(f"{server.url}/metrics", trust_env=False).status_code == 404
    assert MARKED not in server.log.read_text()


def test_metrics_address_in_use_ends_the_command(real_index: Path) -> None:
    """A service whose metrics cannot be scraped does not start as if they could."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert f"PLAINCITE_METRICS={address}" in serve_refused(real_index, METRICS=address)
