"""Judgments: who judges a pool, and every grade, saved as it is given."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from string import ascii_uppercase
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from evaluation.judging.order import Turn, order_turns
from evaluation.judging.pools import Item, Pool
from evaluation.judging.progress import Progress, Saved
from service.storage.tables import judging as tables


class Rater(NamedTuple):
    """Somebody who judges a pool.

    Attributes:
        letter: what everybody else calls him.
        account_id: None where the account is gone.
    """

    id: int
    letter: str
    account_id: int | None


class Given(NamedTuple):
    """A grade as others read it after the judging."""

    letter: str
    item: int
    occurrence: int
    grade: int
    note: str


def join_pool(connection: Connection, pool: Pool, account_id: int, now: datetime) -> Rater:
    """Makes somebody a rater of a pool; who is one already stays the same."""
    # Whoever joins at the same time waits here, so that no letter is given twice.
    connection.execute(select(tables.pools.c.id).where(tables.pools.c.id == pool.id).with_for_update())
    known = find_rater(connection, pool.id, account_id)
    if known:
        return known
    columns = tables.raters.c
    letter = _letter(len(load_raters(connection, pool.id)))
    values = {"pool_id": pool.id, "account_id": account_id, "letter": letter, "joined": now}
    made = connection.execute(insert(tables.raters).values(values).returning(columns.id)).scalar_one()
    return Rater(made, letter, account_id)


def find_rater(connection: Connection, pool_id: int, account_id: int) -> Rater | None:
    """The rater of a pool who has this account."""
    columns = tables.raters.c
    row = connection.execute(
        select(columns.id, columns.letter, columns.account_id).where(
            columns.pool_id == pool_id, columns.account_id == account_id
        )
    ).one_or_none()
    return Rater(*row) if row else None


def load_raters(connection: Connection, pool_id: int) -> list[Rater]:
    """A pool's raters, in the order of their letters."""
    columns = tables.raters.c
    rows = connection.execute(
        select(columns.id, columns.letter, columns.account_id)
        .where(columns.pool_id == pool_id)
        .order_by(columns.id)
    )
    return [Rater(*row) for row in rows]


def load_progress(connection: Connection, pool: Pool, items: Iterable[Item], rater: Rater) -> Progress:
    """Where a rater stands."""
    groups: dict[str, list[int]] = {}
    for item in items:
        groups.setdefault(item.question, []).append(item.id)
    numbered = {number: groups[question] for number, question in enumerate(sorted(groups))}
    order = order_turns(numbered, f"{pool.seed} {rater.letter}")
    return Progress(order, _saved(connection, rater, frozenset(order)))


def save(
    connection: Connection,
    rater: Rater,
    turn: Turn,
    *,
    grade: int | None,
    note: str,
    saves: int,
    now: datetime,
) -> bool:
    """Saves a grade, or that one is put off.

    Args:
        connection: the transaction.
        rater: whose it is.
        turn: what is graded.
        grade: None to put it off.
        note: what the rater wrote beside it.
        saves: how often it had been saved when the rater's page was made.
        now: when.

    Returns:
        False where it was saved otherwise meanwhile, from another window: that stands.
    """
    key = {"rater_id": rater.id, "item_id": turn.item, "occurrence": turn.occurrence}
    if saves == 0:
        try:
            with connection.begin_nested():
                first = {"grade": grade, "note": note, "saves": 1, "first": now, "last": now}
                connection.execute(insert(tables.judgments).values(key | first))
        except IntegrityError:
            return _is_as(connection, key, grade, note)
        return True
    columns = tables.judgments.c
    before = _row_of(key) & (columns.saves == saves)
    # A grade after it was put off is the first one, and counts from now.
    put_off = connection.execute(select(columns.grade).where(before)).scalar_one_or_none() is None
    values = {"grade": grade, "note": note, "saves": saves + 1, "last": now} | (
        {"first": now} if put_off and grade is not None else {}
    )
    changed = connection.execute(update(tables.judgments).where(before).values(values))
    return bool(changed.rowcount) or _is_as(connection, key, grade, note)


def load_given(connection: Connection, pool_id: int) -> list[Given]:
    """Every grade of a pool, by rater and item."""
    judged, raters = tables.judgments.c, tables.raters.c
    rows = connection.execute(
        select(raters.letter, judged.item_id, judged.occurrence, judged.grade, judged.note)
        .select_from(tables.judgments)
        .join(tables.raters, raters.id == judged.rater_id)
        .where(raters.pool_id == pool_id, judged.grade.is_not(None))
        .order_by(raters.id, judged.item_id, judged.occurrence)
    )
    return [Given(*row) for row in rows]


def first_grades(given: Iterable[Given]) -> dict[int, dict[str, int]]:
    """First grades by item and rater."""
    ratings: dict[int, dict[str, int]] = {}
    for each in given:
        if each.occurrence == 1:
            ratings.setdefault(each.item, {})[each.letter] = each.grade
    return ratings


def twice_graded(given: Iterable[Given]) -> dict[str, list[tuple[int, int]]]:
    """By rater the first and the second grade of each item that came twice."""
    both: dict[tuple[str, int], dict[int, int]] = {}
    for each in given:
        both.setdefault((each.letter, each.item), {})[each.occurrence] = each.grade
    found: dict[str, list[tuple[int, int]]] = {}
    for (letter, _), grades in both.items():
        pairs = found.setdefault(letter, [])
        if len(grades) > 1:
            pairs.append((grades[1], grades[2]))
    return found


def _saved(connection: Connection, rater: Rater, turns: frozenset[Turn]) -> dict[Turn, Saved]:
    columns = tables.judgments.c
    rows = connection.execute(select(tables.judgments).where(columns.rater_id == rater.id))
    found = {
        Turn(row.item_id, row.occurrence): Saved(row.grade, row.note, row.saves, row.first) for row in rows
    }
    return {turn: saved for turn, saved in found.items() if turn in turns}


def _row_of(key: Mapping[str, int]) -> ColumnElement[bool]:
    return and_(*(tables.judgments.c[name] == value for name, value in key.items()))


def _is_as(connection: Connection, key: Mapping[str, int], grade: int | None, note: str) -> bool:
    """Whether what is saved is what was sent: a form that was sent twice is no contradiction."""
    columns = tables.judgments.c
    row = connection.execute(select(columns.grade, columns.note).where(_row_of(key))).one_or_none()
    return row is not None and (row.grade, row.note) == (grade, note)


def _letter(number: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    rest, place = divmod(number, len(ascii_uppercase))
    return (_letter(rest - 1) if rest else "") + ascii_uppercase[place]
