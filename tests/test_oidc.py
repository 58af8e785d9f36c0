import re
import socket
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from service.accounts import changes, sessions
from service.accounts.accounts import Role, account_named
from service.desks import desks as desks_module
from service.desks.sign_on import COOKIE, LONGEST
from service.storage.database import Database
from service.storage.tables import accounts as tables
from service.storage.tables.audit import audit
from tests.members import SITE, Rooms, open_rooms
from tests.provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    KEY,
    OTHER_KEY,
    HostileProvider,
    Sign,
    real_provider_for,
    signing,
    signing_with_nothing,
    signing_with_secret,
)

EVA = "eva@clinic.example"
BEGIN = "/login/sign-on"
BASIC = f"Basic {b64encode(f'{CLIENT_ID}:{CLIENT_SECRET}'.encode()).decode()}"


@pytest.fixture(autouse=True)
def _no_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks_module, "LOGIN_RATE", "")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path}/plaincite.db")
    yield database
    database.close()


@pytest.fixture
def provider(serve_app: Callable[[ASGIApp], str]) -> HostileProvider:
    provider = HostileProvider()
    provider.issuer = serve_app(provider.app())
    return provider


@pytest.fixture
def rooms(database: Database, provider: HostileProvider) -> Rooms:
    """The desks of an organisation with a provider, and an account for Eva."""
    rooms = open_rooms(
        database,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="Clinic login",
    )
    provider.now = lambda: rooms.clock().timestamp()
    rooms.add(EVA, Role.staff, None)
    return rooms


def way_back(client: TestClient, after: str = "") -> str:
    """Goes to the provider and is sent back; the path and query that the browser comes back to."""
    away = client.get(BEGIN, params={"after": after} if after else {})
    assert away.status_code == 303, away.text
    back = httpx.get(away.headers["location"])
    assert back.status_code == 307
    parts = urlsplit(back.headers["location"])
    assert f"{parts.scheme}://{parts.netloc}" == SITE
    return f"{parts.path}?{parts.query}"


def sign_on(client: TestClient, after: str = "") -> Any:
    return client.get(way_back(client, after))


def assert_refused(response: Any, says: str, status: int = 403) -> None:
    """Nobody came in, and the page says why, beside the way to try again."""
    assert response.status_code == status, response.headers.get("location")
    alert = re.findall(r'role="alert"[^>]*>([^<]+)<', response.text)
    assert says in alert[0]
    assert f'href="{BEGIN}' in response.text
    assert not any(one.startswith(f"{sessions.COOKIE}=") for one in response.headers.get_list("set-cookie"))


def subject(database: Database, name: str = EVA) -> str | None:
    with database.reading() as connection:
        found = select(tables.accounts.c.subject).where(tables.accounts.c.name == name)
        return connection.execute(found).scalar_one()


def test_person_with_an_account_comes_in_and_is_bound(rooms: Rooms, provider: HostileProvider) -> None:
    """The first time the verified e-mail address decides, and what the provider calls the person is kept."""
    client = rooms.client()
    response = sign_on(client, "/staff/library?page=2")
    assert (response.status_code, response.headers["location"]) == (303, "/staff/library?page=2")
    assert subject(rooms.database) == f"{provider.issuer}|person-1"
    assert COOKIE not in client.cookies
    assert client.get("/account").status_code == 200
    with rooms.database.reading() as connection:
        rows = connection.execute(select(audit.c.actor, audit.c.action).order_by(audit.c.number))
        assert [tuple(row) for row in rows][-2:] == [(EVA, "account.bind"), (EVA, "account.login")]


