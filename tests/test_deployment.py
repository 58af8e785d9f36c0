import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from starlette.types import ASGIApp

from service import deployment
from service.app import create_app
from service.deployment import faults_of
from service.script import Script, load_script
from tests.shelf import Shelf, answered

CLINIC = "https://clinic.example"
SCRIPT = load_script(tuple(Shelf.suggestions), tuple(Shelf.languages.values()))

Stand = Callable[..., str]


@pytest.fixture
def server(serve_app: Callable[[ASGIApp], str]) -> str:
    return serve_app(create_app(Shelf(answered()), origins=[CLINIC]))


@pytest.fixture
def stand_in() -> Iterator[Stand]:
    """Starts something that is not plaincite: it answers every GET alike, and nothing else."""
    running: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start(status: int, body: bytes = b"", **headers: str) -> str:
        class Other(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        http = ThreadingHTTPServer(("127.0.0.1", 0), Other)
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        running.append((http, thread))
        return f"http://127.0.0.1:{http.server_address[1]}"

    yield start
    for http, thread in running:
        http.shutdown()
        http.server_close()
        thread.join()


@pytest.mark.parametrize("origin", [CLINIC, None])
def test_a_good_service_has_no_faults(server: str, origin: str | None) -> None:
    """Where script and leave are right there is nothing to tell."""
    assert list(faults_of(server, SCRIPT, origin)) == []


def test_our_own_page_needs_no_leave(server: str) -> None:
    """The service's own pages may ask without being listed."""
    assert list(faults_of(server, SCRIPT, server)) == []


def test_a_page_without_leave_is_told(server: str) -> None:
    """A page that the running service does not know is one line with the setting."""
    (line,) = faults_of(server, SCRIPT, "https://elsewhere.example")
    assert "does not let https://elsewhere.example ask" in line
    assert "PLAINCITE_ORIGINS" in line


def test_another_version_is_told(server: str) -> None:
    """A service with other code or other suggested questions is told apart from a broken one."""
    (line,) = faults_of(server, Script.of(b"another script"), None)
    assert "sends another version" in line


@pytest.mark.parametrize(
    ("status", "body", "headers", "says"),
    [
        (200, b"<h1>Sign in</h1>", {}, "something on the way changes it"),
        (200, SCRIPT.content, {}, "without Access-Control-Allow-Origin"),
        (200, SCRIPT.content, {"Access_Control_Allow_Origin": CLINIC}, "without Access-Control-Allow-Origin"),
        (301, b"", {"Location": "https://a.example/ask.js"}, "leads on to https://a.example/ask.js"),
        (302, b"", {}, "leads on to elsewhere"),
        (404, b"", {}, "answers with status 404"),
        (502, b"", {}, "answers with status 502"),
    ],
)
def test_what_is_not_the_service_is_told(
    stand_in: Stand, status: int, body: bytes, headers: dict[str, str], says: str
) -> None:
    """Redirections, other programs and proxies that change something each get their own line."""
    (line,) = faults_of(stand_in(status, body, **headers), SCRIPT, None)
    assert says in line
    assert "\n" not in line


def test_a_service_that_is_away_is_told(stand_in: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """No server, no such name, no TLS and no answer in time are one line each, and no traceback."""
    (line,) = faults_of("http://127.0.0.1:1", SCRIPT, CLINIC)
    assert line == "http://127.0.0.1:1 cannot be reached: Connection refused"
    (line,) = faults_of("https://answers.invalid", SCRIPT, CLINIC)
    assert "answers.invalid cannot be reached: " in line
    plain = stand_in(200).replace("http:", "https:")
    (line,) = faults_of(plain, SCRIPT, CLINIC)
    assert f"{plain} cannot be reached: " in line
    monkeypatch.setattr(deployment, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (line,) = faults_of(f"http://127.0.0.1:{silent.getsockname()[1]}", SCRIPT, CLINIC)
    assert "timed out" in line
