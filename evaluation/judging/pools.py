"""Pools: a pool with its questions, documents and runs, as they are kept."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, exists, select, update

from evaluation.judging.documents import Document, Part
from evaluation.judging.guidelines import Guidelines
from evaluation.judging.pool import Unit
from service.accounts.accounts import Member
from service.storage.audit import record
from service.storage.tables import judging as tables


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool as it is kept.

    Attributes:
        depth: documents of each run, from its top, that are judged.
        seed: of the raters' orders.
        asked: where its questions came from.
        corpus_version: names the summaries that its documents are of.
        generation: names the index.
    """

    id: int
    name: str
    unit: Unit
    depth: int
    seed: str
    asked: str
    guidelines: Guidelines
    corpus_version: str
    generation: str
    made_by: str
    made: datetime
    closed_by: str | None
    closed: datetime | None

    @property
    def subject(self) -> str:
        """What the audit log calls it."""
        return f"pool {self.id}"


class Item(NamedTuple):
    """A question with a document, by their ids in runs and qrels."""

    id: int
    question: str
    document: str


class Shown(NamedTuple):
    """What a rater reads of an item."""

    question: str
    document: Document


class KeptRun(NamedTuple):
    """A run of a pool.

    Attributes:
        content: in TREC's format.
        brought: documents of the pool that it found among its first.
        alone: of these, those that no other run found.
    """

    name: str
    source: str
    content: str
    brought: int
    alone: int


def load_pool(connection: Connection, pool_id: int) -> Pool | None:
    """The pool with this id; None where there is none."""
    row = connection.execute(select(tables.pools).where(tables.pools.c.id == pool_id)).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping) | {
        "unit": Unit(row.unit),
        "guidelines": Guidelines.model_validate_json(row.guidelines),
    }
    return Pool(**values)


def load_pools(connection: Connection) -> list[Pool]:
    """All pools, the newest first."""
    found = connection.execute(select(tables.pools.c.id).order_by(tables.pools.c.id.desc())).scalars().all()
    return [pool for pool in (load_pool(connection, each) for each in found) if pool]


def load_items(connection: Connection, pool_id: int) -> dict[int, Item]:
    """A pool's items by their ids, in the order of question and document."""
    items, questions, documents = tables.items, tables.questions, tables.documents
    rows = connection.execute(
        select(items.c.id, questions.c.name, documents.c.name)
        .join(questions, questions.c.id == items.c.question_id)
        .join(documents, documents.c.id == items.c.document_id)
        .where(items.c.pool_id == pool_id)
        .order_by(items.c.id)
    )
    return {row[0]: Item(*row) for row in rows}


def load_shown(connection: Connection, item_id: int) -> Shown:
    """What is read of an item."""
    items, questions, documents = tables.items, tables.questions, tables.documents
    row = connection.execute(
        select(questions.c.text, documents.c.name, documents.c.title, documents.c.label, documents.c.parts)
        .select_from(items)
        .join(questions, questions.c.id == items.c.question_id)
        .join(documents, documents.c.id == items.c.document_id)
        .where(items.c.id == item_id)
    ).one()
    return Shown(row.text, _document(row.name, row.title, row.label, row.parts))


def load_questions(connection: Connection, pool_id: int) -> dict[str, str]:
    """A pool's questions by their ids in runs."""
    questions = tables.questions
    rows = connection.execute(
        select(questions.c.name, questions.c.text)
        .where(questions.c.pool_id == pool_id)
        .order_by(questions.c.id)
    )
    return {row.name: row.text for row in rows}


def load_documents(connection: Connection, pool_id: int) -> list[Document]:
    """A pool's documents."""
    columns = tables.documents.c
    rows = connection.execute(
        select(columns.name, columns.title, columns.label, columns.parts)
        .where(columns.pool_id == pool_id)
        .order_by(columns.id)
    )
    return [_document(*row) for row in rows]


def load_runs(connection: Connection, pool_id: int) -> list[KeptRun]:
    """A pool's runs, in the order in which they were given."""
    columns = tables.runs.c
    rows = connection.execute(
        select(columns.name, columns.source, columns.content, columns.brought, columns.alone)
        .where(columns.pool_id == pool_id)
        .order_by(columns.id)
    )
    return [KeptRun(*row) for row in rows]


def hold_open(connection: Connection, pool_id: int) -> bool:
    """Whether a pool is being judged; if so, its judging cannot end before this transaction does."""
    columns = tables.pools.c
    is_open = select(columns.id).where(columns.id == pool_id, columns.closed.is_(None))
    return connection.execute(is_open.with_for_update(read=True)).one_or_none() is not None


def close_pool(connection: Connection, pool: Pool, member: Member, now: datetime, **counts: int) -> bool:
    """Ends the judging of a pool, for good; False where it had ended already."""
    columns = tables.pools.c
    changed = connection.execute(
        update(tables.pools)
        .where(columns.id == pool.id, columns.closed.is_(None))
        .values(closed=now, closed_by=member.name)
    )
    if changed.rowcount:
        record(connection, member.name, "pool.close", pool.subject, at=now, **counts)
    return bool(changed.rowcount)


def discard_pool(connection: Connection, pool: Pool, member: Member, now: datetime) -> bool:
    """Takes a pool away that nobody has judged yet; False where somebody has."""
    judged = exists().where(
        tables.judgments.c.rater_id == tables.raters.c.id, tables.raters.c.pool_id == pool.id
    )
    gone = connection.execute(delete(tables.pools).where(tables.pools.c.id == pool.id, ~judged))
    if gone.rowcount:
        record(connection, member.name, "pool.discard", pool.subject, at=now, name=pool.name)
    return bool(gone.rowcount)


def _document(name: str, title: str, label: str, parts: str) -> Document:
    return Document(name, title, label, tuple(Part(*part) for part in json.loads(parts)))