def test_once_bound_the_subject_alone_counts(rooms: Rooms, provider: HostileProvider) -> None:
    """A new e-mail address is the same person; another person with the old address is not."""
    assert sign_on(rooms.client()).status_code == 303
    provider.claims = lambda claims: claims.update(email="eva.maria@clinic.example", email_verified=False)
    assert sign_on(rooms.client()).status_code == 303
    provider.claims = lambda claims: claims.update(sub="person-2")
    assert_refused(sign_on(rooms.client()), "no account here for you")
    with rooms.database.begin() as connection:
        changes.unbind(connection, account_named(connection, EVA), now=rooms.clock(), actor="boss")
    assert sign_on(rooms.client()).status_code == 303
    assert subject(rooms.database) == f"{provider.issuer}|person-2"


def test_request_to_the_provider_has_all_that_protects_it(rooms: Rooms) -> None:
    """State, nonce and challenge are random each time, and the secrets to them stay in a signed cookie."""
    client = rooms.client()
    asked = []
    for _ in range(2):
        response = client.get(BEGIN)
        asked.append(parse_qs(urlsplit(response.headers["location"]).query))
        attributes = response.headers["set-cookie"].lower()
        assert attributes.startswith("__host-plaincite-sign-on=")
        for attribute in ("httponly", "secure", "samesite=lax", "path=/", f"max-age={LONGEST}"):
            assert attribute in attributes
    for name in ("state", "nonce", "code_challenge"):
        one, two = (query[name][0] for query in asked)
        assert one != two
        assert len(one) >= 43
    assert asked[0]["redirect_uri"] == [f"{SITE}/login/sign-on/return"]
    assert CLIENT_SECRET not in str(asked)


def test_provider_is_asked_at_a_login_and_at_no_other_time(rooms: Rooms, provider: HostileProvider) -> None:
    """Neither the login page nor any other sends a request to the provider."""
    client = rooms.client()
    assert "Log in with Clinic login" in client.get("/login").text
    assert provider.asked == []
    assert sign_on(client).status_code == 303
    asked = len(provider.asked)
    client.get("/account")
    client.get("/login")
    assert len(provider.asked) == asked


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ["another"]},
        {"aud": "another-service"},
        {"aud": "another-service", "azp": CLIENT_ID},
        {"aud": [CLIENT_ID, "another-service"]},
        {"aud": [CLIENT_ID, "another-service"], "azp": "another-service"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": 32503680000},
        {"nbf": 32503680000},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=str,
)
def test_token_with_a_wrong_claim_lets_nobody_in(
    rooms: Rooms, provider: HostileProvider, change: dict[str, Any]
) -> None:
    """A token of another login, service, issuer or time, or of nobody, is refused."""

    def claims(said: dict[str, Any]) -> None:
        said.update(change)
        for name in [name for name, value in said.items() if value is None]:
            del said[name]

    provider.claims = claims
    assert_refused(sign_on(rooms.client()), "could not be trusted")
    assert subject(rooms.database) is None


@pytest.mark.parametrize(
    "sign",
    [
        signing(OTHER_KEY, alg="RS256", kid="one"),
        signing(OTHER_KEY, alg="RS256", kid="two"),
        signing(OTHER_KEY, alg="RS256"),
        signing_with_secret(CLIENT_SECRET.encode()),
        signing_with_secret(KEY.as_pem(private=False)),
        signing_with_nothing,
    ],
    ids=["other key", "other id", "no id", "our secret", "public key as secret", "no signature"],
)
def test_token_that_the_provider_did_not_sign_lets_nobody_in(
    rooms: Rooms, provider: HostileProvider, sign: Sign
) -> None:
    """A signature counts by a key that the provider publishes alone, and of a kind that it alone can make."""
    provider.sign = sign
    assert_refused(sign_on(rooms.client()), "could not be trusted")
    assert subject(rooms.database) is None


