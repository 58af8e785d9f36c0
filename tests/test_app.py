import io
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from index.encoder import Progress, TokenVectors
from service.app import MAX_BODY, create_app
from service.library import MOST_WAITING, Library
from service.logs import JsonLines
from service.problems import URGENT
from tests.toy import Floats, ToyEncoder

MARK = "xq7 my kidneys xq7"
LISTED, OTHER = "http://localhost:8123", "https://elsewhere.example"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Stumbling(ToyEncoder):
    """Does something before it encodes: fails, or waits."""

    def __init__(self, before: Callable[[str], None]) -> None:
        super().__init__()
        self.before = before

    def encode_with_tokens(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> tuple[Floats, list[TokenVectors]]:
        self.before(texts[0])
        return super().encode_with_tokens(texts, progress)


MakeLibrary = Callable[[ToyEncoder], Library]
ServeApp = Callable[[ASGIApp], str]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that this process logs, as the service writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def fail(question: str) -> None:
    raise ValueError(f"cannot encode {question}")


EVERYWHERE = [
    ("GET", "/", {}),
    ("GET", "/about", {}),
    ("GET", "/studies", {}),
    ("GET", "/studies/deng2017", {}),
    ("GET", "/nowhere", {"headers": HTML}),
    ("GET", "/studies/", {}),
    ("GET", "/static/style.css", {}),
    ("GET", "/static/nothing.css", {}),
    ("GET", "/ask.js", {}),
    ("POST", "/ask", {"data": {"question": "Did it help the kidneys?"}}),
    ("POST", "/ask", {"data": {"question": ""}}),
    ("POST", "/fragment", {"data": {"question": "Did it help the kidneys?"}}),
    ("POST", "/api/answers", {"json": {"question": "Did it help the kidneys?"}}),
    ("POST", "/api/answers", {"json": {"question": ""}}),
    ("POST", "/api/answers", {"content": b"x" * (MAX_BODY + 1)}),
    ("DELETE", "/api/answers", {}),
    ("GET", "/api/studies", {}),
    ("GET", "/api/openapi.json", {}),
    ("GET", "/healthz", {}),
    ("GET", "/readyz", {}),
]


@pytest.mark.parametrize(("method", "path", "more"), EVERYWHERE)
def test_every_response_has_the_security_headers(
    client: httpx.Client, method: str, path: str, more: dict[str, Any]
) -> None:
    """Pages, answers, files, errors and redirects alike tell the browser to load nothing from elsewhere."""
    headers = client.request(method, path, **more).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["cross-origin-resource-policy"] == ("cross-origin" if path == "/ask.js" else "same-origin")
    assert "set-cookie" not in headers
    assert "server" not in headers


@pytest.mark.parametrize(("method", "path", "more"), EVERYWHERE)
def test_only_files_may_be_kept(client: httpx.Client, method: str, path: str, more: dict[str, Any]) -> None:
    """Nothing that shows what somebody asked or read is kept by a browser or a proxy."""
    is_file = path.startswith("/static/") or path == "/ask.js"
    response = client.request(method, path, **more)
    assert response.headers["cache-control"] == ("no-cache" if is_file else "no-store")


def test_texts_are_compressed(client: httpx.Client) -> None:
    """Pages, answers, style sheets and scripts travel compressed where the browser can read that."""
    asked = {"question": "Did it help the kidneys?"}
    for encoding in ("gzip", "identity"):
        accepted = {"Accept-Encoding": encoding}
        found = [
            *(
                client.get(path, headers=accepted)
                for path in ("/", "/studies", "/static/answer.css", "/ask.js")
            ),
            client.post("/ask", data=asked, headers=accepted),
            client.post("/fragment", data=asked, headers=accepted),
            client.post("/api/answers", json=asked, headers=accepted),
        ]
        assert {response.headers.get("content-encoding", "identity") for response in found} == {encoding}
        assert all("Accept-Encoding" in response.headers["vary"] for response in found)
        assert all(len(response.content) > 1000 for response in found)
    assert "content-encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers


def test_static_file_is_sent_once(client: httpx.Client) -> None:
    """A browser that has the newest version is told so, without the file being sent again."""
    first = client.get("/static/style.css")
    again = client.get("/static/style.css", headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["etag"].startswith("W/")  # it was compressed
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd"])
def test_nothing_but_static_files_is_served(client: httpx.Client, path: str) -> None:
    """No spelling of a path leads out of the folder of static files."""
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_no_page_with_scripts_of_others(client: httpx.Client, path: str) -> None:
    """The usual documentation pages, which load scripts from elsewhere, do not exist."""
    assert client.get(path).status_code == 404


def test_api_describes_itself(client: httpx.Client) -> None:
    """The description of the API names its paths and the names that scripts rely on."""
    described = client.get("/api/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/answers",
        "/api/studies",
        "/api/studies/{study_id}",
        "/healthz",
        "/readyz",
    }
    assert {"outcome", "statements", "disclaimer", "notice"} <= set(
        described["components"]["schemas"]["Answer"]["properties"]
    )


@pytest.mark.parametrize("path", ["/api/answers", "/fragment"])
def test_listed_origin_may_ask(client: httpx.Client, path: str) -> None:
    """A page of a listed origin may ask and read the answer, without credentials."""
    before = client.options(
        path,
        headers={
            "Origin": LISTED,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    response = client.post(path, json={"question": "Did it help the kidneys?"}, headers={"Origin": LISTED})
    for each in (before, response):
        assert each.status_code == 200
        assert each.headers["access-control-allow-origin"] == LISTED
        assert "access-control-allow-credentials" not in each.headers
        assert "Origin" in each.headers["vary"]


@pytest.mark.parametrize("origin", [OTHER, "null", f"{LISTED}0", "http://localhost", LISTED.upper()])
def test_other_origin_may_not_ask(client: httpx.Client, origin: str) -> None:
    """A page of any other origin gets no leave and no answer, be its name ever so similar."""
    before = client.options(
        "/api/answers", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
    )
    response = client.post("/api/answers", json={"question": "Did it help?"}, headers={"Origin": origin})
    assert (before.status_code, response.status_code) == (400, 403)
    assert "access-control-allow-origin" not in before.headers
    assert "outcome" not in response.json()


@pytest.mark.parametrize("path", ["/", "/ask", "/api/studies", "/api/studies/deng2017", "/readyz"])
def test_other_paths_are_open_to_nobody(client: httpx.Client, path: str) -> None:
    """Even a listed origin may use nothing but what the widget needs."""
    response = client.get(path, headers={"Origin": LISTED})
    assert "access-control-allow-origin" not in response.headers


def test_errors_reach_a_listed_origin(client: httpx.Client) -> None:
    """The widget on another page can read why a question was refused."""
    response = client.post("/api/answers", json={"question": ""}, headers={"Origin": LISTED})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (422, LISTED)


def test_page_errors_are_pages(client: httpx.Client) -> None:
    """Who reads pages gets a page in plain words, and programs get problem details."""
    shown = client.get("/nowhere", headers=HTML)
    told = client.get("/nowhere", headers={"Accept": "application/json"})
    assert (shown.status_code, shown.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing at this address" in shown.text
    assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("is_announced", [True, False])
@pytest.mark.parametrize("path", ["/api/answers", "/fragment", "/ask"])
def test_long_body_is_refused(client: httpx.Client, path: str, is_announced: bool) -> None:
    """Half a megabyte is refused in a plain sentence, whether its length was announced or not."""
    content = b"x" * 500_000 if is_announced else (b"x" * 1000 for _ in range(500))
    sent = "application/x-www-form-urlencoded" if path == "/ask" else "application/json"
    response = client.post(path, content=content, headers={"Content-Type": sent} | HTML)
    kind = "text/html; charset=utf-8" if path == "/ask" else "application/problem+json"
    assert (response.status_code, response.headers["content-type"]) == (413, kind)
    assert "at most 1,000 characters" in response.text


def test_longest_question_fits_in_any_script(client: httpx.Client) -> None:
    """1,000 characters of four bytes each are not too much, even as escapes of twelve."""
    escaped = json.dumps({"question": "\U0001d41a" * 1000}).encode()
    assert len(escaped) > 12_000
    response = client.post("/api/answers", content=escaped, headers={"Content-Type": "application/json"})
    assert response.status_code == 200


def test_crash_is_told_without_what_crashed(
    make_toy_library: MakeLibrary, serve_app: ServeApp, log: io.StringIO
) -> None:
    """A fault of ours is a plain sentence for who asked and a place in the log, and quotes nothing."""
    url = serve_app(create_app(make_toy_library(Stumbling(fail))))
    told = httpx.post(f"{url}/api/answers", json={"question": MARK}, trust_env=False)
    shown = httpx.post(f"{url}/ask", data={"question": MARK}, headers=HTML, trust_env=False)
    problem = told.json()
    assert (told.status_code, shown.status_code) == (500, 500)
    assert problem["detail"].startswith("Something went wrong on our side")
    assert "Traceback" not in told.text + shown.text
    assert MARK not in told.text + shown.text + log.getvalue()
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    found = [line for line in lines if line.get("error_id") == problem["error_id"]]
    assert [line["event"] for line in found] == ["crash", "request"]
    assert any("test_app.py" in place for place in found[0]["trace"])
    assert "content-security-policy" in told.headers


def test_index_that_does_not_answer_is_not_ready(make_toy_library: MakeLibrary, serve_app: ServeApp) -> None:
    """When the index fails, the process is alive but says that it is not ready."""
    url = serve_app(create_app(make_toy_library(Stumbling(fail))))
    ready = httpx.get(f"{url}/readyz", trust_env=False)
    assert (ready.status_code, ready.json()["detail"]) == (503, "The index is loaded but does not answer.")
    assert httpx.get(f"{url}/healthz", trust_env=False).json() == {"status": "alive"}


def test_overload_is_told_and_the_rest_is_answered(
    make_toy_library: MakeLibrary, serve_app: ServeApp
) -> None:
    """Beyond a full queue, who asks is told when to come back at once; everybody in the queue is answered."""
    gate = threading.Event()
    library = make_toy_library(Stumbling(lambda _: assert_opened(gate)))
    url = serve_app(create_app(library))
    asked = MOST_WAITING + 6
    with (
        ThreadPoolExecutor(asked) as people,
        httpx.Client(base_url=url, timeout=60, trust_env=False) as client,
    ):
        waiting = [
            people.submit(client.post, "/api/answers", json={"question": f"Was study {n} safe?"})
            for n in range(asked)
        ]
        try:
            early = [next_done(waiting) for _ in range(6)]
            alive = client.get("/healthz")
        finally:
            gate.set()
        late = [future.result() for future in waiting]
    assert alive.json() == {"status": "alive"}
    for response in early:
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
        assert "try again in a few seconds" in response.json()["detail"]
        assert URGENT in response.json()["detail"]
    assert sorted(response.status_code for response in late) == [200] * MOST_WAITING


def assert_opened(gate: threading.Event) -> None:
    assert gate.wait(timeout=60)


def next_done(waiting: list[Any]) -> httpx.Response:
    """Takes the next response that is there out of the list."""
    while True:
        for future in waiting:
            if future.done():
                waiting.remove(future)
                response: httpx.Response = future.result()
                return response
        threading.Event().wait(0.01)


def test_nothing_is_sent_to_telemetry(make_toy_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the environment makes the framework hand requests to an exporter."""
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    app = create_app(make_toy_library(ToyEncoder()))
    assert not any(
        app._telemetry[name] for name in ("tracing", "metrics", "logs", "operation_spans", "auto_configure")
    )
