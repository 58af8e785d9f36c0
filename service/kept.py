"""Kept: a scrubbed question that is kept for review, with the answer that it got."""

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, select

from service.answers import Answer, Statement
from service.storage.tables.kept import kept_questions


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
        answer_json: what was sent; empty in lists, which do not show it.
        best: how sure the reader was of the best sentence; None where nothing was read.
        no_evidence, close, not_helpful: why it is kept; none of them while it waits for feedback.
        why: the reason that came with "not helpful"; empty for none.
        leader: the answer_id of the question that leads its group; it may have gone.
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
    leader: str
    done: datetime | None
    done_by: str

    @classmethod
    def of(cls, row: Row[Any]) -> "Kept":
        """From its row."""
        named = (each.name for each in fields(cls) if each.name != "answer_json")
        return cls(**{name: getattr(row, name) for name in named}, answer_json=getattr(row, "answer", ""))

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