def tampered(said: dict[str, Any]) -> None:
    """Makes Eva's token one of the admin, and leaves its signature as it was."""
    head, body, signature = said["id_token"].split(".")
    said["id_token"] = f"{head}.{body[:-8]}AAAAAAAA.{signature}"


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("token", tampered),
        ("token", lambda said: said.pop("id_token")),
        ("token", lambda said: said.update(id_token=["a", "b"])),
        ("token", lambda said: said.update({"id_token": "a.b.c"})),
        ("token", lambda said: said.update(error="invalid_grant")),
        ("jwks", lambda said: said.update(keys=[])),
        ("jwks", lambda said: said.update(keys=[{"kty": "RSA"}])),
        ("jwks", lambda said: said.update(keys="none")),
        ("discovery", lambda said: said.update(issuer="https://evil.example")),
        ("discovery", lambda said: said.update(issuer=f"{said['issuer']}/")),
        ("discovery", lambda said: said.update({"token_endpoint": "http://evil.example/token"})),
        ("discovery", lambda said: said.update(jwks_uri="http://evil.example/jwks")),
        ("discovery", lambda said: said.update(authorization_endpoint="http://evil.example/")),
        ("discovery", lambda said: said.update(userinfo_endpoint="ftp://evil.example/")),
        ("discovery", lambda said: said.update(authorization_endpoint="javascript:alert(1)")),
        ("discovery", lambda said: said.pop("token_endpoint")),
        ("discovery", lambda said: said.update(id_token_signing_alg_values_supported=["HS256", "none"])),
        ("discovery", lambda said: said.update(authorization_response_iss_parameter_supported=True)),
    ],
)
def test_provider_that_makes_no_sense_lets_nobody_in(
    rooms: Rooms, provider: HostileProvider, part: str, change: Callable[[dict[str, Any]], object]
) -> None:
    """Whatever a provider's answers lack or say wrongly ends in one clear page, and in no session."""
    setattr(provider, part, change)
    client = rooms.client()
    away = client.get(BEGIN)
    if away.status_code == 303:
        back = urlsplit(httpx.get(away.headers["location"]).headers["location"])
        away = client.get(f"{back.path}?{back.query}")
    assert_refused(away, "could not be trusted")
    assert "evil" not in away.text


@pytest.mark.parametrize(
    ("secret", "supported", "shown"),
    [
        (CLIENT_SECRET, ["client_secret_basic", "client_secret_post"], BASIC),
        (CLIENT_SECRET, ["client_secret_post"], f"{CLIENT_ID}:{CLIENT_SECRET}"),
        ("", ["none"], f"{CLIENT_ID}:"),
    ],
)
def test_we_show_who_we_are_as_the_provider_wants_it(
    rooms: Rooms, provider: HostileProvider, secret: str, supported: list[str], shown: str
) -> None:
    """The secret goes along in the head or in the form; where there is none, PKCE alone has to do."""
    provider.discovery = lambda said: said.update(token_endpoint_auth_methods_supported=supported)
    settings = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": secret}
    client = open_rooms(rooms.database, clock=rooms.clock, **settings).client()
    assert sign_on(client).status_code == 303
    assert provider.shown == shown


