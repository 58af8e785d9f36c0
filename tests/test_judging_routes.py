import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from evaluation.judging.judgments import load_progress, load_raters
from evaluation.judging.pools import Pool, load_items, load_pool, load_pools
from evaluation.judging.progress import Progress
from evaluation.judging.routes import JUDGING_DESK
from service.accounts.accounts import Member, Role
from service.library import Library
from service.storage.database import Database
from tests.judging import add_members, make_pool
from tests.members import Rooms, open_rooms
from tests.test_judging_making import wait_for
from tests.test_judging_pools import actions
from tests.toy import ToyEncoder

HIDDEN = re.compile(r'name="(place|item|saves)" value="(\d+)"')
DOCUMENT = re.compile(r"\bd\d\b")


class Desk:
    """An evaluator in a browser, at a pool."""

    def __init__(self, rooms: Rooms, member: Member) -> None:
        self.rooms, self.member, self.client = rooms, member, rooms.come_in(member)

    def get(self, path: str) -> Any:
        return self.client.get(f"/evaluate{path}")

    def post(self, path: str, **form: str) -> Any:
        return self.rooms.post(self.client, f"/evaluate{path}", **form)

    def grade(self, pool: Pool, grade: str, *, page: str = "", **form: str) -> Any:
        """Presses a grade on the page that is open, the next one if none is given."""
        found = dict(HIDDEN.findall(page or self.get(f"/pools/{pool.id}/judge").text))
        return self.post(f"/pools/{pool.id}/judge", **(found | {"grade": grade} | form))

    def judge_all(self, pool: Pool, grade: str) -> int:
        """Grades until nothing is left; how many it took."""
        for count in range(100):
            if HIDDEN.search(self.get(f"/pools/{pool.id}/judge").text) is None:
                return count
            assert self.grade(pool, grade).status_code == 303
        raise AssertionError("it never ends")

    def progress(self, pool: Pool) -> Progress:
        with self.rooms.database.begin() as connection:
            items = load_items(connection, pool.id).values()
            rater = next(
                each for each in load_raters(connection, pool.id) if each.account_id == self.member.id
            )
            return load_progress(connection, pool, items, rater)


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    database = Database.open(f"sqlite:///{tmp_path}/desks.db")
    yield open_rooms(database, others=[JUDGING_DESK])
    database.close()


@pytest.fixture
def desks(rooms: Rooms) -> list[Desk]:
    return [Desk(rooms, member) for member in add_members(rooms.database, "ada", "ben", "cora")]


@pytest.fixture
def pool(rooms: Rooms, desks: list[Desk]) -> Pool:
    return make_pool(rooms.database, desks[0].member)


@pytest.fixture
def closed(pool: Pool, desks: list[Desk]) -> Pool:
    """A pool that ada and ben have judged, who differ on everything."""
    ada, ben, _ = desks
    for desk, grade in ((ada, "3"), (ben, "1")):
        desk.post(f"/pools/{pool.id}/join")
        desk.judge_all(pool, grade)
    assert ada.post(f"/pools/{pool.id}/close").status_code == 303
    return pool


def test_only_evaluators_come_in(rooms: Rooms, pool: Pool) -> None:
    """Nobody without a login, and no staff; an admin may."""
    assert rooms.client().get("/evaluate").headers["location"].startswith("/login")
    client: TestClient = rooms.come_in(rooms.add("sam", Role.staff))
    for path in ("", "/new", f"/pools/{pool.id}", f"/pools/{pool.id}/judge", f"/pools/{pool.id}/agreement"):
        assert client.get(f"/evaluate{path}").status_code == 403
    assert rooms.come_in(rooms.add("root", Role.admin)).get("/evaluate").status_code == 200


def test_judging_is_blind(desks: list[Desk], pool: Pool) -> None:
    """No run, rank, score or document's id stands on a judging page, and nothing of what others gave."""
    ada, ben, _ = desks
    ben.post(f"/pools/{pool.id}/join")
    ben.grade(pool, "3", note="the other's words")
    ada.post(f"/pools/{pool.id}/join")
    page = ada.get(f"/pools/{pool.id}/judge").text
    visible = re.sub(r"Title of d\d|Text of d\d", "", page)
    assert not DOCUMENT.search(visible)
    for hidden in ("other.run", "one.run", "0.9", "rank", "score", "the other's words", "seed"):
        assert hidden not in visible
    for path in ("agreement", "cases/1"):
        response = ada.get(f"/pools/{pool.id}/{path}")
        assert response.status_code == 409
        assert "has not ended" in response.text
    assert ada.post(f"/pools/{pool.id}/export", what="qrels.txt").status_code == 409


