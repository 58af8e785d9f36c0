"""Feedback: fixed choices, counted and logged in one line, with nothing of the question."""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp

from service.app import create_app
from service.feedback import UNKNOWN_REASON, Feedback, FeedbackError, Reason, read_feedback, take_feedback
from service.logs import JsonLines
from tests.shelf import Shelf, answered

ServeApp = Callable[[ASGIApp], str]

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LISTED = "http://localhost:8123"
NO = {"reference": "0f3c9a", "helpful": "no", "reason": "hard"}


@pytest.fixture
def app() -> FastAPI:
    return create_app(Shelf(answered()), origins=[LISTED])


@pytest.fixture
def client(app: FastAPI, serve_app: ServeApp) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=serve_app(app), trust_env=False) as client:
        yield client


def test_feedback_is_read_from_its_fields() -> None:
    """Whether it helped and, where it did not, why; other fields are not looked at."""
    yes = {"reference": "0f3c9a", "helpful": "yes", "question": "my kidneys"}
    assert read_feedback(yes) == Feedback("0f3c9a", helpful=True, reason=None)
    assert read_feedback(NO) == Feedback("0f3c9a", helpful=False, reason=Reason.hard)


@pytest.mark.parametrize(
    "change",
    [
        {"reference": ""},
        {"reference": "my kidneys"},
        {"reference": "0f3c9a\n0f3c9a"},
        {"reference": "a" * 33},
        {"helpful": ""},
        {"helpful": "perhaps"},
        {"reason": ""},
        {"reason": "my doctor was rude"},
        {"helpful": "yes"},
    ],
)
def test_what_cannot_be_meant_is_refused(change: dict[str, str]) -> None:
    """Another reference, another choice, an unknown reason or a reason for what helped is no feedback."""
    with pytest.raises(FeedbackError) as refused:
        read_feedback(NO | change)
    assert not [value for value in change.values() if len(value) > 3 and value in str(refused.value)]


def test_a_refusal_names_every_reason() -> None:
    """Whoever sends another reason is told those that there are."""
    assert [reason for reason in Reason if reason not in UNKNOWN_REASON] == []


def test_feedback_is_counted_and_logged_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """The line has the answer's id, the choice, and how often it was made since the start."""
    counts = Counter[Reason | None]()
    with caplog.at_level(logging.INFO, "plaincite.feedback"):
        for _ in range(2):
            take_feedback(read_feedback(NO), counts)
    assert counts == {Reason.hard: 2}
    line = json.loads(JsonLines().format(caplog.records[-1]))
    line.pop("time")
    assert line == {
        "level": "INFO",
        "logger": "plaincite.feedback",
        "event": "feedback",
        "answer_id": "0f3c9a",
        "helpful": False,
        "reason": "hard",
        "times": 2,
    }


def test_a_form_gets_a_page_and_a_script_gets_none(app: FastAPI, client: httpx.Client) -> None:
    """A browser's form is thanked with a page; a script is only told that it worked."""
    page = client.post("/feedback", data=NO, headers=HTML)
    assert page.status_code == 200
    assert "Thank you" in page.text
    assert "Your question was not sent along" in page.text
    assert client.post("/feedback", data=NO).status_code == 204
    assert app.state.feedback == {Reason.hard: 2}


def test_what_is_refused_is_not_counted(app: FastAPI, client: httpx.Client) -> None:
    """Unknown choices, no form at all and files get 422 and a plain sentence, as a page and as JSON."""
    for sent in ({"data": NO | {"reason": "rude"}}, {"json": NO}, {"files": {"reason": ("a", b"hard")}}):
        assert client.post("/feedback", **sent).status_code in {400, 422}
    json_wanted = client.post("/feedback", data={}, headers={"Accept": "application/json"})
    assert json_wanted.json()["status"] == 422
    page = client.post("/feedback", data=NO | {"reason": "rude"}, headers=HTML)
    assert page.status_code == 422
    assert "rude" not in page.text
    assert UNKNOWN_REASON.partition(",")[0] in page.text
    assert app.state.feedback == {}


def test_only_listed_origins_may_send_it(client: httpx.Client) -> None:
    """A page with the widget may send feedback where its origin is listed, and no other page may."""
    allowed = client.post("/feedback", data=NO, headers={"Origin": LISTED, "Sec-Fetch-Site": "cross-site"})
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == LISTED
    other = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/feedback", data=NO, headers=other).status_code == 403
