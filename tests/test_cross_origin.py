import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from starlette.datastructures import Headers
from starlette.types import ASGIApp

from service.app import create_app
from service.cross_origin import PREFLIGHT_KEPT, foreign_origin
from service.problems import DETAILS, URGENT
from tests.shelf import Shelf, answered
from tests.test_app import log as log  # noqa: PLC0414  # a fixture is found by its name

CLINIC, PORT, PLAIN = "https://clinic.example", "https://clinic.example:8443", "http://plain.example"
UNLISTED = [
    "https://elsewhere.example",
    "null",
    "",
    "http://clinic.example",
    "https://clinic.example:443",
    "https://CLINIC.example",
    "https://clinic.example.",
    "https://clinic.example.elsewhere.example",
    "https://elsewhere.example/https://clinic.example",
    "https://clinic.example, https://elsewhere.example",
    "https://clinic.example:8444",
]
ASKED: dict[str, dict[str, Any]] = {
    "/fragment": {"data": {"question": "Did it help?"}},
    "/api/answers": {"json": {"question": "Did it help?"}},
    "/feedback": {"data": {"reference": "0f3c9a", "helpful": "yes"}},
}


@pytest.fixture
def asked() -> list[str]:
    """What reached the library."""
    return []


@pytest.fixture
def client(serve_app: Callable[[ASGIApp], str], asked: list[str]) -> Iterator[httpx.Client]:
    shelf = Shelf(lambda question: asked.append(question) or answered())
    app = create_app(shelf, origins=[PLAIN], sites={"clinic": [CLINIC, PORT]})
    with httpx.Client(base_url=serve_app(app), trust_env=False) as client:
        yield client


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("origin", [CLINIC, PORT, PLAIN])
def test_a_listed_page_may_ask(client: httpx.Client, path: str, origin: str) -> None:
    """Pages of listed origins and of sites with an id are answered, and may read how long to wait."""
    response = client.post(path, headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"}, **ASKED[path])
    assert response.is_success
    assert response.headers["access-control-allow-origin"] == origin
    assert response.headers["access-control-expose-headers"] == "Retry-After"
    assert "Origin" in response.headers["vary"]
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("path", ASKED)
def test_any_other_page_is_refused(client: httpx.Client, asked: list[str], path: str) -> None:
    """A page that is not listed gets 403 before its question is read, be its name ever so similar."""
    for origin in UNLISTED:
        response = client.post(path, headers={"Origin": origin}, **ASKED[path])
        assert (response.status_code, asked) == (403, []), origin
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["detail"] == f"{DETAILS[403]} {URGENT}"
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ASKED)
def test_a_body_of_any_kind_is_refused_unread(client: httpx.Client, path: str) -> None:
    """A page that is not listed cannot make the service read what it sends, however long or broken."""
    for content in (b"", b"{", b"x" * 300_000):
        response = client.post(path, content=content, headers={"Origin": UNLISTED[0]})
        assert response.status_code == 403


@pytest.mark.parametrize("path", ASKED)
def test_leave_is_given_to_listed_pages_alone(client: httpx.Client, path: str) -> None:
    """A browser that asks for leave first gets it for a listed page, and may remember it for two hours."""
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    listed = client.options(path, headers={"Origin": CLINIC, **asks})
    assert listed.status_code == 200
    assert listed.headers["access-control-allow-origin"] == CLINIC
    assert listed.headers["access-control-max-age"] == str(PREFLIGHT_KEPT)
    for origin in UNLISTED:
        response = client.options(path, headers={"Origin": origin, **asks})
        assert response.status_code == 400, origin
        assert "access-control-allow-origin" not in response.headers


def test_leave_is_given_for_asking_alone(client: httpx.Client) -> None:
    """Even a listed page may do nothing but post."""
    for method in ("GET", "PUT", "DELETE"):
        asks = {"Origin": CLINIC, "Access-Control-Request-Method": method}
        assert client.options("/api/answers", headers=asks).status_code == 400


@pytest.mark.parametrize("path", ASKED)
def test_who_is_no_page_may_ask(client: httpx.Client, path: str) -> None:
    """What comes without an origin, such as another server's program, is answered."""
    assert client.post(path, **ASKED[path]).is_success


