"""Keeping: a new pool goes into the database in one piece, or not at all."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from evaluation.judging.documents import Document
from evaluation.judging.guidelines import Guidelines
from evaluation.judging.pool import Pooled, PooledRun, Unit, contributions
from evaluation.runs import run_lines
from service.accounts.accounts import Member
from service.storage.audit import record
from service.storage.tables import judging as tables


@dataclass(frozen=True, slots=True)
class NewPool:
    """A pool before it is kept.

    Attributes:
        depth: documents of each run, from its top, that are judged.
        seed: of the raters' orders.
        asked: where its questions came from.
        corpus_version: names the summaries that its documents are of.
        generation: names the index.
        questions: their words by id, those too for which nothing was found.
    """

    name: str
    unit: Unit
    depth: int
    seed: str
    asked: str
    guidelines: Guidelines
    corpus_version: str
    generation: str
    questions: Mapping[str, str]
    documents: Mapping[str, Document]
    runs: tuple[PooledRun, ...]
    pooled: Pooled


def keep_pool(connection: Connection, new: NewPool, member: Member, now: datetime) -> int:
    """Puts a pool into the database; its id."""
    plain = ("name", "depth", "seed", "asked", "corpus_version", "generation")
    values = {name: getattr(new, name) for name in plain} | {
        "unit": new.unit.value,
        "guidelines": new.guidelines.model_dump_json(),
        "made_by": member.name,
        "made": now,
    }
    pool_id: int = connection.execute(
        insert(tables.pools).values(values).returning(tables.pools.c.id)
    ).scalar_one()
    _keep_items(connection, new, pool_id)
    _keep_runs(connection, new, pool_id)
    record(
        connection,
        member.name,
        "pool.create",
        f"pool {pool_id}",
        at=now,
        name=new.name,
        unit=new.unit.value,
        depth=new.depth,
        runs=len(new.runs),
        questions=len(new.pooled),
        documents=sum(map(len, new.pooled.values())),
        guidelines=new.guidelines.version,
        generation=new.generation,
    )
    return pool_id


def _keep_items(connection: Connection, new: NewPool, pool_id: int) -> None:
    asked = [(name, text) for name, text in new.questions.items() if name in new.pooled]
    rows = [{"pool_id": pool_id, "name": name, "text": text} for name, text in asked]
    connection.execute(insert(tables.questions), rows)
    connection.execute(insert(tables.documents), list(_document_rows(new.documents.values(), pool_id)))
    questions = _ids(connection, tables.questions.c, pool_id)
    documents = _ids(connection, tables.documents.c, pool_id)
    connection.execute(
        insert(tables.items),
        [
            {"pool_id": pool_id, "question_id": questions[question], "document_id": documents[document]}
            for question, _ in asked
            for document in new.pooled[question]
        ],
    )


def _keep_runs(connection: Connection, new: NewPool, pool_id: int) -> None:
    brought = contributions(new.runs, new.pooled, new.depth)
    rows = [
        {
            "pool_id": pool_id,
            "name": each.name,
            "source": each.source,
            "content": "".join(run_lines(each.run, each.name)),
            "brought": brought[each.name][0],
            "alone": brought[each.name][1],
        }
        for each in new.runs
    ]
    connection.execute(insert(tables.runs), rows)


def _document_rows(documents: Iterable[Document], pool_id: int) -> Iterator[dict[str, object]]:
    for each in documents:
        parts = json.dumps(each.parts, ensure_ascii=False)
        words = {"title": each.title, "label": each.label, "parts": parts}
        yield {"pool_id": pool_id, "name": each.name, **words}


def _ids(connection: Connection, columns: ReadOnlyColumnCollection[str, Any], pool_id: int) -> dict[str, int]:
    """The rows of a pool by their ids in runs."""
    rows = connection.execute(select(columns.name, columns.id).where(columns.pool_id == pool_id))
    return {row.name: row.id for row in rows}