def test_log_says_what_is_wrong_and_no_secret(
    rooms: Rooms, provider: HostileProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever sets the provider up finds the kind of the fault in the log, and neither token nor address."""
    provider.token = lambda said: said.update(error="invalid_client", error_description=EVA)
    sign_on(rooms.client())
    [line] = [record for record in caplog.records if record.name == "plaincite.oidc"]
    assert vars(line)["reason"] == "invalid_client"
    assert not any(EVA in str(value) or CLIENT_SECRET in str(value) for value in vars(line).values())


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_provider_in_trouble_is_told_from_one_that_refuses(
    rooms: Rooms, provider: HostileProvider, path: str
) -> None:
    """Where the provider fails, the page says that it does not answer; the password form is still there."""
    client = rooms.client()
    back = way_back(client)
    provider.failing.add(path)
    response = client.get(back)
    assert_refused(response, "Clinic login does not answer right now", 502)
    assert 'name="password"' in response.text


def test_provider_that_is_away_is_said_to_be(database: Database) -> None:
    """Nothing listens at the issuer's address: a page says so, at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    rooms = open_rooms(database, oidc_issuer=f"http://127.0.0.1:{port}", oidc_client_id=CLIENT_ID)
    assert_refused(rooms.client().get(BEGIN), "single sign-on does not answer right now", 502)


def test_provider_that_redirects_elsewhere_is_not_followed(rooms: Rooms, provider: HostileProvider) -> None:
    """The secret goes to the token address that the provider names, and not on from there."""
    provider.discovery = lambda said: said.update(token_endpoint=f"{provider.issuer}/authorize")
    client = rooms.client()
    assert client.get(way_back(client)).status_code in {403, 502}
    assert provider.asked.count("/token") == 0


@pytest.mark.parametrize(
    "case", ["no cookie", "another browser", "another state", "no state", "late", "forged"]
)
def test_only_the_browser_that_left_comes_back(rooms: Rooms, case: str) -> None:
    """An answer of the provider counts soon, and in the browser that began; a planted one never does."""
    client, other = rooms.client(), rooms.client()
    back = way_back(client)
    way_back(other)
    match case:
        case "no cookie":
            client = rooms.client()
        case "another browser":
            client = other
        case "another state":
            back = re.sub(r"state=[^&]+", "state=another", back)
        case "no state":
            back = re.sub(r"&?state=[^&]+", "", back)
        case "late":
            rooms.clock.turn(seconds=LONGEST + 1)
        case "forged":
            value = client.cookies[COOKIE]
            client.cookies.set(COOKIE, f"x{value}", domain=urlsplit(SITE).netloc)
    assert_refused(client.get(back), "begun somewhere else, or too long ago")


def test_answer_counts_once(rooms: Rooms) -> None:
    """The same answer again begins no second session: what was kept for it is gone."""
    client = rooms.client()
    back = way_back(client)
    assert client.get(back).status_code == 303
    client.cookies.delete(sessions.COOKIE)
    assert_refused(client.get(back), "begun somewhere else")


@pytest.mark.parametrize("said", ["error=access_denied", "error=server_error&error_description=<script>", ""])
def test_person_who_was_not_let_in_over_there_is_told_so(rooms: Rooms, said: str) -> None:
    """Who goes back, or is refused at the provider, reads so here; nothing of the address is repeated."""
    client = rooms.client()
    state = re.findall(r"state=([^&]+)", way_back(client))[0]
    response = client.get(f"{BEGIN}/return?{said}&state={state}")
    assert_refused(response, "did not let you in, or you went back")
    assert "<script>" not in response.text


def test_answer_of_another_issuer_is_refused(rooms: Rooms) -> None:
    """Where an answer says whose it is, it has to be our provider's (RFC 9207)."""
    client = rooms.client()
    assert_refused(client.get(f"{way_back(client)}&iss=https%3A%2F%2Fevil.example"), "could not be trusted")


@pytest.mark.parametrize(
    "email",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email_verified": 1},
        {"email": None},
        {"email": ["eva@clinic.example"]},
        {"email": "max@clinic.example"},
        {"email": "eva@clinic.example.evil.example"},
        {"email": "boss@clinic.example"},
        {"email": "gone@clinic.example"},
    ],
    ids=str,
)
def test_only_a_verified_address_with_an_account_for_it_comes_in(
    rooms: Rooms, provider: HostileProvider, email: dict[str, Any]
) -> None:
    """An address without a verification, an account, or one for this way, opens nothing."""
    rooms.add("boss@clinic.example", Role.admin)
    rooms.add("gone@clinic.example", Role.staff, None)
    with rooms.database.begin() as connection:
        changes.disable(
            connection, account_named(connection, "gone@clinic.example"), now=rooms.clock(), actor="boss"
        )
    provider.claims = lambda claims: claims.update(email)
    assert_refused(sign_on(rooms.client()), "there is no account here for you")
    assert subject(rooms.database) is None


