import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from itsdangerous import Signer
from sqlalchemy import select

from service.accounts import attempts, changes, csrf, passwords, sessions
from service.accounts.accounts import Role, account_named
from service.accounts.attempts import FREE_FAILURES
from service.desks import desks as desks_module
from service.desks.app import MAX_LOGIN
from service.desks.guard import FORM_COOKIE
from service.desks.login import WRONG
from service.storage.database import Database
from service.storage.tables import accounts as tables
from tests.members import PASSWORD, SITE, Rooms, log_in, open_rooms

OWN = "/account"
"""A page that every role may see."""


@pytest.fixture(autouse=True)
def _quick_logins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FAILURE_TAKES", 0.0)
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", quick)
    monkeypatch.setattr(passwords, "NOBODY", quick.hash("nobody has this password"))


@pytest.fixture
def rooms(tmp_path: Any) -> Iterator[Rooms]:
    database = Database.open(f"sqlite:///{tmp_path}/plaincite.db")
    yield open_rooms(database)
    database.close()


def is_in(client: Any) -> bool:
    """Whether a browser sees a page of the desks; else it has to be sent to the login."""
    response = client.get(OWN)
    assert response.status_code in {200, 303}
    if response.status_code == 303:
        assert response.headers["location"] == "/login?after=/account"
    return bool(response.status_code == 200)


def keys(rooms: Rooms) -> list[str]:
    with rooms.database.reading() as connection:
        return list(connection.execute(select(tables.sessions.c.key)).scalars())


def test_login_begins_a_session_in_a_cookie_that_scripts_and_other_sites_never_see(rooms: Rooms) -> None:
    """The cookie is for this host alone, over https alone, and neither for scripts nor for other sites."""
    rooms.add("eva", Role.staff)
    client = rooms.client()
    response = log_in(client, "eva")
    assert (response.status_code, response.headers["location"]) == (303, "/staff/queue")
    [cookie] = [
        one for one in response.headers.get_list("set-cookie") if one.startswith(f"{sessions.COOKIE}=")
    ]
    assert cookie.startswith("__Host-plaincite=")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"path=/", "httponly", "secure", "samesite=lax"}
    assert is_in(client)


def test_database_has_only_the_hash_of_a_session(rooms: Rooms) -> None:
    """A copy of the database opens no session: the cookie has 256 random bits, the table their SHA-256."""
    cookie = rooms.session(rooms.add("eva", Role.staff))
    key = sessions.session_key(cookie, rooms.desks.secret)
    assert key is not None
    assert len(key) == 43
    assert keys(rooms) == [sessions._hash(key)]
    forged = sessions._signer(rooms.desks.secret).sign(keys(rooms)[0]).decode()
    assert not is_in(rooms.client(forged))


def test_cookie_that_was_not_signed_here_is_none(rooms: Rooms) -> None:
    """A key with another signature, another purpose's, or none, is not even looked up."""
    cookie = rooms.session(rooms.add("eva", Role.staff))
    key, _, signature = cookie.rpartition(".")
    other = Signer(b"another secret", salt="plaincite.session").sign(key).decode()
    elsewhere = Signer(rooms.desks.secret, salt="plaincite.sign-on").sign(key).decode()
    turned = key.swapcase() + "." + signature
    for wrong in (key, other, elsewhere, turned, cookie[:-1], f"{cookie}x", ".", "\\udcff", "a" * 5000):
        assert sessions.session_key(wrong, rooms.desks.secret) is None
    assert is_in(rooms.client(cookie))


def test_login_ends_the_session_that_the_browser_had(rooms: Rooms) -> None:
    """A key that somebody put into the browser before the login is worth nothing after it."""
    eva = rooms.add("eva", Role.staff)
    planted = rooms.session(rooms.add("mallory", Role.evaluator))
    client = rooms.client(planted)
    response = client.post("/login", data={"csrf": rooms.token(client), "name": "eva", "password": PASSWORD})
    assert response.status_code == 303
    assert client.cookies[sessions.COOKIE] != planted
    assert not is_in(rooms.client(planted))
    assert len(keys(rooms)) == 1
    assert f">{eva.name}</a>" in client.get(OWN).text


