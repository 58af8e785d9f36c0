"""axe over every page and every state of the widget, in light and in dark, 320 pixels wide."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from starlette.types import ASGIApp

from service.answers import Answer
from service.app import create_app
from service.languages import load_languages
from service.library import OverloadedError
from tests.browser import axe_violations, open_page, overflow
from tests.gateway import Gateway, gateway
from tests.pseudo import RIGHT_TO_LEFT, write_pseudo_languages
from tests.shelf import ADVICE, CRISIS, EMERGENCY, Shelf, answered, no_evidence
from tests.sites import Site

ServeApp = Callable[[ASGIApp], str]

SMALL = {"width": 320, "height": 640}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
"""What may differ between light and dark."""

PATHS = (
    "/",
    "/studies",
    "/studies?design=randomized_trial&order=people",
    "/studies?design=case_report&finding=harm",
    "/studies/wang2018",
    "/studies/liang2010_pilot?quote=what-they-found:0-20#quote",
    "/studies/wang2018#what-they-found:0-20",
    "/about",
    "/widget",
    "/nowhere",
)
ANSWERS = {
    "chest pain": EMERGENCY,
    "better off without me": CRISIS,
    "is there parking": no_evidence(),
    "should I stop": answered(ADVICE),
    "did it help": answered(),
}
TOO_LONG = "kidneys " * 200


class Addresses(NamedTuple):
    """Where things are.

    Attributes:
        pages: the service.
        busy: one that answers once.
        gate: what stands between the site and the service.
        site: a site with the widget in several looks.
    """

    pages: str
    busy: str
    gate: Gateway
    site: str


def choose(question: str) -> Answer:
    if "busy" in question:
        raise OverloadedError
    return next(answer for words, answer in ANSWERS.items() if words in question)


@pytest.fixture
def at(serve_app: ServeApp, tmp_path: Path) -> Iterator[Addresses]:
    write_pseudo_languages(tmp_path)
    shelf = Shelf(choose)
    shelf.languages = {**load_languages(tmp_path), **load_languages()}
    site = Site()
    address = serve_app(site)
    pages = serve_app(create_app(shelf, origins=[address]))
    busy = serve_app(create_app(shelf, origins=[address], rate="1/day"))
    with gateway(pages) as gate:
        site.server = gate.url
        site.put("/")
        for code in ("es", RIGHT_TO_LEFT):
            site.put(f"/{code}", attributes=f'language="{code}"', root=f'lang="{code}"')
        site.put("/floating", attributes='mode="floating"')
        site.server = busy
        site.put("/limited")
        yield Addresses(pages, busy, gate, address)


def ask(page: Page, question: str, then: str = "article.answer") -> None:
    field = page.locator("form:has(textarea) textarea").first
    field.evaluate("one => one.removeAttribute('maxlength')")
    field.fill(question)
    page.locator("form:has(textarea) [type=submit]").first.click()
    page.locator(then).first.wait_for()
    page.wait_for_load_state()


def unfold(page: Page) -> None:
    """Opens all that is folded: sources, hard words, more on a study, reasons for a no."""
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")


def pages(page: Page, at: Addresses) -> Iterator[str]:
    """Goes through the pages; names each."""
    for path in PATHS:
        page.goto(at.pages + path)
        yield path
    for language in ("es", RIGHT_TO_LEFT):
        for path in ("/", "/studies", "/studies/wang2018", "/about", "/nowhere"):
            page.goto(f"{at.pages}{path}?language={language}")
            yield f"{path} {language}"


def answers(page: Page, at: Addresses) -> Iterator[str]:
    """Goes through the answers on the service's own pages."""
    for question in ANSWERS:
        page.goto(at.pages)
        ask(page, question)
        yield f"page: {question}"
    for language in ("es", RIGHT_TO_LEFT):
        for question in ("did it help", "chest pain"):
            page.goto(f"{at.pages}/?language={language}")
            ask(page, question)
            yield f"page: {question} {language}"
    for question in (TOO_LONG, "busy"):
        page.goto(at.pages)
        ask(page, question, "h1")
        yield f"page: {question[:10]}"
    for _ in range(2):
        page.goto(at.busy)
        ask(page, "did it help", "h1")
    yield "page: too many questions"


def widget(page: Page, at: Addresses) -> Iterator[str]:
    """Goes through the states of the widget."""
    page.goto(at.site)
    yield "widget: before a question"
    for question in ANSWERS:
        ask(page, question)
        yield f"widget: {question}"
    at.gate.delay = 0.6
    ask(page, "did it help", ".busy")
    yield "widget: searching"
    at.gate.delay = 0
    for question in (TOO_LONG, "busy"):
        page.goto(at.site)
        ask(page, question, ".problem")
        yield f"widget: {question[:10]}"
    page.goto(f"{at.site}/limited")
    ask(page, "did it help")
    ask(page, "did it help", ".problem")
    yield "widget: too many questions"
    page.goto(at.site)
    at.gate.cut_after = 0
    ask(page, "did it help", ".problem")
    at.gate.cut_after = None
    yield "widget: away"


def floating(page: Page, at: Addresses) -> Iterator[str]:
    """Goes through the floating widget and the one in other languages."""
    page.goto(f"{at.site}/floating")
    yield "floating: closed"
    page.locator("plaincite-ask button.launcher").click()
    yield "floating: open"
    ask(page, "did it help")
    yield "floating: answer"
    for language in ("es", RIGHT_TO_LEFT):
        page.goto(f"{at.site}/{language}")
        yield f"widget: before a question, {language}"
        ask(page, "did it help")
        yield f"widget: answer, {language}"


@pytest.mark.parametrize("states", [pages, answers, widget, floating])
def test_axe_finds_nothing(
    browser: Browser, at: Addresses, states: Callable[[Page, Addresses], Iterator[str]]
) -> None:
    """With all that is folded open, no state breaks a rule that axe knows or is wider than the screen."""
    found: list[str] = []
    with open_page(browser, viewport=SMALL, reduced_motion="reduce") as page:
        for state in states(page, at):
            unfold(page)
            page.emulate_media(color_scheme="light")
            found += [f"{state}: {violation}" for violation in axe_violations(page)]
            if overflow(page):
                found.append(f"{state}: {overflow(page)} pixels too wide")
            page.emulate_media(color_scheme="dark")
            dark = Axe().run(page, options=COLOURS).response["violations"]
            found += [f"{state}, dark: {rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in dark]
    assert found == []
