"""The answer inspector's page: service/desks/inspector.py."""

import html
import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from service.accounts.accounts import Role
from service.answering import weigh_question
from service.app import create_app
from service.desks.entrance import Entrance, Opened
from service.journal import Answered, Journal
from service.keeping import Keeping
from service.library import Library
from service.live import Live
from service.storage.database import Database
from tests.browser import axe_violations, open_details, open_page, overflow
from tests.generations import QUESTION, TwoGenerations, build_two
from tests.members import PASSWORD, Rooms, open_rooms

KIDNEYS = "did it help the kidneys?"


@pytest.fixture
def rooms(tmp_path: Path, library: Library, real_index: Path) -> Iterator[Rooms]:
    database = Database.open(f"sqlite:///{tmp_path}/desks.db")
    yield open_rooms(database, library, index=real_index)
    database.close()


@pytest.fixture
def client(rooms: Rooms) -> TestClient:
    return rooms.come_in(rooms.add("anna", Role.staff))


@pytest.fixture
def ask(rooms: Rooms, client: TestClient) -> Callable[..., Any]:
    """Sends the form; gives the response."""
    return lambda question, **form: rooms.post(client, "/staff/inspect", question=question, **form)


@pytest.fixture
def two(tmp_path: Path, library: Library) -> TwoGenerations:
    return build_two(tmp_path / "index", library)


@pytest.fixture
def older(tmp_path: Path, two: TwoGenerations) -> Iterator[Rooms]:
    """The desks over the small library of which two generations are on the disk."""
    database = Database.open(f"sqlite:///{tmp_path}/older.db")
    yield open_rooms(database, two.live, index=two.folder, keep_questions=30)
    database.close()


