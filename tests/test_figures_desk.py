import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from starlette.types import ASGIApp

from service.accounts.accounts import Role
from service.accounts.sessions import COOKIE
from service.answers import NoticeKind, Outcome
from service.desks.figures_told import CLASSES, NOTHING, OUTCOMES, SAID, milliseconds, percent, summary
from service.desks.periods import Period, days_of, read_period
from service.desks.themes import marks_of, themes_of
from service.feedback import Reason
from service.figures import HELPED, Figures, Key, Kind, add
from service.storage.database import Database
from tests.browser import axe_violations, open_details, open_page, overflow
from tests.members import Rooms, open_rooms
from tests.test_service_figures import EVENTS, MARKED

TODAY = date(2026, 11, 23)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


COUNTS: dict[Key, int] = {
    (ago(0), Kind.outcome, "answered"): 6,
    (ago(0), Kind.outcome, "no_evidence"): 2,
    (ago(0), Kind.outcome, "screened"): 2,
    (ago(0), Kind.stopped, "emergency"): 1,
    (ago(0), Kind.stopped, "off_topic"): 1,
    (ago(0), Kind.notice, "dose"): 1,
    (ago(0), Kind.latency, "40"): 9,
    (ago(0), Kind.latency, "100"): 1,
    (ago(0), Kind.language, "en"): 9,
    (ago(0), Kind.language, "es"): 1,
    (ago(0), Kind.generation, "20261123-1"): 10,
    (ago(0), Kind.feedback, "helped"): 2,
    (ago(0), Kind.feedback, "hard"): 3,
    (ago(0), Kind.feedback, "other"): 1,
    (ago(3), Kind.outcome, "answered"): 1,
    (ago(3), Kind.latency, "longer"): 1,
    (ago(3), Kind.generation, "20261101-1"): 1,
    (ago(70), Kind.outcome, "answered"): 4,
    (ago(70), Kind.generation, "20260901-1"): 4,
}


@pytest.fixture
def rooms(database: Database) -> Rooms:
    """Desks with some figures; the clock stands at 9 in the morning of 23 November 2026."""
    with database.begin() as connection:
        add(connection, COUNTS)
    return open_rooms(database)


def page(rooms: Rooms, path: str = "/staff/figures") -> str:
    return str(rooms.come_in(rooms.add("ann", Role.staff)).get(path).text)


def period(rooms: Rooms, days: int) -> Period:
    with rooms.database.reading() as connection:
        return read_period(connection, days, TODAY)


def test_summary_in_words(rooms: Rooms) -> None:
    """The head of the page says how many, how they ended, how long it took and what readers said."""
    assert list(summary(period(rooms, 30))) == [
        "In the last 30 days 11 questions were asked, and 0 in the 30 days before.",
        "7 (64%) got an answer, 2 (18%) “our library does not say”, and the safety check stopped 2 (18%), "
        "among them 1 as an emergency.",
        "Half of the answers took about 36 ms or less; of 100, more than 5 took longer than 2,000 ms.",
        "6 answers were rated: 2 helped, 4 did not, most often because “It is hard to understand” (3).",
        "The library that is answered from changed twice.",
    ]


def test_page_shows_every_theme(rooms: Rooms) -> None:
    """Outcomes, classes, latencies, feedback with reasons, generations and languages are on it."""
    text = page(rooms)
    for words in (
        "In the last 30 days 11 questions were asked",
        "Emergency",
        "Off topic",
        "It is hard to understand",
        "generation 20261123-1, from 23 Nov 2026",
        "Español: 1",
        'aria-label="Questions over time, parted by how they ended. The table below has the numbers."',
    ):
        assert words in text
    assert "style=" not in text


@pytest.mark.parametrize("days", [30, 90, 365])
def test_periods(rooms: Rooms, days: int) -> None:
    """Up to 90 days a bar is a day, beyond it a week; every day is in exactly one bar, today in the last."""
    found = period(rooms, days)
    ends = [(slot.first, slot.last) for slot in found.slots]
    every = [first + timedelta(days=more) for first, last in ends for more in range((last - first).days + 1)]
    assert every == [ago(back) for back in reversed(range(days))]
    assert {(last - first).days for first, last in ends[1:]} == ({0} if days <= 90 else {6})


