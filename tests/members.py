"""The desks with real accounts and sessions, for tests that come in as somebody.

Most tests begin a session in the database, which takes no argon2 and no form; those of the login do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from service.accounts import csrf, sessions
from service.accounts.accounts import Member, Role, add_account
from service.app import create_app
from service.desks.app import create_desks
from service.desks.desks import Desks, OtherDesk
from service.desks.entrance import Entrance, Opened
from service.live import Live
from service.settings import Settings
from service.storage.database import Database
from tests.shelf import Shelf, answered

SITE = "https://desks.example"
"""Where the tests find the desks; over https, as the cookies demand."""

PASSWORD = "blue heron by the river"  # noqa: S105  # of the tests alone

FIELD = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Clock:
    """A clock that stands still until a test turns it."""

    time: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time

    def turn(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Rooms:
    """The desks' app with its database and its clock."""

    app: FastAPI
    desks: Desks
    clock: Clock

    @property
    def database(self) -> Database:
        return self.desks.database

    def add(self, name: str, role: Role, password: str | None = PASSWORD) -> Member:
        with self.database.begin() as connection:
            return add_account(connection, name, role, password, now=self.clock())

    def session(self, member: Member) -> str:
        """The cookie of a new session."""
        with self.database.begin() as connection:
            return sessions.begin_session(connection, member, self.desks.secret, self.clock())

    def client(self, cookie: str = "") -> TestClient:
        """A browser, with the cookie of a session where one is given."""
        client = TestClient(self.app, SITE, follow_redirects=False)
        if cookie:
            client.cookies.set(sessions.COOKIE, cookie, domain=urlsplit(SITE).netloc)
        return client

    def come_in(self, member: Member) -> TestClient:
        """A browser in which a member is logged in."""
        return self.client(self.session(member))

    def site(self) -> ASGIApp:
        """The desks at one address with the public side, which has the styles and the scripts."""
        entrance = Entrance(create_app(self.desks.live.library), lambda: Opened(self.app, lambda: None))
        entrance._open()
        return entrance

    def token(self, client: TestClient) -> str:
        """A token for the forms of a browser's session."""
        key = sessions.session_key(client.cookies.get(sessions.COOKIE, ""), self.desks.secret)
        return csrf.make_token(self.desks.secret, key or "")

    def post(self, client: TestClient, path: str, **form: str) -> Any:
        """Sends a form as a page of the session would."""
        return client.post(path, data={csrf.FIELD: self.token(client), **form})


def open_rooms(
    database: Database,
    library: Any = None,
    *,
    others: Sequence[OtherDesk] = (),
    clock: Clock | None = None,
    **settings: Any,
) -> Rooms:
    """The desks over a database, and over a library where a test needs a real one."""
    clock = clock or Clock()
    with database.begin() as connection:
        secret = sessions.signing_secret(connection)
    live = Live(library or Shelf(answered()))
    desks = Desks(database, live, Settings(**settings), secret, now=clock)
    return Rooms(create_desks(desks, others), desks, clock)


def log_in(client: TestClient, name: str, password: str = PASSWORD, **form: str) -> Any:
    """Fills in the login form as a browser would."""
    token = FIELD.findall(client.get("/login").text)[0]
    return client.post("/login", data={"csrf": token, "name": name, "password": password, **form})
