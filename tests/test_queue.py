"""The review queue: groups, what they hold, and what staff can do with them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from service.accounts.accounts import Member, Role
from service.desks import queue
from service.feedback import Reason
from service.library import Library
from service.purging import purge
from service.storage.database import Database
from service.storage.tables.audit import audit
from service.storage.tables.kept import kept_questions
from tests.kept import NOW, asked, keep, rated, sure
from tests.members import Rooms, open_rooms

QUESTIONS = (
    asked("how many infusions are needed", 1, at=NOW - timedelta(days=20)),
    asked("does medicare pay for <script>alert(1)</script> this", 2, at=NOW - timedelta(days=9)),
    asked("my name is Tamsin. do I need more than one infusion?", 3, best=0.65, at=NOW - timedelta(hours=3)),
    sure("what about infections", 4, at=NOW - timedelta(hours=2)),
    sure("how many people died", 5, at=NOW - timedelta(hours=2)),
    rated(4, reason=Reason.wrong_sentence),
)
WORDS = ("infusion", "medicare", "infections", "Tamsin")


@pytest.fixture
def make_rooms(database: Database, library: Library) -> Callable[..., Rooms]:
    def make(keep_questions: int = 30) -> Rooms:
        return open_rooms(database, library, keep_questions=keep_questions)

    return make


@pytest.fixture
def rooms(make_rooms: Callable[..., Rooms], database: Database, library: Library) -> Rooms:
    """The desks with storing on, and some questions that were asked."""
    keep(database, library, QUESTIONS)
    return make_rooms()


@pytest.fixture
def vera(rooms: Rooms) -> Member:
    return rooms.add("vera@clinic.example", Role.staff, password=None)


@pytest.fixture
def browser(rooms: Rooms, vera: Member) -> TestClient:
    return rooms.come_in(vera)


def _titles(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/staff/queue/\d+">(.*?)</a></h2>', page)


def _addresses(page: str) -> list[str]:
    return re.findall(r'(?:href|action)="([^"]*)"', page)


def _number(rooms: Rooms, answer: int) -> int:
    with rooms.database.reading() as connection:
        wanted = select(kept_questions.c.id).where(kept_questions.c.answer_id == f"{answer:012x}")
        return int(connection.execute(wanted).scalar_one())


def test_groups_stand_in_the_queue_most_asked_first(browser: TestClient) -> None:
    """With counts and reasons; a question that only waits for feedback is not among them."""
    page = browser.get("/staff/queue").text
    assert _titles(page) == [
        "how many infusions are needed",
        "what about infections",
        "does medicare pay for &lt;script&gt;alert(1)&lt;/script&gt; this",
    ]
    assert "no answer × 2" in page  # noqa: RUF001
    assert page.count(">close call<") == 2  # the filter, and the one question on the edge
    assert "people died" not in page
    assert "<script>" not in page


def test_the_address_narrows_the_list(browser: TestClient) -> None:
    """By reason and by age; what an address cannot mean counts for nothing."""
    assert _titles(browser.get("/staff/queue?reason=not_helpful").text) == ["what about infections"]
    assert len(_titles(browser.get("/staff/queue?days=7").text)) == 2
    assert len(_titles(browser.get("/staff/queue?days=7&reason=close").text)) == 1
    assert "Nothing fits" in browser.get("/staff/queue?reason=not_helpful&days=1&show=done").text
    for odd in ("reason=x&days=-3&page=0", "days=seven&page=99999999999", "page=%00&show=all"):
        assert len(_titles(browser.get(f"/staff/queue?{odd}").text)) == 3


def test_long_lists_have_pages(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses keep the filters; a page beyond the last one is the last one."""
    monkeypatch.setattr(queue, "PAGE", 2)
    first = browser.get("/staff/queue?days=30").text
    assert len(_titles(first)) == 2
    assert "page 1 of 2" in first
    (following,) = (address for address in _addresses(first) if "page=2" in address)
    assert following == "/staff/queue?days=30&amp;page=2"
    second = browser.get("/staff/queue?days=30&page=2").text
    assert _titles(browser.get("/staff/queue?page=7").text) == _titles(second)
    assert len({*_titles(first), *_titles(second)}) == 3