def test_the_guidelines_of_the_pool_stand_beside_the_text(desks: list[Desk], pool: Pool) -> None:
    """Grades with their meanings, their version, and buttons that say which key does the same."""
    desks[0].post(f"/pools/{pool.id}/join")
    page = desks[0].get(f"/pools/{pool.id}/judge").text
    for each in pool.guidelines.grades:
        assert f'value="{each.grade}" data-key="{each.grade}" aria-keyshortcuts="{each.grade}"' in page
        assert each.meaning[:40] in page
    assert pool.guidelines.version in page


def test_a_rater_goes_on_where_they_stopped(desks: list[Desk], rooms: Rooms, pool: Pool) -> None:
    """After any grade, in another browser just as well; what was put off comes at the end."""
    ada = desks[0]
    ada.post(f"/pools/{pool.id}/join")
    ada.grade(pool, "skip")
    ada.grade(pool, "2", note="half of it")
    again = Desk(rooms, ada.member)
    progress = again.progress(pool)
    assert (progress.graded, progress.put_off) == (1, 1)
    assert 'name="place" value="3"' in again.get(f"/pools/{pool.id}/judge").text
    taken = again.judge_all(pool, "1")
    assert taken == len(progress.order) - 1
    assert "you have judged all" in again.get(f"/pools/{pool.id}/judge").text
    assert again.progress(pool).saved[progress.order[1]].note == "half of it"


def test_back_shows_what_was_given_and_takes_another_grade(desks: list[Desk], pool: Pool) -> None:
    """The grade is pressed, the note is there; the new grade takes the old one's place."""
    ada = desks[0]
    ada.post(f"/pools/{pool.id}/join")
    ada.grade(pool, "2", note="half & half")
    page = ada.get(f"/pools/{pool.id}/judge").text
    assert f'href="/evaluate/pools/{pool.id}/judge?at=1" data-key="u"' in page
    back = ada.get(f"/pools/{pool.id}/judge?at=1").text
    assert 'aria-keyshortcuts="2" aria-pressed="true"' in back
    assert "half &amp; half" in back
    assert ada.grade(pool, "3", page=back).headers["location"].endswith("/judge?after=1")
    assert ada.progress(pool).saved[ada.progress(pool).order[0]].grade == 3


def test_a_second_window_loses_nothing_that_was_typed(desks: list[Desk], pool: Pool) -> None:
    """It is told that there is a grade already, with its own note still in the field."""
    ada = desks[0]
    ada.post(f"/pools/{pool.id}/join")
    page = ada.get(f"/pools/{pool.id}/judge").text
    assert ada.grade(pool, "2", page=page).status_code == 303
    assert ada.grade(pool, "2", page=page).status_code == 303
    told = ada.grade(pool, "0", page=page, note="from the other window")
    assert told.status_code == 409
    assert "You graded this one in another window meanwhile" in told.text
    assert "from the other window" in told.text
    assert ada.progress(pool).saved[ada.progress(pool).order[0]].grade == 2
    assert ada.grade(pool, "0", page=told.text).status_code == 303
    assert ada.progress(pool).saved[ada.progress(pool).order[0]].grade == 0


@pytest.mark.parametrize(
    "form",
    [
        {"grade": "4"},
        {"grade": "-1"},
        {"grade": ""},
        {"item": "999"},
        {"place": "99"},
        {"place": "x"},
        {"saves": ""},
    ],
)
def test_a_form_that_is_none_of_ours_changes_nothing(
    desks: list[Desk], pool: Pool, form: dict[str, str]
) -> None:
    """422, and nothing is saved."""
    ada = desks[0]
    ada.post(f"/pools/{pool.id}/join")
    page = ada.get(f"/pools/{pool.id}/judge").text
    found = dict(HIDDEN.findall(page)) | {"grade": "1"} | form
    assert ada.post(f"/pools/{pool.id}/judge", **found).status_code == 422
    assert ada.progress(pool).saved == {}


