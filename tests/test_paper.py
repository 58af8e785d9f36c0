"""Answers and summaries on paper: what chromium prints, read back out of the PDF."""

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page
from starlette.types import ASGIApp

from service.answers import Answer
from service.app import create_app
from tests.browser import ask, open_page
from tests.shelf import EMERGENCY, STUDIES, Shelf, answered, no_evidence

ServeApp = Callable[[ASGIApp], str]

PAPERS = ("A4", "Letter")
FOR_SCREENS = (
    "Print this answer",
    "Copy this answer",
    "Search the summaries",
    "Did this help",
    "Skip to the content",
    "Read the whole summary",
    "Ask another question",
)
HEADINGS = (
    "Questions for my doctor",
    "All hard words",
    "Keep in mind",
    "Other studies say something different",
)
MARGIN = 20
"""Points that no word may come closer to the edge than; printers cannot print there."""


class Sheet(NamedTuple):
    """One printed page: its size in points, words with their boxes (left, top, right, bottom), lines."""

    width: float
    height: float
    words: list[tuple[str, tuple[float, float, float, float]]]
    lines: list[str]


def choose(question: str) -> Answer:
    if "chest" in question:
        return EMERGENCY
    return no_evidence() if "parking" in question else answered()


@pytest.fixture
def page(browser: Browser, serve_app: ServeApp) -> Iterator[Page]:
    with open_page(browser, base_url=serve_app(create_app(Shelf(choose)))) as page:
        yield page


@pytest.fixture
def printed(tmp_path: Path) -> Callable[[Page, str], list[Sheet]]:
    """Prints a page as its reader's browser does, and reads the sheets."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is missing; on Debian: apt-get install poppler-utils")

    def read(page: Page, paper: str) -> list[Sheet]:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.pdf(path=tmp_path / "paper.pdf", format=paper)
        return [*_sheets(tmp_path / "paper.pdf")]

    return read


def _sheets(pdf: Path) -> Iterator[Sheet]:
    def run(*options: str) -> bytes:
        return subprocess.run(["pdftotext", *options, pdf, "-"], capture_output=True, check=True).stdout

    texts = run("-layout").decode().split("\f")
    for number, sheet in enumerate(etree.fromstring(run("-bbox")).iter("{*}page")):
        words = [
            (word.text or "", tuple(float(word.get(side) or 0) for side in ("xMin", "yMin", "xMax", "yMax")))
            for word in sheet.iter("{*}word")
        ]
        lines = [line.strip() for line in texts[number].splitlines() if line.strip()]
        yield Sheet(float(sheet.get("width") or 0), float(sheet.get("height") or 0), words, lines)  # type: ignore[arg-type]


def letters(text: str) -> str:
    """A text without its spaces and line breaks, which paper has in other places; ligatures taken apart."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def missing(sheets: list[Sheet], texts: list[str]) -> list[str]:
    """The texts that are not on the sheets, whole and in one piece (a page's end may part them)."""
    on_paper = letters("".join(" ".join(sheet.lines) for sheet in sheets))
    return [text for text in texts if letters(text) not in on_paper]


def cut_off(sheets: list[Sheet]) -> list[str]:
    """The words that stand, in part or as a whole, where nothing is printed."""
    return [
        word
        for sheet in sheets
        for word, (left, top, right, bottom) in sheet.words
        if left < MARGIN or top < MARGIN or right > sheet.width - MARGIN or bottom > sheet.height - MARGIN
    ]


@pytest.mark.parametrize("paper", PAPERS)
def test_an_answer_on_paper(page: Page, printed: Callable[[Page, str], list[Sheet]], paper: str) -> None:
    """Question, both sides, citations, cautions, questions for the doctor and the disclaimer are there."""
    page.goto("/")
    ask(page, "Did it help the kidneys?")
    page.locator("article.answer").wait_for()
    sheets = printed(page, paper)
    answer = answered()
    sides = [*answer.statements, *(part for side in answer.contrast for part in side.statements)]
    texts = ["You asked: Did it help the kidneys?", answer.message, answer.disclaimer, answer.answer_id]
    texts += [statement.text for statement in sides]
    texts += [statement.citation.section_title for statement in sides]
    texts += [card.full_reference for card in answer.studies] + [card.label for card in answer.studies]
    texts += [f"doi.org/{card.doi}" for card in answer.studies]
    texts += [caution for card in answer.studies for caution in card.cautions]
    texts += [*answer.ask_your_doctor, *(term.meaning for term in answer.terms)]
    assert missing(sheets, texts) == []
    assert [words for words in FOR_SCREENS if not missing(sheets, [words])] == []
    assert cut_off(sheets) == []
    assert [sheet.lines[-1] for sheet in sheets if sheet.lines[-1].startswith(HEADINGS)] == []
    assert 2 <= len(sheets) <= 4


@pytest.mark.parametrize("paper", PAPERS)
def test_other_answers_on_paper(page: Page, printed: Callable[[Page, str], list[Sheet]], paper: str) -> None:
    """What the library does not say takes one sheet; so does an emergency card, with its number."""
    for question, answer in (("Is there parking?", no_evidence()), ("chest pain", EMERGENCY)):
        page.goto("/")
        ask(page, question)
        page.locator("article.answer").wait_for()
        sheets = printed(page, paper)
        contacts = answer.notice.contacts if answer.notice else ()
        texts = [answer.message, answer.disclaimer, *answer.ask_your_doctor]
        assert missing(sheets, [*texts, *(contact.number for contact in contacts)]) == []
        assert [words for words in FOR_SCREENS if not missing(sheets, [words])] == []
        assert cut_off(sheets) == []
        assert len(sheets) == 1


@pytest.mark.parametrize("paper", PAPERS)
def test_a_summary_on_paper(page: Page, printed: Callable[[Page, str], list[Sheet]], paper: str) -> None:
    """All sections can be read, the reference and where the paper is found; with all facts, on six sheets."""
    study = STUDIES["wang2018"]
    page.goto("/studies/wang2018")
    sheets = printed(page, paper)
    paragraphs = [part for section in study.sections for part in section.text.split("\n\n")]
    texts = [study.title, *(section.title for section in study.sections), *paragraphs, f"doi.org/{study.doi}"]
    assert missing(sheets, texts) == []
    assert [words for words in FOR_SCREENS if not missing(sheets, [words])] == []
    assert cut_off(sheets) == []
    assert len(sheets) <= 6