@pytest.mark.parametrize("path", ASKED)
def test_our_own_page_may_ask(client: httpx.Client, path: str) -> None:
    """A page of the service itself is answered, whether the browser says what it is or only its origin."""
    host = client.base_url.netloc.decode()
    for headers in (
        {"Origin": f"http://{host}"},
        {"Origin": f"https://{host}"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://answers.example.org", "Sec-Fetch-Site": "same-origin"},
    ):
        assert client.post(path, headers=headers, **ASKED[path]).is_success


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({}, None),
        ({"sec-fetch-site": "cross-site"}, None),
        ({"origin": CLINIC, "host": "answers.example.org"}, CLINIC),
        ({"origin": CLINIC, "host": "clinic.example"}, None),
        ({"origin": CLINIC, "host": "clinic.example", "sec-fetch-site": "cross-site"}, CLINIC),
        ({"origin": CLINIC, "host": "clinic.example", "sec-fetch-site": "same-site"}, CLINIC),
        ({"origin": CLINIC, "host": "127.0.0.1:8000", "sec-fetch-site": "same-origin"}, None),
        ({"origin": PORT, "host": "clinic.example"}, PORT),
        ({"origin": "null", "host": ""}, "null"),
        ({"origin": "null"}, "null"),
    ],
)
def test_the_browser_tells_whose_page_it_is(headers: dict[str, str], origin: str | None) -> None:
    """The browser's own word goes before names, and a name is ours only with the same port."""
    assert foreign_origin(Headers(headers)) == origin


@pytest.mark.parametrize("address", ["/ask.js", "/ask.js?v=00000000"])
def test_the_script_is_for_all(client: httpx.Client, address: str) -> None:
    """Any page may load the script with its integrity checked, and no cache can mix up what two were sent."""
    sent = [{}, *({"Origin": origin} for origin in (CLINIC, *UNLISTED))]
    for headers in sent:
        response = client.get(address, headers=headers)
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "Origin" not in response.headers.get("vary", "")


def test_the_rest_is_open_to_nobody(client: httpx.Client) -> None:
    """Even a listed page may read nothing but what the widget needs."""
    for path in ("/", "/ask", "/studies", "/about", "/static/style.css", "/api/studies"):
        response = client.get(path, headers={"Origin": CLINIC})
        assert "access-control-allow-origin" not in response.headers
        assert response.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_site_is_told_apart_in_the_log(client: httpx.Client, log: Any) -> None:
    """The request's line has the id of the site that asks, given or known by its origin, and no question."""
    for path, field in (("/fragment", "data"), ("/fragment", "json"), ("/api/answers", "json")):
        body = {"question": "Did it help?", "site": "clinic"}
        assert client.post(path, headers={"Origin": CLINIC}, **{field: body}).is_success
    assert client.post("/fragment", headers={"Origin": PORT}, data={"question": "Did it help?"}).is_success
    assert client.post("/fragment", headers={"Origin": PLAIN}, data={"question": "Did it help?"}).is_success
    client.get("/healthz")  # taken up only when the line of the request before it is written
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    sites = [line.get("site") for line in lines if line["event"] == "request" and line["method"] == "POST"]
    assert sites == ["clinic", "clinic", "clinic", "clinic", None]
    assert "help" not in log.getvalue()


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize(
    ("site", "origin"), [("hospital", CLINIC), ("x7 my kidneys", None), ("clinic", PLAIN)]
)
def test_a_wrong_site_is_refused(
    client: httpx.Client, log: Any, path: str, site: str, origin: str | None
) -> None:
    """An id that is unknown, or another site's, is 403 with where to look, and is not logged."""
    ((kind, body),) = ASKED[path].items()
    headers = {"Origin": origin} if origin else {}
    response = client.post(path, headers=headers, **{kind: {**body, "site": site}})
    assert response.status_code == 403
    assert "PLAINCITE_SITES" in response.json()["detail"]
    assert URGENT in response.json()["detail"]
    assert "kidneys" not in response.text + log.getvalue()


def test_a_refusal_is_told_apart_in_the_log(client: httpx.Client, log: Any) -> None:
    """The line of a refused page has its path and reason, and not its origin."""
    client.post("/fragment", headers={"Origin": UNLISTED[0]}, data={"question": "Did it help?"})
    client.get("/healthz")  # taken up only when the line of the request before it is written
    (line,) = [json.loads(line) for line in log.getvalue().splitlines() if '"POST"' in line]
    assert (line["route"], line["status"], line["refused"]) == ("/fragment", 403, "origin")
    assert "elsewhere" not in log.getvalue()