def test_who_did_not_join_is_led_to_the_pool(desks: list[Desk], pool: Pool) -> None:
    """Nobody becomes a rater by looking; a pool that is not there is said not to be."""
    assert desks[1].get(f"/pools/{pool.id}/judge").headers["location"] == f"/evaluate/pools/{pool.id}"
    assert desks[1].get("/pools/77").status_code == 404
    assert desks[1].get("/pools/77/judge").status_code == 404


def test_progress_is_told_without_names(desks: list[Desk], pool: Pool) -> None:
    """Others see letters and counts."""
    ada, ben, _ = desks
    ada.post(f"/pools/{pool.id}/join")
    ada.grade(pool, "2")
    page = ben.get(f"/pools/{pool.id}").text
    raters = page[page.index("<caption>Raters") : page.index("<caption>Runs")]
    assert "ada@" not in raters
    assert "A</th>" in raters
    assert '<td class="number">1</td>' in raters


def test_after_the_end_nobody_grades(desks: list[Desk], closed: Pool) -> None:
    """A page that was still open is told so, and nothing is saved."""
    ada, _, cora = desks
    assert ada.get(f"/pools/{closed.id}/judge").headers["location"] == f"/evaluate/pools/{closed.id}"
    response = ada.post(f"/pools/{closed.id}/judge", place="1", item="1", saves="1", grade="0")
    assert response.status_code == 409
    assert "has ended, so this grade was not saved" in response.text
    cora.post(f"/pools/{closed.id}/join")
    with cora.rooms.database.begin() as connection:
        assert len(load_raters(connection, closed.id)) == 2


def test_ending_says_what_is_missing(desks: list[Desk], pool: Pool) -> None:
    """Who has how much left, and that one rater alone shows no agreement."""
    ada = desks[0]
    ada.post(f"/pools/{pool.id}/join")
    page = ada.get(f"/pools/{pool.id}/close").text
    total = len(ada.progress(pool).order)
    assert f"Rater A has {total} of {total} left" in page
    assert "Only one rater has judged it" in page


def test_agreement_and_adjudication(desks: list[Desk], closed: Pool) -> None:
    """Figures, the cases with grades and notes; only who says so decides, and it is recorded."""
    ada, _, cora = desks
    page = ada.get(f"/pools/{closed.id}/agreement").text
    assert "Same grade for 0 of 7 texts" in page
    assert "7 of 7 texts got different grades; 7 of these are not decided" in page
    first = re.findall(rf"/evaluate/pools/{closed.id}/cases/(\d+)", page)[0]
    assert cora.post(f"/pools/{closed.id}/cases/{first}", grade="3").status_code == 409
    led = cora.post(f"/pools/{closed.id}/adjudicator").headers["location"]
    assert led == f"/evaluate/pools/{closed.id}/cases/{first}"
    case = cora.client.get(led).text
    assert "Rater A: 3" in case
    assert "Rater B: 1" in case
    assert "Disagreement 1 of 7" in case
    assert cora.post(f"/pools/{closed.id}/cases/{first}", grade="7").status_code == 422
    following = cora.post(f"/pools/{closed.id}/cases/{first}", grade="2", note="both are right").headers[
        "location"
    ]
    assert following != led
    assert "2 by cora@clinic.example" in ada.get(f"/pools/{closed.id}/agreement").text
    assert cora.get(f"/pools/{closed.id}/cases/999").status_code == 404
    assert ("cora@clinic.example", "judgment.adjudicate", closed.subject) in actions(cora.rooms.database)


def test_the_export_is_recorded_and_complete(desks: list[Desk], closed: Pool) -> None:
    """Qrels, the account and the folder; each one an entry of the audit log."""
    ada = desks[0]
    qrels = ada.post(f"/pools/{closed.id}/export", what="qrels.txt")
    assert qrels.headers["content-disposition"] == 'attachment; filename="spring.qrels.txt"'
    assert qrels.text.splitlines()[0] == "q1 0 d1 2"
    assert len(qrels.text.splitlines()) == 7
    account = json.loads(ada.post(f"/pools/{closed.id}/export", what="json").text)
    assert account["counts"]["undecided"] == 7
    assert ada.post(f"/pools/{closed.id}/export", what="zip").content[:2] == b"PK"
    assert ada.post(f"/pools/{closed.id}/export", what="exe").status_code == 422
    assert [action for _, action, _ in actions(ada.rooms.database)][-3:] == ["qrels.export"] * 3


