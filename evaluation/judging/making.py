"""Making: a pool is put together in the background; until all of it is there, none of it is kept."""

import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from evaluation.errors import EvaluationError
from evaluation.judging.documents import read_documents
from evaluation.judging.guidelines import load_guidelines
from evaluation.judging.keeping import NewPool, keep_pool
from evaluation.judging.pool import PooledRun, Unit, pool_runs
from evaluation.judging.searching import search_library, steps
from service.accounts.accounts import Member
from service.desks.desks import Desks
from service.library import Library

MOST_ITEMS = 10_000
"""Documents to judge in one pool: a rater would need weeks for more."""

REMEMBERED = 50
"""Makings that can still be asked for; the oldest are forgotten."""

FAULT = "Something went wrong, and nothing was made; the log says what (pool failed)."

logger = logging.getLogger("plaincite.judging")


@dataclass(frozen=True, slots=True)
class Draft:
    """What an evaluator asked for, checked.

    Attributes:
        name: of the pool.
        asked: where the questions came from.
        questions: their words by id.
        given: runs from files.
        settings: of search, by their names.
        library: what the ids of the runs were held against; it is what will be searched.
    """

    name: str
    unit: Unit
    depth: int
    asked: str
    questions: Mapping[str, str]
    given: tuple[PooledRun, ...]
    settings: tuple[str, ...]
    library: Library


@dataclass(slots=True)
class Making:
    """A pool that is being made.

    Attributes:
        name: of the pool.
        total: searches that it takes.
        done: of them.
        pool_id: once it is made.
        fault: why it was not; empty as long as it may be.
    """

    name: str
    total: int
    done: int = 0
    pool_id: int | None = None
    fault: str = ""

    def advance(self) -> None:
        """One search more is done."""
        self.done += 1

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return bool(self.fault) or self.pool_id is not None


@dataclass(frozen=True, slots=True)
class Makings:
    """The pools that are being made in this process, each by a key that cannot be guessed.

    One is made after the other: people who ask meanwhile need the processor, too.
    """

    _known: dict[str, Making] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, draft: Draft, desks: Desks, member: Member) -> str:
        """Begins to make a pool in a thread; the key."""
        making = Making(draft.name, len(draft.questions) * sum(map(steps, draft.settings)))
        key = secrets.token_urlsafe(12)
        for old in list(self._known)[: -REMEMBERED + 1]:
            self._known.pop(old, None)
        self._known[key] = making
        work = partial(self._make, making, draft, desks, member)
        threading.Thread(target=work, name="pool", daemon=True).start()
        return key

    def find(self, key: str) -> Making | None:
        """The making with this key; None after a restart of the service."""
        return self._known.get(key)

    def _make(self, making: Making, draft: Draft, desks: Desks, member: Member) -> None:
        with self._turn:
            _make(making, draft, desks, member)


def new_pool(draft: Draft, progress: Callable[[], object] = lambda: None) -> NewPool:
    """Searches what is to be searched, and puts the pool together.

    Raises:
        EvaluationError: nothing was found at all, or too much.
    """
    library = draft.library
    search = partial(search_library, library, questions=draft.questions, unit=draft.unit, progress=progress)
    runs = _told_apart([*draft.given, *map(search, draft.settings)])
    pooled = pool_runs([each.run for each in runs], draft.questions, draft.depth)
    items = sum(map(len, pooled.values()))
    if not items:
        raise EvaluationError("The runs found nothing for any of these questions, so nothing was made.")
    if items > MOST_ITEMS:
        raise EvaluationError(
            f"This would be {items:,} documents to judge, and {MOST_ITEMS:,} are the most. "
            "Take fewer questions, or less of each run. Nothing was made."
        )
    names = frozenset(name for documents in pooled.values() for name in documents)
    return NewPool(
        name=draft.name,
        unit=draft.unit,
        depth=draft.depth,
        seed=secrets.token_hex(8),
        asked=draft.asked,
        guidelines=load_guidelines(),
        corpus_version=library.corpus_version,
        generation=library.generation,
        questions=draft.questions,
        documents=read_documents(library.index, draft.unit, names),
        runs=runs,
        pooled=pooled,
    )


def _told_apart(runs: list[PooledRun]) -> tuple[PooledRun, ...]:
    """The runs, those of one name numbered."""
    names: dict[str, int] = {}
    apart = []
    for each in runs:
        number = names[each.name] = names.get(each.name, 0) + 1
        apart.append(each if number == 1 else each._replace(name=f"{each.name}-{number}"))
    return tuple(apart)


def _make(making: Making, draft: Draft, desks: Desks, member: Member) -> None:
    try:
        new = new_pool(draft, making.advance)
        with desks.database.begin() as connection:
            made = keep_pool(connection, new, member, desks.now())
        making.pool_id = made
    except EvaluationError as error:
        making.fault = str(error)
    except Exception as error:
        # Only the kind of it: the text of an error may repeat a question.
        logger.error("pool failed", extra={"error": type(error).__name__})
        making.fault = FAULT


MAKINGS = Makings()
"""Those of this process."""
