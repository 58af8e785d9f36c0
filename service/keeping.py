"""Keeping: questions that are worth a review are scrubbed and written down, where the operator lets them be.

Nothing is kept of an emergency, of a crisis, or of an attempt to misuse the service. What is kept is scrubbed
before it is written anywhere, and goes on time (service/purging.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Row, delete, insert, select, update

from service.answers import Answer, NoticeKind, Outcome, Statement
from service.feedback import Feedback
from service.journal import Answered, Event
from service.likeness import Meaning
from service.scrubbing import Scrubber
from service.storage.tables.kept import kept_questions

if TYPE_CHECKING:
    from service.library import Library
    from service.live import Live
    from service.storage.database import Database

NEVER = frozenset({NoticeKind.emergency, NoticeKind.crisis, NoticeKind.abuse_or_injection})
"""Classes of which nothing is ever kept."""

UNSEARCHED = frozenset({NoticeKind.diagnosis, NoticeKind.off_topic})
"""Classes that no summary could answer: they wait for somebody to say that this did not help."""

MISSED, SURE = 0.6, 0.85
"""Between these the reader's judgement is close to the threshold (0.7) and little better than a guess: of the
390 own questions 68 ended there, 32 of them (47%) as they should; of the 195 above, 177 did (91%)."""

_MARK_GAP = str.maketrans("[]", "  ")


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


@dataclass(frozen=True)
class Kept:
    """A question that is kept.

    Attributes:
        id: names it at the desk; says nothing of it.
        answer_id: names the answer that it got.
        at: when it was asked.
        question: scrubbed.
        previous: the question before it, scrubbed; None where it was read alone.
        generation: the index that the answer came from.
        answer_json: what was sent.
        best: how sure the reader was of the best sentence; None where nothing was read.
        no_evidence, close, not_helpful: why it is kept; none of them while it waits for feedback.
        why: the reason that came with "not helpful"; empty for none.
        done: when somebody was through with it; None while it waits.
        done_by: who that was.
    """

    id: int
    answer_id: str
    at: datetime
    question: str
    previous: str | None
    generation: str
    answer_json: str
    best: float | None
    no_evidence: bool
    close: bool
    not_helpful: bool
    why: str
    done: datetime | None
    done_by: str

    @classmethod
    def of(cls, row: Row[Any]) -> "Kept":
        """From its row."""
        named = (each.name for each in fields(cls) if each.name != "answer_json")
        return cls(**{name: getattr(row, name) for name in named}, answer_json=row.answer)

    @cached_property
    def answer(self) -> Answer:
        """What was sent."""
        return Answer.model_validate_json(self.answer_json)

    @property
    def language(self) -> str:
        """What the fixed words of the answer were in."""
        return self.answer.language

    @property
    def outcome(self) -> str:
        """How the answer ended."""
        return self.answer.outcome.value

    @property
    def notice(self) -> str:
        """The class of the answer's notice; empty for none."""
        return self.answer.notice.kind.value if self.answer.notice else ""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What was quoted, on both sides."""
        against = (statement for side in self.answer.contrast for statement in side.statements)
        return (*self.answer.statements, *against)

    @property
    def quotes(self) -> tuple[str, ...]:
        """Where the quotes stand, in order, as study#section:start-end."""
        return tuple(place_of(statement) for statement in self.statements)


def place_of(statement: Statement) -> str:
    """Where a quote stands, as study#section:start-end."""
    cited = statement.citation
    return f"{cited.study_id}#{cited.section}:{cited.start}-{cited.end}"


def find(connection: Connection, answer_id: str) -> Kept | None:
    """What is kept of an answer; None where nothing is."""
    row = connection.execute(select(kept_questions).where(kept_questions.c.answer_id == answer_id)).first()
    return Kept.of(row) if row else None


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
            if rows:
                connection.execute(insert(kept_questions), rows)
            for feedback in said:
                self._rate(connection, feedback)

    def _rows(self, events: Iterable[Answered]) -> "Iterable[dict[str, Any]]":
        library = self._live.library
        for event in events:
            worth = worth_of(event.answer, event.best)
            if worth is None:
                continue
            question = self._scrubber(library).scrub(event.question)
            held = not any(worth)
            yield {
                "answer_id": event.answer.answer_id,
                "at": event.at,
                "question": question,
                "previous": self._previous(event, library),
                "generation": event.answer.index_generation,
                "answer": _without_words(event.answer, self._scrubber(library)).model_dump_json(),
                "best": event.best,
                **worth._asdict(),
                "not_helpful": False,
                "why": "",
                "held": held,
                "meaning": None if held else meaning_of(question, library).to_bytes(),
                "encoder": library.index.encoder.sha256,
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

    def _rate(self, connection: Connection, feedback: Feedback) -> None:
        """Joins what was said of an answer to what is kept of it; what helped is held no longer."""
        theirs = kept_questions.c.answer_id == feedback.reference
        if feedback.helpful:
            connection.execute(delete(kept_questions).where(theirs, kept_questions.c.held))
            return
        row = connection.execute(select(kept_questions.c.question).where(theirs)).first()
        if row is None:
            return
        library = self._live.library
        said = {"not_helpful": True, "why": feedback.reason.value if feedback.reason else "", "held": False}
        meant = {
            "meaning": meaning_of(row.question, library).to_bytes(),
            "encoder": library.index.encoder.sha256,
        }
        connection.execute(update(kept_questions).where(theirs).values(**said, **meant))


def meaning_of(question: str, library: "Library") -> Meaning:
    """What a scrubbed question is grouped by; the marks in it count as the words that they are."""
    return Meaning.of(question.translate(_MARK_GAP), library.index.encoder)


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
