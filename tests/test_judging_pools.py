import pytest
from sqlalchemy import func, select

from evaluation.judging.judgments import join_pool
from evaluation.judging.pool import Unit
from evaluation.judging.pools import (
    close_pool,
    discard_pool,
    hold_open,
    load_documents,
    load_items,
    load_pool,
    load_pools,
    load_questions,
    load_runs,
    load_shown,
)
from service.storage.database import Database
from service.storage.tables import judging as tables
from service.storage.tables.audit import audit
from tests.judging import NOW, add_members, judge, make_pool, new_pool


def actions(database: Database) -> list[tuple[str, str, str]]:
    """Who did what to which pool, as the audit log has it."""
    with database.begin() as connection:
        rows = connection.execute(
            select(audit.c.actor, audit.c.action, audit.c.subject).order_by(audit.c.number)
        )
        return [tuple(row) for row in rows if row.action.startswith(("pool.", "judgment.", "qrels."))]


def test_a_pool_is_read_as_it_was_kept(database: Database) -> None:
    """Questions without finds stay out; texts, runs and guidelines are those of the moment it was made."""
    (ada,) = add_members(database, "ada")
    pool, new = make_pool(database, ada), new_pool()
    assert (pool.name, pool.unit, pool.depth, pool.made_by, pool.made) == (
        "Spring",
        Unit.passage,
        2,
        ada.name,
        NOW,
    )
    assert pool.guidelines == new.guidelines
    assert pool.closed is None
    with database.begin() as connection:
        items = load_items(connection, pool.id)
        assert [(each.question, each.document) for each in items.values()] == [
            ("q1", "d1"),
            ("q1", "d2"),
            ("q1", "d3"),
            ("q1", "d5"),
            ("q2", "d1"),
            ("q2", "d4"),
            ("q2", "d6"),
        ]
        assert load_questions(connection, pool.id) == {n: t for n, t in new.questions.items() if n != "q3"}
        assert load_documents(connection, pool.id) == list(new.documents.values())
        last = list(items)[-1]
        assert load_shown(connection, last) == ("How many died?", new.documents["d6"])
        one, other = load_runs(connection, pool.id)
    assert (one.name, one.brought, one.alone) == ("one", 4, 4)
    assert (other.name, other.brought, other.alone) == ("other", 3, 3)
    assert one.content.splitlines()[0] == "q1 Q0 d1 1 0.9 one"


def test_the_audit_log_has_what_was_made_without_a_question(database: Database) -> None:
    """pool.create in the same transaction, with counts, and no question's words."""
    (ada,) = add_members(database, "ada")
    pool = make_pool(database, ada)
    assert actions(database) == [(ada.name, "pool.create", pool.subject)]
    with database.begin() as connection:
        details = connection.execute(
            select(audit.c.details).where(audit.c.action == "pool.create")
        ).scalar_one()
    assert '"documents": 7' in details
    assert "kidneys" not in details


def test_a_pool_that_fails_halfway_leaves_nothing(database: Database) -> None:
    """A document without its text: neither pool, questions nor runs are there afterwards."""
    (ada,) = add_members(database, "ada")
    new = new_pool()
    del new.documents["d6"]  # type: ignore[attr-defined]
    with pytest.raises(KeyError):
        make_pool(database, ada, new)
    with database.begin() as connection:
        assert load_pools(connection) == []
        assert connection.execute(select(func.count()).select_from(tables.questions)).scalar_one() == 0
    assert actions(database) == []


def test_a_pool_is_closed_once_and_for_good(database: Database) -> None:
    """The first one counts; the audit log has it once, with what was left."""
    ada, ben = add_members(database, "ada", "ben")
    pool = make_pool(database, ada)
    with database.begin() as connection:
        assert hold_open(connection, pool.id)
        assert close_pool(connection, pool, ada, NOW, unjudged=7)
        assert not close_pool(connection, pool, ben, NOW, unjudged=7)
        closed = load_pool(connection, pool.id)
        assert not hold_open(connection, pool.id)
    assert closed is not None
    assert (closed.closed_by, closed.closed) == (ada.name, NOW)
    assert [action for _, action, _ in actions(database)] == ["pool.create", "pool.close"]


def test_a_pool_that_nobody_judged_can_be_discarded_with_all_that_is_in_it(database: Database) -> None:
    """A rater who has not graded keeps nothing from it; of another pool nothing is lost."""
    (ada,) = add_members(database, "ada")
    pool, other = make_pool(database, ada), make_pool(database, ada, new_pool("Autumn"))
    with database.begin() as connection:
        join_pool(connection, pool, ada.id, NOW)
        assert discard_pool(connection, pool, ada, NOW)
        assert load_pool(connection, pool.id) is None
        assert [each.id for each in load_pools(connection)] == [other.id]
        for table in (tables.questions, tables.documents, tables.items, tables.runs, tables.raters):
            wanted = table.c.pool_id == pool.id
            count = select(func.count()).select_from(table).where(wanted)
            assert connection.execute(count).scalar_one() == 0
        assert len(load_items(connection, other.id)) == 7
    assert actions(database)[-1] == (ada.name, "pool.discard", pool.subject)


def test_a_pool_with_grades_stays(database: Database) -> None:
    """Somebody's work is in it."""
    (ada,) = add_members(database, "ada")
    pool = make_pool(database, ada)

    judge(database, pool, ada, lambda *_: 1)
    with database.begin() as connection:
        assert not discard_pool(connection, pool, ada, NOW)
        assert load_pool(connection, pool.id) == pool
