"""The library's pages in a real browser: filter, picture and list for everybody, script or none."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp

from service.app import create_app
from tests.browser import axe_violations, open_details, open_page, overflow
from tests.generated import generated
from tests.shelf import STUDIES, Shelf, answered
from tests.studies import make_study

LEAST_TEXT = 12
LEAST_TARGET = 44
STATES = (
    "/studies?design=cohort&from=2018",
    "/studies?design=cohort&finding=mixed",
    "/studies?design=spell&from=2020&to=2010",
    "/studies/liang2010_pilot?list=design%3Dsingle_arm_trial",
)
"""A narrowed list, an empty one, an address that cannot be read, and a study found in a list."""


@pytest.fixture
def address(serve_app: Callable[[ASGIApp], str]) -> str:
    return serve_app(create_app(Shelf(answered())))


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with open_page(browser, base_url=address) as page:
        yield page


def tab_to(page: Page, selector: str, most: int = 40) -> None:
    """Presses Tab until an element that fits is reached."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(selector)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_axe_finds_nothing_in_any_state(browser: Browser, address: str, scheme: str, width: int) -> None:
    """No state of the list breaks a rule that axe knows, in light and in dark, wide and narrow."""
    viewport = {"width": width, "height": 740}
    with open_page(browser, base_url=address, color_scheme=scheme, viewport=viewport) as page:
        for path in STATES:
            page.goto(path)
            open_details(page)
            assert axe_violations(page) == [], path


def test_axe_finds_nothing_where_all_kinds_are_shown(
    browser: Browser, serve_app: Callable[[ASGIApp], str]
) -> None:
    """Marks of every shape, sign and size, retracted ones among them, break no rule of axe."""
    retracted = make_study("gone", marks="[{kind: retraction, note: Withdrawn by the journal}]")
    address = serve_app(create_app(Shelf(answered(), [*generated(25), retracted])))
    with open_page(browser, base_url=address) as page:
        page.goto("/studies")
        assert axe_violations(page) == []


def test_three_hundred_studies_are_no_harder_to_use(
    browser: Browser, serve_app: Callable[[ASGIApp], str]
) -> None:
    """A large library fits a phone, and its marks lie within the frame."""
    address = serve_app(create_app(Shelf(answered(), generated(300))))
    with open_page(browser, base_url=address, viewport={"width": 320, "height": 740}) as page:
        page.goto("/studies")
        assert overflow(page) == 0
        marks = page.locator("svg.narrow a")
        assert marks.count() == 300
        frame = page.locator("svg.narrow").bounding_box()
        boxes = marks.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
        scrolled = page.evaluate("scrollY")
        for box in boxes:
            assert frame["x"] <= box["left"] < box["right"] <= frame["x"] + frame["width"]
            assert (
                frame["y"] <= box["top"] + scrolled < box["bottom"] + scrolled <= frame["y"] + frame["height"]
            )


def test_nothing_is_wider_than_a_phone_and_no_text_is_tiny(browser: Browser, address: str) -> None:
    """At 320 pixels no state scrolls sideways, and the picture's words are as large as 12 pixels."""
    with open_page(browser, base_url=address, viewport={"width": 320, "height": 740}) as page:
        for path in ("/studies", *STATES):
            page.goto(path)
            open_details(page)
            assert overflow(page) == 0, path
        page.goto("/studies")
        sizes = page.locator("svg.narrow text").evaluate_all(
            "all => all.map(one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)"
        )
        assert min(sizes) >= LEAST_TEXT
        assert page.locator("svg.wide").is_hidden()
        cut = page.locator("svg.narrow text").evaluate_all(
            """all => { const frame = all[0].ownerSVGElement.getBoundingClientRect();
                return all.filter(one => { const box = one.getBoundingClientRect();
                    return box.left < frame.left - 1 || box.right > frame.right + 1; }).length }"""
        )
        assert cut == 0


def test_targets_are_large_enough_to_touch(browser: Browser, address: str) -> None:
    """What is chosen with is 44 pixels high; a mark has 24, and the list under it as its equal."""
    with open_page(browser, base_url=address, viewport={"width": 360, "height": 740}) as page:
        page.goto(STATES[0])
        open_details(page)
        heights = page.eval_on_selector_all(
            ".filter select, .filter button, summary, .order a, .chosen a",
            "all => all.map(one => [one.outerHTML.slice(0, 60), one.getBoundingClientRect().height])",
        )
        assert len(heights) >= 12
        assert [one for one in heights if one[1] < LEAST_TARGET] == []
        mark = page.locator("svg.narrow a use").first.bounding_box()
        assert min(mark["width"], mark["height"]) >= 24


