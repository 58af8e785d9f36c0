from datetime import UTC, datetime, timedelta

from evaluation.judging.order import Turn
from evaluation.judging.progress import Progress, Saved

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ORDER = tuple(Turn(item) for item in range(1, 11))


def progress_of(grades: dict[int, int | None], *, seconds: float = 10) -> Progress:
    """Places with what was saved there, one after the other."""
    saved = {
        ORDER[place - 1]: Saved(grade, "", 1, START + timedelta(seconds=seconds * number))
        for number, (place, grade) in enumerate(grades.items())
    }
    return Progress(ORDER, saved)


def test_the_next_place_is_the_first_that_was_not_seen() -> None:
    """Whatever was graded after it."""
    assert progress_of({}).next_place() == 1
    assert progress_of({1: 0, 2: None, 4: 3}).next_place(after=4) == 3


def test_what_was_put_off_comes_at_the_end_and_goes_round() -> None:
    """Putting off the last one again leads to the next that waits, not to the same one for ever."""
    progress = progress_of({place: (None if place in {2, 5} else 1) for place in range(1, 11)})
    assert (progress.graded, progress.put_off, progress.left) == (8, 2, 2)
    assert progress.next_place() == 2
    assert progress.next_place(after=2) == 5
    assert progress.next_place(after=5) == 2


def test_nothing_comes_after_all_are_graded() -> None:
    """Then judging is done."""
    progress = progress_of(dict.fromkeys(range(1, 11), 2))
    assert progress.next_place() is None
    assert progress.left == 0
    assert progress.minutes_left() is None


def test_back_leads_to_what_was_graded_last() -> None:
    """From a fresh place to the latest, from a graded one to the one before it, from the first nowhere."""
    progress = progress_of({1: 0, 3: 1, 2: None})
    assert progress.place_before(4) == 2
    assert progress.place_before(2) == 3
    assert progress.place_before(3) == 1
    assert progress.place_before(1) is None
    assert progress.place_before(len(ORDER) + 1) == 2
    assert progress_of({}).place_before(1) is None


def test_the_pace_is_the_median_and_breaks_do_not_count() -> None:
    """Six grades ten seconds apart, one of them after an hour: four are left, so 40 seconds, rounded up."""
    progress = progress_of(dict.fromkeys(range(1, 7), 1))
    assert progress.minutes_left() == 1
    slow = progress_of(dict.fromkeys(range(1, 7), 1), seconds=200)
    assert slow.minutes_left() == 14
    late = dict(slow.saved) | {ORDER[6]: Saved(1, "", 1, START + timedelta(hours=2))}
    assert Progress(ORDER, late).minutes_left() == 10


def test_no_pace_is_told_of_a_few_grades() -> None:
    """Five gaps are the least."""
    assert progress_of(dict.fromkeys(range(1, 6), 1)).minutes_left() is None


def test_a_place_that_is_not_there_has_no_turn() -> None:
    """Places count from 1."""
    progress = progress_of({})
    assert [progress.turn(place) for place in (-1, 0, 11)] == [None] * 3
    assert progress.turn(10) == ORDER[9]
