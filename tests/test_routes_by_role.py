"""Every route of the desks, tried as everybody: who may is in golden/routes.txt, a line a route.

The routes are those that the app has, so that a new one fails here until a line says who may use it. The
table is written by hand, since somebody has to decide that.
"""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from argon2 import PasswordHasher
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import select
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from corpus.studies import LIBRARY
from evaluation.judging.routes import JUDGING_DESK
from service.accounts import changes, csrf, passwords
from service.accounts.accounts import Member, Role, account_named
from service.accounts.sessions import LONGEST
from service.app import create_app
from service.desks import desks as desks_module
from service.desks.entrance import PREFIXES, is_desk_path
from service.desks.guard import Guard
from service.library import Library
from service.storage.database import Database
from service.storage.tables import metadata
from tests.members import FIELD, SITE, Rooms, log_in, open_rooms
from tests.shelf import Shelf, answered
from tests.toy import ToyEncoder

TABLE = Path(__file__).parent / "golden" / "routes.txt"
OPEN = ("/login", "/login/sign-on", "/login/sign-on/return")
WHO = ("nobody", "evaluator", "staff", "admin")
FILLED = {"key": "deng2017", "answer_id": "0f3c9a"}
"""What stands in a path where a route has a parameter; numbers are such that nothing has them."""

NOBODY_HAS = "4711"
ROLE_REFUSED, FORGED = (
    "Your role does not include this page",
    "This form was not sent from a page of your session",
)


class Tried(NamedTuple):
    """A route of the app.

    Attributes:
        method: its method.
        template: its path, with parameters.
        path: its path, filled in.
        roles: whom its guard names; empty where it has none.
    """

    method: str
    template: str
    path: str
    roles: frozenset[Role]


@pytest.fixture
def rooms(
    tmp_path: Path,
    toy_index: Path,
    make_toy_library: Callable[[ToyEncoder], Library],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Rooms]:
    """The desks with all their routes, over a library of their own; the provider is away."""
    monkeypatch.setattr(desks_module, "LOGIN_RATE", "")
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    database = Database.open(f"sqlite:///{tmp_path}/plaincite.db")
    rooms = open_rooms(
        database,
        make_toy_library(ToyEncoder()),
        others=[JUDGING_DESK],
        corpus=Path(shutil.copytree(LIBRARY, tmp_path / "library")),
        index=Path(shutil.copytree(toy_index, tmp_path / "index")),
        oidc_issuer="http://127.0.0.1:9",
    )
    yield rooms
    database.close()


@pytest.fixture
def members(rooms: Rooms) -> dict[str, Member]:
    return {role.value: rooms.add(role.value, role) for role in Role}


def routes_of(rooms: Rooms) -> list[Tried]:
    """All routes, as the app knows them; each has to be one of FastAPI's, whose dependencies are run."""
    found = []
    for context in iter_route_contexts(rooms.app.routes):
        route: BaseRoute = context.original_route
        assert isinstance(route, APIRoute), f"{route} is no route that a guard can stand before"
        path = re.sub(r"{(\w+)}", lambda name: FILLED.get(name[1], NOBODY_HAS), context.path)
        guards = list(guards_of(context.dependant))
        assert len(guards) <= 1, f"{context.path} has two guards"
        roles = frozenset(guards[0].roles if guards else ())
        found += [Tried(method, context.path, path, roles) for method in context.methods]
    return sorted(found, key=lambda one: (one.template, one.method))


def guards_of(dependant: Dependant) -> Iterator[Guard]:
    for each in dependant.dependencies:
        if isinstance(each.call, Guard):
            yield each.call
        yield from guards_of(each)


def try_route(rooms: Rooms, client: TestClient, route: Tried, **headers: str) -> Any:
    """One request as a page of that session would send it: a change has the session's token."""
    if route.method == "GET":
        return client.get(route.path, headers=headers)
    token = rooms.token(client) if client.cookies else FIELD.findall(client.get("/login").text)[0]
    return client.request(route.method, route.path, data={csrf.FIELD: token}, headers=headers)


def outcome(response: Any) -> str:
    """What came of a request: `yes`, `log in` or `no`."""
    assert response.status_code != 500, response.text
    location = response.headers.get("location", "")
    if response.status_code == 401 or (response.status_code == 303 and location.startswith("/login?after=")):
        return "log in"
    if response.status_code == 403 and (ROLE_REFUSED in response.text or FORGED in response.text):
        return "no"
    return "yes"