def test_session_ends_after_two_idle_hours_and_is_kept_alive_by_use(rooms: Rooms) -> None:
    """Use keeps a session, up to twelve hours; without use it ends after two."""
    eva = rooms.add("eva", Role.staff)
    idle, used = rooms.come_in(eva), rooms.come_in(eva)
    for _ in range(11):
        rooms.clock.turn(hours=1)
        assert is_in(used)
    assert not is_in(idle)
    rooms.clock.turn(hours=1, seconds=1)
    assert not is_in(used)


def test_sessions_that_have_ended_are_cleared_away(rooms: Rooms) -> None:
    """The next login takes what has ended out of the database."""
    eva = rooms.add("eva", Role.staff)
    rooms.session(eva)
    rooms.clock.turn(hours=3)
    rooms.session(eva)
    assert len(keys(rooms)) == 1


def test_logout_ends_the_session_and_not_only_the_cookie(rooms: Rooms) -> None:
    """Who copied the cookie before is out as well; a link cannot log anybody out."""
    cookie = rooms.session(rooms.add("eva", Role.staff))
    client = rooms.client(cookie)
    assert client.get("/logout").status_code in {303, 405}
    assert is_in(client)
    response = rooms.post(client, "/logout")
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    assert sessions.COOKIE not in client.cookies
    assert not is_in(rooms.client(cookie))


@pytest.mark.parametrize("change", ["password", "role", "disable", "sessions", "unbind"])
def test_change_of_an_account_ends_its_sessions(rooms: Rooms, change: str) -> None:
    """Whoever is logged in as somebody is out when password or role change, or the account is disabled."""
    boss = rooms.add("boss", Role.admin)
    name = "eva@clinic.example"
    eva = rooms.add(name, Role.staff, None if change == "unbind" else PASSWORD)
    at_home, at_work, of_boss = rooms.come_in(eva), rooms.come_in(eva), rooms.come_in(boss)
    given = {"now": rooms.clock(), "actor": "boss"}
    with rooms.database.begin() as connection:
        account = account_named(connection, name)
        match change:
            case "password":
                changes.set_password(connection, account, "another heron by the lake", **given)
            case "role":
                changes.set_role(connection, account, Role.evaluator, **given)
            case "disable":
                changes.disable(connection, account, **given)
            case "sessions":
                changes.log_out(connection, account, **given)
            case "unbind":
                changes.unbind(connection, account, **given)
    assert [is_in(client) for client in (at_home, at_work, of_boss)] == [False, False, True]


def test_own_password_needs_the_old_one_and_ends_all_other_sessions(rooms: Rooms) -> None:
    """Everybody else who is logged in as oneself is out; this browser stays in, with another key."""
    eva = rooms.add("eva", Role.staff)
    here, elsewhere = rooms.come_in(eva), rooms.come_in(eva)
    before = here.cookies[sessions.COOKIE]
    new = "another heron by the lake"
    refused = rooms.post(here, "/account/password", old="a wrong password", new=new, again=new)
    assert (refused.status_code, "This is not your password" in refused.text) == (403, True)
    assert is_in(elsewhere)
    changed = rooms.post(here, "/account/password", old=PASSWORD, new=new, again=new)
    assert changed.headers["location"] == "/account?done=password"
    assert here.cookies[sessions.COOKIE] != before
    assert [is_in(client) for client in (here, elsewhere, rooms.client(before))] == [True, False, False]
    assert log_in(rooms.client(), "eva", new).status_code == 303
    assert log_in(rooms.client(), "eva").status_code == 403


