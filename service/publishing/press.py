"""Press: makes a release in the background and switches to it; one at a time."""

import ctypes
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from corpus.fingerprint import corpus_sha256
from corpus.proof import ProofReader
from index.store import Generation
from service.library import Library
from service.live import Live
from service.publishing import switching
from service.publishing.building import make_generation, probe, read_target
from service.publishing.failures import STOPPED, BusyError, FaultsError, FolderChangedError, told
from service.publishing.folder import Files, changes_between, put_files, read_files, state_of, with_changes
from service.publishing.register import Order, conclude, give_up, note_found, put_on_record
from service.publishing.releases import ANSWERED, Reason, files_of, find_release, mark_switching, under_way
from service.publishing.switching import Switch
from service.storage.database import Database

logger = logging.getLogger("plaincite.publishing")


class Progress(NamedTuple):
    """How far a release is: texts that are done, of so many; 0 of 0 before they are counted."""

    release: int
    done: int
    total: int


class Press:
    """Makes releases.

    Args:
        database: where they are recorded.
        live: what is switched.
        corpus: the library folder.
        index: the folder of generations.
        now: the clock.
    """

    def __init__(
        self, database: Database, live: Live, corpus: Path, index: Path, now: Callable[[], datetime]
    ) -> None:
        self.corpus = corpus
        self.index = index
        self.proofs = ProofReader()
        self.progress: Progress | None = None
        self._database = database
        self._live = live
        self._now = now
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def settle(self) -> None:
        """Records what became of releases that a stop cut off, and of what changed without the desk."""
        library, files = self._live.library, read_files(self.corpus)
        fits = library.index.manifest.corpus_sha256 == corpus_sha256(self.corpus)
        with self._database.begin() as connection:
            self._settle_cut_off(connection)
            note_found(connection, library.generation, files if fits else None, self._now())

    def begin(self, order: Order) -> int:
        """Begins a release.

        Returns:
            Its number.

        Raises:
            BusyError: another one is being made.
            FolderChangedError: the folder is not as it was when the order was made.
            FaultsError: what is to be published is not fit for it.
            LibraryError: the library folder cannot be read.
            OSError: the library folder cannot be written.
        """
        with self._lock:
            if self._thread and self._thread.is_alive():
                raise BusyError
            switching.undo(self.corpus, self.index)  # where a failure could not be undone at once
            files = read_files(self.corpus)
            if state_of(files) != order.base:
                raise FolderChangedError
            target = with_changes(files, order.changes)
            if order.kind is Reason.publish:
                self._check(order, target)
            with self._database.begin() as connection:
                self._settle_cut_off(connection)
                number = put_on_record(connection, order, files, target, self._now())
            self.progress = Progress(number, 0, 0)
            self._thread = threading.Thread(
                target=self._run, args=(number, order, files, target), name="press"
            )
            self._thread.start()
            return number

    def roll_back(self, number: int, *, member: str, why: str, base: str) -> int:
        """Begins to go back to a release.

        Args:
            number: the release's.
            member: who wants it.
            why: what for.
            base: the state of the library folder that they were shown.

        Returns:
            The number of the release that this makes.

        Raises:
            LookupError: there is no such release, or it never answered.
            BusyError, FolderChangedError: as begin.
        """
        with self._database.reading() as connection:
            wanted, target = find_release(connection, number), files_of(connection, number)
        if wanted is None or wanted.state not in ANSWERED or not target:
            raise LookupError(number)
        changes = changes_between(read_files(self.corpus), target)
        return self.begin(Order(Reason.rollback, str(number), changes, base, member, why, wanted.generation))

    def is_busy(self) -> bool:
        """Whether a release is being made."""
        return self._thread is not None and self._thread.is_alive()

    def wait(self, seconds: float | None = None) -> None:
        """Waits for the release that is being made."""
        if self._thread:
            self._thread.join(seconds)

    def close(self) -> None:
        """Gives up what is being built; a switch that has begun is finished."""
        self._stop.set()
        self.wait()

    def _settle_cut_off(self, connection: Connection) -> None:
        """Nothing is being made now: what is still said to be has ended without being recorded."""
        generation = self._live.library.generation
        for release in under_way(connection):
            if release.generation == generation:
                conclude(connection, release.number, generation, self._now())
            else:
                give_up(connection, release.number, STOPPED, self._now())

    def _check(self, order: Order, target: Files) -> None:
        proof = self.proofs.read(order.subject, target, today=self._now().date())
        if proof.errors:
            raise FaultsError(proof)

    def _run(self, number: int, order: Order, files: Files, target: Files) -> None:
        try:
            try:
                library = self._make(number, order, files, target)
            except Exception as error:
                self._give_up(number, error)
                return
            self._live.switch(library)
            with self._database.begin() as connection:
                conclude(connection, number, library.generation, self._now())
        except Exception:
            # The database is away. What became of the release is recorded with the next one, or at a start.
            logger.exception("a release could not be recorded", extra={"release": number})
        finally:
            self.progress = None
            _give_back_memory()

    def _make(self, number: int, order: Order, files: Files, target: Files) -> Library:
        """The library of a release, once files and index are switched to it."""
        made: list[Library] = []
        wanted = read_target(target)

        def approve(generation: Generation) -> None:
            library = self._live.library.over(generation, wanted.suggestions)
            probe(library, wanted)
            before = {name: files.get(name) for name in order.changes}
            with self._database.begin() as connection:
                mark_switching(connection, number, library.generation)
            if state_of(read_files(self.corpus)) != order.base:
                raise FolderChangedError
            switching.begin(self.index, Switch(library.generation, before, order.changes))
            put_files(self.corpus, order.changes)
            made.append(library)

        def count(done: int, total: int) -> None:
            self.progress = Progress(number, done, total)

        try:
            make_generation(
                wanted,
                self.index,
                self._live.library.index,
                kept=order.generation,
                approve=approve,
                told=count,
                stop=self._stop,
            )
        except BaseException:
            switching.undo(self.corpus, self.index)
            raise
        switching.end(self.index)
        return made[0]

    def _give_up(self, number: int, error: Exception) -> None:
        logger.warning("a release failed", exc_info=error, extra={"release": number})
        with self._database.begin() as connection:
            give_up(connection, number, told(error), self._now())


def _give_back_memory() -> None:
    """Hands what was freed to the system: glibc would keep what builds have freed, some 20 MB a release."""
    with suppress(OSError, AttributeError):  # another C library has no such function
        ctypes.CDLL(None).malloc_trim(0)
