"""The widget in a real browser, on a page of another origin that allows almost nothing."""

import re
import time
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from starlette.types import ASGIApp

from service.answers import DISCLAIMER, Answer
from service.app import create_app
from tests.browser import Host, ask, open_page, overflow, serve_host, widget_host
from tests.shelf import CRISIS, EMERGENCY, Shelf, answered, no_evidence

ServeApp = Callable[[ASGIApp], str]

SLOW = 1.5  # seconds that the question "slow" takes


def choose(question: str) -> Answer:
    if "slow" in question:
        time.sleep(SLOW)
        return no_evidence()
    if "chest" in question:
        return EMERGENCY
    return CRISIS if "better off" in question else answered()


@pytest.fixture
def host(serve_app: ServeApp) -> Iterator[str]:
    with widget_host(serve_app, Shelf(choose)) as address:
        yield address


@pytest.fixture
def page(browser: Browser, host: str) -> Iterator[Page]:
    with open_page(browser, base_url=host) as page:
        page.goto("/")
        yield page


def test_the_widget_answers_on_a_page_of_another_origin(page: Page) -> None:
    """Under a policy that allows only its server, the widget asks and shows the styled answer."""
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    ask(page, "Did it help?")
    expect(page.locator("article.answer blockquote")).to_have_count(3)
    assert page.get_by_text("Other studies say something different").is_visible()
    border = page.locator("blockquote").first.evaluate("one => getComputedStyle(one).borderInlineStartWidth")
    assert border == "4px"
    assert refused == []


def test_it_says_what_it_is_before_the_first_question(page: Page) -> None:
    """The disclaimer and that no person answers can be read before anything is asked, and at the field."""
    assert page.get_by_text(DISCLAIMER).is_visible()
    assert page.get_by_text("not a person").is_visible()
    described = page.get_by_label("Your question")
    expect(described).to_have_accessible_description(re.compile(f"not a person.*{re.escape(DISCLAIMER)}"))


def test_only_its_server_is_asked_and_only_twice(browser: Browser, host: str) -> None:
    """One request loads the widget, one asks; no other host is asked, and no question is in an address."""
    with open_page(browser, base_url=host) as page:
        asked: list[tuple[str, str]] = []
        page.on("request", lambda request: asked.append((request.method, request.url)))
        page.goto("/")
        ask(page, "Did it help the kidneys?")
        page.wait_for_selector("article.answer")
        paths = [(method, url.split("/", 3)[3]) for method, url in asked if not url.startswith(host)]
        assert paths == [("GET", "ask.js"), ("POST", "fragment")]


def test_links_lead_to_the_server(page: Page) -> None:
    """Sources lead to the server's pages, in a new tab; telephone links stay as they are."""
    ask(page, "Did it help?")
    page.locator("figcaption summary").first.click()
    source = page.locator("figcaption a.whole").first
    expect(source).to_have_attribute("target", "_blank")
    with page.context.expect_page() as opened:
        source.click()
    expect(opened.value.locator("mark#quote")).to_have_text(page.locator("blockquote").first.inner_text())
    ask(page, "chest pain")
    expect(page.locator("a.call")).to_have_attribute("href", "tel:911")
    assert page.locator("a.call").get_attribute("target") is None