def test_no_address_holds_a_word_of_a_question(rooms: Rooms, browser: TestClient) -> None:
    """Neither a link nor a form's target on any page of the queue."""
    number = _number(rooms, 3)
    pages = [
        browser.get(path).text for path in ("/staff/queue", f"/staff/queue/{number}", "/staff/queue/checks")
    ]
    addresses = [address for page in pages for address in _addresses(page)]
    assert addresses
    assert not [address for address in addresses for word in WORDS if word.lower() in address.lower()]


def test_a_group_shows_its_questions_the_answer_and_what_is_nearest(
    rooms: Rooms, browser: TestClient
) -> None:
    """And leads on: to asking again, to the summaries, to the answer's replay."""
    page = browser.get(f"/staff/queue/{_number(rooms, 4)}").text
    assert "what about infections" in page
    assert "not helpful: the sentence is wrong" in page
    assert "wang2018" in page
    assert 'action="/staff/inspect"' in page
    assert f'href="/staff/inspect/{4:012x}"' in page
    assert 'href="/staff/library/wang2018/edit"' in page
    assert 'href="/staff/library/new"' in page
    assert re.search(r"\d+% sure", page)
    other = browser.get(f"/staff/queue/{_number(rooms, 3)}").text
    assert "Asked 2 times" in other
    assert "my name is [name]. do I need more than one infusion?" in other
    assert "Tamsin" not in other


def test_a_source_check_is_pinned_and_recorded(rooms: Rooms, browser: TestClient) -> None:
    """With the quote that it is about, in the summary's words; the audit log has none of staff's words."""
    number = _number(rooms, 4)
    place = re.findall(r'<option value="(wang2018#[^"]+)"', browser.get(f"/staff/queue/{number}").text)[0]
    done = rooms.post(
        browser,
        f"/staff/queue/{number}/checks",
        verdict="out_of_context",
        place=place,
        wording="How common were infections?",
        note="The next sentence <b>takes it back</b>.",
    )
    assert (done.status_code, done.headers["location"]) == (303, f"/staff/queue/{number}?said=pinned#checks")
    for path in (
        f"/staff/queue/{number}",
        "/staff/queue/checks",
        "/staff/queue/checks?verdict=out_of_context",
    ):
        page = browser.get(path).text
        assert "How common were infections?" in page
        assert "The next sentence &lt;b&gt;takes it back&lt;/b&gt;." in page
        assert "Out of context" in page
    assert "How common" not in browser.get("/staff/queue/checks?verdict=right").text
    with rooms.database.reading() as connection:
        entry = connection.execute(select(audit).where(audit.c.action == "check.pin")).one()
    assert entry.actor == "vera@clinic.example"
    assert "infections" not in entry.details
    assert place in entry.details


def test_a_check_that_says_nothing_is_refused_and_nothing_typed_is_lost(
    rooms: Rooms, browser: TestClient
) -> None:
    """The fault stands beside the field."""
    number = _number(rooms, 4)
    for form in ({"note": "so much work"}, {"note": "so much work", "verdict": "right", "place": "x#y:1-2"}):
        refused = rooms.post(browser, f"/staff/queue/{number}/checks", **form)
        assert refused.status_code == 422
        assert "so much work" in refused.text
        assert 'aria-invalid="true"' in refused.text
    long = rooms.post(browser, f"/staff/queue/{number}/checks", verdict="right", note="x" * 1001)
    assert "Please shorten this" in long.text
    assert "Nothing has been checked yet" in browser.get("/staff/queue/checks").text


def test_a_check_can_be_removed(rooms: Rooms, browser: TestClient) -> None:
    """From the group's page and from the list; twice is once too often."""
    number = _number(rooms, 4)
    rooms.post(browser, f"/staff/queue/{number}/checks", verdict="right")
    page = browser.get(f"/staff/queue/{number}").text
    path = re.findall(r'action="(/staff/queue/checks/\d+/remove)"', page)[0]
    assert (
        rooms.post(browser, path, back=str(number)).headers["location"]
        == f"/staff/queue/{number}?said=removed"
    )
    assert rooms.post(browser, path).status_code == 404


