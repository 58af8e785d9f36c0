"""Overview: all pools with how far they are, counted by the database."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from evaluation.judging.pools import Pool, load_pools
from service.storage.tables import judging as tables


class Listed(NamedTuple):
    """A pool in the list.

    Attributes:
        items: documents to judge.
        raters: who have begun.
        mine: how many of the items somebody has graded; None for who has not begun.
    """

    pool: Pool
    items: int
    questions: int
    raters: int
    mine: int | None


def list_pools(connection: Connection, account_id: int) -> list[Listed]:
    """All pools, the newest first, as an account sees them."""
    items, raters = tables.items.c, tables.raters.c
    counts = select(items.pool_id, func.count(), func.count(items.question_id.distinct())).group_by(
        items.pool_id
    )
    found = {pool: (count, questions) for pool, count, questions in connection.execute(counts)}
    begun = connection.execute(select(raters.pool_id, func.count()).group_by(raters.pool_id))
    joined = {row[0]: row[1] for row in begun}
    mine = _graded(connection, account_id)
    return [
        Listed(pool, *found[pool.id], joined.get(pool.id, 0), mine.get(pool.id))
        for pool in load_pools(connection)
    ]


def _graded(connection: Connection, account_id: int) -> dict[int, int]:
    """By pool how many items an account has graded, second times aside; 0 where it has only joined."""
    raters, judged = tables.raters, tables.judgments
    first = (judged.c.rater_id == raters.c.id) & (judged.c.occurrence == 1) & judged.c.grade.is_not(None)
    rows = connection.execute(
        select(raters.c.pool_id, func.count(judged.c.id))
        .select_from(raters.outerjoin(judged, first))
        .where(raters.c.account_id == account_id)
        .group_by(raters.c.pool_id)
    )
    return {row[0]: row[1] for row in rows}