def test_suggestions_ask_at_once(page: Page) -> None:
    """A suggestion is a button that asks its question."""
    assert page.get_by_role("group", name="Suggested questions").get_by_role("button").all_inner_texts() == [
        "Did it help the kidneys?",
        "How many died?",
    ]
    page.get_by_role("button", name="How many died?").click()
    expect(page.locator("article.answer")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value("How many died?")


def test_only_the_state_is_announced(page: Page) -> None:
    """A polite log says that it searches and that the answer is ready; the answer itself is not read out."""
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    ask(page, "slow")
    expect(log.locator(".status")).to_have_text("Searching the summaries …")
    expect(log.locator(".status")).to_have_text("Answer ready. Links in it open in a new tab.")
    expect(page.locator("article.answer")).to_have_attribute("aria-live", "off")


def test_an_emergency_is_announced_by_its_title(page: Page) -> None:
    """When somebody may be in danger, what is spoken is the card's own heading."""
    ask(page, "chest pain")
    expect(page.locator(".notice.emergency")).to_be_visible()
    expect(page.get_by_role("log").locator(".status")).to_have_text("This may be an emergency")
    ask(page, "everyone would be better off without me")
    expect(page.get_by_role("log").locator(".status")).to_have_text("You are not alone")


def test_a_newer_question_cancels_the_older_one(page: Page) -> None:
    """The answer to an older question never shows up after a newer one was asked."""
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    ask(page, "slow")
    ask(page, "Did it help?")
    expect(page.locator("article.answer")).to_have_attribute("data-outcome", "answered")
    page.wait_for_timeout(SLOW * 1000 + 300)
    expect(page.locator("article.answer")).to_have_attribute("data-outcome", "answered")
    assert page.locator("article.answer").count() == 1
    assert len(failed) == 1


def test_a_slow_server_gets_a_clear_message(page: Page) -> None:
    """After the time that the page allows, the widget stops waiting and says so."""
    page.goto("/?timeout=0.3")
    ask(page, "slow")
    expect(page.locator(".problem")).to_contain_text("takes too long")
    expect(page.locator(".problem")).to_contain_text("call your local emergency number")


@pytest.mark.parametrize(
    ("status", "words"),
    [(429, "too many questions"), (503, "Many people are asking"), (500, "went wrong"), (413, "shorten")],
)
def test_a_refusing_server_gets_a_clear_message(page: Page, status: int, words: str) -> None:
    """Each way in which the server refuses has its own plain sentence, and the field keeps the question."""
    page.route("**/fragment", lambda route: route.fulfill(status=status, body="<b>no</b>"))
    ask(page, "Did it help?")
    expect(page.locator(".problem")).to_contain_text(words)
    expect(page.get_by_label("Your question")).to_have_value("Did it help?")
    assert page.locator("article.answer").count() == 0


def test_a_server_that_is_away_gets_a_clear_message(page: Page) -> None:
    """Without a connection the widget says so, and answers again once the server is back."""

    def refuse(route: Route) -> None:
        route.abort("connectionrefused")

    page.route("**/fragment", refuse)
    ask(page, "Did it help?")
    expect(page.locator(".problem")).to_contain_text("cannot be reached")
    page.unroute("**/fragment", refuse)
    ask(page, "Did it help?")
    expect(page.locator("article.answer")).to_be_visible()
    assert page.locator(".problem").count() == 0


def test_a_page_that_is_not_allowed_gets_no_answer(browser: Browser, serve_app: ServeApp) -> None:
    """A page whose origin the operator has not listed sees a message and no answer."""
    server = serve_app(create_app(Shelf(choose)))
    with (
        open_page(browser) as page,
        ThreadingHTTPServer(("localhost", 0), Host) as http,
        serve_host(server, http) as address,
    ):
        page.goto(address)
        ask(page, "Did it help?")
        expect(page.locator(".problem")).to_contain_text("not allowed")
        own_page = page.get_by_role("link", name="Ask on the answer service's own page")
        expect(own_page).to_have_attribute("href", f"{server}/")
        assert page.get_by_role("button", name="Try again").count() == 0
        assert page.locator("article.answer").count() == 0


def test_a_response_that_is_no_answer_is_not_shown(page: Page) -> None:
    """HTML that holds no answer, such as a proxy's page, is never put into the page."""
    page.route("**/fragment", lambda route: route.fulfill(status=200, body="<h1>Sign in</h1>"))
    ask(page, "Did it help?")
    expect(page.locator(".problem")).to_contain_text("went wrong")
    assert page.get_by_text("Sign in").count() == 0


def test_a_question_that_cannot_be_taken_says_why(page: Page) -> None:
    """What the server says of an unusable question is shown as it said it."""
    page.locator("plaincite-ask").evaluate("one => one.ask('x'.repeat(1001))")
    expect(page.locator(".problem")).to_contain_text("Please shorten your question")


def test_an_empty_question_is_not_sent(page: Page) -> None:
    """Nothing is asked as long as nothing is written."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_role("button", name="Search the summaries").click()
    ask(page, "   ")
    page.wait_for_timeout(100)
    assert sent == []


def test_the_host_page_can_change_its_looks(page: Page) -> None:
    """Custom properties and parts of the element reach its button."""
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("plaincite-ask { --plaincite-accent: rgb(0, 0, 90) }"
                + "plaincite-ask::part(button) { border-radius: 0 }");
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    button = page.get_by_role("button", name="Search the summaries")
    assert button.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(0, 0, 90)"
    assert button.evaluate("one => getComputedStyle(one).borderRadius") == "0px"


def test_it_prints_the_answer_alone(page: Page) -> None:
    """Print opens a sheet with the question and the whole answer, styled, without the page around it."""
    page.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes' }")
    page.goto("/")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    ask(page, "Did it help?")
    page.get_by_role("button", name="Print this answer").click()
    sheet = page.frame_locator("iframe.sheet")
    expect(sheet.locator("html")).to_have_attribute("data-printed", "yes")
    expect(sheet.locator("p.asked")).to_have_text("You asked: Did it help?")
    assert sheet.locator("blockquote").all_text_contents() == page.locator("blockquote").all_text_contents()
    assert sheet.locator("details:not([open])").count() == 0
    border = sheet.locator("blockquote").first.evaluate("one => getComputedStyle(one).borderInlineStartWidth")
    assert border == "4px"
    assert sheet.get_by_text("A hospital").count() == 0
    assert page.locator("html").get_attribute("data-printed") is None
    assert refused == []
    sheet.locator("html").evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(page.locator("iframe.sheet")).to_have_count(0)


def test_it_copies_the_answer(browser: Browser, host: str) -> None:
    """Copy puts the question and the answer as text on the clipboard, and says so."""
    with open_page(browser, base_url=host, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("/")
        ask(page, "Did it help?")
        page.get_by_role("button", name="Copy this answer").click()
        expect(page.locator(".tools [role=status]")).to_have_text("Copied.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("Did it help?\n")
        for part in (answered().statements[0].text, *answered().ask_your_doctor, DISCLAIMER):
            assert part in copied


def test_a_safety_card_has_nothing_to_print(page: Page) -> None:
    """Beside an emergency card there is no button but the one that asks."""
    ask(page, "chest pain")
    expect(page.locator(".notice.emergency")).to_be_visible()
    assert page.get_by_role("button", name=re.compile("Print|Copy")).count() == 0


def test_it_fits_into_a_narrow_page(browser: Browser, host: str) -> None:
    """In a window of 320 pixels the widget does not push the page sideways."""
    with open_page(browser, base_url=host, viewport={"width": 320, "height": 640}) as page:
        page.goto("/")
        ask(page, "Did it help?")
        page.wait_for_selector("article.answer")
        assert overflow(page) == 0


def test_the_question_before_is_sent_along(page: Page) -> None:
    """Each question goes with the one before it, in the body; nothing of an emergency goes along."""
    sent: list[dict[str, list[str]]] = []
    page.on("request", lambda request: sent.append(parse_qs(request.post_data or "")))
    for question in ("Did it help?", "and in men?", "chest pain", "How many died?"):
        with page.expect_response("**/fragment"):
            ask(page, question)
        expect(page.locator("article.answer")).to_be_visible()
        expect(page.get_by_role("log").locator(".status")).not_to_have_text("Searching the summaries …")
    befores = [fields.get("previous") for fields in sent if "question" in fields]
    assert befores == [None, ["Did it help?"], ["and in men?"], None]
    assert page.evaluate("() => [localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert "help" not in page.url