def words(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_form_is_empty_and_says_that_nothing_is_kept(client: TestClient) -> None:
    """The page begins with a form, on which the question travels by POST."""
    page = client.get("/staff/inspect")
    assert page.status_code == 200
    assert 'method="post" action="/staff/inspect"' in page.text
    assert "not counted and not kept" in page.text
    assert "The way to it" not in page.text


def test_answer_comes_with_the_way_to_it(ask: Callable[..., Any], library: Library) -> None:
    """The patient's answer, the verdict, each step, and each quote in its source with the paper's link."""
    page = ask(KIDNEYS)
    assert page.status_code == 200
    said = words(page.text)
    answer = library.ask(KIDNEYS)
    for statement in answer.statements:
        assert statement.text in said
    assert "likely to answer; 70% is needed" in said
    for step in ("1. Screening: none", "2. What was understood", "3. Passages: 86", "4. Sentences: 417"):
        assert step in said
    assert "Left out: far less sure than the best one" in said
    quotes = sum(len(side.statements) for side in (answer, *answer.contrast))
    assert page.text.count('<section class="proof">') == quotes > 1
    assert 'href="https://doi.org/10.1136/annrheumdis-2017-211073"' in page.text


def test_nothing_of_it_counts_as_a_patients(ask: Callable[..., Any], library: Library) -> None:
    """The sheet asks for no feedback, its suggestions send nothing, and the journal hears of nothing."""
    library.journal = Journal()
    page = ask("does insurance cover it").text
    assert library.journal.waiting == 0
    library.journal = None
    assert 'action="/feedback"' not in page
    buttons = re.findall(r'<button name="question"[^>]*>', page)
    assert all("disabled" in button for button in buttons)


def test_question_stands_in_no_address_and_no_log(
    ask: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    """No link, form or log line carries the question on."""
    with caplog.at_level(logging.DEBUG):
        page = ask("zebrafish kidneys get better with it?").text
    addresses = re.findall(r'(?:href|action|src|cite)="([^"]*)"', page)
    assert addresses
    assert not any("zebrafish" in address for address in addresses)
    assert "zebrafish" not in "".join(f"{record.__dict__}" for record in caplog.records)


def test_hostile_question_is_shown_and_never_run(ask: Callable[..., Any]) -> None:
    """Markup in a question is text, wherever it is repeated."""
    page = ask("</textarea><script>alert(1)</script> what did the <b>Smith</b> trial find?").text
    assert "<script>alert" not in page
    assert "<b>Smith" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(("question", "told"), [("  ", "Please write a question"), ("x" * 1001, "shorten")])
def test_question_that_cannot_be_taken_is_told_beside_the_field(
    ask: Callable[..., Any], question: str, told: str
) -> None:
    """What is wrong stands beside the field, and what was typed stays in it."""
    page = ask(question, previous="what did the Deng trial find?")
    assert page.status_code == 422
    assert told in page.text
    assert 'aria-describedby="question_problem"' in page.text
    assert "what did the Deng trial find?" in page.text


def test_emergency_is_stopped_before_any_search(ask: Callable[..., Any]) -> None:
    """The card is shown as patients see it, with the rule that fired, and there are no tables."""
    said = words(ask("my chest hurts and I cant breathe").text)
    assert "Stopped by the screening: somebody may be in danger now." in said
    assert "chest_pain" in said
    assert "3. Passages" not in said


def test_question_before_and_language_count(ask: Callable[..., Any]) -> None:
    """A follow-up is read together with the question before it, and the answer is in the language chosen."""
    page = ask("who paid for it?", previous="what did the Deng trial find?", language="es").text
    assert 'lang="es"' in page
    assert "Deng et al., 2017" in page
    assert "with the question before it" in page


def test_older_generation_stands_beside(older: Rooms, two: TwoGenerations) -> None:
    """Both answers, what only one of them says, and the way to each."""
    client = older.come_in(older.add("anna", Role.staff))
    page = older.post(client, "/staff/inspect", question=QUESTION, beside=two.older)
    said = words(page.text)
    assert "What differs" in said
    assert re.search(r"Quoted only here “Protein in the urine fell in 8 of 10 people\.", said)
    assert re.search(r"Quoted only there “Protein in the urine fell in 9 of 10 people\.", said)
    assert "The way to it here" in said
    assert "The way to it there" in said
    alone = words(older.post(client, "/staff/inspect", question=QUESTION, generation=two.older).text)
    assert "9 of 10 people" in alone
    assert "8 of 10 people" not in alone


def test_generation_that_is_gone_is_told_beside_its_field(older: Rooms) -> None:
    """A generation that cannot be asked is named as such; the other answer is shown all the same."""
    client = older.come_in(older.add("anna", Role.staff))
    gone = "20200101T000000Z-00000000"
    page = older.post(client, "/staff/inspect", question=QUESTION, generation=gone)
    assert page.status_code == 422
    assert 'id="generation_problem"' in page.text
    beside = older.post(client, "/staff/inspect", question=QUESTION, beside=gone)
    assert beside.status_code == 200
    assert "not on the disk any more" in beside.text
    assert "8 of 10 people" in beside.text


def test_answer_that_is_not_kept_names_the_setting(client: TestClient) -> None:
    """Where nothing is stored the page says so, and which setting would change that."""
    page = client.get("/staff/inspect/0f3c9a")
    assert page.status_code == 404
    assert "PLAINCITE_KEEP_QUESTIONS" in page.text
    assert "0f3c9a" in page.text


def test_kept_answer_is_replayed(older: Rooms, two: TwoGenerations) -> None:
    """A kept answer is asked for again by its id; the page says whether today's is the same, and why not."""
    client = older.come_in(older.add("anna", Role.staff))
    assert "its days are over" in client.get("/staff/inspect/0f3c9a").text
    before = two.live.over(generation_of(two), ())
    ids = {library.generation: keep(older, library) for library in (two.live, before)}
    same = words(client.get(f"/staff/inspect/{ids[two.live.generation]}").text)
    assert "answer is the one that was given then" in same
    other = words(client.get(f"/staff/inspect/{ids[two.older]}").text)
    assert "answer is not the one that was given then." in other
    assert "The library has changed" in other
    assert "The answer as it was given" in other
    assert "What differs" in other


def generation_of(two: TwoGenerations) -> Any:
    from index.store import open_generation  # noqa: PLC0415

    return open_generation(two.folder, name=two.older)


def keep(rooms: Rooms, library: Library) -> str:
    """Keeps the answer of a library as the journal's listener does; gives its id."""
    answer, _ = weigh_question(QUESTION, library.sources)
    event = Answered(datetime.now(UTC), QUESTION, None, answer, 0.75, 12.0)
    Keeping(rooms.database, Live(library)).take([event])
    return answer.answer_id


def test_inspector_in_a_browser(
    browser: Browser, older: Rooms, two: TwoGenerations, serve_app: Callable[[ASGIApp], str]
) -> None:
    """By keyboard from the login to two answers side by side: nothing is too wide, and axe finds nothing."""
    older.add("anna", Role.staff)
    entrance = Entrance(create_app(two.live), lambda: Opened(older.app, lambda: None))
    entrance.open_soon()
    address = serve_app(entrance)
    with open_page(browser, viewport={"width": 1280, "height": 900}) as page:
        page.goto(f"{address}/staff/inspect")
        page.get_by_label("Name").fill("anna")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_label("Question", exact=True)).to_be_focused()
        page.keyboard.type(QUESTION)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_label("Beside it, for comparison").select_option(two.older)
        page.get_by_role("button", name="Ask", exact=True).press("Enter")
        page.get_by_role("heading", name="What differs").wait_for()
        assert page.url.endswith("/staff/inspect")
        open_details(page)
        assert axe_violations(page) == []
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert overflow(page) == 0
