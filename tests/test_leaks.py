"""Leaks: a marked question and a marked e-mail come in by every way, and are looked for everywhere after.

A real `plaincite serve` with its desks, its metrics and its database, at log level debug.
"""

import json
import re
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import httpx
import pytest
from click.testing import CliRunner

from service.accounts.accounts import Role, add_account
from service.journal import now
from service.storage.commands import backup
from service.storage.database import Database
from tests.conftest import PLAINCITE, ROOT, Served, settings_for
from tests.members import FIELD, PASSWORD

WORDS = "knitting accordion lullaby"
"""In every marked question; ordinary words, which scrubbing leaves."""

QUESTION = f"does {WORDS} help the kidneys?"
ANSWERABLE = f"How many people died? I only know {WORDS}."
EMAIL = "zebulon.quince@marked.example"
ASKED = f"{QUESTION} My name is Zebulon, write to {EMAIL}"
MARKS = (WORDS, EMAIL, "Zebulon", "zebulon", "accordion")
NAMES = (EMAIL, "Zebulon", "zebulon", "quince")
DESK_PAGES = (
    "/staff/queue",
    "/staff/queue?show=done",
    "/staff/queue/1",
    "/staff/queue/checks",
    "/staff/figures",
)


@dataclass
class Place:
    """A service, and everything that it writes to.

    Attributes:
        served: the process.
        folder: where its database is.
        metrics: the address of its metrics.
        environment: what it was started with.
        said: what else it wrote: to stdout, and in other processes.
    """

    served: Served
    folder: Path
    metrics: str
    environment: dict[str, str]
    said: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"sqlite:///{self.folder}/plaincite.db"


@pytest.fixture
def start_place(
    start_server: Callable[..., Served], real_index: Path, tmp_path: Path
) -> Callable[..., Place]:
    """Starts a service with a database of its own; waits until its desks are open."""

    def start(**settings: str) -> Place:
        folder = tmp_path / "kept"
        folder.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            metrics = f"127.0.0.1:{free.getsockname()[1]}"
        given = {"DATABASE": f"sqlite:///{folder}/plaincite.db", "METRICS": metrics, "LOG_LEVEL": "debug"}
        served = start_server(**given, **settings)
        place = Place(
            served, folder, f"http://{metrics}/metrics", settings_for(real_index, **given, **settings)
        )
        while httpx.get(f"{served.url}/login").status_code == 503:
            time.sleep(0.1)
        return place

    return start


def _by_every_way(place: Place) -> None:
    """Asks, rates and errs by every way in, with the marks wherever something may be written."""
    form = {"question": ASKED, "previous": ASKED, "site": WORDS, "language": WORDS}
    asked = {"question": ASKED, "previous": ASKED}
    odd = {
        "User-Agent": WORDS,
        "Referer": f"http://a.example/?{EMAIL}",
        "Cookie": f"a={EMAIL}",
        "X-Odd": WORDS,
    }
    with httpx.Client(base_url=place.served.url, timeout=60, headers=odd, trust_env=False) as client:
        for question in (ASKED, ANSWERABLE, f"and {WORDS}?", f"I want to die, {WORDS}, {EMAIL}"):
            answer = client.post("/api/answers", json={"question": question, "previous": ASKED}).json()
            rating = {"reference": answer["answer_id"], "helpful": "no", "reason": "missing", "note": ASKED}
            assert client.post("/feedback", data=rating).status_code == 204
        page = {"Accept": "text/html"}
        assert client.post("/ask", data=form, headers=page).status_code == 200
        assert client.post("/fragment", data={**form, "site": ""}).status_code == 200
        assert client.post("/fragment", json=asked).status_code == 200
        # What goes wrong, with the marks in it.
        assert client.post("/api/answers", json={"question": ASKED * 30}).status_code == 422
        assert client.post("/ask", data={"question": ASKED * 30}, headers=page).status_code == 422
        assert client.post("/api/answers", json={**asked, EMAIL: WORDS}).status_code == 422
        assert client.post("/api/answers", json={"question": {WORDS: EMAIL}}).status_code == 422
        assert client.post("/api/answers", content=f'{{"question": "{ASKED}').status_code >= 400
        assert client.post("/api/answers", content=f"question={ASKED}").status_code >= 400
        assert client.post("/feedback", data={"reference": WORDS, "helpful": EMAIL}).status_code == 422
        assert client.post("/fragment", data={**form, "site": EMAIL}).status_code in {403, 422}
        assert client.get("/ask", params={"question": ASKED}).status_code == 303
        assert client.get(f"/{WORDS}/{EMAIL}", params={"q": ASKED}).status_code == 404
        assert client.get("/studies", params={EMAIL: WORDS}).status_code in {200, 422}
        assert client.get(f"/studies/{WORDS}", headers=page).status_code == 404
        assert client.get(f"/staff/queue/{WORDS}", params={"q": EMAIL}).status_code in {303, 404, 422}
        client.request(WORDS.partition(" ")[0].upper(), "/api/answers", content=ASKED)
    _write_raw(place, f"POST /api/answers HTTP/9 {ASKED}\r\n\r\n".encode())
    _write_raw(place, f"\x00{ASKED} / HTTP/1.1\r\n{EMAIL}\r\n\r\n".encode())