def test_a_pool_without_grades_has_nothing_to_export(desks: list[Desk], pool: Pool) -> None:
    """An empty file would look like a result."""
    ada = desks[0]
    ada.post(f"/pools/{pool.id}/close")
    assert ada.get(f"/pools/{pool.id}/agreement").status_code == 200
    assert ada.post(f"/pools/{pool.id}/export", what="qrels.txt").status_code == 409


def test_a_pool_is_discarded_only_while_nobody_has_judged(desks: list[Desk], pool: Pool) -> None:
    """Then it is gone; afterwards it stays."""
    ada = desks[0]
    other = make_pool(ada.rooms.database, ada.member)
    ada.post(f"/pools/{pool.id}/join")
    ada.grade(pool, "1")
    assert ada.post(f"/pools/{pool.id}/discard").status_code == 409
    assert ada.post(f"/pools/{other.id}/discard").status_code == 303
    assert ada.get(f"/pools/{other.id}").status_code == 404
    assert ada.get(f"/pools/{pool.id}").status_code == 200


def test_a_form_without_a_token_changes_nothing(desks: list[Desk], pool: Pool) -> None:
    """As everywhere at the desks."""
    ada = desks[0]
    assert ada.client.post(f"/evaluate/pools/{pool.id}/close").status_code == 403
    with ada.rooms.database.begin() as connection:
        found = load_pool(connection, pool.id)
    assert found is not None
    assert found.closed is None


def test_evil_texts_are_shown_as_texts(desks: list[Desk], pool: Pool) -> None:
    """A note with markup is escaped where others read it."""
    ada, ben, _ = desks
    for desk, grade in ((ada, "3"), (ben, "1")):
        desk.post(f"/pools/{pool.id}/join")
        desk.grade(pool, grade, note="<script>alert(1)</script>")
        desk.judge_all(pool, grade)
    ada.post(f"/pools/{pool.id}/close")
    cases = re.findall(rf"/evaluate/pools/{pool.id}/cases/(\d+)", ada.get(f"/pools/{pool.id}/agreement").text)
    pages = [ada.get(f"/pools/{pool.id}/cases/{case}").text for case in cases]
    assert any("&lt;script&gt;alert" in page for page in pages)
    assert not any("<script>alert" in page for page in pages)


def test_a_new_pool_from_the_form(tmp_path: Path, make_toy_library: Callable[[ToyEncoder], Library]) -> None:
    """Faults stand beside their fields, and nothing typed is lost; then the pool is made."""
    from evaluation.judging.making import MAKINGS  # noqa: PLC0415

    database = Database.open(f"sqlite:///{tmp_path}/desks.db")
    rooms = open_rooms(database, make_toy_library(ToyEncoder()), others=[JUDGING_DESK])
    (ada,) = add_members(database, "ada")
    desk = Desk(rooms, ada)
    assert "There is no pool yet" in desk.get("").text
    form = {"name": "Kidneys <spring>", "unit": "passage", "source": "given", "settings": "BM25 alone"}
    asked = "q1\tDid it help the kidneys?"
    wrong = desk.post("/new", **form, depth="0", pasted=asked)
    assert wrong.status_code == 422
    assert "Write a whole number from 1 to 100." in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    assert "Did it help the kidneys?" in wrong.text
    assert "Kidneys &lt;spring&gt;" in wrong.text
    led = desk.post("/new", **form, depth="3", pasted=asked).headers["location"]
    making = wait_for(MAKINGS.find(led.rpartition("/")[2]))
    told = desk.client.get(led, headers={"Accept": "application/json"}).json()
    assert told == {"done": 1, "total": 1, "ended": True}
    assert desk.client.get(led).headers["location"] == f"/evaluate/pools/{making.pool_id}"
    assert "Kidneys &lt;spring&gt;" in desk.get("").text
    gone = desk.get("/making/nothing")
    assert gone.status_code == 404
    assert "the service was started again meanwhile" in gone.text
    with database.begin() as connection:
        assert len(load_pools(connection)) == 1
    database.close()
