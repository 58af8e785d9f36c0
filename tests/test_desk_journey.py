"""The desks' journey: from an answer that was missing to the mended summary, its answer, and back again."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus.known import KNOWN_NAME
from tests.browser import axe_violations, open_page, overflow
from tests.conftest import PLAINCITE, ROOT, Served, servers, settings_for
from tests.members import PASSWORD

QUESTION = "what was the albumin in the deng trial"
ANSWER = "Albumin in the blood averaged 39 grams per liter with stem cells and 36 with placebo at 6 months."
BEFORE_IT = "and by 1.4 grams with placebo."
SILENCE = "Our library does not say"


@pytest.fixture
def folders(real_index: Path, library_folder: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A library of its own, in which a sentence is missing and nobody wrote down what people ask."""
    corpus, index = tmp_path / "library", tmp_path / "index"
    shutil.copytree(library_folder, corpus)
    shutil.copytree(real_index, index)
    (corpus / KNOWN_NAME).unlink()
    path = corpus / "deng2017.md"
    text = path.read_text(encoding="utf-8")
    assert f"{BEFORE_IT} {ANSWER}" in text
    path.write_text(text.replace(f" {ANSWER}", ""), encoding="utf-8")
    return corpus, index


@pytest.fixture
def served(folders: tuple[Path, Path], tmp_path: Path) -> Iterator[Served]:
    """A real service with desks that keeps questions, and one account of staff."""
    corpus, index = folders
    given = {
        "CORPUS": str(corpus),
        "DATABASE": f"sqlite:///{tmp_path}/plaincite.db",
        "KEEP_QUESTIONS": "7",
    }
    with servers(index, tmp_path) as start:
        add = [PLAINCITE, "users", "add", "anna", "--role", "staff", "--password-stdin"]
        environment = settings_for(index, **given)
        subprocess.run(add, cwd=ROOT, env=environment, input=f"{PASSWORD}\n", text=True, check=True)
        yield start("--build", **given)


def asked(page: Page, url: str) -> Page:
    """What a patient is told now, on a page without JavaScript's help."""
    page.goto(url)
    page.get_by_role("textbox").first.fill(QUESTION)
    page.locator("form.ask button").first.click()
    return page


def come_in(page: Page, url: str) -> None:
    """Logs in; the desks open a moment after the public side does."""
    page.goto(f"{url}/staff/queue")
    while not page.get_by_label("Name").count():
        page.wait_for_timeout(200)
        page.reload()
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def found_fit(page: Page) -> None:
    """Each page on the way can be used by everybody, and fits a phone."""
    assert axe_violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) == 0
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_missing_answer_is_found_in_the_queue_mended_published_and_taken_back(
    served: Served, folders: tuple[Path, Path], browser: Browser
) -> None:
    """One question walks the whole way, in a patient's browser and in that of staff.

    A patient gets no answer; staff find that in the queue, mend the summary and publish; the next one gets
    the new sentence; one click takes the release back, files and all.
    """
    summary = folders[0] / "deng2017.md"
    with open_page(browser, base_url=served.url) as patient, open_page(browser, base_url=served.url) as desk:
        expect(asked(patient, served.url).locator("main")).to_contain_text(SILENCE)
        come_in(desk, served.url)
        expect(desk.get_by_role("heading", name="Review queue")).to_be_visible()
        while not desk.get_by_role(
            "link", name=QUESTION
        ).count():  # written a moment after the answer is sent
            desk.reload()
        found_fit(desk)
        desk.get_by_role("link", name=QUESTION).click()
        desk.get_by_label("Needs a summary").check()
        desk.get_by_label("Note").fill("The figure is in the paper; the summary left it out.")
        desk.get_by_role("button", name="Pin this check").click()
        found_fit(desk)
        group = desk.url

        desk.get_by_role("link", name="Deng et al., 2017", exact=True).click()
        text = desk.get_by_label("Text", exact=True)
        text.fill(text.input_value().replace(BEFORE_IT, f"{BEFORE_IT} {ANSWER}"))
        desk.get_by_label("What did you change, and why?").fill("Albumin at 6 months, as asked for")
        expect(desk.locator("main")).to_contain_text(ANSWER)
        found_fit(desk)
        desk.get_by_role("button", name="Save and go on to publish").click()
        found_fit(desk)
        assert ANSWER not in summary.read_text(encoding="utf-8")
        desk.get_by_role("button", name="Publish deng2017.md").click()
        expect(desk.locator("main")).to_contain_text("This is what answers come from now", timeout=60_000)
        assert f"{BEFORE_IT} {ANSWER}" in summary.read_text(encoding="utf-8")

        quote = asked(patient, served.url).locator("main")
        expect(quote).to_contain_text(ANSWER)
        expect(quote).not_to_contain_text(SILENCE)
        desk.goto(group)
        desk.get_by_role("button", name="Ask again").click()
        expect(desk.locator("main")).to_contain_text(ANSWER)
        found_fit(desk)
        desk.goto(group)
        desk.get_by_role("button", name="Mark as done").click()
        desk.goto(f"{served.url}/staff/queue")
        expect(desk.get_by_role("link", name=QUESTION)).to_have_count(0)

        desk.goto(f"{served.url}/staff/releases")
        found_fit(desk)
        desk.get_by_role("button", name="Go back to 1").click()
        expect(desk.locator("main")).to_contain_text("This is what answers come from now", timeout=60_000)
        assert ANSWER not in summary.read_text(encoding="utf-8")
        expect(asked(patient, served.url).locator("main")).to_contain_text(SILENCE)