def as_everybody(rooms: Rooms, members: dict[str, Member], route: Tried) -> list[str]:
    """The outcomes for WHO, each in a session of its own."""
    browsers = (rooms.come_in(members[who]) if who in members else rooms.client() for who in WHO)
    return [outcome(try_route(rooms, browser, route)) for browser in browsers]


def test_each_route_answers_whom_the_table_names_and_nobody_else(
    rooms: Rooms, members: dict[str, Member]
) -> None:
    """The table is what was tried: every route, as nobody and in each role; its guard names those roles."""
    lines = []
    for route in routes_of(rooms):
        tried = as_everybody(rooms, members, route)
        lines.append(
            f"{route.method:5} {route.template:52}" + "".join(f"{cell:11}" for cell in tried).rstrip()
        )
        may = {who for who, cell in zip(WHO, tried, strict=True) if cell == "yes"}
        if route.template in OPEN:
            assert may == set(WHO), route
        else:
            assert may == {"admin", *(role.value for role in route.roles)}, route
            assert tried[0] == "log in", route
    head = f"{'route':58}" + "".join(f"{who:11}" for who in WHO).rstrip()
    table = "\n".join([head, *lines]) + "\n"
    assert table == TABLE.read_text(encoding="utf-8"), f"routes.txt has to be:\n{table}"


def test_whoever_is_no_longer_in_is_treated_as_nobody(rooms: Rooms, members: dict[str, Member]) -> None:
    """A disabled account, an ended, a logged-out or a forged session: every route sends to the login."""
    expired = rooms.session(members["admin"])
    rooms.clock.turn(seconds=LONGEST.total_seconds() + 1)
    gone = rooms.add("gone", Role.admin)
    ended, left, turned = rooms.session(gone), rooms.session(gone), rooms.session(members["admin"])
    rooms.post(rooms.client(left), "/logout")
    with rooms.database.begin() as connection:
        account = account_named(connection, "gone")
        changes.disable(connection, account, now=rooms.clock(), actor="admin")
    disabled = rooms.session(gone)  # as if it had begun at the very moment
    for route in routes_of(rooms):
        if route.template in OPEN:
            continue
        for cookie in (expired, ended, left, disabled, f"x{turned}", "x.y"):
            response = try_route(rooms, rooms.client(cookie), route)
            assert outcome(response) != "yes", (route, cookie)
            assert response.status_code in {303, 401}
            assert_tells_nothing(response)


