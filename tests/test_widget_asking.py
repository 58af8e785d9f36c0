"""Asking in the widget: waits, what was typed, the focus, recent questions, feedback."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from starlette.types import ASGIApp

from service.answers import Answer
from tests.browser import ask, axe_violations, open_page, widget_host
from tests.shelf import EMERGENCY, Shelf, answered


def choose(question: str) -> Answer:
    return EMERGENCY if "chest" in question else answered()


@pytest.fixture
def page(browser: Browser, serve_app: Callable[[ASGIApp], str]) -> Iterator[Page]:
    with widget_host(serve_app, Shelf(choose)) as host, open_page(browser, base_url=host) as page:
        page.goto("/")
        yield page


def test_a_wait_is_told_and_its_end(page: Page) -> None:
    """Retry-After is said in words, a button asks again at any time, the end of the wait is announced."""
    page.clock.install()
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
    for seconds, words in (("20", "in 20 seconds"), ("1", "in 2 seconds"), ("200", "in 4 minutes")):
        given = {**headers, "Retry-After": seconds}
        page.route("**/fragment", partial(Route.fulfill, status=429, headers=given))
        ask(page, "Did it help?")
        expect(page.locator(".problem")).to_contain_text(
            f"too many questions at once. Please ask again {words}."
        )
    status = page.get_by_role("log").locator(".status")
    expect(status).to_have_text("")
    page.clock.fast_forward(201_000)
    expect(status).to_have_text("You can ask again now.")
    assert axe_violations(page) == []
    page.unroute("**/fragment")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("article.answer")).to_be_visible()
    assert page.locator(".problem").count() == 0


def test_a_long_search_says_that_it_goes_on(page: Page) -> None:
    """After some seconds the status says that it still searches; then the widget stops waiting."""
    page.clock.install()
    page.route("**/fragment", lambda _: None)
    ask(page, "Did it help?")
    page.clock.fast_forward(7_000)
    expect(page.get_by_role("log").locator(".status")).to_have_text(re.compile("Still searching"))
    page.clock.fast_forward(15_000)
    expect(page.locator(".problem")).to_contain_text("takes too long")
    expect(page.get_by_label("Your question")).to_have_value("Did it help?")


def test_nothing_that_was_typed_is_lost(page: Page) -> None:
    """A pasted letter is not cut and can be shortened; a suggestion leaves a half-written question alone."""
    letter = "Please tell me. " * 100
    field = page.get_by_label("Your question")
    field.fill(letter)
    page.get_by_role("button", name="Search the summaries").click()
    expect(page.locator(".problem")).to_contain_text("Please shorten your question")
    expect(field).to_have_value(letter)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("shorten"))
    field.fill("I wonder whether")
    page.get_by_role("button", name="How many died?").click()
    expect(page.locator("p.asked")).to_have_text("You asked: How many died?")
    expect(field).to_have_value("I wonder whether")
    assert field.get_attribute("aria-invalid") is None
    page.locator("plaincite-ask").evaluate("one => document.body.append(one)")
    expect(field).to_have_value("I wonder whether")
    expect(page.locator("article.answer")).to_be_visible()


def test_the_focus_goes_where_it_helps(page: Page) -> None:
    """Enter asks and leaves the focus in the field; after a suggestion it is at the head of the answer."""
    field = page.get_by_label("Your question")
    field.fill("Did it")
    field.press("Shift+Enter")
    field.press_sequentially("help?")
    field.press("Enter")
    expect(page.locator("p.asked")).to_have_text(re.compile("Did it\\s+help"))
    expect(field).to_be_focused()
    page.get_by_role("button", name="How many died?").press("Enter")
    expect(page.locator("h2.message")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("article.answer summary").first).to_be_focused()


def test_recent_questions_are_kept_in_the_page_only(page: Page) -> None:
    """They are buttons, newest first, never of an emergency; each asks as before; all can be forgotten."""
    recent = page.get_by_role("group", name="Recent questions")
    for question in ("Did it help?", "and in men?", "chest pain", "How many died?"):
        ask(page, question)
        expect(page.get_by_role("log").locator(".status")).to_have_text(re.compile("ready|emergency"))
        assert recent.is_visible() == (question not in {"Did it help?", "chest pain"})
    assert recent.get_by_role("button").all_inner_texts() == [
        "and in men?",
        "Did it help?",
        "Forget these questions",
    ]
    with page.expect_request("**/fragment") as sent:
        recent.get_by_role("button", name="and in men?").click()
    assert parse_qs(sent.value.post_data or "")["previous"] == ["Did it help?"]
    expect(page.locator("p.asked")).to_have_text("You asked: and in men?")
    assert axe_violations(page) == []
    recent.get_by_role("button", name="Forget these questions").click()
    expect(recent).to_be_hidden()
    expect(page.get_by_label("Your question")).to_be_focused()
    with page.expect_request("**/fragment") as sent:
        ask(page, "and then?")
    assert "previous" not in parse_qs(sent.value.post_data or "")


def test_feedback_goes_to_the_server(page: Page) -> None:
    """Whether an answer helped is sent with its reference and nothing else, and thanked for."""
    ask(page, "Did it help?")
    with page.expect_response("**/feedback") as received:
        page.get_by_role("button", name="Yes, it helped").click()
    assert received.value.ok
    assert parse_qs(received.value.request.post_data or "") == {"reference": ["0f3c9a"], "helpful": ["yes"]}
    expect(page.locator(".feedback [role=status]")).to_contain_text("Thank you")