def _write_raw(place: Place, request: bytes) -> None:
    address = urlsplit(place.served.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(request)
        connection.recv(4096)


def _batch(place: Place) -> str:
    """Asks on the command line, a line that cannot be read included; what it wrote to stderr."""
    lines = place.folder.parent / "batch.jsonl"
    lines.write_text(json.dumps({"question": ASKED}) + f'\n{{"question": "{ASKED}\n{ASKED}\n')
    command = [str(PLAINCITE), "ask", "--batch", str(lines)]
    done = subprocess.run(
        command, cwd=ROOT, env=place.environment, capture_output=True, text=True, check=False, timeout=120
    )
    lines.unlink()
    return done.stderr


def _settled(place: Place) -> None:
    """Waits until the journal has handed on all that was told."""
    while re.search(r"^plaincite_journal_waiting [1-9]", httpx.get(place.metrics).text, re.MULTILINE):
        time.sleep(0.05)
    # The batch in hand counts as waiting no more; the next event is written only after it.
    time.sleep(0.5)


def _desk_pages(place: Place) -> dict[str, str]:
    """The desks' pages, as somebody sees them who may see all."""
    database = Database.open(place.address)
    with database.begin() as connection:
        add_account(connection, "vera", Role.admin, PASSWORD, now=now())
    database.close()
    with httpx.Client(base_url=place.served.url, timeout=60, trust_env=False) as client:
        form = {"csrf": FIELD.findall(client.get("/login").text)[0], "name": "vera", "password": PASSWORD}
        assert client.post("/login", data=form, headers=_cookies(client)).status_code == 303
        pages = {path: client.get(path, headers=_cookies(client)) for path in DESK_PAGES}
    assert pages["/staff/queue"].status_code == 200
    return {path: page.text for path, page in pages.items()}


def _cookies(client: httpx.Client) -> dict[str, str]:
    """Sends secure cookies over plain HTTP, as browsers do to their own machine."""
    return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)}


def _backup(place: Place, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Everything in a backup, unpacked."""
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    path = place.folder.parent / "backup.zip"
    done = CliRunner().invoke(backup, [str(path)])
    assert done.exit_code == 0, done.output
    with ZipFile(path) as archive:
        return done.output.encode() + b"".join(archive.read(name) for name in archive.namelist())


def _everything(place: Place, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """All that was written anywhere, by where it was; the service is stopped in the end."""
    found = {f"desk {path}": page.encode() for path, page in _desk_pages(place).items()}
    found["metrics"] = httpx.get(place.metrics).content
    found["backup"] = _backup(place, monkeypatch)
    found |= {f"running {path.name}": path.read_bytes() for path in place.folder.iterdir()}
    process = place.served.process
    process.terminate()
    process.wait(timeout=30)
    assert process.stdout is not None
    found["stdout"] = process.stdout.read().encode()
    found["log"] = place.served.log.read_bytes()
    found |= {f"stopped {path.name}": path.read_bytes() for path in place.folder.iterdir()}
    return found | {f"said {number}": text.encode() for number, text in enumerate(place.said)}


def _leaks(found: dict[str, bytes], marks: tuple[str, ...]) -> list[tuple[str, str]]:
    spellings = {
        mark: {mark.encode(), mark.encode("utf-16-le"), mark.replace(" ", "+").encode()} for mark in marks
    }
    return [
        (where, mark)
        for where, content in found.items()
        for mark, ways in spellings.items()
        if any(way in content for way in ways)
    ]


def test_nothing_that_people_ask_is_anywhere_while_storing_is_off(
    start_place: Callable[..., Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in a log, a database page, the metrics, a page of the desks, nor in a backup."""
    place = start_place(ORIGINS="http://localhost:8123")
    _by_every_way(place)
    place.said.append(_batch(place))
    _settled(place)
    found = _everything(place, monkeypatch)
    assert _leaks(found, MARKS) == []
    # What is looked through is what it should be.
    assert b"no_evidence" in found["log"]
    assert b"plaincite_answers" in found["metrics"]
    assert found["stopped plaincite.db"].startswith(b"SQLite format 3")
    assert b"kept_questions" in found["stopped plaincite.db"]


def test_with_storing_on_the_question_is_kept_and_who_asked_is_not(
    start_place: Callable[..., Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scrubbed question is in the queue; the e-mail and the name are nowhere, no log has any of it."""
    place = start_place(ORIGINS="http://localhost:8123", KEEP_QUESTIONS="30")
    _by_every_way(place)
    place.said.append(_batch(place))
    _settled(place)
    _break_keeping(place)
    found = _everything(place, monkeypatch)
    assert f"{QUESTION} My name is [name], write to [email]".encode() in found["desk /staff/queue/1"]
    assert WORDS.encode() in found["desk /staff/queue"]
    assert WORDS.encode() in found["stopped plaincite.db"]
    assert _leaks(found, NAMES) == []
    assert b"I want to die" not in found["stopped plaincite.db"]
    spoken = {
        where: content for where, content in found.items() if where in {"log", "stdout", "metrics", "said 0"}
    }
    assert _leaks(spoken, MARKS) == []
    assert b"events lost" in found["log"]


def _break_keeping(place: Place) -> None:
    """Lets the database refuse a question: its driver's own words would quote it."""
    with sqlite3.connect(place.folder / "plaincite.db") as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON kept_questions BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    httpx.post(f"{place.served.url}/api/answers", json={"question": ASKED}, timeout=60)
    while "events lost" not in place.served.log.read_text():
        time.sleep(0.05)