def test_days_before_counting_began_are_no_zeros(rooms: Rooms) -> None:
    """Tables and the file begin with the first day that was counted, and the page says which that was."""
    found = period(rooms, 90)
    assert found.counted[0].first == found.began == ago(70)
    assert len(list(days_of(found))) == 71
    assert themes_of(found)[0].rows[-1][0] == "14 Sep 2026"
    assert "Counting began on 14 Sep 2026." in page(rooms, "/staff/figures?days=90")
    assert found.before is None


def test_table_has_the_figures_of_each_day(rooms: Rooms) -> None:
    """Today's row is the first: questions, how they ended, the share without an answer, and so on."""
    outcomes, classes, latency, feedback = themes_of(period(rooms, 30))
    assert outcomes.rows[0] == ("23 Nov 2026", ["10", "6", "2", "2", "25%"])
    assert dict(zip(classes.head, classes.rows[0][1], strict=True)) == {
        "Emergency, stopped": "1",
        "Off topic, stopped": "1",
        "Dose, notice beside the answer": "1",
    }
    assert latency.rows[0][1] == ["about 36 ms", "about 88 ms"]
    assert latency.rows[3][1] == ["more than 2,000 ms", "more than 2,000 ms"]
    assert latency.rows[1][1] == [NOTHING, NOTHING]
    assert dict(zip(feedback.head, feedback.rows[0][1], strict=True))["It is hard to understand"] == "3"


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            {"40": 99, "longer": 1},
            "Half of the answers took about 35 ms or less, 95 of 100 took about 40 ms or less.",
        ),
        ({"longer": 9}, "More than half of the answers took longer than 2,000 ms."),
    ],
)
def test_latency_in_words(database: Database, steps: dict[str, int], said: str) -> None:
    """What lies beyond the last step is told as that, never as a number of its own."""
    with database.begin() as connection:
        asked = {(TODAY, Kind.outcome, "answered"): sum(steps.values())}
        add(connection, asked | {(TODAY, Kind.latency, step): count for step, count in steps.items()})
        assert said in list(summary(read_period(connection, 30, TODAY)))


def test_changes_of_the_generation_are_marked(rooms: Rooms) -> None:
    """Each day or week in which another generation began has a number; the very first one is no change."""
    assert marks_of(period(rooms, 30)) == {26: "1", 29: "2"}
    assert marks_of(period(rooms, 365)) == {52: "1"}


