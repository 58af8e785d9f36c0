"""Link rounds: all links of the library asked for once, in the background; what became of each is kept."""

import asyncio
import logging
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from corpus.importers.identifiers import doi_link
from corpus.studies import Study
from service.linkcheck import LinkChecker, LinkResult, Outcome
from service.storage.database import Database
from service.storage.tables.checks import link_checks

LONGEST = 2000
"""Bytes of an address that can be checked."""

logger = logging.getLogger("plaincite.links")


class RoundRunningError(Exception):
    """A round is under way already."""


@dataclass(frozen=True, slots=True)
class LinkState:
    """What is known of a link.

    Attributes:
        result: of the last time that it was asked for.
        since: when it was first found like that, and so ever since.
    """

    result: LinkResult
    since: datetime

    @property
    def is_dead(self) -> bool:
        """Whether the page was said not to be there any more."""
        return self.result.outcome is Outcome.gone


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is."""

    done: int
    total: int


def links_of(study: Study) -> tuple[str, ...]:
    """What a reader of a study's page can follow, and where its DOI leads, each once."""
    links = (
        study.link,
        doi_link(study.doi) if study.doi else None,
        *(mark.link for mark in study.marks),
    )
    return tuple(dict.fromkeys(link for link in links if link and len(link.encode()) <= LONGEST))


def keep_result(connection: Connection, result: LinkResult) -> None:
    """Keeps what became of a link, in the place of what was known of it."""
    known = connection.execute(
        select(link_checks.c.outcome, link_checks.c.since).where(link_checks.c.address == result.address)
    ).one_or_none()
    same = known is not None and known.outcome == result.outcome.value
    values = {
        "outcome": result.outcome.value,
        "status": result.status,
        "detail": result.detail,
        "checked": result.checked,
        "since": known.since if known is not None and same else result.checked,
    }
    if known is None:
        connection.execute(insert(link_checks).values(address=result.address, **values))
    else:
        connection.execute(
            update(link_checks).where(link_checks.c.address == result.address).values(**values)
        )


def known_links(connection: Connection) -> dict[str, LinkState]:
    """What is known of each link that was ever asked for."""
    return {
        row.address: LinkState(
            LinkResult(row.address, Outcome(row.outcome), row.status, row.detail, row.checked), row.since
        )
        for row in connection.execute(select(link_checks))
    }


def forget_others(connection: Connection, links: Collection[str]) -> None:
    """Forgets links that no summary has any more."""
    for address in set(connection.execute(select(link_checks.c.address)).scalars()) - set(links):
        connection.execute(delete(link_checks).where(link_checks.c.address == address))


class LinkRounds:
    """Starts rounds, one at a time, and tells how far the one under way is.

    Args:
        database: where results are kept.
        checker: asks for links.
    """

    def __init__(self, database: Database, checker: LinkChecker) -> None:
        self._database = database
        self._checker = checker
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._done = 0
        self._total = 0
        self.problem = ""
        """Why the last round ended early; empty where it did not."""

    @property
    def progress(self) -> Progress | None:
        """How far the round under way is; None where there is none."""
        running = self._thread is not None and self._thread.is_alive()
        return Progress(self._done, self._total) if running else None

    def begin(self, links: Iterable[str]) -> None:
        """Begins a round.

        Raises:
            RoundRunningError: one is under way.
        """
        with self._lock:
            if self.progress:
                raise RoundRunningError
            wanted = sorted(set(links))
            self._done, self._total, self.problem = 0, len(wanted), ""
            self._thread = threading.Thread(target=self._run, args=(wanted,), name="links", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ends the round under way; what it found until then is kept."""
        with self._lock:
            loop = self._loop
            if loop is not None and loop.is_running():
                loop.call_soon_threadsafe(_cancel_all, loop)
        self.wait()

    def wait(self, seconds: float = 10.0) -> None:
        """Waits for the end of the round under way."""
        if self._thread:
            self._thread.join(seconds)

    def _run(self, links: list[str]) -> None:
        try:
            with self._database.begin() as connection:
                forget_others(connection, links)
            asyncio.run(self._check(links))
        except asyncio.CancelledError:
            self.problem = "The round was stopped."
        except Exception as error:
            self.problem = "The round broke off; what was found until then is shown."
            logger.warning("round of links broke off", extra={"error": type(error).__name__})

    async def _check(self, links: list[str]) -> None:
        self._loop = asyncio.get_running_loop()
        await self._checker.check(links, self._take)

    def _take(self, result: LinkResult) -> None:
        with self._database.begin() as connection:
            keep_result(connection, result)
        self._done += 1


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()


def states_of(study: Study, known: Mapping[str, LinkState]) -> dict[str, LinkState | None]:
    """What is known of each link of a study; None where it was never asked for."""
    return {link: known.get(link) for link in links_of(study)}
