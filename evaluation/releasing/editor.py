"""Editor: a member of staff at a running service's library desk, over HTTP as a browser would."""

import html
import re
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from evaluation.errors import EvaluationError
from service.accounts import sessions
from service.accounts.accounts import Role, add_account
from service.storage.database import Database

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
UNDER_WAY = "data-waiting"
LIVE = "This is what answers come from now"
PROBLEM = re.compile(r'<p class="problem"[^>]*>(.*?)</p>', re.DOTALL)

LOOK_EVERY = 0.05
PATIENCE = 600.0
"""Seconds that the desks may take to open, or a release to be made."""

OK, SEE_OTHER = 200, 303


class Window(NamedTuple):
    """When something was done, on the clock of `time.perf_counter`."""

    began: float
    ended: float


class Page(NamedTuple):
    """What the desk sent."""

    status: int
    location: str
    text: str


class Editor:
    """Somebody with an account.

    Args:
        address: the service's.
        session: the cookie of their session.
    """

    def __init__(self, address: str, session: str) -> None:
        self._at = urlsplit(address)
        self._cookie = f"{sessions.COOKIE}={session}"

    def wait_until_open(self) -> None:
        """Waits for the desks, which open a moment after the public side.

        Raises:
            EvaluationError: they do not open.
        """
        deadline = time.monotonic() + PATIENCE
        while self._get("/staff/releases").status != OK:
            if time.monotonic() > deadline:
                raise EvaluationError("the desks of the service did not open")
            time.sleep(LOOK_EVERY)

    def publish(self, study_id: str, text: str) -> Window:
        """Saves a text, publishes it, and waits until answers come from it.

        Raises:
            EvaluationError: the desk refuses, or the release fails.
        """
        began = time.perf_counter()
        edit = f"/staff/library/{study_id}/edit"
        written = {"text": text, "why": "a measurement", "action": "publish"}
        leads_on = self._post(edit, {**self._fields(edit), **written})
        release = self._post(leads_on, {**self._fields(leads_on), "why": "a measurement"})
        return Window(began, self._wait_for(release))

    def roll_back(self, number: int) -> Window:
        """Goes back to a release by the button on the list, and waits until answers come from it.

        Raises:
            EvaluationError: the desk refuses, or the release fails.
        """
        began = time.perf_counter()
        fields = self._fields("/staff/releases")
        release = self._post(f"/staff/releases/{number}/rollback", fields)
        return Window(began, self._wait_for(release))

    def _wait_for(self, release: str) -> float:
        deadline = time.monotonic() + PATIENCE
        while UNDER_WAY in (page := self._get(release).text):
            if time.monotonic() > deadline:
                raise EvaluationError(f"{release} was not made in {PATIENCE:.0f} seconds")
            time.sleep(LOOK_EVERY)
        if LIVE not in page:
            raise EvaluationError(f"{release} failed: {_problem(page)}")
        return time.perf_counter()

    def _fields(self, path: str) -> dict[str, str]:
        """The hidden fields of a page's forms."""
        return {name: html.unescape(value) for name, value in HIDDEN.findall(self._get(path).text)}

    def _get(self, path: str) -> Page:
        return self._send("GET", path)

    def _post(self, path: str, form: Mapping[str, str]) -> str:
        page = self._send("POST", path, urlencode(form))
        if page.status != SEE_OTHER:
            raise EvaluationError(f"the desk refused {path} ({page.status}): {_problem(page.text)}")
        return page.location

    def _send(self, method: str, path: str, body: str | None = None) -> Page:
        headers = {"Cookie": self._cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        # One connection a request: the service may close an idle one between two of them.
        with closing(HTTPConnection(self._at.hostname or "", self._at.port, timeout=60)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            return Page(response.status, response.getheader("Location", ""), text)


def begin_session(address: str) -> str:
    """The cookie of a session of a new account in a database; without a login, whose pace is not measured."""
    database, now = Database.open(address), datetime.now(UTC)
    try:
        with database.begin() as connection:
            member = add_account(connection, "measurement@example.org", Role.staff, None, now=now)
            secret = sessions.signing_secret(connection)
            return sessions.begin_session(connection, member, secret, now)
    finally:
        database.close()


def _problem(page: str) -> str:
    found = PROBLEM.search(page)
    return (
        " ".join(html.unescape(re.sub(r"<[^>]+>", "", found.group(1))).split())
        if found
        else "no reason given"
    )
