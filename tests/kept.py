"""What tests of the review queue share: questions that were asked, and what was said of their answers."""

from collections.abc import Sequence
from datetime import UTC, datetime

from service.answers import Answer
from service.feedback import Feedback, Reason
from service.journal import Answered, Rated
from service.keeping import Keeping
from service.library import Library
from service.live import Live
from service.storage.database import Database
from tests.shelf import answered, no_evidence

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def asked(
    question: str,
    number: int = 1,
    *,
    answer: Answer | None = None,
    best: float | None = 0.2,
    previous: str | None = None,
    at: datetime = NOW,
) -> Answered:
    """A question that got an answer, by default that the library does not say."""
    given = (answer or no_evidence()).model_copy(update={"answer_id": f"{number:012x}"})
    return Answered(at, question, previous, given, best, 12.0)


def sure(question: str, number: int = 1, *, at: datetime = NOW) -> Answered:
    """A question that got an answer of which the reader was sure."""
    return asked(question, number, answer=answered(), best=0.97, at=at)


def rated(number: int = 1, *, reason: Reason | None = Reason.missing, at: datetime = NOW) -> Rated:
    """What was said of an answer; without a reason it helped."""
    return Rated(at, Feedback(f"{number:012x}", reason is None, reason))


def keep(database: Database, library: Library, events: Sequence[Answered | Rated]) -> None:
    """Hands events to a listener, as the journal does."""
    Keeping(database, Live(library)).take(events)
