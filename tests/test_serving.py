import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from index.store import current_generation
from service.serving import listen
from tests.conftest import PLAINCITE, ROOT, Served, settings_for

QUESTION = {"question": "Did it help the kidneys?"}
BUILD = "run: plaincite index build"

StartServer = Callable[..., Served]


def serve_refused(index: Path, *arguments: str, **given: str) -> str:
    """Runs `plaincite serve`, which has to refuse; returns its one line."""
    ended = subprocess.run(
        [PLAINCITE, "serve", *arguments],
        cwd=ROOT,
        env=settings_for(index, **given),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    return line


def current(index: Path) -> Path:
    folder = current_generation(index)
    assert folder is not None
    return folder


@pytest.fixture
def own_index(real_index: Path, tmp_path: Path) -> Path:
    """A copy of the real index to be spoilt."""
    return Path(shutil.copytree(real_index, tmp_path / "index"))


@pytest.fixture
def own_library(library_folder: Path, tmp_path: Path) -> Path:
    """A copy of the real library with one sentence more than the index knows."""
    folder = Path(shutil.copytree(library_folder, tmp_path / "library"))
    study = folder / "deng2017.md"
    study.write_text(f"{study.read_text(encoding='utf-8').rstrip()} This line is new.\n", encoding="utf-8")
    return folder


def test_first_question_after_the_command(start_server: StartServer) -> None:
    """Once an index is there, the first question after the command is answered."""
    server = start_server()
    answer = httpx.post(f"{server.url}/api/answers", json=QUESTION, trust_env=False).json()
    assert answer["outcome"] == "answered"


def test_serving_loads_nothing_slow() -> None:
    """Neither torch nor the importers nor the evaluation's libraries are loaded to answer questions."""
    script = "import sys, service.app, service.serving, service.library; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert "onnxruntime" in loaded
    assert not loaded & {
        "torch",
        "sentence_transformers",
        "transformers",
        "textstat",
        "lxml",
        "ir_measures",
        "rispy",
        "nbib",
        "pandas",
        "scipy",
        "sklearn",
    }


def test_address_is_announced_when_it_answers(server: Served) -> None:
    """The line that names the address comes when the port is open, and names the port that was taken."""
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.url)
    assert httpx.get(f"{server.url}/readyz", trust_env=False).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_request_in_flight_is_finished(start_server: StartServer, number: signal.Signals) -> None:
    """Told to stop, the service answers what has begun, takes nothing new, and ends with 0 within seconds."""
    server = start_server()
    address = urlsplit(server.url)
    body = json.dumps(QUESTION).encode()
    head = (
        f"POST /api/answers HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        connection.sendall(head.encode() + body[:5])
        time.sleep(0.3)  # so that the request has begun before the signal comes
        server.process.send_signal(number)
        time.sleep(0.5)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.url}/healthz", trust_env=False)
        connection.sendall(body[5:])
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert server.process.wait(timeout=60) == 0
    assert answer.startswith(b"HTTP/1.1 200")
    assert b'"outcome":"answered"' in answer


def test_stalled_request_does_not_hold_up_the_end(start_server: StartServer) -> None:
    """A request whose body never comes is given up after some seconds."""
    server = start_server()
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=15) as connection:
        connection.sendall(b"POST /api/answers HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n")
        time.sleep(0.3)
        server.process.terminate()
        assert server.process.wait(timeout=60) == 0


def test_answers_are_sent_without_delay() -> None:
    """What is written goes out at once: a connection does not wait for the other side to confirm."""
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def test_port_in_use_is_one_line(server: Served, real_index: Path) -> None:
    """A port that somebody else listens on is refused in a line that says what to do."""
    port = str(urlsplit(server.url).port)
    line = serve_refused(real_index, PORT=port)
    assert f"port {port} on 127.0.0.1 is in use" in line
    assert "--port" in line


def test_foreign_address_is_one_line(real_index: Path) -> None:
    """An address that this machine does not have is refused in a line."""
    assert "cannot listen on 192.0.2.1" in serve_refused(real_index, HOST="192.0.2.1")


