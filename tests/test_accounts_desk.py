"""The accounts page: what admins do there is what `plaincite users` does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from starlette.testclient import TestClient

from service.accounts import attempts, passwords
from service.accounts.accounts import Account, Role, account_named
from service.storage.database import Database
from service.storage.tables.audit import audit
from tests.members import PASSWORD, Rooms, log_in, open_rooms

PAGE = "/staff/accounts"


@pytest.fixture(autouse=True)
def _quick_logins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FAILURE_TAKES", 0.0)
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    database = Database.open(f"sqlite:///{tmp_path}/plaincite.db")
    yield open_rooms(database, oidc_issuer="http://127.0.0.1:9", oidc_name="Clinic login")
    database.close()


@pytest.fixture
def boss(rooms: Rooms) -> TestClient:
    return rooms.come_in(rooms.add("boss", Role.admin))


def account(rooms: Rooms, name: str) -> Account:
    with rooms.database.reading() as connection:
        return account_named(connection, name)


def test_account_that_was_added_can_log_in(rooms: Rooms, boss: TestClient) -> None:
    """The person logs in with the first password, in the role that was chosen."""
    added = rooms.post(boss, PAGE, name="Eva", role="evaluator", password=PASSWORD)
    assert added.status_code == 303
    assert "The account was added." in boss.get(added.headers["location"]).text
    assert log_in(rooms.client(), "eva").headers["location"] == "/evaluate"


def test_account_for_single_sign_on_needs_no_password(rooms: Rooms, boss: TestClient) -> None:
    """Such an account is named by its e-mail address, and a password that was typed is not kept."""
    rooms.post(boss, PAGE, name="eva@clinic.example", role="staff", way="sign-on", password=PASSWORD)
    assert account(rooms, "eva@clinic.example").single_sign_on
    assert log_in(rooms.client(), "eva@clinic.example").status_code == 403


@pytest.mark.parametrize(
    ("form", "says", "field"),
    [
        ({"name": "boss", "password": PASSWORD}, "There is an account boss already.", "name"),
        ({"name": "two words", "password": PASSWORD}, "A name is an e-mail address or a short word", "name"),
        ({"name": "eva", "way": "sign-on"}, "An account for single sign-on is named by its", "name"),
        ({"name": "eva", "password": "password1234"}, "This password is easily guessed", "password"),
        ({"name": "eva", "password": ""}, "Give a first password", "password"),
    ],
)
def test_what_cannot_be_added_is_said_at_its_field(
    rooms: Rooms, boss: TestClient, form: dict[str, str], says: str, field: str
) -> None:
    """Name, role and way stay as they were typed, the password does not come back, and nothing is added."""
    refused = rooms.post(boss, PAGE, role="evaluator", **form)
    assert refused.status_code == 422
    assert (
        f'id="{field}_problem">{says}' in refused.text or says in refused.text.split(f"{field}_problem")[-1]
    )
    assert f'value="{form["name"]}"' in refused.text
    assert '<option value="evaluator" selected>' in refused.text
    assert not form.get("password") or form["password"] not in refused.text
    assert boss.get(PAGE).text.count('<th scope="row">') == 1


def test_account_is_changed_and_every_change_recorded(rooms: Rooms, boss: TestClient) -> None:
    """Role, password, entry and sessions: each does what it says, and the audit log names the admin."""
    eva = rooms.add("eva", Role.staff)
    for _ in range(attempts.FREE_FAILURES):
        attempts.log_in(rooms.database, "eva", "a wrong password", rooms.clock())
    assert "Unlock" in boss.get(f"{PAGE}/{eva.id}").text
    of_eva = rooms.come_in(eva)
    new = "another heron by the lake"
    for action, form in (
        ("unlock", {}),
        ("sessions/end", {}),
        ("role", {"role": "evaluator"}),
        ("password", {"password": new}),
        ("disable", {}),
        ("enable", {}),
    ):
        done = rooms.post(boss, f"{PAGE}/{eva.id}/{action}", **form)
        assert done.status_code == 303
        assert 'class="done"' in boss.get(done.headers["location"]).text
    assert of_eva.get("/account").status_code == 303
    assert log_in(rooms.client(), "eva", new).headers["location"] == "/evaluate"
    with rooms.database.reading() as connection:
        by_boss = select(audit.c.action).where(audit.c.actor == "boss").order_by(audit.c.number)
        assert list(connection.execute(by_boss).scalars()) == [
            "account.unlock",
            "account.end_sessions",
            "account.role",
            "account.password",
            "account.disable",
            "account.enable",
        ]


def test_what_cannot_be_changed_is_said_on_the_page(rooms: Rooms, boss: TestClient) -> None:
    """The last admin stays one, a weak password is refused, and what nobody has is not found."""
    own = account(rooms, "boss").id
    for action, form in (("disable", {}), ("role", {"role": "staff"})):
        refused = rooms.post(boss, f"{PAGE}/{own}/{action}", **form)
        assert (refused.status_code, "boss is the last admin" in refused.text) == (422, True)
    refused = rooms.post(boss, f"{PAGE}/{own}/password", password="password1234")  # noqa: S106
    assert (refused.status_code, "easily guessed" in refused.text) == (422, True)
    assert rooms.post(boss, f"{PAGE}/4711/disable").status_code == 404
    assert boss.get(f"{PAGE}/4711").status_code == 404
    assert boss.get(PAGE).status_code == 200
