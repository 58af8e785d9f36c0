"""The widget's looks and languages: themes, properties, words of each language, from right to left."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp

from service.app import create_app
from service.languages import load_languages
from tests.browser import ask, axe_violations, open_page, overflow, widget_host
from tests.pseudo import LONG, RIGHT_TO_LEFT, write_pseudo_languages
from tests.shelf import Shelf, answered

ServeApp = Callable[[ASGIApp], str]

DIRECTION = "one => getComputedStyle(one).direction"
DARK, LIGHT = "rgb(18, 24, 27)", "rgb(250, 250, 247)"

UNKIND = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        * { all: unset !important; display: block; font-size: 40px !important; letter-spacing: 1em; }
        button, form, dialog { display: none !important; }
        plaincite-ask { transform: rotate(9deg); opacity: 0.1; overflow: hidden; block-size: 1px; }`);
    document.adoptedStyleSheets = [sheet];
}"""


def background(page: Page) -> str:
    return str(page.locator(".panel").evaluate("one => getComputedStyle(one).backgroundColor"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_themes(browser: Browser, serve_app: ServeApp, scheme: str) -> None:
    """It goes with the page, light or dark; an attribute makes it either, or as the visitor's system is."""
    system = DARK if scheme == "dark" else LIGHT
    with (
        widget_host(serve_app, Shelf(answered())) as host,
        open_page(browser, base_url=host, color_scheme=scheme) as page,
    ):
        page.goto("/")
        assert background(page) == LIGHT
        page.evaluate("() => { document.documentElement.style.colorScheme = 'light dark' }")
        assert background(page) == system
        page.evaluate("() => { document.documentElement.style.colorScheme = '' }")
        for theme, expected in (("dark", DARK), ("light", LIGHT), ("auto", system)):
            page.locator("plaincite-ask").evaluate("(one, theme) => one.setAttribute('theme', theme)", theme)
            assert background(page) == expected


def test_an_older_browser_gets_the_light_theme(browser: Browser, serve_app: ServeApp) -> None:
    """Where light-dark() is not known the colours are the light ones, and not none."""
    with (
        widget_host(serve_app, Shelf(answered())) as host,
        open_page(browser, base_url=host, color_scheme="dark") as page,
    ):
        page.add_init_script("CSS.supports = () => false")
        page.goto('/?theme="dark"')
        assert background(page) == LIGHT


def test_the_page_for_staff_shows_three_themes(browser: Browser, serve_app: ServeApp) -> None:
    """Plain, in a clinic's colours and dark, each with an answer, nothing breaks a rule of axe or its box."""
    with open_page(browser, base_url=serve_app(create_app(Shelf(answered())))) as page:
        page.goto("/widget")
        examples = page.locator("plaincite-ask:not([mode=floating])")
        assert examples.count() == 3
        for example in examples.all():
            example.get_by_role("button", name="How many people died?").click()
            expect(example.locator("article.answer")).to_be_visible()
        page.get_by_role("button", name="Search the studies").wait_for()
        assert axe_violations(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert overflow(page) == 0


def test_the_page_around_cannot_break_it(browser: Browser, serve_app: ServeApp) -> None:
    """Under style sheets that undo everything, the floating widget stays where, and as large, as it was."""
    with widget_host(serve_app, Shelf(answered())) as host, open_page(browser, base_url=host) as page:
        page.goto("/line?data-mode=floating")
        launcher = page.get_by_role("button", name="Search the studies")
        before = launcher.bounding_box()
        page.evaluate(UNKIND)
        assert launcher.bounding_box() == before
        launcher.click()
        field = page.get_by_label("Your question")
        style = field.evaluate(
            "one => ['fontSize', 'letterSpacing'].map(name => getComputedStyle(one)[name])"
        )
        assert style == ["16px", "normal"]
        ask(page, "Did it help?")
        expect(page.locator("article.answer")).to_be_visible()


def test_it_speaks_the_language_of_the_page(browser: Browser, serve_app: ServeApp) -> None:
    """The page's own language, region or not; an attribute goes before it; one that we lack is English."""
    spanish = load_languages()["es"]
    words = {"en": "Your question", "es": spanish.gettext("Your question")}
    with widget_host(serve_app, Shelf(answered())) as host, open_page(browser, base_url=host) as page:
        page.goto("/")
        for given, around, spoken in (
            ("", "es-MX", "es"),
            ("", "fi", "en"),
            ("ES", "en", "es"),
            ("fi", "es", "es"),
            ("en", "es", "en"),
        ):
            page.evaluate("lang => { document.documentElement.lang = lang }", around)
            page.locator("plaincite-ask").evaluate("(one, to) => one.setAttribute('language', to)", given)
            expect(page.get_by_label(words[spoken], exact=True)).to_be_visible()
        page.goto("/?language=es")
        with page.expect_request("**/fragment") as sent:
            page.get_by_role("button", name="How many died?").click()
        assert parse_qs(sent.value.post_data or "")["language"] == ["es"]
        expect(page.get_by_role("log").locator(".status")).to_have_text(
            spanish.gettext("Answer ready. Links in it open in a new tab.")
        )
        assert axe_violations(page) == []


def test_it_is_laid_out_for_any_language(browser: Browser, serve_app: ServeApp, tmp_path: Path) -> None:
    """Narrow, floating, with an answer: from right to left it is turned round, and no word is too long."""
    write_pseudo_languages(tmp_path)
    shelf = Shelf(answered())
    shelf.languages = load_languages(tmp_path)
    with (
        widget_host(serve_app, shelf) as host,
        open_page(browser, base_url=host, viewport={"width": 320, "height": 640}) as page,
    ):
        for language, direction in ((RIGHT_TO_LEFT, "rtl"), (LONG, "ltr")):
            page.goto(f"/line?data-mode=floating%20data-language={language}")
            box = page.locator(".launcher").bounding_box()
            assert box
            assert box["x"] >= 0
            assert (box["x"] == 16) == (direction == "rtl")
            page.locator(".launcher").click()
            page.locator("textarea").fill("Did it help?")
            page.locator("form.ask button").click()
            expect(page.locator("article.answer")).to_be_visible()
            for part in (".panel", ".bar", "article.answer"):
                assert page.locator(part).evaluate(DIRECTION) == direction
            assert page.locator(".panel").evaluate("one => one.scrollWidth - one.clientWidth") == 0
            assert page.locator("blockquote p").first.evaluate(DIRECTION) == "ltr"
            assert axe_violations(page) == []