def test_missing_index_is_one_line(tmp_path: Path) -> None:
    """Without an index the service says how to build one."""
    assert serve_refused(tmp_path / "none").endswith(BUILD)


def test_stale_index_is_one_line(real_index: Path, own_library: Path) -> None:
    """When the library has changed since the build, the service refuses to quote what is no longer there."""
    line = serve_refused(real_index, CORPUS=str(own_library))
    assert "stale" in line
    assert line.endswith(BUILD)


def test_damaged_index_is_one_line(own_index: Path) -> None:
    """A file that was cut in half is noticed and named."""
    file = current(own_index) / "passages.jsonl"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    line = serve_refused(own_index)
    assert "passages.jsonl" in line
    assert line.endswith(BUILD)


def test_missing_library_is_one_line(real_index: Path, tmp_path: Path) -> None:
    """A library folder that is not there is named."""
    assert "nowhere" in serve_refused(real_index, CORPUS=str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"PORT": "abc"}, "PLAINCITE_PORT"),
        ({"PROT": "8001"}, "did you mean PLAINCITE_PORT?"),
        ({"ORIGINS": "https://example.org/page"}, "PLAINCITE_ORIGINS"),
        ({"LOG_LEVEL": "loud"}, "PLAINCITE_LOG_LEVEL"),
    ],
)
def test_bad_setting_is_one_line(real_index: Path, given: dict[str, str], says: str) -> None:
    """A setting that cannot be used ends the command before anything is loaded."""
    assert says in serve_refused(real_index, **given)


def test_stale_index_is_built_first(start_server: StartServer, own_index: Path, own_library: Path) -> None:
    """With --build the index is brought up to date, by another process, before the address is announced."""
    server = start_server("--build", INDEX=str(own_index), CORPUS=str(own_library))
    study = httpx.get(f"{server.url}/api/studies/deng2017", trust_env=False).json()
    assert study["sections"][-1]["text"].endswith("This line is new.")
    with Path(f"/proc/{server.process.pid}/maps").open(encoding="utf-8") as maps:
        assert not any("libtorch" in line for line in maps)


def test_damaged_index_is_built_first(start_server: StartServer, own_index: Path, own_library: Path) -> None:
    """With --build a damaged index is built anew, from what the library holds now."""
    for study in own_library.glob("*.md"):
        if study.stem != "deng2017":  # a small library is built soon
            study.unlink()
    (current(own_index) / "manifest.json").write_text("{}", encoding="utf-8")
    server = start_server("--build", INDEX=str(own_index), CORPUS=str(own_library))
    assert httpx.get(f"{server.url}/readyz", trust_env=False).json()["studies"] == 1


def test_build_that_fails_ends_the_command(tmp_path: Path, own_library: Path) -> None:
    """With --build a library that cannot be read is refused in one line that names the file."""
    (own_library / "deng2017.md").write_text("no front matter", encoding="utf-8")
    assert "deng2017.md:1" in serve_refused(tmp_path / "index", "--build", CORPUS=str(own_library))


def _raw(url: str, request: bytes) -> bytes:
    address = urlsplit(url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # it may be refused before all of it was sent
            connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "request_",
    [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000],
    ids=["no request", "bad header", "header without end"],
)
def test_unreadable_request_is_a_problem(server: Served, request_: bytes) -> None:
    """What is no HTTP request is answered as a problem in plain words, with all security headers."""
    head, _, body = _raw(server.url, request_).partition(b"\r\n\r\n")
    problem = json.loads(body)
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"Content-Type: application/problem+json" in head
    assert b"Content-Security-Policy" in head
    assert (problem["status"], problem["detail"].endswith("malformed or too long.")) == (400, True)


def test_help_lists_the_settings() -> None:
    """`plaincite serve --help` prints every setting with its default."""
    ran = subprocess.run(
        [PLAINCITE, "serve", "--help"],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "PLAINCITE_PORT" in ran.stdout
    assert "PLAINCITE_LOG_LEVEL" in ran.stdout
    assert "[8000]" in ran.stdout
