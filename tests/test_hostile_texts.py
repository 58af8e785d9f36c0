"""Texts that try to be more than text, in a study or in a question, on page and widget, paper and JSON."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Browser, Page
from starlette.types import ASGIApp

from corpus.studies import parse_study
from index.build import build_library
from index.models import PACKAGED_NAME
from tests.browser import open_details, open_page, overflow, wait_for_answer
from tests.conftest import ENCODERS, servers
from tests.sites import Site

if TYPE_CHECKING:
    from index.encoder import OnnxEncoder

ServeApp = Callable[[ASGIApp], str]

PHONE = {"width": 320, "height": 640}

SCRIPT = "</script><script>pwned = 1</script>"
IMAGE = "<img src=x onerror=pwned=2>"
TURNED = "\u202e"
ODD = "kid\u200bneys 😀 👩\u200d⚕️ \U0001d4b3 &amp; &lt;b&gt; {{ 7 * 7 }} {% raw %} ${pwned} %(study)s \\u003c"
LONG = "nephritis" * 1_100

STUDY = f"""---
id: evil2020
title: 'Cells "and" kidneys {IMAGE}{SCRIPT}</title> {TURNED}emit'
authors: ['{IMAGE} E', 'Doe J']
year: 2020
link: https://example.org/"onmouseover="pwned=3
design: single_arm_trial
people: 12
who: '12 people {SCRIPT} with lupus {TURNED}'
finding: benefit
funding: '</dd></dl>{IMAGE}'
cautions: ['No comparison group {IMAGE}', '{TURNED}The study was small.']
status: published
---

## Key messages

Stem cells {IMAGE} were given to 12 people with lupus, and the kidneys got better in 9 of 12. {SCRIPT}

## What was studied

Twelve people with lupus got stem cells through a drip. They were {LONG} people.

## What they found

After {IMAGE} stem cells, the kidneys got better in 9 of 12 people.

In 2 of 12 people the kidneys {TURNED}did not get better after {SCRIPT} treatment.

In 1 of 12 people the {ODD} got worse.

## Side effects and safety

Three of 12 people {TURNED}had {IMAGE} a fever {SCRIPT} once. Nobody died, {ODD} or not.

## What to keep in mind

The study had no comparison group.
"""

QUESTIONS = (
    f"Did the {IMAGE} kidneys get better?",
    f"Did the kidneys get better {SCRIPT}",
    f"Did the kidneys {TURNED}get better? \u2069\u202e",
    "Did the kid\u200bneys get bet\x00ter? 😀 👩\u200d⚕️",
    "'; DROP TABLE studies; -- did the kidneys get better? {{ 7 * 7 }} %(study)s",
    "How many people had a fever?",
    "How many people got worse?",
    "Did the kidneys not get better after treatment?",
    "did anyone die?",
)
"""Some are hostile, the others are answered from what is hostile in the study."""

TURNS_OTHERS = """turned => {
  const roots = [document, document.querySelector("plaincite-ask")?.shadowRoot].filter(Boolean);
  const found = [];
  for (const root of roots) {
    const texts = document.createTreeWalker(root === document ? document.body : root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const one = texts.currentNode.parentElement;
      if (!texts.currentNode.data.includes(turned) || one.matches("script, textarea")) continue;
      let around = one;
      const isolates = (element) => /isolate|plaintext/.test(getComputedStyle(element).unicodeBidi)
        || getComputedStyle(element).display !== "inline";
      while (!isolates(around)) around = around.parentElement;
      if (around.textContent.trim() !== one.textContent.trim() && !one.closest("bdi, [dir]")) {
        found.push(around.outerHTML.slice(0, 200));
      }
    }
  }
  return found;
}"""
"""Where a text that turns the direction stands among other words, and would turn them as well."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, encoder: "OnnxEncoder") -> tuple[Path, Path]:  # noqa: ARG001
    """A library with the study, and its real index."""
    folder = tmp_path_factory.mktemp("hostile")
    library, index = folder / "library", folder / "index"
    library.mkdir()
    (library / "evil2020.md").write_text(STUDY, encoding="utf-8")
    build_library(library, index, PACKAGED_NAME, ENCODERS, drafts=False, progress=False)
    return library, index


@pytest.fixture
def site(built: tuple[Path, Path], tmp_path: Path, serve_app: ServeApp) -> Iterator[tuple[Site, str]]:
    """A site with the widget, whose server is the real service over the study."""
    library, index = built
    site = Site()
    address = serve_app(site)
    with servers(index, tmp_path) as start:
        site.server = start(CORPUS=str(library), ORIGINS=address, RATE="off", RATE_OVERALL="off").url
        site.put("/", attributes='suggestions=""')
        yield site, address


def quoted(server: str, question: str) -> list[str]:
    """The quotes that the JSON has, each found in its place in the source."""
    with httpx.Client(base_url=server, trust_env=False) as client:
        answer = client.post("/api/answers", json={"question": question}).raise_for_status().json()
        study = client.get("/api/studies/evil2020").raise_for_status().json()
    texts = {section["name"]: section["text"] for section in study["sections"]}
    for statement in answer["statements"]:
        place = statement["citation"]
        assert texts[place["section"]][place["start"] : place["end"]] == statement["text"]
    return [statement["text"] for statement in answer["statements"]]


def letters(text: str) -> str:
    """What is left of a text when everything is gone that may be cleaned away."""
    return "".join(letter for letter in text if letter.isascii() and letter.isprintable() and letter != " ")


def assert_only_text(page: Page) -> None:
    """Nothing of the texts became an element, ran, turned its surroundings or left the screen."""
    open_details(page)
    assert page.evaluate("[window.pwned, frames.length]") == [None, 0]
    for element in ("img", "script:not([src])", "[onerror]", "[onmouseover]"):
        assert page.locator(f"main {element}").count() == 0, element
    assert page.evaluate(TURNS_OTHERS, TURNED) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("where", ["page", "widget"])
def test_a_text_is_only_text(browser: Browser, site: tuple[Site, str], where: str) -> None:
    """Markup, templates, bidi overrides and invisible marks, asked or quoted, are shown as they are."""
    address = site[0].server if where == "page" else site[1]
    shown: set[str] = set()
    with open_page(browser, viewport=PHONE) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        for question in QUESTIONS:
            page.goto(address)
            page.locator("form.ask textarea").fill(question)
            page.locator("form.ask button[type=submit]").click()
            quotes = page.locator("article.answer blockquote")
            wait_for_answer(page)
            assert quotes.all_text_contents() == quoted(site[0].server, question)
            assert letters(question) in letters(page.locator(".asked").inner_text())
            assert_only_text(page)
            shown |= set(quotes.all_text_contents())
    assert all(any(part in quote for quote in shown) for part in (IMAGE, SCRIPT, ODD, TURNED))


def test_a_hostile_study_is_only_text(browser: Browser, site: tuple[Site, str]) -> None:
    """Its own page, the list and their prints show the whole study character for character."""
    study = parse_study(STUDY, Path("evil2020.md"))
    with open_page(browser, viewport=PHONE, base_url=site[0].server) as page:
        for path in ("/studies", "/studies/evil2020", "/studies/evil2020?quote=what-they-found:0-20"):
            page.goto(path)
            assert_only_text(page)
            page.emulate_media(media="print")
            assert page.pdf().startswith(b"%PDF-")
            page.emulate_media(media="screen")
        for section in study.sections:
            paragraphs = page.locator(f"#{section.name} p").all_text_contents()
            assert "\n\n".join(paragraphs) == section.text
        assert study.title in page.locator("main").inner_text()