@pytest.mark.parametrize(
    ("new", "again", "says"),
    [
        ("password1234", "password1234", "easily guessed"),
        ("another heron by the lake", "another heron by the sea", "are not the same"),
        (PASSWORD, PASSWORD, "that you have already"),
    ],
)
def test_own_password_is_refused_beside_its_field(rooms: Rooms, new: str, again: str, says: str) -> None:
    """What is wrong with a new password is said at the field, and no password comes back in the page."""
    client = rooms.come_in(rooms.add("eva", Role.staff))
    refused = rooms.post(client, "/account/password", old=PASSWORD, new=new, again=again)
    assert refused.status_code == 422
    assert says in refused.text
    assert new not in refused.text
    assert 'aria-invalid="true"' in refused.text


def test_guesses_at_the_own_password_are_counted_like_those_at_the_login(rooms: Rooms) -> None:
    """Who sits down at an open session has no more guesses at its password than anybody else."""
    client = rooms.come_in(rooms.add("eva", Role.staff))
    new = "another heron by the lake"
    for _ in range(FREE_FAILURES):
        rooms.post(client, "/account/password", old="a wrong password", new=new, again=new)
    assert rooms.post(client, "/account/password", old=PASSWORD, new=new, again=new).status_code == 403


def test_all_other_sessions_can_be_ended(rooms: Rooms) -> None:
    """The page of the own account shows where one is logged in, and ends it everywhere else."""
    eva = rooms.add("eva", Role.staff)
    here, elsewhere, of_max = (
        rooms.come_in(eva),
        rooms.come_in(eva),
        rooms.come_in(rooms.add("max", Role.staff)),
    )
    assert here.get(OWN).text.count("Another one") == 1
    assert rooms.post(here, "/account/sessions/end").status_code == 303
    assert [is_in(client) for client in (here, elsewhere, of_max)] == [True, False, True]
    assert "everywhere else" not in here.get(OWN).text


def test_whatever_is_wrong_at_the_login_the_page_is_the_same(rooms: Rooms) -> None:
    """Unknown, wrong, disabled and paused: one status, one page, but for the name that was typed."""
    rooms.add("boss", Role.admin)
    for name in ("known", "disabled", "paused"):
        rooms.add(name, Role.staff)
    with rooms.database.begin() as connection:
        changes.disable(connection, account_named(connection, "disabled"), now=rooms.clock(), actor="boss")
    for _ in range(FREE_FAILURES):
        attempts.log_in(rooms.database, "paused", "a wrong password", rooms.clock())
    pages = set()
    for name, password in (
        ("unknown", PASSWORD),
        ("known", "a wrong password"),
        ("disabled", PASSWORD),
        ("paused", PASSWORD),
        ("paused", "a wrong password"),
    ):
        response = log_in(rooms.client(), name, password)
        assert (response.status_code, WRONG in response.text) == (403, True)
        assert password not in response.text
        pages.add(re.sub(r'value="[^"]*"', "", response.text))
    assert len(pages) == 1


