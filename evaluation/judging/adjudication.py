"""Adjudication: where raters differ, an evaluator decides who has said so before."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, exists, insert, select, update

from evaluation.judging.pools import Item, Pool
from service.accounts.accounts import Member
from service.storage.audit import record
from service.storage.tables import judging as tables


class Decision(NamedTuple):
    """What was decided.

    Attributes:
        was_rater: whether who decided had graded the same document for the same question.
    """

    item: int
    grade: int
    note: str
    decided_by: str
    was_rater: bool
    decided: datetime


def declare(connection: Connection, pool: Pool, member: Member, now: datetime) -> None:
    """Notes that somebody adjudicates a pool."""
    if is_adjudicator(connection, pool, member):
        return
    values = {"pool_id": pool.id, "account_id": member.id, "declared": now}
    connection.execute(insert(tables.adjudicators).values(values))
    record(connection, member.name, "judgment.adjudicator", pool.subject, at=now)


def is_adjudicator(connection: Connection, pool: Pool, member: Member) -> bool:
    """Whether somebody has said to adjudicate this pool."""
    columns = tables.adjudicators.c
    said = exists().where(columns.pool_id == pool.id, columns.account_id == member.id)
    return bool(connection.execute(select(said)).scalar_one())


def decide(
    connection: Connection, pool: Pool, item: Item, member: Member, *, grade: int, note: str, now: datetime
) -> None:
    """Keeps a decision; a later one takes its place, and the audit log has both."""
    columns = tables.adjudications.c
    before = connection.execute(select(tables.adjudications).where(columns.item_id == item.id)).one_or_none()
    if before and (before.grade, before.note, before.decided_by) == (grade, note, member.name):
        return
    was_rater = _has_graded(connection, pool, item, member)
    values = {
        "grade": grade,
        "note": note,
        "decided_by": member.name,
        "was_rater": was_rater,
        "decided": now,
    }
    if before:
        connection.execute(update(tables.adjudications).where(columns.item_id == item.id).values(values))
    else:
        connection.execute(insert(tables.adjudications).values(values | {"item_id": item.id}))
    record(
        connection,
        member.name,
        "judgment.adjudicate",
        pool.subject,
        at=now,
        question=item.question,
        document=item.document,
        grade=grade,
        before=before.grade if before else None,
        was_rater=was_rater,
    )


def load_decisions(connection: Connection, pool_id: int) -> dict[int, Decision]:
    """A pool's decisions by item."""
    columns, items = tables.adjudications.c, tables.items.c
    rows = connection.execute(
        select(
            columns.item_id,
            columns.grade,
            columns.note,
            columns.decided_by,
            columns.was_rater,
            columns.decided,
        )
        .select_from(tables.adjudications)
        .join(tables.items, items.id == columns.item_id)
        .where(items.pool_id == pool_id)
    )
    return {row.item_id: Decision(*row) for row in rows}


def _has_graded(connection: Connection, pool: Pool, item: Item, member: Member) -> bool:
    judged, raters = tables.judgments.c, tables.raters.c
    graded = exists().where(
        judged.item_id == item.id,
        judged.grade.is_not(None),
        judged.rater_id == raters.id,
        raters.pool_id == pool.id,
        raters.account_id == member.id,
    )
    return bool(connection.execute(select(graded)).scalar_one())