def test_file_for_a_spreadsheet(rooms: Rooms) -> None:
    """One line a day with plain numbers, by a name that says which days."""
    client = rooms.come_in(rooms.add("ann", Role.staff))
    response = client.get("/staff/figures/csv?days=30")
    assert response.headers["content-disposition"] == (
        'attachment; filename="plaincite-figures-2026-10-25-2026-11-23.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert len(rows) == 30
    last = {name: value for name, value in rows[-1].items() if value not in {"0", ""}}
    assert last == {
        "day": "2026-11-23",
        "questions": "10",
        "answered": "6",
        "no_evidence": "2",
        "screened": "2",
        "stopped_emergency": "1",
        "stopped_off_topic": "1",
        "notice_dose": "1",
        "half_took_ms": "36",
        "95_of_100_took_ms": "88",
        "feedback_helped": "2",
        "feedback_hard": "3",
        "feedback_other": "1",
        "language_en": "9",
        "language_es": "1",
        "generations": "20261123-1",
    }


def test_nothing_counted_yet(database: Database) -> None:
    """A new service says that nothing was asked, draws nothing, and its file has its names alone."""
    rooms = open_rooms(database)
    client = rooms.come_in(rooms.add("ann", Role.staff))
    assert "No question was asked in the last 30 days." in client.get("/staff/figures").text
    assert "<svg" not in client.get("/staff/figures").text
    assert client.get("/staff/figures/csv").text.count("\n") == 1


def test_feedback_alone_is_shown(database: Database) -> None:
    """Feedback on a day without questions, on an answer of the evening before, is no fault."""
    with database.begin() as connection:
        add(connection, {(TODAY, Kind.feedback, "helped"): 1})
    assert "What readers said" in page(open_rooms(database))


@pytest.mark.parametrize("days", ["31", "0", "-1", "abc", "9999999999999999999999"])
def test_other_periods_are_refused(rooms: Rooms, days: str) -> None:
    """Only the periods that the page offers are read."""
    client = rooms.come_in(rooms.add("ann", Role.staff))
    assert client.get(f"/staff/figures?days={days}").status_code == 422


@pytest.mark.parametrize("path", ["/staff/figures", "/staff/figures/csv"])
def test_staff_alone(rooms: Rooms, path: str) -> None:
    """Nobody sees the figures without a login, nor an evaluator with one."""
    assert rooms.client().get(path).status_code == 303
    assert rooms.come_in(rooms.add("eve", Role.evaluator)).get(path).status_code == 403
    assert rooms.come_in(rooms.add("root", Role.admin)).get(path).status_code == 200


def test_no_question_is_on_the_page(database: Database) -> None:
    """Whatever was asked, neither the page nor the file has a word of it."""
    Figures(database).take(EVENTS)
    rooms = open_rooms(database)
    rooms.clock.time = datetime(2026, 11, 22, 13, tzinfo=UTC)
    client = rooms.come_in(rooms.add("ann", Role.staff))
    for path in ("/staff/figures", "/staff/figures/csv"):
        text = client.get(path).text
        assert MARKED not in text
        assert "0f3c9a" not in text
    assert "5 questions were asked" in client.get("/staff/figures").text


def test_everything_that_is_counted_has_words() -> None:
    """Each outcome, class and reason has its words, so that none is shown by its name in the code."""
    assert set(OUTCOMES) == set(Outcome)
    assert set(CLASSES) == set(NoticeKind)
    assert set(SAID) == {HELPED, *Reason}


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, NOTHING),
        (0, 9, "0%"),
        (1, 1000, "less than 1%"),
        (999, 1000, "99%"),
        (1, 3, "33%"),
        (3, 3, "100%"),
    ],
)
def test_shares(part: int, whole: int, said: str) -> None:
    """A little is not told as nothing, nor nearly all as all."""
    assert percent(part, whole) == said


def test_durations() -> None:
    """A duration is told as about so many milliseconds, or as more than can be told."""
    assert [milliseconds(value) for value in (None, 38.4, float("inf"))] == [
        NOTHING,
        "about 38 ms",
        "more than 2,000 ms",
    ]


@pytest.mark.parametrize("width", [1280, 320])
def test_pages_of_the_operation_fit_and_can_be_read_by_all(
    tmp_path: Path, browser: Browser, serve_app: Callable[[ASGIApp], str], width: int
) -> None:
    """Axe finds nothing, nothing has to be scrolled sideways, each chart is there once: wide or narrow."""
    database = Database.open(f"sqlite:///{tmp_path}/desks.db")
    with database.begin() as connection:
        add(connection, COUNTS)
    rooms = open_rooms(database)
    member = rooms.add("root", Role.admin)
    cookie = {"Cookie": f"{COOKIE}={rooms.session(member)}"}
    url = serve_app(rooms.site())
    size = {"width": width, "height": 900}
    with open_page(browser, viewport=size, extra_http_headers=cookie) as page:
        for path in ("/staff/figures?days=90", "/staff/audit/verify"):
            page.goto(url + path)
            open_details(page)
            assert axe_violations(page) == []
            assert overflow(page) == 0
        page.goto(f"{url}/staff/figures")
        expect(page.get_by_role("img", name="Questions over time")).to_have_count(1)
        expect(page.get_by_role("img", name="Questions over time")).to_be_visible()
    database.close()
