"""The journal: events reach those who count or keep them, and never stand in an answer's way."""

import threading
from collections.abc import Sequence

from service import journal as module
from service.feedback import Feedback, Reason
from service.journal import Answered, Event, Journal, Rated, now
from tests.shelf import answered


def rated(reference: str) -> Rated:
    return Rated(now(), Feedback(reference, helpful=False, reason=Reason.hard))


class Ear:
    def __init__(self, fails: bool = False) -> None:
        self.heard: list[Event] = []
        self.fails = fails

    def take(self, events: Sequence[Event]) -> None:
        self.heard += events
        if self.fails:
            raise OSError("the disk is full")


def test_events_arrive_in_order_also_those_from_before_anybody_listened() -> None:
    """What was told before a listener was there is handed over first, and in order."""
    journal, ear = Journal(), Ear()
    events = [rated(f"{number:06x}") for number in range(500)]
    for event in events[:250]:
        journal.tell(event)
    journal.start([ear])
    for event in events[250:]:
        journal.tell(event)
    journal.stop()
    assert ear.heard == events
    assert (journal.dropped, journal.waiting) == (0, 0)


def test_a_listener_that_fails_harms_no_other_one() -> None:
    """Each listener hears everything, whatever happens to the others; what was lost is counted."""
    journal, broken, ear = Journal(), Ear(fails=True), Ear()
    journal.start([broken, ear])
    journal.tell(rated("abcdef"))
    journal.stop()
    assert len(ear.heard) == 1
    assert journal.dropped == 1


def test_a_full_journal_drops_and_counts_instead_of_waiting() -> None:
    """Telling returns at once when nobody listens and there is no room left."""
    journal = Journal()
    for _ in range(module.MOST_WAITING + 7):
        journal.tell(rated("abcdef"))
    assert journal.dropped == 7
    assert journal.waiting == module.MOST_WAITING


def test_stopping_does_not_wait_for_a_listener_that_hangs() -> None:
    """The service ends although a listener does not come back."""
    release = threading.Event()

    class Stuck:
        def take(self, events: Sequence[Event]) -> None:  # noqa: ARG002
            release.wait()

    journal = Journal()
    journal.start([Stuck()])
    journal.tell(rated("abcdef"))
    journal.stop(patience=0.05)
    assert journal.waiting  # the listener has it still, and the end did not wait for that
    release.set()


def test_no_question_waits_unless_questions_are_kept() -> None:
    """What was asked is taken off an event at once, unless somebody may keep it."""
    told = Answered(now(), "will my hair grow", "does it hurt", answered(), 0.5, 12.0)
    for kept, expected in ((False, ("", None)), (True, ("will my hair grow", "does it hurt"))):
        journal, ear = Journal(with_questions=kept), Ear()
        journal.tell(told)
        journal.start([ear])
        journal.stop()
        heard = ear.heard[0]
        assert isinstance(heard, Answered)
        assert (heard.question, heard.previous) == expected
        assert heard.answer == told.answer
