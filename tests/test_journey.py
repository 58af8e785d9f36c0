"""A person's whole way on the real service: from a question to its answer, and on to the source."""

from collections.abc import Callable
from http.server import ThreadingHTTPServer
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Host, axe_violations, open_details, overflow, serve_host, wait_for_answer
from tests.conftest import Served

QUESTIONS = {
    "did it help the kidneys?": "answered",
    "how many people died": "answered",
    "does it help with hair loss?": "no_evidence",
    "I have chest pain and cant breathe": "screened",
}


def ask(page: Page, server: Served, question: str) -> None:
    page.goto(server.url)
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Search the summaries").click()
    wait_for_answer(page)


@pytest.mark.parametrize(("question", "outcome"), QUESTIONS.items())
def test_a_question_gets_a_readable_answer(page: Page, server: Served, question: str, outcome: str) -> None:
    """Each outcome shows the disclaimer, breaks no rule of axe and fits a small phone."""
    page.set_viewport_size({"width": 320, "height": 640})
    ask(page, server, question)
    expect(page.locator("article.answer")).to_have_attribute("data-outcome", outcome)
    expect(page.locator(".disclaimer")).to_be_visible()
    open_details(page)
    assert overflow(page) == 0
    assert axe_violations(page) == []


def test_every_citation_leads_to_its_quote(page: Page, server: Served) -> None:
    """Each quote of a two-sided answer is found, marked in its summary, by following its own link."""
    ask(page, server, "did it help the kidneys?")
    quotes = page.locator("blockquote").all_text_contents()
    links = [link.get_attribute("href") or "" for link in page.locator("figcaption a.whole").all()]
    assert page.locator(".contrast blockquote").count() > 0
    assert page.locator(".number").all_inner_texts() == [str(number) for number in range(1, len(quotes) + 1)]
    for quote, link in zip(quotes, links, strict=True):
        page.goto(urljoin(server.url, link))
        assert "".join(page.locator("mark").all_text_contents()) == quote


def test_a_suggested_question_is_answered(page: Page, server: Served) -> None:
    """Each question that the home page suggests has an answer in the library."""
    page.goto(server.url)
    count = page.locator(".suggestions button").count()
    assert count > 0
    for number in range(count):
        page.goto(server.url)
        page.locator(".suggestions button").nth(number).click()
        expect(page.locator("article.answer")).to_have_attribute("data-outcome", "answered")


def test_the_widget_shows_what_the_page_shows(page: Page, start_server: Callable[..., Served]) -> None:
    """On a page of a listed origin the widget shows the same quotes as our own page."""
    with ThreadingHTTPServer(("localhost", 0), Host) as http:
        server = start_server(ORIGINS=f"http://localhost:{http.server_address[1]}")
        ask(page, server, "did it help the kidneys?")
        quotes = page.locator("blockquote").all_text_contents()
        with serve_host(server.url, http) as address:
            page.goto(address)
            page.get_by_label("Your question").fill("did it help the kidneys?")
            page.get_by_role("button", name="Search the summaries").click()
            expect(page.locator("article.answer")).to_be_visible()
            assert page.locator("blockquote").all_text_contents() == quotes
            assert axe_violations(page) == []


def test_a_misspelt_word_is_told(page: Page, server: Served) -> None:
    """Who misspells a word sees what it was read as, escaped and with the answer below."""
    ask(page, server, "did protienuria go down?")
    expect(page.locator(".respelling")).to_have_text(
        "We read \u201cprotienuria\u201d as \u201cproteinuria\u201d."
    )
    expect(page.locator("blockquote").first).to_be_visible()
    assert axe_violations(page) == []