def test_person_whose_account_is_disabled_gets_no_other_one(rooms: Rooms, provider: HostileProvider) -> None:
    """Who was kept out under one address does not come in under another."""
    assert sign_on(rooms.client()).status_code == 303
    rooms.add("boss", Role.admin)
    rooms.add("eva.maria@clinic.example", Role.staff, None)
    with rooms.database.begin() as connection:
        changes.disable(connection, account_named(connection, EVA), now=rooms.clock(), actor="boss")
    provider.claims = lambda claims: claims.update(email="eva.maria@clinic.example")
    assert_refused(sign_on(rooms.client()), "there is no account here for you")


def test_address_may_come_from_the_userinfo_endpoint(rooms: Rooms, provider: HostileProvider) -> None:
    """Providers that keep the address out of the token are asked for it, and may write booleans as text."""
    provider.claims = lambda claims: (claims.pop("email"), claims.pop("email_verified"))
    provider.user_info = lambda said: said.update(email="EVA@clinic.example", email_verified="true")
    assert sign_on(rooms.client()).status_code == 303


def test_userinfo_of_somebody_else_does_not_count(rooms: Rooms, provider: HostileProvider) -> None:
    """What the userinfo endpoint says counts only where it is of the person in the token."""
    provider.claims = lambda claims: claims.pop("email")
    provider.user_info = lambda said: said.update(sub="person-2", email=EVA, email_verified=True)
    assert_refused(sign_on(rooms.client()), "there is no account here for you")


def test_without_a_provider_there_is_no_such_way_in(database: Database) -> None:
    """Where no issuer is set, the login page offers none and the addresses answer like unknown ones."""
    client = open_rooms(database).client()
    assert "sign-on" not in client.get("/login").text
    for path in (BEGIN, f"{BEGIN}/return?code=1&state=2"):
        response = client.get(path)
        assert (response.status_code, response.headers.get("location", "")[:7]) == (303, "/login?")


def test_account_for_single_sign_on_has_no_password_to_log_in_with(rooms: Rooms) -> None:
    """Such an account is entered through the provider alone, and its password cannot be set."""
    client = rooms.client()
    token = re.findall(r'name="csrf" value="([^"]+)"', client.get("/login").text)[0]
    for password in ("", "nobody has this password"):
        form = {"csrf": token, "name": EVA, "password": password}
        assert client.post("/login", data=form).status_code == 403


@pytest.fixture(scope="module")
def real_provider() -> Iterator[str]:
    """The issuer of a provider that others wrote."""
    people = (
        {"sub": "9f1c", "email": EVA, "email_verified": True},
        {"sub": "77aa", "email": EVA, "email_verified": False},
    )
    with real_provider_for(*people) as issuer:
        yield issuer


@pytest.mark.parametrize(("person", "comes_in"), [("9f1c", True), ("77aa", False), ("stranger", False)])
def test_real_provider(database: Database, real_provider: str, person: str, comes_in: bool) -> None:
    """With a real provider who has an account comes in; who has none, or an unverified address, does not."""
    rooms = open_rooms(
        database, oidc_issuer=real_provider, oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET
    )
    rooms.clock.time = datetime.now(UTC)  # the provider has a clock of its own
    rooms.add(EVA, Role.evaluator, None)
    client = rooms.client()
    away = client.get(BEGIN).headers["location"]
    back = urlsplit(httpx.post(away, data={"sub": person}, trust_env=False).headers["location"])
    response = client.get(f"{back.path}?{back.query}")
    if comes_in:
        assert (response.status_code, response.headers["location"]) == (303, "/evaluate")
        assert subject(database) == f"{real_provider}|9f1c"
    else:
        assert_refused(response, "there is no account here for you")
    denied = httpx.post(away, data={"action": "deny"}, trust_env=False).headers["location"]
    assert "error=access_denied" in denied
