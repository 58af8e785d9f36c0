"""Real faults between browser and service: what a person sees then, and how it goes on."""

import signal
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp

from service.answers import DISCLAIMER, Answer
from service.app import create_app
from service.library import OverloadedError
from tests.browser import axe_violations, open_page, overflow
from tests.conftest import Served
from tests.gateway import Gateway, gateway
from tests.shelf import EMERGENCY, Shelf, answered
from tests.sites import Site

ServeApp = Callable[[ASGIApp], str]

PHONE = {"width": 360, "height": 740}


class Setting(NamedTuple):
    """A site, its address, and the gateway through which its pages reach the service."""

    site: Site
    address: str
    gate: Gateway


class Busy(Shelf):
    """A library that has more questions waiting than it takes."""

    async def ask_soon(self, *_: object, **__: object) -> Answer:
        raise OverloadedError


def choose(question: str) -> Answer:
    return EMERGENCY if "chest" in question else answered()


@pytest.fixture
def site(serve_app: ServeApp) -> tuple[Site, str]:
    made = Site()
    return made, serve_app(made)


@pytest.fixture
def setting(serve_app: ServeApp, site: tuple[Site, str]) -> Iterator[Setting]:
    made, address = site
    with gateway(serve_app(create_app(Shelf(choose), origins=[address]))) as gate:
        made.server = gate.url
        made.put("/")
        yield Setting(made, address, gate)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with open_page(browser, viewport=PHONE) as page:
        yield page


def ask(page: Page, question: str = "Did it help?") -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Search the summaries").click()


def test_a_server_that_dies_is_told_and_the_next_one_answers(
    page: Page, site: tuple[Site, str], start_server: Callable[..., Served]
) -> None:
    """Killed in the middle of an answer, it is away; once it runs again, one tap asks the same question."""
    made, address = site
    server = start_server(ORIGINS=address)
    with gateway(server.url) as gate:
        made.server = gate.url
        made.put("/", attributes='suggestions=""')
        page.goto(address)
        server.process.send_signal(signal.SIGSTOP)
        ask(page, "did it help the kidneys?")
        expect(page.get_by_role("log").locator(".status")).to_have_text("Searching the summaries …")
        server.process.kill()
        expect(page.locator(".problem")).to_contain_text("cannot be reached")
        expect(page.locator(".problem")).to_contain_text("call your local emergency number")
        gate.server = start_server(ORIGINS=address).url
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("article.answer")).to_have_attribute("data-outcome", "answered")
        assert page.locator(".problem").count() == 0


def test_a_server_that_hangs_is_given_up(
    page: Page, site: tuple[Site, str], start_server: Callable[..., Served]
) -> None:
    """A frozen process keeps nobody waiting for longer than the page allows."""
    made, address = site
    server = start_server(ORIGINS=address)
    made.server = server.url
    made.put("/", attributes='timeout="0.5"')
    page.goto(address)
    server.process.send_signal(signal.SIGSTOP)
    try:
        ask(page)
        expect(page.locator(".problem")).to_contain_text("takes too long")
    finally:
        server.process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize("size", [0, 40, 700, 2500])
def test_an_answer_that_is_cut_off_is_not_shown(page: Page, setting: Setting, size: int) -> None:
    """Where the connection breaks within head or body, nothing of the answer is shown; one tap asks again."""
    page.goto(setting.address)
    setting.gate.cut_after = size
    ask(page)
    expect(page.locator(".problem")).to_contain_text("call your local emergency number")
    assert page.locator("article.answer, blockquote").count() == 0
    expect(page.get_by_label("Your question")).to_have_value("Did it help?")
    setting.gate.cut_after = None
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("article.answer blockquote")).to_have_count(3)


def test_an_answer_that_trickles_in_is_shown_whole(page: Page, setting: Setting) -> None:
    """A slow connection shows that it searches, then the answer at once."""
    page.goto(setting.address)
    setting.gate.delay = 0.4
    ask(page)
    expect(page.get_by_role("log").locator(".status")).to_have_text("Searching the summaries …")
    assert page.locator("article.answer").count() == 0
    expect(page.locator("article.answer blockquote")).to_have_count(3)


def test_a_script_that_does_not_load_leaves_what_the_page_put_there(
    page: Page, site: tuple[Site, str]
) -> None:
    """Without its script the element shows what stands inside it, such as a link to the service."""
    made, address = site
    made.server = "http://127.0.0.1:9"
    made.within = '<a href="https://answers.example.org/">Ask what the studies say</a>'
    made.put("/")
    page.goto(address)
    assert page.get_by_role("link", name="Ask what the studies say").is_visible()


def test_too_many_questions_are_told_with_the_time_to_wait(
    browser: Browser, site: tuple[Site, str], serve_app: ServeApp
) -> None:
    """The real limit's answer reaches the widget with its waiting time, and the page as a page."""
    made, address = site
    made.server = serve_app(create_app(Shelf(choose), origins=[address], rate="1/minute"))
    made.put("/")
    with open_page(browser, viewport=PHONE) as page:
        page.goto(address)
        ask(page)
        expect(page.locator("article.answer")).to_be_visible()
        ask(page, "How many died?")
        expect(page.locator(".problem")).to_contain_text("too many questions")
        expect(page.locator(".problem")).to_contain_text("seconds")
        expect(page.locator(".problem")).to_contain_text("call your local emergency number")
        page.goto(made.server)
        ask(page)
        expect(page.locator("h1")).to_be_visible()
        expect(page.get_by_text(DISCLAIMER)).to_be_visible()
        assert axe_violations(page) == []
        assert overflow(page) == 0


def test_a_busy_service_says_so(browser: Browser, site: tuple[Site, str], serve_app: ServeApp) -> None:
    """When too many are waiting, widget and page say so and where to turn in an emergency."""
    made, address = site
    made.server = serve_app(create_app(Busy(answered()), origins=[address]))
    made.put("/")
    with open_page(browser, viewport=PHONE) as page:
        page.goto(address)
        ask(page)
        expect(page.locator(".problem")).to_contain_text("Many people are asking")
        assert axe_violations(page) == []
        page.goto(made.server)
        ask(page)
        expect(page.locator("main")).to_contain_text("Many people are asking")
        expect(page.locator("main")).to_contain_text("emergency")
        assert axe_violations(page) == []
