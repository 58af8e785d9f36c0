"""Keeping: questions that are worth a review are scrubbed and written down, where the operator lets them be.

Nothing is kept of an emergency, of a crisis, or of an attempt to misuse the service. What is kept is scrubbed
before it is written anywhere, and goes on time (service/purging.py).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from service.answers import Answer, NoticeKind, Outcome
from service.feedback import Feedback
from service.journal import Answered, Event
from service.kept import Kept, find
from service.likeness import Leaders, Meaning, Rarity
from service.scrubbing import Scrubber
from service.storage.tables.kept import kept_questions

__all__ = ["Keeping", "Kept", "Worth", "find", "meaning_of", "worth_of"]

if TYPE_CHECKING:
    from service.library import Library
    from service.live import Live
    from service.storage.database import Database

NEVER = frozenset({NoticeKind.emergency, NoticeKind.crisis, NoticeKind.abuse_or_injection})
"""Classes of which nothing is ever kept."""

UNSEARCHED = frozenset({NoticeKind.diagnosis, NoticeKind.off_topic})
"""Classes that no summary could answer: they wait for somebody to say that this did not help."""

MISSED, SURE = 0.6, 0.85
"""Between these the reader's judgement is close to the threshold (0.7) and often wrong: of the
490 own questions 39 ended there, 25 of them (64%) as they should; of the 303 above, 288 did (95%)."""

MOST_COMPARED = 1_000
"""Groups that a new question is compared with, those that were asked for last: some milliseconds' work."""

_SAYS_WHO = re.compile(
    r"(?:\b(?:my name(?:['’]?s| is)|i['’]?m|i am|this is|(?:e-?)?mail(?: me)?|call me(?: at)?|me llamo|soy|"  # noqa: RUF001
    r"mi nombre es) )?\[[a-z]+\]",
    re.IGNORECASE,
)
"""What scrubbing left of who asked."""


class Worth(NamedTuple):
    """What speaks for a review of an answer.

    Attributes:
        no_evidence: the library was searched and did not say.
        close: the best sentence was close to the threshold, on either side.
    """

    no_evidence: bool
    close: bool


def worth_of(answer: Answer, best: float | None) -> Worth | None:
    """What speaks for a review; None where nothing of the question may be kept.

    Args:
        answer: what was sent.
        best: how sure the reader was of the best sentence; None where nothing was read.
    """
    kind = answer.notice.kind if answer.notice else None
    if answer.outcome is Outcome.screened or kind in NEVER:
        return None
    if kind in UNSEARCHED:
        return Worth(no_evidence=False, close=False)
    return Worth(
        no_evidence=answer.outcome is Outcome.no_evidence,
        close=best is not None and MISSED <= best < SURE,
    )


class Keeping:
    """Keeps what is worth a review, as a listener of the journal.

    Args:
        database: where to.
        live: the library that is answered from; its words are what scrubbing leaves.
        scrubber_of: makes the scrubber of a library.
    """

    def __init__(
        self,
        database: "Database",
        live: "Live",
        scrubber_of: "Callable[[Library], Scrubber]" = Scrubber.of,
    ) -> None:
        self._database = database
        self._live = live
        self._scrubber_of = scrubber_of
        self._known: tuple[Library, Scrubber] | None = None

    def take(self, events: Sequence[Event]) -> None:
        """Scrubs and writes, in one transaction, what is worth it of some events."""
        rows = list(self._rows(event for event in events if isinstance(event, Answered)))
        said = [event.feedback for event in events if not isinstance(event, Answered)]
        if not rows and not said:
            return
        with self._database.begin() as connection:
            grouping = Grouping(connection, self._live.library)
            for row in rows:
                group = {} if row["held"] else grouping.place(row["answer_id"], row["question"])
                connection.execute(insert(kept_questions).values(**row | group))
            for feedback in said:
                _rate(connection, feedback, grouping)

    def _rows(self, events: Iterable[Answered]) -> Iterator[dict[str, Any]]:
        library = self._live.library
        for event in events:
            worth = worth_of(event.answer, event.best)
            if worth is None:
                continue
            yield {
                "answer_id": event.answer.answer_id,
                "at": event.at,
                "question": self._scrubber(library).scrub(event.question),
                "previous": self._previous(event, library),
                "generation": event.answer.index_generation,
                "answer": _without_words(event.answer, self._scrubber(library)).model_dump_json(),
                "best": event.best,
                **worth._asdict(),
                "not_helpful": False,
                "why": "",
                "held": not any(worth),
                "leader": event.answer.answer_id,
                "encoder": "",
                "done_by": "",
            }

    def _previous(self, event: Answered, library: "Library") -> str | None:
        if not event.previous or not event.answer.read_with_previous:
            return None
        return self._scrubber(library).scrub(event.previous)

    def _scrubber(self, library: "Library") -> Scrubber:
        if self._known is None or self._known[0] is not library:
            self._known = library, self._scrubber_of(library)
        return self._known[1]


