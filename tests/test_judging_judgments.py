import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from evaluation.judging.judgments import (
    Rater,
    find_rater,
    first_grades,
    join_pool,
    load_given,
    load_progress,
    load_raters,
    save,
    twice_graded,
)
from evaluation.judging.order import Turn
from evaluation.judging.pools import Pool, load_items
from evaluation.judging.progress import Saved
from service.accounts.accounts import Member
from service.storage.database import Database
from service.storage.tables import judging as tables
from tests.judging import NOW, add_members, judge, make_pool


class Seat:
    """A rater with a pool, who saves grades one by one."""

    def __init__(self, database: Database, pool: Pool, member: Member) -> None:
        self.database, self.pool = database, pool
        with database.begin() as connection:
            self.rater: Rater = join_pool(connection, pool, member.id, NOW)
            self.turn = Turn(next(iter(load_items(connection, pool.id))))

    def save(self, grade: int | None, *, saves: int, note: str = "", after: float = 0) -> bool:
        now = NOW + timedelta(seconds=after)
        with self.database.begin() as connection:
            return save(connection, self.rater, self.turn, grade=grade, note=note, saves=saves, now=now)

    def saved(self) -> Saved:
        with self.database.begin() as connection:
            items = load_items(connection, self.pool.id).values()
            return load_progress(connection, self.pool, items, self.rater).saved[self.turn]


@pytest.fixture
def seat(database: Database) -> Seat:
    (ada,) = add_members(database, "ada")
    return Seat(database, make_pool(database, ada), ada)


def test_a_grade_is_there_as_soon_as_it_is_saved(seat: Seat) -> None:
    """With its note; what was saved before is known to the next page."""
    assert seat.save(2, saves=0, note="half of it")
    assert seat.saved() == Saved(2, "half of it", 1, NOW)


def test_a_form_that_is_sent_twice_does_no_harm(seat: Seat) -> None:
    """A double click saves one grade, the first time and when it is corrected."""
    assert seat.save(2, saves=0)
    assert seat.save(2, saves=0)
    assert seat.saved().saves == 1
    assert seat.save(3, saves=1)
    assert seat.save(3, saves=1)
    assert seat.saved()[:3] == (3, "", 2)


def test_an_old_window_changes_nothing(seat: Seat) -> None:
    """What another window saved meanwhile stands, until somebody changes it who has seen it."""
    assert seat.save(2, saves=0)
    assert not seat.save(0, saves=0)
    assert seat.saved().grade == 2
    assert seat.save(1, saves=1)
    assert not seat.save(0, saves=1)
    assert seat.saved().grade == 1


def test_a_correction_keeps_its_place_and_a_grade_after_putting_off_counts_from_then(seat: Seat) -> None:
    """So that going back leads where the rater has just been."""
    assert seat.save(None, saves=0)
    assert seat.saved()[:1] == (None,)
    assert seat.save(2, saves=1, after=60)
    assert seat.saved().first == NOW + timedelta(seconds=60)
    assert seat.save(3, saves=2, after=90)
    assert seat.saved().first == NOW + timedelta(seconds=60)


def test_two_windows_at_the_very_same_time(database: Database, seat: Seat) -> None:
    """One grade is kept, and the other window is told."""
    begin, told = threading.Barrier(2), []

    def send(grade: int) -> None:
        begin.wait()
        told.append((seat.save(grade, saves=0), grade))

    threads = [threading.Thread(target=send, args=(grade,)) for grade in (1, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept for kept, _ in told) == [False, True]
    assert seat.saved().grade == next(grade for kept, grade in told if kept)
    with database.begin() as connection:
        assert connection.execute(select(func.count()).select_from(tables.judgments)).scalar_one() == 1


def test_raters_get_letters_and_keep_them(database: Database) -> None:
    """In the order in which they come; whoever comes again is the same one."""
    members = add_members(database, "ada", "ben", "cora")
    pool = make_pool(database, members[0])
    with database.begin() as connection:
        letters = [join_pool(connection, pool, each.id, NOW).letter for each in (*members, *members)]
        assert letters == ["A", "B", "C", "A", "B", "C"]
        assert [each.letter for each in load_raters(connection, pool.id)] == ["A", "B", "C"]
        assert find_rater(connection, pool.id, 999) is None


def test_raters_who_come_at_the_same_time_get_different_letters(database: Database) -> None:
    """Nobody is turned away."""
    members = add_members(database, *(f"rater{n}" for n in range(6)))
    pool = make_pool(database, members[0])
    begin, letters = threading.Barrier(len(members)), []

    def join(member: Member) -> None:
        begin.wait()
        with database.begin() as connection:
            letters.append(join_pool(connection, pool, member.id, NOW).letter)

    threads = [threading.Thread(target=join, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(letters) == list("ABCDEF")


def test_grades_by_item_and_rater(database: Database) -> None:
    """First grades for what is measured, pairs of grades for what came twice; what was put off is neither."""
    ada, ben = add_members(database, "ada", "ben")
    pool = make_pool(database, ada)
    judge(database, pool, ada, lambda _, occurrence: 3 if occurrence == 2 else 1)
    judge(database, pool, ben, lambda item, _: None if item.document == "d1" else 2)
    with database.begin() as connection:
        items, given = load_items(connection, pool.id), load_given(connection, pool.id)
    ratings = first_grades(given)
    assert {
        items[each].document: grades for each, grades in ratings.items() if items[each].question == "q1"
    } == {
        "d1": {"A": 1},
        "d2": {"A": 1, "B": 2},
        "d3": {"A": 1, "B": 2},
        "d5": {"A": 1, "B": 2},
    }
    twice = twice_graded(given)
    assert set(twice["A"]) == {(1, 3)}
    assert set(twice["B"]) <= {(2, 2)}