def test_failed_login_takes_as_long_as_it_takes(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written down about a failure does not show in its time: the rest of it is slept through."""
    slept: list[float] = []
    monkeypatch.setattr(attempts, "FAILURE_TAKES", 1000.0)
    monkeypatch.setattr(attempts.time, "sleep", slept.append)
    rooms.add("eva", Role.staff)
    for name in ("eva", "nobody"):
        log_in(rooms.client(), name, "a wrong password")
    assert [900 < seconds <= 1000 for seconds in slept] == [True, True]
    log_in(rooms.client(), "eva")
    assert len(slept) == 2


def test_one_address_cannot_try_many_names(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many attempts an address has to wait, whatever the names; who is logged in notices nothing."""
    monkeypatch.setattr(desks_module, "LOGIN_RATE", "4/day")
    rooms = open_rooms(rooms.database)
    client = rooms.client()
    eva = rooms.add("eva", Role.staff)
    tried = [log_in(client, f"name{number}", "a wrong password").status_code for number in range(4)]
    assert tried == [403] * 4
    refused = log_in(client, "eva")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "too many attempts to log in from your address" in refused.text
    assert is_in(rooms.come_in(eva))


@pytest.mark.parametrize(
    ("after", "leads_to"),
    [
        ("/staff/library", "/staff/library"),
        ("/account", "/account"),
        ("//evil.example/staff", "/staff/queue"),
        ("https://evil.example/staff", "/staff/queue"),
        ("/\\\\evil.example", "/staff/queue"),
        ("/staff//evil.example", "/staff/queue"),
        ("/staff\\r\\nSet-Cookie: a=b", "/staff"),
        ("javascript:alert(1)", "/staff/queue"),
        ("", "/staff/queue"),
    ],
)
def test_login_leads_on_within_the_desks_alone(rooms: Rooms, after: str, leads_to: str) -> None:
    """Where to go after the login stands in an address that anybody can write: it is never another site."""
    rooms.add("eva", Role.staff)
    response = log_in(rooms.client(), "eva", after=after)
    assert response.headers["location"].startswith(leads_to)
    assert "evil" not in response.headers["location"]
    assert "a=b" not in response.headers.get("set-cookie", "")


def test_form_of_another_browser_logs_nobody_in(rooms: Rooms) -> None:
    """A login form's token belongs to the browser that got it: nobody becomes somebody else unawares."""
    rooms.add("mallory", Role.staff)
    of_mallory, of_victim = rooms.client(), rooms.client()
    of_victim.get("/login")
    token = re.findall(r'name="csrf" value="([^"]+)"', of_mallory.get("/login").text)[0]
    form = {"csrf": token, "name": "mallory", "password": PASSWORD}
    assert of_victim.post("/login", data=form).status_code == 403
    assert sessions.COOKIE not in of_victim.cookies
    assert of_mallory.cookies[FORM_COOKIE] != of_victim.cookies[FORM_COOKIE]


def test_token_is_another_one_each_time_and_of_one_session_alone(rooms: Rooms) -> None:
    """Two tokens of a session differ, both count, and neither counts in another session."""
    secret = rooms.desks.secret
    one, two = csrf.make_token(secret, "session"), csrf.make_token(secret, "session")
    assert one != two
    assert csrf.is_token(one, secret, "session")
    assert csrf.is_token(two, secret, "session")
    for token, key in (
        (one, "another"),
        (f"x{one}", "session"),
        ("", "session"),
        (".", ""),
        ("é.é", "session"),
    ):
        assert not csrf.is_token(token, secret, key)


def test_stranger_cannot_send_much(rooms: Rooms) -> None:
    """Before a login a long body is not read, on no route: neither a form nor an upload fills the memory."""
    client = rooms.client()
    long = "x" * (MAX_LOGIN + 1)
    for path in ("/login", "/account/password", "/staff/accounts"):
        assert client.post(path, data={"name": long}).status_code in {400, 413}
        assert client.post(path, files={"file": long.encode()}).status_code in {400, 413}
    eva = rooms.come_in(rooms.add("boss", Role.admin))
    assert rooms.post(eva, "/staff/accounts", name=long).status_code == 422


def test_no_page_of_the_desks_is_kept_by_a_browser(rooms: Rooms) -> None:
    """What a page showed cannot be brought back after the logout, nor by who uses the computer next."""
    client = rooms.come_in(rooms.add("boss", Role.admin))
    for response in (
        client.get(OWN),
        client.get("/staff/accounts"),
        client.get("/login"),
        client.get("/staff/no"),
    ):
        assert response.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
    assert SITE not in client.get(OWN).text


def test_session_over_many_requests_writes_once_a_minute(rooms: Rooms) -> None:
    """Looking at pages does not make the database write at each look."""
    client = rooms.come_in(rooms.add("eva", Role.staff))
    seen = []
    for _ in range(4):
        rooms.clock.turn(seconds=20)
        assert is_in(client)
        with rooms.database.reading() as connection:
            seen.append(connection.execute(select(tables.sessions.c.seen)).scalar_one())
    assert len(set(seen)) == 2
    assert seen[-1] == rooms.clock() - timedelta(0)
