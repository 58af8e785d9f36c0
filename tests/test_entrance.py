"""The entrance: the desks' paths lead to the desks once these are open, and nothing waits for them."""

import threading
from collections.abc import Callable

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from service.app import create_app
from service.desks import entrance as module
from service.desks.entrance import Entrance, Opened
from service.storage.database import DatabaseError
from tests.shelf import Shelf, answered


def test_desk_paths_lead_to_the_desks_and_all_others_to_the_public_side(
    serve_app: Callable[[ASGIApp], str],
) -> None:
    """A path is the desks' by its first part as a whole; until they are open they say so (503)."""
    may_open, opened = threading.Event(), threading.Event()

    def open_desks() -> Opened:
        may_open.wait(30)
        return Opened(PlainTextResponse("desks"), opened.set)

    entrance = Entrance(create_app(Shelf(answered())), open_desks)
    address = serve_app(entrance)
    assert httpx.get(f"{address}/staff").status_code == 503
    assert "plain" not in httpx.get(f"{address}/studies").headers["content-type"]
    may_open.set()
    while httpx.get(f"{address}/login").status_code == 503:
        pass
    for path in ("/staff", "/staff/queue", "/login", "/evaluate/1", "/account"):
        assert httpx.get(address + path).text == "desks"
    for path in ("/staffing", "/loginx", "/healthz", "/static/staff"):
        assert httpx.get(address + path).text != "desks"
    entrance.close()
    assert opened.is_set()


def test_desks_that_cannot_be_opened_are_tried_again_and_harm_no_answer(
    serve_app: Callable[[ASGIApp], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without their database the desks say so; the public side answers; when it is back they open."""
    fails = [True]

    def open_desks() -> Opened:
        if fails[0]:
            raise DatabaseError("sqlite:///x: unable to open database file")
        return Opened(PlainTextResponse("desks"), lambda: None)

    monkeypatch.setattr(module, "RETRY_EVERY", 0.0)
    address = serve_app(Entrance(create_app(Shelf(answered())), open_desks))
    refused = httpx.get(f"{address}/staff", headers={"accept": "text/html"})
    assert refused.status_code == 503
    assert "desks are not open" in refused.text
    assert httpx.get(f"{address}/healthz").status_code == 200
    fails[0] = False
    while httpx.get(f"{address}/staff").status_code == 503:
        pass
    assert httpx.get(f"{address}/staff").text == "desks"


def test_desks_are_opened_once_however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """While an attempt is under way, further requests begin no other one beside it."""
    begun: list[int] = []
    may_open, is_open = threading.Event(), threading.Event()

    def open_desks() -> Opened:
        begun.append(1)
        may_open.wait(20)
        is_open.set()
        return Opened(PlainTextResponse("desks"), lambda: None)

    monkeypatch.setattr(module, "RETRY_EVERY", 0.0)
    entrance = Entrance(PlainTextResponse("public"), open_desks)
    for _ in range(5):
        entrance.open_soon()
    may_open.set()
    assert is_open.wait(20)
    assert begun == [1]
