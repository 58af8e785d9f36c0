"""The desks' app: what holds for every response of theirs."""

import re
from pathlib import Path

import pytest
from fastapi import APIRouter

from service.accounts.accounts import Role
from service.desks.desks import OtherDesk
from service.desks.guard import Staff
from service.storage.database import Database
from tests.members import open_rooms


def test_a_crash_at_a_desk_is_a_plain_page_with_its_place_in_the_log(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody foresaw is told in plain words, with an id that stands in the log, and without its text."""
    router = APIRouter()

    @router.get("/staff/crash")
    def crash(member: Staff) -> None:
        raise RuntimeError(f"the secret of {member.name}")

    rooms = open_rooms(database, others=[OtherDesk(router, tmp_path)])
    found = rooms.come_in(rooms.add("anna", Role.staff)).get("/staff/crash")
    assert found.status_code == 500
    assert "secret" not in found.text
    error_id = re.findall(r"under ([0-9a-f]{12})\.", found.text)
    assert [record.error_id for record in caplog.records if record.message == "crash"] == error_id


def test_every_page_of_the_desks_is_kept_by_nobody_and_frames_nowhere(database: Database) -> None:
    """Responses of the desks carry the strict headers, and no cache keeps them."""
    rooms = open_rooms(database)
    for path in ("/login", "/staff", "/staff/none"):
        headers = rooms.client().get(path).headers
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