def test_change_without_a_token_of_its_own_session_changes_nothing(
    rooms: Rooms, members: dict[str, Member]
) -> None:
    """No token, another session's, one in the address, another site's request: refused; nothing changes."""
    admin, other = rooms.come_in(members["admin"]), rooms.come_in(members["admin"])
    good, foreign = rooms.token(admin), rooms.token(other)
    before = contents(rooms)
    for route in routes_of(rooms):
        if route.method == "GET":
            continue
        for form, headers in (
            ({}, {}),
            ({"csrf": foreign}, {}),
            ({"csrf": good[:-1]}, {}),
            ({}, {"X-CSRF-Token": foreign}),
            ({"csrf": good}, {"Sec-Fetch-Site": "cross-site"}),
            ({"csrf": good}, {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"}),
            ({"csrf": good}, {"Origin": "https://evil.example"}),
            ({"csrf": good}, {"Origin": "null"}),
            ({"csrf": good}, {"Origin": SITE, "Host": "evil.example"}),
        ):
            refused = admin.request(route.method, route.path, data=form, headers=headers)
            assert (refused.status_code, FORGED in refused.text) == (403, True), (route, form, headers)
        in_address = admin.request(route.method, f"{route.path}?csrf={good}", json={})
        assert in_address.status_code == 403, route
    assert contents(rooms) == before


def contents(rooms: Rooms) -> str:
    """What is in all tables and in the library, as one hash; when a session was last used does not count."""
    hashed = hashlib.sha256()
    with rooms.database.reading() as connection:
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if column.name != "seen"]
            hashed.update(repr(sorted(map(repr, connection.execute(select(*columns))))).encode())
    for path in sorted(rooms.desks.settings.corpus.rglob("*")):
        hashed.update(path.read_bytes() if path.is_file() else str(path).encode())
    return hashed.hexdigest()


def test_no_other_method_or_spelling_gets_around_a_guard(rooms: Rooms, members: dict[str, Member]) -> None:
    """Other methods, other slashes, capitals, encodings, and headers that rename a request open nothing."""
    nobody, evaluator = rooms.client(), rooms.come_in(members["evaluator"])
    others = [one for one in routes_of(rooms) if one.template not in OPEN and Role.evaluator not in one.roles]
    for path in sorted({route.path for route in others}):
        for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "get", "BREW"):
            assert_closed(nobody.request(method, path), path)
            assert_closed(evaluator.request(method, path), path)
        for spelling in spellings(path):
            assert_closed(nobody.get(spelling), spelling)
        assert_closed(nobody.post(f"{path}/"), path)
        assert_closed(evaluator.get(f"{path}/"), path)
        assert_closed(evaluator.post(path, data={"_method": "GET"}), path)
    for name in ("X-HTTP-Method-Override", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix"):
        for value in ("/staff/accounts", "DELETE"):
            assert "Your account" in evaluator.get("/account", headers={name: value}).text


def spellings(path: str) -> Iterator[str]:
    first, _, rest = path.removeprefix("/").partition("/")
    yield from (f"{path}/", f"{path}//", f"{path}/.", f"{path};x=1", f"{path}%2f", f"{path}%00", f"{path}%20")
    yield from (f"/{first}//{rest}", f"/{first}%2f{rest}", f"/{first.upper()}/{rest}", f"/./{first}/{rest}")
    yield from (f"/login/../{first}/{rest}", f"/login/%2e%2e/{first}/{rest}", f"/login%2f..%2f{first}/{rest}")
    yield f"/%{ord(first[0]):x}{first[1:]}/{rest}"


def assert_closed(response: Any, what: object) -> None:
    assert response.status_code in {303, 401, 403, 404, 405, 400}, (what, response.status_code)
    assert_tells_nothing(response)


def assert_tells_nothing(response: Any) -> None:
    """A refusal has nothing of a desk in it: no study, no account, no name of the templates' insides."""
    text = response.text.lower()
    assert not any(
        word in text for word in ("deng", "traceback", "sqlalchemy", "mesenchymal", "first password")
    )
    assert response.headers["cache-control"] == "no-store"


def test_address_that_nobody_has_tells_strangers_nothing(rooms: Rooms, members: dict[str, Member]) -> None:
    """Without a login an address that exists answers like one that does not; inside it is not found."""
    for path in ("/staff/nothing", "/evaluate/nothing", "/account/nothing"):
        assert outcome(rooms.client().get(path)) == "log in"
        assert rooms.come_in(members["staff"]).get(path).status_code == 404


def test_wrong_host_is_never_repeated(rooms: Rooms, members: dict[str, Member]) -> None:
    """No link, redirect or cookie is made from what a request says that the host is called."""
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    for client in (rooms.client(), rooms.come_in(members["admin"])):
        for path in ("/login", "/staff", "/staff/accounts", "/account", "/staff/nothing"):
            response = client.get(path, headers=headers)
            assert "evil" not in f"{response.text}{response.headers}"


def test_public_side_gives_nothing_of_the_desks_away(rooms: Rooms) -> None:
    """Neither the API's description nor static files nor error pages of the public side hold any of them."""
    client = TestClient(rooms.site(), SITE, follow_redirects=False)
    described = client.get("/api/openapi.json").json()
    assert not [path for path in described["paths"] if is_desk_path(path)]
    assert not any(word in str(described) for word in ("staff", "csrf", "evaluator"))
    for path in (
        "/static/../desks/templates/accounts.html",
        "/static/%2e%2e/desks/templates/accounts.html",
        "/static/..%2fdesks/templates/accounts.html",
        "/static/accounts.html",
        "/openapi.json",
        "/docs",
        "/api/staff",
        "/Staff",
        "//staff/accounts",
        "/%2fstaff/accounts",
        "/.well-known/../staff/accounts",
    ):
        response = client.get(path, headers={"Accept": "text/html"})
        assert response.status_code in {303, 404}, path
        assert "First password" not in response.text
    for prefix in PREFIXES:
        assert outcome(client.get(prefix)) == ("yes" if prefix == "/login" else "log in")


def test_public_side_alone_has_no_desks() -> None:
    """Where the operator turned the desks off, their addresses are like any other that does not exist."""
    client = TestClient(create_app(Shelf(answered())), SITE, follow_redirects=False)
    for prefix in PREFIXES:
        assert client.get(prefix).status_code == 404


def test_whole_way_in_by_the_form(rooms: Rooms, members: dict[str, Member]) -> None:
    """By the door itself each role gets to its own desk, and no further than the table says."""
    for who, home in (("staff", "/staff/queue"), ("evaluator", "/evaluate"), ("admin", "/staff/queue")):
        client = rooms.client()
        response = log_in(client, members[who].name)
        assert response.headers["location"] == home
        assert client.get(home).status_code == 200
        page = client.get("/account").text
        assert ("/staff/accounts" in page) == (who == "admin")
        assert ("/staff/library" in page) == (who != "evaluator")
