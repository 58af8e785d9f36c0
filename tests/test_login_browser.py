import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from starlette.types import ASGIApp

from service.accounts import attempts
from service.accounts.accounts import Role
from service.accounts.sessions import COOKIE
from service.desks.login import WRONG
from service.journal import now
from service.storage.database import Database
from tests.browser import axe_violations, open_page, overflow
from tests.members import PASSWORD, open_rooms
from tests.provider import CLIENT_ID, CLIENT_SECRET, real_provider_for


def test_way_in_and_out(
    browser: Browser,
    serve_app: Callable[[ASGIApp], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A wrong password keeps the name and says so; after the logout nothing is left to go back to."""
    monkeypatch.setattr(attempts, "FAILURE_TAKES", 0.0)
    database = Database.open(f"sqlite:///{tmp_path}/plaincite.db")
    rooms = open_rooms(database, oidc_issuer="http://127.0.0.1:9", oidc_name="Clinic login")
    rooms.add("boss", Role.admin)
    rooms.add("eva@clinic.example", Role.evaluator)
    server = serve_app(rooms.site())
    with open_page(browser, viewport={"width": 320, "height": 640}) as page:
        page.goto(f"{server}/staff/accounts")
        expect(page).to_have_url(f"{server}/login?after=/staff/accounts")
        name, password = page.get_by_label("Name"), page.get_by_label("Password")
        expect(name).to_be_focused()
        page.keyboard.type("boss")
        page.keyboard.press("Tab")
        page.keyboard.type("a wrong password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text(WRONG)
        expect(name).to_have_value("boss")
        expect(password).to_have_value("")
        expect(password).to_be_focused()
        expect(password).to_have_accessible_description(WRONG)
        assert axe_violations(page) == []
        assert overflow(page) == 0
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{server}/staff/accounts")
        expect(page.get_by_role("rowheader", name="eva@clinic.example")).to_be_visible()
        cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
        assert list(cookies) == [COOKIE]
        assert cookies[COOKIE]["httpOnly"]
        assert page.evaluate("document.cookie") == ""
        for path in ("/staff/accounts", "/staff/accounts/2", "/account"):
            page.goto(server + path)
            assert axe_violations(page) == []
            assert overflow(page) == 0
        page.goto(f"{server}/staff/accounts/2")
        page.get_by_role("button", name="Log out").click()
        expect(page).to_have_url(f"{server}/login")
        page.go_back()
        expect(page).to_have_url(f"{server}/login?after=/staff/accounts/2")
        expect(page.get_by_text("eva@clinic.example")).to_have_count(0)
        assert page.context.cookies() == [] or COOKIE not in {one["name"] for one in page.context.cookies()}
    database.close()


def test_way_through_the_provider(
    browser: Browser, serve_app: Callable[[ASGIApp], str], tmp_path: Path
) -> None:
    """Over to a provider on another site, and back to the page that was asked for, with both cookies sent."""
    database = Database.open(f"sqlite:///{tmp_path}/plaincite.db")
    person = {"sub": "9f1c", "email": "eva@clinic.example", "email_verified": True}
    with real_provider_for(person) as issuer:
        rooms = open_rooms(
            database,
            oidc_issuer=issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=CLIENT_SECRET,
            oidc_name="Clinic login",
        )
        rooms.clock.time = now()
        rooms.add("eva@clinic.example", Role.evaluator, None)
        server = serve_app(rooms.site())
        with open_page(browser) as page:
            page.goto(f"{server}/account")
            page.get_by_role("link", name="Log in with Clinic login").click()
            expect(page).to_have_url(re.compile(f"{issuer}/oauth2/authorize"))
            page.get_by_role("button", name="9f1c").click()
            expect(page).to_have_url(f"{server}/account")
            expect(page.get_by_text("You log in by single sign-on")).to_be_visible()
            assert [cookie["name"] for cookie in page.context.cookies(server)] == [COOKIE]
    database.close()
