"""The widget that floats: its button, its dialog, and the script line that puts it into a page."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp

from tests.browser import ask, axe_violations, open_page, overflow, widget_host
from tests.shelf import Shelf, answered

ServeApp = Callable[[ASGIApp], str]

FLOATING = "/line?data-mode=floating"
LAUNCHER = "Search the studies"
TITLE = "Ask what the studies say"
PHONE = {"width": 360, "height": 740}
FOCUSED = "document.activeElement.shadowRoot?.activeElement?.innerText ?? document.activeElement.innerText"


@pytest.fixture
def host(serve_app: ServeApp) -> Iterator[str]:
    with widget_host(serve_app, Shelf(answered()), sites={"clinic": ["http://localhost:1"]}) as address:
        yield address


@pytest.fixture
def page(browser: Browser, host: str) -> Iterator[Page]:
    with open_page(browser, base_url=host) as page:
        page.goto(FLOATING)
        yield page


def spoken(page: Page) -> list[tuple[str, str]]:
    """Role and name of all that the browser tells a screen reader of."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    told = (node for node in nodes if not node["ignored"])
    return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in told]


def test_it_is_used_with_the_keyboard_alone(page: Page) -> None:
    """Tab finds the button, Enter opens, the field has the focus; Escape closes, the button has it again."""
    page.locator("#after a").focus()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == LAUNCHER
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=TITLE)
    expect(dialog).to_be_visible()
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("Did it help?")
    page.keyboard.press("Enter")
    expect(page.locator("article.answer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate(FOCUSED) == LAUNCHER
    page.keyboard.press("Enter")
    expect(page.locator("article.answer")).to_be_visible()
    assert page.evaluate(FOCUSED) == TITLE
    page.get_by_role("button", name="Close").click()
    assert page.evaluate(FOCUSED) == LAUNCHER


def test_the_dialog_holds_nobody_and_the_page_waits(page: Page) -> None:
    """While it is open, Tab goes through the dialog and never to the page; there is a way out in it."""
    page.get_by_role("button", name=LAUNCHER).click()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    assert "Close" in reached
    assert not {"Our ward", LAUNCHER} & set(reached)


def test_while_closed_it_is_nowhere(page: Page) -> None:
    """Closed, only its button is there for Tab and screen readers, and an answer that comes is not told."""
    closed = spoken(page)
    assert ("button", LAUNCHER) in closed
    assert not {"dialog", "textbox", "log"} & {role for role, _ in closed}
    with page.expect_response("**/fragment"):
        page.locator("plaincite-ask").evaluate("one => { one.ask('Did it help?') }")
    expect(page.locator("article.answer")).to_have_count(1)
    assert page.get_by_role("log").count() == 0
    assert spoken(page) == closed
    page.get_by_role("button", name=LAUNCHER).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.locator("plaincite-ask").evaluate("one => one.open()")
    expect(page.locator("article.answer")).to_be_visible()


def test_what_was_said_is_not_said_again(page: Page) -> None:
    """The announcement of an answer is gone when the dialog opens the next time; the answer is there."""
    page.get_by_role("button", name=LAUNCHER).click()
    ask(page, "Did it help?")
    status = page.get_by_role("log").locator(".status")
    expect(status).to_contain_text("Answer ready")
    page.mouse.click(9, 9)  # beside the dialog
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name=LAUNCHER).click()
    expect(page.locator("article.answer")).to_be_visible()
    expect(status).to_have_text("")


def test_axe_finds_nothing_closed_open_and_answered(page: Page) -> None:
    """In none of its states does the floating widget break a rule that axe knows."""
    assert axe_violations(page) == []
    page.get_by_role("button", name=LAUNCHER).click()
    assert axe_violations(page) == []
    page.get_by_role("button", name="How many people died?").click()
    expect(page.locator("article.answer")).to_be_visible()
    assert axe_violations(page) == []


def test_on_a_phone_it_fills_the_screen(browser: Browser, host: str) -> None:
    """On a small touch screen the dialog is the screen, its words come before the keyboard, and all fits."""
    with open_page(browser, base_url=host, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        page.goto(FLOATING)
        launcher = page.get_by_role("button", name=LAUNCHER)
        box = launcher.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["x"] >= 16
        launcher.tap()
        assert page.get_by_role("dialog").bounding_box() == {"x": 0, "y": 0, **PHONE}
        assert page.evaluate(FOCUSED) == TITLE
        ask(page, "Did it help?")
        expect(page.locator("article.answer")).to_be_visible()
        assert page.evaluate("document.activeElement.shadowRoot.activeElement?.tagName") != "TEXTAREA"
        assert page.locator("article.answer").bounding_box()["y"] < PHONE["height"] / 2  # type: ignore[index]
        assert overflow(page) == 0


@pytest.mark.parametrize("size", [{"width": 320, "height": 560}, {"width": 640, "height": 360}])
def test_it_fits_small_windows(browser: Browser, host: str, size: dict[str, int]) -> None:
    """320 pixels wide, or a large window at twice its size: nothing is cut off sideways, Close is there."""
    with open_page(browser, base_url=host, viewport=size) as page:
        page.goto(FLOATING)
        page.get_by_role("button", name=LAUNCHER).click()
        ask(page, "Did it help?")
        expect(page.locator("article.answer")).to_be_visible()
        for part in (".dialog", ".panel"):
            assert page.locator(part).evaluate("one => one.scrollWidth - one.clientWidth") == 0
        page.get_by_role("button", name="Close").click()
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_side_and_the_distance_can_be_chosen(page: Page) -> None:
    """An attribute puts the button on the other side, custom properties away from the edges."""
    right = page.get_by_role("button", name=LAUNCHER).bounding_box()
    page.locator("plaincite-ask").evaluate(
        """one => {
            one.setAttribute("side", "start");
            one.style.setProperty("--plaincite-inset-inline", "50px");
            one.style.setProperty("--plaincite-inset-block", "90px");
        }"""
    )
    left = page.get_by_role("button", name=LAUNCHER).bounding_box()
    assert right
    assert left
    assert right["x"] + right["width"] == 1280 - 16
    assert (left["x"], left["y"] + left["height"]) == (50, 720 - 90)


def test_it_prints_from_within_the_dialog(page: Page) -> None:
    """Print works inside the dialog as it does in the page."""
    page.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes' }")
    page.goto(FLOATING)
    page.get_by_role("button", name=LAUNCHER).click()
    ask(page, "Did it help?")
    page.get_by_role("button", name="Print this answer").click()
    sheet = page.frame_locator("iframe.sheet")
    expect(sheet.locator("html")).to_have_attribute("data-printed", "yes")
    expect(sheet.locator("blockquote")).to_have_count(3)


def test_a_script_line_puts_it_where_it_stands(page: Page) -> None:
    """Not floating, the element comes after the script line, with the line's attributes as its own."""
    page.goto('/line?data-site="clinic"&data-heading="Ask us"'.replace("&", "%20"))
    element = page.locator("#before + script + plaincite-ask")
    expect(element).to_have_attribute("site", "clinic")
    expect(page.get_by_role("heading", name="Ask us")).to_be_visible()
    assert page.evaluate("document.querySelectorAll('plaincite-ask').length") == 1
    with page.expect_request("**/fragment") as sent:
        ask(page, "Did it help?")
    fields = parse_qs(sent.value.post_data or "")
    assert fields == {"question": ["Did it help?"], "language": ["en"], "site": ["clinic"]}
    expect(page.locator(".problem")).to_contain_text("not allowed")


def test_a_page_with_the_element_gets_no_second_one(page: Page) -> None:
    """Where the element is in the page, a script line with attributes adds none; a bare line never does."""
    page.goto("/line")
    page.wait_for_function("!!customElements.get('plaincite-ask')")
    assert page.locator("plaincite-ask").count() == 0
    page.goto("/")
    expect(page.get_by_label("Your question")).to_be_visible()
    assert page.locator("plaincite-ask").count() == 1


def test_an_old_browser_shows_what_is_in_the_element(page: Page) -> None:
    """A browser without adopted style sheets leaves the link that the host page put into the element."""
    page.add_init_script(
        """delete Document.prototype.adoptedStyleSheets;
        addEventListener("DOMContentLoaded", () => {
            document.querySelector("plaincite-ask").append(Object.assign(document.createElement("a"),
                { href: "https://answers.example.org/", textContent: "Ask on our page" }));
        });"""
    )
    page.goto("/")
    expect(page.get_by_role("link", name="Ask on our page")).to_be_visible()
