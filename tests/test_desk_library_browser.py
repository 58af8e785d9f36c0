"""The library desk in a real browser: live checks while typing, the way to a release, for everybody."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from starlette.types import ASGIApp

from service.accounts.accounts import Role
from tests.browser import axe_violations, open_page, overflow
from tests.members import PASSWORD, Rooms
from tests.publishing import MENDED, library_desk
from tests.summaries import SUMMARY, line_of


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with library_desk(tmp_path) as rooms:
        yield rooms


@pytest.fixture
def desk(rooms: Rooms, serve_app: Callable[[ASGIApp], str], browser: Browser) -> Iterator[Page]:
    """A page of somebody who is logged in, on a telephone's screen."""
    address = serve_app(rooms.site()).replace("127.0.0.1", "localhost")
    rooms.add("sam", Role.staff)
    with open_page(browser, base_url=address, viewport={"width": 320, "height": 700}) as page:
        page.goto("/login")
        page.get_by_label("Name").fill("sam")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in", exact=True).click()
        expect(page.get_by_role("button", name="Log out")).to_be_attached()
        yield page


def test_what_was_typed_before_the_script_came_is_checked_too(desk: Page) -> None:
    """On a slow line somebody types into a page whose script is still under way."""
    held: list[Route] = []
    desk.route("**/editor.js*", lambda route: held.append(route))  # noqa: PLW0108 - it is to have attributes
    desk.goto("/staff/library/doe2020/edit", wait_until="commit")
    desk.get_by_label("Text", exact=True).fill(MENDED)
    while not held:
        desk.wait_for_timeout(10)
    held[0].continue_()
    expect(desk.locator("#proof")).to_contain_text("The trial was small and short.")


def test_a_summary_is_mended_and_published_in_a_browser(desk: Page, rooms: Rooms) -> None:
    """Typing is checked by itself, a fault leads to its line, and the release tells when it answers."""
    desk.goto("/staff/library/doe2020/edit")
    area = desk.get_by_label("Text", exact=True)
    wrong = MENDED.replace("One person had a lung infection.", "Four had a lung infection.")
    area.fill(wrong)
    fault = desk.locator(".faults button")
    expect(fault).to_have_text(f"Line {line_of('One person had')}")
    fault.click()
    selected = "area => area.value.slice(area.selectionStart, area.selectionEnd)"
    assert area.evaluate(selected) == "Four had a lung infection."
    assert (axe_violations(desk), overflow(desk)) == ([], 0)
    area.fill(MENDED)
    expect(desk.locator("#proof")).to_contain_text("Nothing stands in the way")
    expect(desk.locator("#proof")).to_contain_text("The trial was small and short.")
    desk.get_by_label("Question, as a patient would ask it").fill("Was the trial short?")
    desk.get_by_role("button", name="Ask the library with this draft in it").click()
    expect(desk.locator("#trial")).to_contain_text("takes place 1 of the 10")
    assert (axe_violations(desk), overflow(desk)) == ([], 0)
    desk.get_by_label("What did you change, and why?").fill("it was short")
    desk.get_by_role("button", name="Save and go on to publish").click()
    expect(desk.locator("ins").filter(has_text="and short")).to_be_visible()
    assert (axe_violations(desk), overflow(desk)) == ([], 0)
    desk.get_by_role("button", name="Publish doe2020.md").click()
    expect(desk.get_by_text("This is what answers come from now")).to_be_visible()
    assert (axe_violations(desk), overflow(desk)) == ([], 0)
    desk.goto("/staff/releases")
    assert (axe_violations(desk), overflow(desk)) == ([], 0)
    desk.get_by_role("button", name="Go back to 1").click()
    expect(desk.get_by_text("This is what answers come from now")).to_be_visible()
    assert rooms.desks.library.studies["doe2020"].section("what-to-keep-in-mind").text in SUMMARY
    for path in ("/staff/library/doe2020", "/staff/library/doe2020/diff?old=1&new=2", "/staff/library/new"):
        desk.goto(path)
        assert (axe_violations(desk), overflow(desk)) == ([], 0), path


def test_what_answers_a_question_is_ticked_in_a_browser(desk: Page) -> None:
    """From the inspector's question to the sentence that answers it, and its place in the list."""
    desk.goto("/staff/inspect")
    desk.get_by_label("Question", exact=True).fill("were there enough patients")
    desk.get_by_role("button", name="Ask", exact=True).click()
    desk.get_by_role("button", name="Say which sentences answer it").click()
    expect(desk.get_by_role("heading", name="“were there enough patients”")).to_be_visible()
    desk.get_by_label("The trial was small. Doe et al., 2020").check()
    assert (axe_violations(desk), overflow(desk)) == ([], 0)
    desk.get_by_role("button", name="Save in the draft").click()
    expect(desk.get_by_role("status")).to_contain_text("Saved")
    expect(desk.get_by_role("cell", name="were there enough patients", exact=True)).to_be_visible()
    assert (axe_violations(desk), overflow(desk)) == ([], 0)
