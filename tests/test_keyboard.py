"""Whole ways by keyboard alone, 320 pixels wide: each step shows the focus, and the order makes sense."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp

from service.answers import Answer
from service.app import create_app
from tests.browser import open_page, overflow
from tests.shelf import EMERGENCY, Shelf, answered
from tests.sites import Site

ServeApp = Callable[[ASGIApp], str]

SMALL = {"width": 320, "height": 640}

FOCUS = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (!one || one.tabIndex < 0 || one === document.body) return null;
  const style = getComputedStyle(one), { left, top, right, bottom } = one.getBoundingClientRect();
  const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
  const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
  let over = document.elementFromPoint(x, y);
  while (over?.shadowRoot?.elementFromPoint(x, y)) {
    const inner = over.shadowRoot.elementFromPoint(x, y);
    if (inner === over) break;
    over = inner;
  }
  return {
    name: one.ariaLabel || one.labels?.[0]?.innerText || one.innerText,
    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: one === over || one.contains(over),
    place: one.closest("article.answer") ? "answer" : "page",
  };
}"""
"""What has the focus: its name, whether that shows, and whether something else lies over it."""


class Walker:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.passed: list[str] = []

    def press(self, key: str) -> str:
        """Presses a key; gives the name of what has the focus then, which must be there to be seen."""
        self.page.keyboard.press(key)
        found = self.page.evaluate(FOCUS)
        if found is None:
            return ""
        name = " ".join(found["name"].split())
        assert found["outline"], f"the focus on {name!r} does not show"
        assert found["seen"], f"something lies over {name!r}"
        return name

    def tab_to(self, words: str, *, most: int = 40) -> None:
        """Presses Tab until what has the focus begins with these words."""
        self.passed.clear()
        for _ in range(most):
            self.passed.append(self.press("Tab"))
            if self.passed[-1].startswith(words):
                return
        pytest.fail(f"Tab does not reach {words!r}, only {self.passed}")


def choose(question: str) -> Answer:
    return EMERGENCY if "chest" in question else answered()


@pytest.fixture
def at(serve_app: ServeApp) -> tuple[str, str]:
    """The addresses of the service, and of a site with the widget."""
    site = Site()
    address = serve_app(site)
    site.server = serve_app(create_app(Shelf(choose), origins=[address]))
    site.put("/")
    site.put("/floating", attributes='mode="floating"')
    return site.server, address


@pytest.fixture
def walker(browser: Browser) -> Iterator[Walker]:
    with open_page(browser, viewport=SMALL) as page:
        page.add_init_script("window.print = () => dispatchEvent(new Event('afterprint'))")
        yield Walker(page)
        assert overflow(page) == 0


def read_answer(walker: Walker) -> None:
    """Goes through an answer as the widget and the page show it: source, hard words, print, feedback."""
    page = walker.page
    walker.tab_to("1 Source")
    place = page.locator("article.answer .place").first
    expect(place).to_be_hidden()
    walker.press("Enter")
    expect(place).to_be_visible()
    expect(place.locator("mark")).to_be_visible()
    walker.tab_to("Read the whole summary", most=2)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(place).to_be_hidden()
    walker.tab_to("Hard words", most=4)
    walker.press("Space")
    expect(page.locator("article.answer details.words dl").first).to_be_visible()
    walker.tab_to("Print this answer")
    walker.press("Enter")
    page.locator("iframe.sheet").wait_for(state="detached")
    assert page.evaluate(FOCUS)["name"] == "Print this answer"
    walker.tab_to("No, it did not")
    walker.press("Enter")
    walker.tab_to("It is hard to understand")
    walker.press("Enter")
    expect(page.get_by_text("Thank you.")).to_be_visible()


def test_the_page_without_a_mouse(walker: Walker, at: tuple[str, str]) -> None:
    """From the top of the page to an answer and its source; the whole summary opens beside the answer."""
    page = walker.page
    page.goto(at[0])
    assert walker.press("Tab") == "Skip to the content"
    walker.press("Enter")
    walker.tab_to("Your question", most=1)
    page.keyboard.type("Did it help the kidneys?")
    walker.tab_to("Search the summaries", most=1)
    page.keyboard.press("Enter")
    page.locator("article.answer").wait_for()
    read_answer(walker)
    page.locator("summary", has_text="Source").first.focus()
    page.keyboard.press("Enter")
    walker.tab_to("Read the whole summary", most=2)
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    expect(opened.value.locator("mark#quote")).to_be_in_viewport()
    expect(page.locator("article.answer blockquote")).not_to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/floating"])
def test_the_widget_without_a_mouse(walker: Walker, at: tuple[str, str], path: str) -> None:
    """From the host page through the form to the answer, and out of it again; floating as well."""
    page = walker.page
    page.goto(at[1] + path)
    if path == "/floating":
        walker.tab_to("Search the studies", most=1)
        walker.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.get_by_label("Your question")).to_be_focused()
    else:
        walker.tab_to("Your question", most=1)
    page.keyboard.type("Did it help the kidneys?")
    walker.tab_to("Search the summaries", most=1)
    page.keyboard.press("Enter")
    page.locator("article.answer").wait_for()
    read_answer(walker)
    if path == "/floating":
        walker.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        assert " ".join(page.evaluate(FOCUS)["name"].split()) == "Search the studies"


def test_help_is_near_in_an_emergency(walker: Walker, at: tuple[str, str]) -> None:
    """After an emergency card the next Tab stop is the telephone link; on the page, once skipped to."""
    page = walker.page
    for address in at:
        page.goto(address)
        walker.tab_to("Your question")
        page.keyboard.type("I have chest pain and cant breathe")
        walker.tab_to("Search the summaries", most=1)
        page.keyboard.press("Enter")
        page.locator(".notice.emergency").wait_for()
        if address == at[0]:
            walker.tab_to("Skip to the content", most=1)
            walker.press("Enter")
        walker.tab_to("Emergency services", most=1)
        expect(page.locator("a.call").first).to_be_in_viewport()
