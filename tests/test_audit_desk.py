import re
from datetime import UTC, datetime, timedelta

import pytest

from service.accounts.accounts import Role
from service.storage.append_only import unprotect
from service.storage.audit import record
from service.storage.database import Database
from tests.members import Rooms, open_rooms

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NUMBERS = re.compile(r'title="[0-9a-f]{64}">(\d+)<')


@pytest.fixture
def rooms(database: Database) -> Rooms:
    """Desks with 120 entries, by two, on three days."""
    with database.begin() as connection:
        for number in range(1, 121):
            actor, action = ("ann", "summary.publish") if number % 2 else ("bob", "queue.pin")
            at = NOON + timedelta(minutes=30 * number)
            record(connection, actor, action, "<b>deng2017</b>", at=at, n=number)
    return open_rooms(database)


def numbers_in(text: str) -> list[int]:
    return [int(found) for found in NUMBERS.findall(text)]


def show(rooms: Rooms, path: str) -> str:
    """A page, as an admin sees it."""
    return str(rooms.come_in(rooms.add("root", Role.admin)).get(path).text)


def test_pages_go_back_to_the_first_entry(rooms: Rooms) -> None:
    """Following "Older" shows every entry once, the newest first, and the last page has no further link."""
    client = rooms.come_in(rooms.add("root", Role.admin))
    seen: list[int] = []
    path = "/staff/audit"
    while path:
        text = client.get(path).text
        seen += numbers_in(text)
        onward = re.search(r'href="(/staff/audit\?[^"]*before=\d+)">Older', text)
        path = onward[1] if onward else ""
    assert seen == list(range(121, 0, -1))


def test_entries_can_be_narrowed_down(rooms: Rooms) -> None:
    """By who, what and day together, on every page; the choices stay chosen."""
    client = rooms.come_in(rooms.add("root", Role.admin))
    text = client.get("/staff/audit?actor=bob&action=queue.pin&day=2026-11-21").text
    assert numbers_in(text) == [number for number in range(120, 0, -2) if 24 <= number < 72]
    assert "<option selected>bob</option>" in text
    assert 'value="2026-11-21"' in text
    assert numbers_in(client.get("/staff/audit?actor=bob&before=50").text) == list(range(48, 0, -2))


def test_what_somebody_wrote_stays_text(rooms: Rooms) -> None:
    """Names and details are shown as they are, never as markup."""
    text = show(rooms, "/staff/audit")
    assert "&lt;b&gt;deng2017&lt;/b&gt;" in text
    assert "<b>deng2017" not in text


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2026-11-21x"])
def test_a_day_that_is_none_is_told(rooms: Rooms, day: str) -> None:
    """A mistyped day is answered beside its field; no entries are shown as if it had been understood."""
    response = rooms.come_in(rooms.add("root", Role.admin)).get(f"/staff/audit?day={day}")
    assert response.status_code == 422
    assert "A day is written as 2026-11-22." in response.text
    assert numbers_in(response.text) == []
    assert f'value="{day}"' in response.text


def test_nothing_found_is_said(rooms: Rooms) -> None:
    """A choice that no entry fits says so."""
    assert "There is no such entry." in show(rooms, "/staff/audit?actor=eve")


def test_a_whole_log_is_told_with_its_anchor(rooms: Rooms) -> None:
    """The button walks the chain and gives what to note down."""
    text = show(rooms, "/staff/audit/verify")
    assert "The audit log is unbroken: 121 entries are in order" in text
    assert re.search(r"plaincite audit verify --anchor 121:[0-9a-f]{64}", text)


def test_a_broken_log_is_told_with_the_first_fault(rooms: Rooms) -> None:
    """A changed entry is named on the page; no anchor is offered."""
    with rooms.database.begin() as connection:
        unprotect(connection)
        connection.exec_driver_sql("UPDATE audit SET actor = 'eve' WHERE number = 7")
    text = show(rooms, "/staff/audit/verify")
    assert "The audit log is broken: entry 7 was changed" in text
    assert "--anchor" not in text


@pytest.mark.parametrize("path", ["/staff/audit", "/staff/audit/verify"])
def test_admins_alone(rooms: Rooms, path: str) -> None:
    """Who did what is for admins: not for staff, nor for evaluators."""
    assert rooms.client().get(path).status_code == 303
    assert rooms.come_in(rooms.add("sam", Role.staff)).get(path).status_code == 403
    assert rooms.come_in(rooms.add("eve", Role.evaluator)).get(path).status_code == 403
