"""The pages and the widget in other languages, in a real browser: Spanish, right to left, and long words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp

from service.app import create_app
from service.languages import load_languages
from service.library import Library
from service.strings import strings_in_use
from tests.browser import axe_violations, open_details, open_page, overflow, wait_for_answer, widget_host
from tests.pseudo import LONG, RIGHT_TO_LEFT, turned, write_pseudo_languages
from tests.shelf import Shelf, answered

ServeApp = Callable[[ASGIApp], str]

NARROW = {"viewport": {"width": 320, "height": 640}}
QUOTE = "/studies/wang2018?quote=what-they-found:0-20"
PATHS = ("/", "/studies", "/studies?design=cohort", QUOTE, "/about", "/nowhere")
QUESTIONS = ("Did it help the kidneys?", "Is there parking?", "my chest hurts, cant breathe", "I want to die")

WITH_AXE = {"/", "/nowhere", QUESTIONS[0], QUESTIONS[2]}
"""What axe looks at in Spanish, too: what can differ from English is much the same on all."""

SPANISH = load_languages()["es"]

ENGLISH = re.compile(r"\b(?:the|of|and|is|are|for|with|this|that|you|your|not|was|were|from|what|by)\b", re.I)
"""Words that every English sentence has and no Spanish one."""

WORDS_IN = """language => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    const spoken = element => element.closest("[lang]").lang === language;
    while (walk.nextNode()) {
        const { data, parentElement: element } = walk.currentNode;
        const shown = element.checkVisibility() && !element.closest("script, style");
        if (shown && spoken(element)) found.push(data.trim());
    }
    for (const element of document.querySelectorAll("[aria-label], [title], [alt], [placeholder]")) {
        if (!spoken(element)) continue;
        const names = ["aria-label", "title", "alt", "placeholder"];
        found.push(...names.map(name => element.getAttribute(name) ?? ""));
    }
    return found.filter(Boolean);
}"""
"""All that can be read on a page, or is read out, and is said to be in a language."""

SIDE_OF_BORDER = """element => {
    const style = getComputedStyle(element);
    return ["Left", "Right"].filter(side => parseFloat(style[`border${side}Width`]) > 1).join();
}"""


@pytest.fixture
def address(serve_app: ServeApp, library: Library, tmp_path: Path) -> str:
    """The real library with Spanish and two languages that nobody speaks."""
    write_pseudo_languages(tmp_path)
    languages = load_languages(tmp_path) | {"es": SPANISH}
    sources = replace(library.sources, languages=languages)
    return serve_app(create_app(Library(sources, suggestions=library.suggestions, publisher="A clinic")))


def walk(page: Page, code: str) -> Iterator[str]:
    """Shows every page and every kind of answer in a language, with all that is folded open; names each."""
    for path in PATHS:
        page.goto(f"{path}{'&' if '?' in path else '?'}language={code}")
        open_details(page)
        yield path
    for question in QUESTIONS:
        page.goto(f"/?language={code}")
        page.locator("#ask_question").fill(question)
        page.locator("form.ask button[type=submit]").click()
        page.wait_for_selector("article.answer")
        open_details(page)
        yield question


def test_a_page_in_spanish_is_in_spanish(browser: Browser, address: str) -> None:
    """No page and no answer has English words left that are not marked as English; axe finds nothing."""
    fixed = {text for text in strings_in_use() if isinstance(text, str) and SPANISH.gettext(text) != text}
    with open_page(browser, base_url=address) as page:
        for place in walk(page, "es"):
            assert page.locator("html").get_attribute("lang") == "es", place
            said = page.evaluate(WORDS_IN, "es")
            assert len(said) > 10, place
            assert [text for text in said if text in fixed or ENGLISH.search(text)] == [], place
            assert place not in WITH_AXE or axe_violations(page) == [], place


def test_spanish_is_chosen_and_left_by_a_link(browser: Browser, address: str) -> None:
    """By keyboard or finger: the switch leads to Spanish, an answer keeps it, and its switch leads back."""
    with open_page(browser, base_url=address, locale="en-US") as page:
        page.goto("/")
        page.get_by_role("link", name="Español").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Pregunte qué dicen los estudios")
        page.get_by_label("Su pregunta").fill("¿ayudan las células madre?")
        page.get_by_role("button", name="Buscar en los resúmenes").click()
        message = page.locator("article.answer h2.message")
        expect(message).to_contain_text("Los resúmenes de nuestra biblioteca están en inglés.")
        page.get_by_role("button", name="English").click()
        expect(message).to_contain_text("The summaries in our library are in English.")
        own = page.locator("article.answer .translation")
        expect(own).to_have_attribute("lang", "es")
        expect(own).to_contain_text("Por favor, haga su pregunta en inglés.")


def test_a_card_in_the_language_of_the_question(browser: Browser, address: str) -> None:
    """On an English page, somebody who writes Spanish sees the Spanish card first, whole, with its number."""
    with open_page(browser, base_url=address, locale="en-US", **NARROW) as page:
        page.goto("/")
        page.locator("#ask_question").fill("me duele el pecho y no puedo respirar")
        page.get_by_role("button", name="Search the summaries").click()
        wait_for_answer(page)
        first, second = page.locator(".notice.emergency").all()
        expect(first.locator("h2")).to_have_text("Esto puede ser una emergencia. Llame al 911 ahora mismo.")
        expect(second.locator("h2")).to_have_text("This may be an emergency. Call 911 now.")
        for card in (first, second):
            expect(card.get_by_role("link")).to_have_attribute("href", "tel:911")
        assert first.locator("h2").evaluate("one => one.closest('[lang]').lang") == "es"
        assert axe_violations(page) == []
        assert overflow(page) == 0


def test_pages_from_right_to_left(browser: Browser, address: str) -> None:
    """Every page turns round as a whole at 320 px; quotes in English stay as they are written."""
    with open_page(browser, base_url=address, **NARROW) as page:
        for place in walk(page, RIGHT_TO_LEFT):
            assert page.locator("html").get_attribute("dir") == "rtl", place
            assert overflow(page) == 0, place
            heading = page.locator("main :is(h1, h2)").first
            assert heading.evaluate("one => getComputedStyle(one).direction") == "rtl", place
            # Where it begins, and so where its first line stands: at the right.
            header = page.locator("header.site .name").bounding_box()
            assert header is not None
            assert header["x"] > 320 / 2 - header["width"] / 2, place
            for quote in page.locator("blockquote").all():
                assert quote.evaluate(SIDE_OF_BORDER) == "Right", place
                assert quote.locator("p").evaluate("one => getComputedStyle(one).direction") == "ltr", place


def test_long_words_fit(browser: Browser, address: str) -> None:
    """A language of longer words makes no page wider than a phone of 320 px."""
    with open_page(browser, base_url=address, **NARROW) as page:
        for place in walk(page, LONG):
            assert overflow(page) == 0, place


def test_the_widget_from_right_to_left(browser: Browser, serve_app: ServeApp, tmp_path: Path) -> None:
    """The widget takes the language of its attribute, turns round, and marks its quotes as English."""
    write_pseudo_languages(tmp_path)
    shelf = Shelf(answered())
    shelf.languages = load_languages(tmp_path)
    with widget_host(serve_app, shelf) as host, open_page(browser, base_url=host, **NARROW) as page:
        page.goto(f'/?language="{RIGHT_TO_LEFT}"')
        page.get_by_label(turned("Your question")).fill("Did it help?")
        page.get_by_role("button", name=turned("Search the summaries")).click()
        wait_for_answer(page)
        quote = page.locator("article.answer blockquote").first
        assert quote.evaluate(SIDE_OF_BORDER) == "Right"
        assert quote.evaluate("one => one.closest('[lang]').lang") == "en"
        answer = page.locator("article.answer")
        assert answer.evaluate("one => getComputedStyle(one).direction") == "rtl"
        assert axe_violations(page) == []
        assert overflow(page) == 0
