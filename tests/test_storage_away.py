import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from service.accounts.accounts import Role, add_account
from service.accounts.sessions import COOKIE, begin_session, signing_secret
from service.figures import Kind, read_days, together
from service.storage.database import Database
from service.storage.restore import open_backup
from tests.conftest import Served, settings_for
from tests.postgres import Postgres
from tests.test_metrics import free_address, samples_in, scraped

MARKED = "Does it help Marigold Quartermaine with snoring?"
QUESTIONS = ("Did it help the kidneys?", "How many people died?", MARKED)
SOON = 40
"""Seconds in which something has to have come about by itself."""


class Visitor:
    """Somebody who asks, and a member of staff who looks at the desks."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self.asked = 0

    def ask_all(self) -> None:
        """Asks every question; each one has to be answered."""
        for question in QUESTIONS:
            response = self._client.post("/api/answers", json={"question": question})
            assert response.status_code == 200, response.text
            self.asked += 1

    def look(self, path: str, cookie: str = "") -> httpx.Response:
        return self._client.get(path, headers={"Cookie": f"{COOKIE}={cookie}"} if cookie else {})

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def visitor_of() -> Iterator[Callable[[str], Visitor]]:
    visitors: list[Visitor] = []

    def make(url: str) -> Visitor:
        visitors.append(Visitor(url))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.close()


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about by itself"
        time.sleep(0.2)


def a_session(address: str) -> str:
    """A cookie of a new member of staff."""
    database, now = Database.open(address), datetime.now(UTC)
    with database.begin() as connection:
        member = add_account(connection, "ann@clinic.example", Role.staff, None, now=now)
        cookie = begin_session(connection, member, signing_secret(connection), now)
    database.close()
    return cookie


def counted(address: str) -> int:
    database, today = Database.open(address), datetime.now(UTC).date()
    with database.reading() as connection:
        days = read_days(connection, today - timedelta(days=1), today)
    database.close()
    return together(list(days.values())).total(Kind.outcome)


def test_answers_go_on_while_the_database_is_away(
    postgres: Postgres, start_server: Callable[..., Served], visitor_of: Callable[[str], Visitor]
) -> None:
    """PostgreSQL is down at the start, up, down and up again: all is answered, and the desks come back.

    They say in plain words that they are closed; what could not be kept is counted; the figures miss nothing.
    """
    name, metrics = postgres.make_database(), free_address()
    address = postgres.address(name)
    postgres.stop()
    try:
        server = start_server(DATABASE=address, KEEP_QUESTIONS="30", METRICS=metrics)
        visitor = visitor_of(server.url)
        visitor.ask_all()
        closed = visitor.look("/login")
        assert closed.status_code == 503
        assert "database cannot be reached" in closed.text

        postgres.start()
        wait_for(lambda: visitor.look("/login").status_code == 200)
        cookie = a_session(address)
        assert visitor.look("/staff/figures", cookie).status_code == 200
        wait_for(lambda: counted(address) == len(QUESTIONS))
        assert samples_in(scraped(metrics))["plaincite_journal_dropped_total",] == 0

        postgres.stop()
        visitor.ask_all()
        away = visitor.look("/staff/figures", cookie)
        assert away.status_code == 503
        assert "The database of the desks cannot be reached at the moment; answers go on." in away.text
        wait_for(lambda: samples_in(scraped(metrics))["plaincite_journal_dropped_total",] > 0)
    finally:
        postgres.start()
    wait_for(lambda: visitor.look("/staff/figures", cookie).status_code == 200)
    visitor.ask_all()
    assert samples_in(scraped(metrics))["plaincite_answer_seconds_count",] == visitor.asked
    server.process.terminate()
    assert server.process.wait(timeout=30) == 0
    assert counted(address) == visitor.asked == 3 * len(QUESTIONS)
    log = server.log.read_text()
    assert "Marigold" not in log
    assert "crash" not in log
    postgres.drop_database(name)


def test_others_use_the_file_while_the_service_does(
    start_server: Callable[..., Served], visitor_of: Callable[[str], Visitor], tmp_path: Path
) -> None:
    """Commands write to a running service's SQLite file, back it up, and hold it, and no answer suffers."""
    address = f"sqlite:///{tmp_path}/plaincite.db"
    server = start_server(DATABASE=address)
    visitor = visitor_of(server.url)
    wait_for(lambda: visitor.look("/login").status_code == 200)
    asking = threading.Thread(target=visitor.ask_all)
    asking.start()
    for command in (("users", "add", "ann", "--role", "staff", "--password-stdin"), ("backup", "backup.zip")):
        done = run(address, tmp_path, *command)
        assert (done.returncode, done.stderr) == (0, "")
    asking.join()
    with open_backup(tmp_path / "backup.zip") as found:
        assert found.manifest.tables["accounts"].rows == 1
    database = Database.open(address)
    with database.begin():
        visitor.ask_all()
    database.close()
    server.process.terminate()
    assert server.process.wait(timeout=30) == 0
    assert counted(address) == visitor.asked == 2 * len(QUESTIONS)


COMMANDS = {
    "users": "from service.accounts.commands import users; users()",
    "backup": "from service.storage.commands import backup; backup()",
}


def run(address: str, folder: Path, name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", COMMANDS[name], *arguments],
        cwd=folder,
        env=settings_for(Path("none"), DATABASE=address),
        input="blue heron by the river\n",
        capture_output=True,
        text=True,
        check=False,
    )
