"""Reviewing: what is kept, in groups that ask the same; what staff find of the sources; what is done."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Row, delete, insert, select, update

from service.evidence import Evidence, rank
from service.kept import Kept
from service.storage.audit import record
from service.storage.tables.kept import kept_questions, source_checks

if TYPE_CHECKING:
    from service.library import Library

MOST_SHOWN = 5_000
"""Questions that the queue is made of, the newest; more of them nobody would read."""

NEAREST = 5
"""Sentences that are shown beside a question."""


class Reason(StrEnum):
    """Why a question is in the queue."""

    no_evidence = "no_evidence"
    not_helpful = "not_helpful"
    close = "close"


class Verdict(StrEnum):
    """What somebody found who compared an answer with its source."""

    right = "right"
    wrong_sentence = "wrong_sentence"
    out_of_context = "out_of_context"
    needs_summary = "needs_summary"


class Group(NamedTuple):
    """Questions that ask the same thing.

    Attributes:
        questions: the oldest, which leads the group, first.
    """

    questions: tuple[Kept, ...]

    @property
    def leader(self) -> Kept:
        """The oldest of its questions that is there still; it names the group in addresses."""
        return self.questions[0]

    @property
    def label(self) -> str:
        """What the list calls the group: its shortest question, one without marks where there is one."""
        return min((each.question for each in self.questions), key=lambda text: (text.count("["), len(text)))

    @property
    def open(self) -> tuple[Kept, ...]:
        """Those that nobody is through with."""
        return tuple(each for each in self.questions if each.done is None)

    @property
    def is_done(self) -> bool:
        """Whether somebody is through with all of them."""
        return not self.open

    @property
    def last(self) -> datetime:
        """When it was asked last."""
        return max(each.at for each in self.questions)

    @property
    def reasons(self) -> "Mapping[Reason, int]":
        """How many of its questions are there for which reason; those that nobody is through with, if any."""
        asked = self.open or self.questions
        counted = Counter(reason for each in asked for reason in Reason if getattr(each, reason.value))
        return {reason: counted[reason] for reason in Reason if counted[reason]}


def read_groups(connection: Connection) -> list[Group]:
    """The newest questions that are worth a review, grouped: most asked first, then the last asked."""
    kept = kept_questions.c
    wanted = [column for column in kept if column.name not in {"meaning", "encoder", "answer"}]
    newest = select(*wanted).where(~kept.held).order_by(kept.at.desc(), kept.id.desc()).limit(MOST_SHOWN)
    found: dict[str, list[Kept]] = {}
    for row in reversed(connection.execute(newest).all()):
        found.setdefault(row.leader, []).append(Kept.of(row))
    groups = [Group(tuple(questions)) for questions in found.values()]
    return sorted(groups, key=lambda group: (len(group.open), group.last, group.leader.id), reverse=True)


def group_of(groups: Iterable[Group], number: int) -> Group | None:
    """The group that a question is in; None where it is not kept any more."""
    return next((group for group in groups if any(each.id == number for each in group.questions)), None)


def settle(
    connection: Connection, numbers: Collection[int], member: str, now: datetime, *, done: bool
) -> int:
    """Marks questions as done, or opens them again; how many were changed by that.

    Args:
        connection: the transaction.
        numbers: their ids: those that somebody has seen, and none that came in since.
        member: who is through with them.
        now: the time.
        done: whether they are done.
    """
    kept = kept_questions.c
    changed = connection.execute(
        update(kept_questions)
        .where(kept.id.in_(numbers), kept.done.is_(None) if done else kept.done.is_not(None))
        .values(done=now if done else None, done_by=member if done else "")
    ).rowcount
    if changed:
        action = "queue.done" if done else "queue.reopen"
        record(connection, member, action, str(min(numbers)), at=now, questions=changed)
    return changed


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What somebody found of a source.

    Attributes:
        id: names it.
        kept_id: the question that it was pinned to; None once that has gone.
        verdict: what was found.
        wording: the question in the words of staff; empty for none.
        note: what else there is to say.
        place: of the quote, as study#section:start-end; empty where it is about none.
        quote: the summary's words there, as they were.
        generation: the index that the answer came from.
        made_by: who found it.
        made: when.
    """

    id: int
    kept_id: int | None
    verdict: Verdict
    wording: str
    note: str
    place: str
    quote: str
    generation: str
    made_by: str
    made: datetime

    @classmethod
    def of(cls, row: Row[Any]) -> "SourceCheck":
        """From its row."""
        values = {name: getattr(row, name) for name in cls.__slots__}
        return cls(**values | {"verdict": Verdict(row.verdict)})

    @property
    def study_id(self) -> str:
        """The study that is quoted; empty where none is."""
        return self.place.partition("#")[0]


class Finding(NamedTuple):
    """What somebody has to say of a question's sources; see SourceCheck."""

    verdict: Verdict
    place: str = ""
    quote: str = ""
    wording: str = ""
    note: str = ""


def pin(connection: Connection, kept: Kept, finding: Finding, member: str, now: datetime) -> int:
    """Pins a source check to a question; its id."""
    values = {
        **finding._asdict(),
        "verdict": finding.verdict.value,
        "kept_id": kept.id,
        "generation": kept.generation,
        "made_by": member,
        "made": now,
    }
    added = connection.execute(insert(source_checks).values(**values).returning(source_checks.c.id))
    number: int = added.scalar_one()
    # Neither the wording nor the note: an audit entry is for good, and people may write what they should not.
    record(
        connection,
        member,
        "check.pin",
        str(number),
        at=now,
        verdict=finding.verdict.value,
        place=finding.place,
    )
    return number


def unpin(connection: Connection, number: int, member: str, now: datetime) -> bool:
    """Takes a source check away; False where there is none."""
    gone = connection.execute(delete(source_checks).where(source_checks.c.id == number)).rowcount
    if gone:
        record(connection, member, "check.remove", str(number), at=now)
    return bool(gone)


def read_checks(connection: Connection, kept: Collection[int] | None = None) -> list[SourceCheck]:
    """The source checks of some questions, or all, the newest first."""
    wanted = select(source_checks).order_by(source_checks.c.made.desc(), source_checks.c.id.desc())
    if kept is not None:
        wanted = wanted.where(source_checks.c.kept_id.in_(kept))
    return [SourceCheck.of(row) for row in connection.execute(wanted)]


def count_checks(connection: Connection) -> Mapping[int, int]:
    """How many source checks are pinned to each question that has any."""
    rows = connection.execute(select(source_checks.c.kept_id).where(source_checks.c.kept_id.is_not(None)))
    return Counter(row.kept_id for row in rows)


def nearest_sentences(library: "Library", kept: Kept) -> Sequence[Evidence]:
    """The sentences of the library that are nearest to a kept question today, surest first."""
    trace = library.trace(kept.question, kept.previous)
    return list(islice(_different(rank(trace.read.sentences)), NEAREST)) if trace.read else []


def _different(items: Iterable[Evidence]) -> Iterator[Evidence]:
    seen: set[str] = set()
    for item in items:
        if item.text not in seen:
            seen.add(item.text)
            yield item