class Grouping:
    """Finds the group of each question that comes into the queue.

    Args:
        connection: the transaction.
        library: whose words and encoder questions are compared with.
    """

    def __init__(self, connection: Connection, library: "Library") -> None:
        self._connection = connection
        self._library = library
        self._encoder = library.index.encoder.sha256
        self._leaders: Leaders | None = None

    def place(self, answer_id: str, question: str) -> dict[str, Any]:
        """What a row says of its group: who leads it, and what the question is compared by."""
        if self._leaders is None:
            self._leaders = Leaders(self._known())
        meaning = meaning_of(question, self._library)
        leader = self._leaders.join(answer_id, meaning)
        return {"leader": leader, "meaning": meaning.to_bytes(), "encoder": self._encoder}

    def _known(self) -> Iterator[tuple[str, Meaning]]:
        """The groups that were asked for last, each by the oldest of its questions that is there still."""
        kept = kept_questions.c
        oldest = func.min(kept.id).label("oldest")
        groups = (
            select(oldest)
            .where(~kept.held, kept.encoder == self._encoder)
            .group_by(kept.leader)
            .order_by(func.max(kept.at).desc())
            .limit(MOST_COMPARED)
            .subquery()
        )
        rows = select(kept.leader, kept.meaning).join(groups, kept.id == groups.c.oldest).order_by(kept.id)
        for row in self._connection.execute(rows):
            yield row.leader, Meaning.from_bytes(row.meaning)


def _rate(connection: Connection, feedback: Feedback, grouping: Grouping) -> None:
    """Joins what was said of an answer to what is kept of it; what helped is held no longer."""
    theirs = kept_questions.c.answer_id == feedback.reference
    if feedback.helpful:
        connection.execute(delete(kept_questions).where(theirs, kept_questions.c.held))
        return
    row = connection.execute(select(kept_questions.c.question, kept_questions.c.held).where(theirs)).first()
    if row is None:
        return
    group = grouping.place(feedback.reference, row.question) if row.held else {}
    said = {"not_helpful": True, "why": feedback.reason.value if feedback.reason else "", "held": False}
    connection.execute(update(kept_questions).where(theirs).values(**said, **group))


def meaning_of(question: str, library: "Library") -> Meaning:
    """What a scrubbed question is grouped by: what it says beside who asked."""
    return Meaning.of(_SAYS_WHO.sub(" ", question), library.index.encoder, _rarity_in(library))


@lru_cache(maxsize=2)
def _rarity_in(library: "Library") -> Rarity:
    return Rarity(f"{passage.title} {passage.text}" for passage in library.index.passages)


def _without_words(answer: Answer, scrubber: Scrubber) -> Answer:
    """An answer without what it repeats of the question, but for what scrubbing leaves of that.

    The quotes, cards and lists are the library's. The message names what was asked about, and the respellings
    show what was typed.
    """
    told: dict[str, object] = {
        "message": scrubber.scrub(answer.message),
        "respellings": tuple(each for each in answer.respellings if scrubber.scrub(each.typed) == each.typed),
    }
    if answer.translation:
        message = scrubber.scrub(answer.translation.message)
        told["translation"] = answer.translation.model_copy(update={"message": message})
    return answer.model_copy(update=told)
