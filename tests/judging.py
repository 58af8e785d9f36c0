"""What tests of the judging desk share: a small pool in a database, and raters who grade it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from evaluation.judging.documents import Document, Part
from evaluation.judging.guidelines import load_guidelines
from evaluation.judging.judgments import Rater, join_pool, load_progress, save
from evaluation.judging.keeping import NewPool, keep_pool
from evaluation.judging.pool import PooledRun, Unit, pool_runs
from evaluation.judging.pools import Item, Pool, load_items, load_pool
from evaluation.runs import Run
from service.accounts.accounts import Member, Role, add_account
from service.storage.database import Database
from tests.comparisons import ranked

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

QUESTIONS = {"q1": "Did it help the kidneys?", "q2": "How many died?", "q3": "Nobody finds this"}

RUNS: Mapping[str, Run] = {
    "one": {"q1": ranked("d1", "d2", "d3"), "q2": ranked("d4", "d1")},
    "other": {"q1": ranked("d3", "d5", "d1"), "q2": ranked("d6")},
}


def new_pool(name: str = "Spring", *, depth: int = 2, seed: str = "seed") -> NewPool:
    """A pool of two questions; the third finds nothing."""
    pooled = pool_runs(RUNS.values(), QUESTIONS, depth)
    names = sorted({name for documents in pooled.values() for name in documents})
    return NewPool(
        name=name,
        unit=Unit.passage,
        depth=depth,
        seed=seed,
        asked="questions of a test",
        guidelines=load_guidelines(),
        corpus_version="2026-11-22-5d2c",
        generation="20261122-1",
        questions=QUESTIONS,
        documents={
            each: Document(each, f"Title of {each}", "A trial", (Part("Heading", f"Text of {each}"),))
            for each in names
        },
        runs=tuple(PooledRun(each, f"file {each}.run", run) for each, run in RUNS.items()),
        pooled=pooled,
    )


def add_members(database: Database, *names: str) -> list[Member]:
    """Evaluators who come by single sign-on: no password has to be hashed."""
    with database.begin() as connection:
        return [
            add_account(connection, f"{name}@clinic.example", Role.evaluator, None, now=NOW) for name in names
        ]


def make_pool(database: Database, member: Member, new: NewPool | None = None) -> Pool:
    """A pool in the database."""
    with database.begin() as connection:
        pool = load_pool(connection, keep_pool(connection, new or new_pool(), member, NOW))
    assert pool is not None
    return pool


def judge(
    database: Database, pool: Pool, member: Member, grade: Callable[[Item, int], int | None], note: str = ""
) -> Rater:
    """Lets somebody grade all of a pool, in the order that is theirs, ten seconds each.

    Args:
        database: where the pool is.
        pool: what is graded.
        member: who.
        grade: of an item and which time it is seen; None puts it off.
        note: beside each grade.
    """
    with database.begin() as connection:
        rater = join_pool(connection, pool, member.id, NOW)
        items = load_items(connection, pool.id)
        progress = load_progress(connection, pool, items.values(), rater)
        for number, turn in enumerate(progress.order):
            given, now = grade(items[turn.item], turn.occurrence), NOW + timedelta(seconds=10 * number)
            assert save(connection, rater, turn, grade=given, note=note, saves=0, now=now)
    return rater