@pytest.mark.parametrize("script", [True, False])
def test_studies_are_chosen_without_a_mouse_or_a_script(browser: Browser, address: str, script: bool) -> None:
    """By keys alone the filter is opened, set and sent; the address keeps it, and a way out leads back."""
    viewport = {"width": 360, "height": 740}
    with open_page(browser, base_url=address, viewport=viewport, java_script_enabled=script) as page:
        page.goto("/studies")
        page.locator(".filter summary").press("Enter")
        page.get_by_label("Kind of study").focus()
        page.keyboard.type("Follow")
        assert page.url.endswith("/studies"), "a choice alone must not load another page"
        page.get_by_role("button", name="Show these studies").press("Enter")
        page.wait_for_url("**/studies?*design=cohort*")
        assert page.locator("#list_title").inner_text() == "3 of 13 studies shown"
        assert page.locator("svg.narrow a").count() == 3
        page.get_by_role("link", name="Largest first").press("Enter")
        page.wait_for_url("**sort=largest**")
        assert page.locator(".cards h3").first.inner_text() == "A 2013 follow-up study of 87 people"
        page.locator(".cards h3 a").first.press("Enter")
        page.get_by_role("link", name="Back to the studies that you chose").press("Enter")
        page.wait_for_url("**design=cohort&sort=largest#row-wang2013")
        assert page.locator("#row-wang2013").bounding_box()["y"] < 740
        page.get_by_role("link", name="Clear all choices").press("Enter")
        expect(page.locator("#list_title")).to_have_text("13 of 13 studies shown")


def test_the_picture_can_be_walked_or_passed_by_keyboard(page: Page) -> None:
    """Marks take the focus one by one, visibly; Enter opens a study; a link leads past them all."""
    page.goto("/studies")
    tab_to(page, ".past a")
    assert page.locator(".past a").bounding_box()["height"] > 10
    tab_to(page, "svg a", most=1)
    names = []
    for _ in STUDIES:
        focused = page.locator("svg.wide a:focus")
        names.append(focused.locator("title").text_content())
        assert focused.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        page.keyboard.press("Tab")
    assert len(set(names)) == len(STUDIES)
    assert page.locator("svg a:focus").count() == 0
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/studies/zhou2020")
    page.goto("/studies")
    tab_to(page, ".past a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "list_title"


def test_a_screen_reader_hears_marks_by_name(page: Page) -> None:
    """In the accessibility tree the picture is a named group of named links, without the axes."""
    page.goto("/studies")
    group = page.get_by_role("group", name="The studies by year and number of people")
    assert group.get_by_role("link").count() == len(STUDIES)
    name = "Deng et al., 2017: A 2017 randomized trial of 18 people. Found no difference between the groups."
    assert group.get_by_role("link", name=name, exact=True).get_attribute("href") == "/studies/deng2017"
    assert "Not known" not in group.aria_snapshot()


def test_the_filter_lies_open_where_there_is_room(page: Page) -> None:
    """On a wide screen the choices can be seen and reached without unfolding anything."""
    page.goto("/studies")
    assert page.get_by_label("What they found").is_visible()
    tab_to(page, ".filter select")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.get_by_label("What they found").is_hidden()


def test_marks_can_be_told_apart_in_forced_colours(browser: Browser, address: str) -> None:
    """Where the reader's own colours are forced, filled and empty marks and their signs still differ."""
    with open_page(browser, base_url=address, forced_colors="active") as page:
        page.goto("/studies")
        fills = [
            page.locator(f"#shape-{shape} path").evaluate("one => getComputedStyle(one).fill")
            for shape in ("square", "circle")
        ]
        assert len(set(fills)) == 2
        assert page.locator("#picture_reading").is_visible()


def test_paper_shows_the_list_and_the_picture(page: Page) -> None:
    """Printed, the page has the picture and every study, and nothing that only a screen can use."""
    page.goto(STATES[0])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 673, "height": 900})
    for seen in (".picture svg.narrow", "#row-wen2019", ".chosen li span"):
        assert page.locator(seen).first.is_visible(), seen
    for unseen in (".filter", ".order", ".chosen a", "nav"):
        assert not [one for one in page.locator(unseen).all() if one.is_visible()], unseen
    assert overflow(page) == 0
