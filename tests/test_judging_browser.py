"""The judging desk in a real browser, from an empty list of pools to a measured run."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from evaluation.qrels import read_qrels
from plaincite import run
from service.accounts.accounts import Role, add_account
from service.journal import now
from service.library import Library
from service.storage.database import Database
from tests.browser import axe_violations, open_page, overflow
from tests.conftest import Served
from tests.members import PASSWORD

ASKED = (
    "k\tDid it help the kidneys?\n"
    "d\tHow many people died?\n"
    "c\tWhere do the stem cells come from?\n"
    "y\tWhat happened after five years?\n"
)

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}


class Rater:
    """Somebody at the judging desk, in a browser of their own, who grades by keys alone."""

    def __init__(self, page: Page, url: str, name: str) -> None:
        self.page, self.url = page, url
        self.checked: set[str] = set()
        page.goto(f"{url}/evaluate")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page).to_have_url(f"{url}/evaluate")

    def check(self, name: str) -> None:
        """Nothing for axe to find, and no scrolling sideways on the smallest phone."""
        self.page.set_viewport_size(PHONE)
        assert (name, overflow(self.page)) == (name, 0)
        self.page.set_viewport_size(DESK)
        assert (name, axe_violations(self.page)) == (name, [])

    def open_pool(self, pool: str) -> None:
        self.page.goto(f"{self.url}/evaluate")
        self.page.get_by_role("link", name=pool).click()

    def begin(self, pool: str) -> None:
        self.open_pool(pool)
        self.page.get_by_role("button", name="judg").click()
        self.wait()

    def wait(self) -> None:
        """Until keys count."""
        self.page.locator("body[data-ready]").wait_for()

    def press(self, key: str) -> None:
        """Presses a key, and waits for the next page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        if self.page.locator("form[data-judging]").count():
            self.wait()

    def judge(self, grade: Callable[[str, str], int]) -> int:
        """Grades all that is left, by keys, from what can be read on the page; how many it was."""
        count = 0
        while self.page.locator("form[data-judging]").count():
            asked = self.page.locator(".judging-asked strong").inner_text()
            self.press(str(grade(asked, self.page.locator("article").inner_text())))
            count += 1
        return count

    def progress(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()


def strict(asked: str, text: str) -> int:
    """Grades by whether words of the question stand in the text."""
    words = {word.strip("?").lower() for word in asked.split()}
    found = len(words & {word.strip(".,").lower() for word in text.split()})
    return min(found, 3)


def lenient(asked: str, text: str) -> int:
    """One grade more, where there is one, for longer texts."""
    return min(strict(asked, text) + (len(text) > 500), 3)


def test_from_an_empty_pool_by_two_raters_to_a_measured_run(
    browser: Browser,
    start_server: Callable[..., Served],
    library: Library,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Pool from searches and a run file, judged blind by keys, adjudicated, exported, measured."""
    address = f"sqlite:///{tmp_path}/desks.db"
    database = Database.open(address)
    with database.begin() as connection:
        for name in ("ada", "ben", "cora"):
            add_account(connection, name, Role.evaluator, PASSWORD, now=now())
    database.close()
    passages = [passage.passage_id for passage in library.index.passages]
    (tmp_path / "mine.run").write_text(
        "".join(f"{q} Q0 {passages[place]} 1 1.0 mine\n" for place, q in enumerate("kdcy"))
    )
    url = _open(start_server(DATABASE=address))
    with (
        open_page(browser, accept_downloads=True) as one,
        open_page(browser) as other,
        open_page(browser) as third,
    ):
        ada = Rater(one, url, "ada")
        _make_pool(ada, tmp_path)
        _begin_and_look_around(ada)
        ada.judge(strict)
        assert one.get_by_role("status").inner_text().startswith("Thank you")
        ben = Rater(other, url, "ben")
        ben.begin("Kidneys")
        total = int(ben.progress().split()[2])
        assert ben.judge(lenient) == total
        ben.open_pool("Kidneys")
        ben.page.get_by_role("link", name="End the judging").click()
        ben.check("the end")
        ben.page.get_by_role("button", name="End the judging for good").click()
        expect(ben.page.get_by_role("heading", level=1)).to_have_text("Agreement: Kidneys")
        ben.check("agreement")
        _adjudicate(Rater(third, url, "cora"))
        one.goto(ben.page.url)
        with one.expect_download() as download:
            one.get_by_role("button", name="Everything").click()
        download.value.save_as(tmp_path / "kidneys.zip")
    _measure(tmp_path, capsys)


def _open(server: Served) -> str:
    """The address of a server whose desks are open; they open after the public side answers."""
    deadline = time.monotonic() + 60
    while httpx.get(f"{server.url}/login", trust_env=False).status_code != 200:
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.1)
    return server.url


def _make_pool(ada: Rater, folder: Path) -> None:
    """A mistake first: it is said where it is, and what was typed is still there."""
    page = ada.page
    expect(page.get_by_text("There is no pool yet.")).to_be_visible()
    page.get_by_role("link", name="Make a pool").click()
    ada.check("new pool")
    page.get_by_label("Name of the pool").fill("Kidneys")
    page.get_by_label("Questions that I give").check()
    page.get_by_label("Pasted, one a line").fill(ASKED.replace("\t", " ", 1))
    page.get_by_label("How deep").fill("1")
    page.get_by_label("Run files").set_input_files(folder / "mine.run")
    page.get_by_role("button", name="Make the pool").click()
    expect(page.get_by_text("the pasted questions, line 1: there is no tab")).to_be_visible()
    expect(page.get_by_label("How deep")).to_have_value("1")
    ada.check("faults")
    page.get_by_label("Pasted, one a line").fill(ASKED)
    page.get_by_label("Run files").set_input_files(folder / "mine.run")
    page.get_by_role("button", name="Make the pool").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kidneys")
    expect(page.get_by_role("cell", name="file mine.run, tag mine")).to_be_visible()
    ada.check("pool")


def _begin_and_look_around(ada: Rater) -> None:
    """Put off, go back, a note, a double press, keys switched off and on, and on with it in a new page."""
    ada.begin("Kidneys")
    ada.check("judging")
    page = ada.page
    ada.press("s")
    first = page.locator("article").inner_text()
    page.keyboard.press("n")
    page.keyboard.type("1 or 2?")
    page.keyboard.press("Escape")
    ada.press("2")
    assert ada.progress().startswith("1 of")
    page.keyboard.press("3")
    page.keyboard.press("3")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 of")
    ada.wait()
    assert ada.progress().startswith("2 of")
    ada.press("u")
    ada.press("u")
    assert page.locator("article").inner_text() == first
    expect(page.get_by_role("textbox", name="Note")).to_have_value("1 or 2?")
    expect(page.get_by_role("button", name="Answers in part")).to_have_attribute("aria-pressed", "true")
    ada.press("1")
    page.get_by_label("Keys:").uncheck()
    page.keyboard.press("0")
    page.get_by_label("Keys:").check()
    assert ada.progress().startswith("2 of")
    ada.begin("Kidneys")
    assert ada.progress().startswith("2 of")
    expect(page.get_by_text("1 put off")).to_be_visible()


def _adjudicate(cora: Rater) -> None:
    """By keys as well: each decision leads to the next disagreement, the last one back."""
    cora.open_pool("Kidneys")
    cora.page.get_by_role("link", name="Agreement").click()
    cora.page.get_by_role("button", name="I adjudicate this pool").click()
    cora.wait()
    cora.check("a disagreement")
    expect(cora.page.get_by_text("Rater A:")).to_be_visible()
    expect(cora.page.get_by_text("Rater B:")).to_be_visible()
    assert cora.judge(lambda *_: 3) > 0
    expect(cora.page.get_by_text("0 of these are not decided")).to_be_visible()


def _measure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exported grades measure the exported runs, by the command that the page shows."""
    with ZipFile(folder / "kidneys.zip") as archive:
        archive.extractall(folder)
    exported = folder / "kidneys"
    runs = sorted(str(path) for path in (exported / "runs").iterdir())
    assert [Path(each).stem for each in runs] == ["bm25", "dense", "mine", "shipped"]
    assert run(["evaluate", "compare", *runs, "--beir", str(exported), "--split", "judged", "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert set(measured["measures"]) == {"bm25", "dense", "mine", "shipped"}
    assert measured["measures"]["shipped"]["Judged@10"] > 0
    account = json.loads((exported / "pool.json").read_text())
    qrels = read_qrels(exported / "qrels.txt")
    assert sum(map(len, qrels.values())) == account["counts"]["documents"]
    assert account["counts"]["adjudicated"] == account["counts"]["disagreements"] > 0
    for each in account["judgments"]:
        assert qrels[each["question"]][each["document"]] == each["grade"]
        if len(set(each["grades"].values())) > 1:
            assert each["grade"] == 3