def test_a_check_stays_when_its_question_has_gone(rooms: Rooms, browser: TestClient) -> None:
    """The list says so, and the words of the question are nowhere."""
    number = _number(rooms, 2)
    rooms.post(browser, f"/staff/queue/{number}/checks", verdict="needs_summary", wording="Who pays?")
    purge(rooms.database, NOW, 5)
    page = browser.get("/staff/queue/checks").text
    assert "Who pays?" in page
    assert "The question has gone." in page
    assert "medicare" not in page
    assert browser.get(f"/staff/queue/{number}").status_code == 404


def test_what_is_done_leaves_the_list_until_it_is_asked_again(
    rooms: Rooms, browser: TestClient, library: Library
) -> None:
    """Only what was seen is done; a new question brings the group back, and it can be opened again."""
    number = _number(rooms, 1)
    seen = re.findall(r'name="seen" value="([\d,]+)"', browser.get(f"/staff/queue/{number}").text)[0]
    assert rooms.post(browser, "/staff/queue/done", seen=seen).headers["location"] == "/staff/queue?said=done"
    assert len(_titles(browser.get("/staff/queue").text)) == 2
    assert _titles(browser.get("/staff/queue?show=done").text) == ["how many infusions are needed"]
    keep(rooms.database, library, [asked("how many infusions do people need", 9)])
    page = browser.get("/staff/queue").text
    assert len(_titles(page)) == 3
    assert "2 done" in page
    rooms.post(browser, "/staff/queue/done", seen=str(_number(rooms, 9)))
    opened = rooms.post(browser, "/staff/queue/reopen", seen=f"{number},{_number(rooms, 3)}")
    assert opened.headers["location"] == f"/staff/queue/{number}?said=reopened"
    assert "Marked" not in browser.get(f"/staff/queue/{number}").text
    with rooms.database.reading() as connection:
        actions = [row.action for row in connection.execute(select(audit).order_by(audit.c.number))]
    assert actions.count("queue.done") == 2
    assert actions.count("queue.reopen") == 1


@pytest.mark.parametrize("path", ["/staff/queue/77", "/staff/queue/0", "/staff/queue/99999999999999999999"])
def test_what_is_not_there_is_said_so(browser: TestClient, path: str) -> None:
    """A question that has gone, and numbers that no question can have."""
    assert browser.get(path).status_code in {404, 422}


@pytest.mark.parametrize("seen", ["", "x", "1,", "99999999999999999999", "1;drop"])
def test_a_form_that_means_nothing_changes_nothing(rooms: Rooms, browser: TestClient, seen: str) -> None:
    """Whatever stands where the numbers should be."""
    assert rooms.post(browser, "/staff/queue/done", seen=seen).status_code == 404
    assert len(_titles(browser.get("/staff/queue").text)) == 3


def test_an_evaluator_may_not_read_it(rooms: Rooms) -> None:
    """What patients asked is for staff alone."""
    evan = rooms.come_in(rooms.add("evan@clinic.example", Role.evaluator, password=None))
    for path in ("/staff/queue", "/staff/queue/1", "/staff/queue/checks"):
        assert evan.get(path).status_code == 403
    assert rooms.post(evan, "/staff/queue/done", seen="1").status_code == 403


def test_where_nothing_is_stored_the_page_says_what_storing_means(
    make_rooms: Callable[..., Rooms], database: Database, library: Library
) -> None:
    """And shows nothing, although something may be there still until the next purge."""
    keep(database, library, QUESTIONS)
    rooms = make_rooms(keep_questions=0)
    browser = rooms.come_in(rooms.add("vera@clinic.example", Role.staff, password=None))
    page = browser.get("/staff/queue").text
    assert "PLAINCITE_KEEP_QUESTIONS=30" in page
    assert "medicare" not in page
    assert browser.get(f"/staff/queue/{_number(rooms, 1)}").status_code == 404
