"""Inventory: what every summary of the library folder is like by `plaincite corpus check`, and its grade.

To check a summary takes some hundredths of a second, too long for thousands at each look. So a file is read
and checked again only when it, or something that it is held against, has changed; what does not fit into
one look is done in the background, with pauses, since answers come first.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from corpus.check import Grade, Standards, check_between, check_folder, check_known, check_page, read_page
from corpus.errors import LibraryError
from corpus.glossary import Glossary
from corpus.known import KNOWN_NAME
from corpus.rules import Fault, Page
from corpus.studies import GLOSSARY_NAME, Study, study_files

PATIENCE = 2.0
"""Seconds that one look may take for reading and checking."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One study file.

    Attributes:
        study_id: the file's name without its ending.
        study: None where the file cannot be read.
        grade: its reading grade; None where it has no text or was not checked yet.
        faults: by line; without those that show only beside others while any file is still to be checked.
        is_checked: whether its grade and faults are known.
    """

    study_id: str
    study: Study | None
    grade: float | None
    faults: tuple[Fault, ...]
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Stock:
    """The library as it is.

    Attributes:
        holdings: by id; files that were never read yet are missing.
        faults: those of no study file.
        to_read: how many files are still to be read.
        to_check: how many are read and still to be checked.
    """

    holdings: tuple[Holding, ...]
    faults: tuple[Fault, ...]
    to_read: int
    to_check: int


class _Stamp(NamedTuple):
    """Tells a file from what it was before, without reading it."""

    size: int
    changed: int
    number: int


class _Read(NamedTuple):
    stamp: _Stamp
    page: Page | None
    faults: tuple[Fault, ...]
    text: str


class _Checked(NamedTuple):
    grade: Grade
    faults: tuple[Fault, ...]


class Inventory:
    """Looks at a library folder. Safe to use from several threads.

    Args:
        folder: the library.
        today: the day; dates after it are faults.
        patience: seconds that one look may take for reading and checking.
    """

    def __init__(self, folder: Path, today: Callable[[], date], *, patience: float = PATIENCE) -> None:
        self._folder = folder
        self._today = today
        self._patience = patience
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._read: dict[Path, _Read] = {}
        self._checked: dict[Path, _Checked] = {}
        self._to_read: dict[Path, _Stamp] = {}
        self._to_check: dict[Path, None] = {}
        self._titles: frozenset[str] | None = None
        self._titles_before: frozenset[str] = frozenset()
        self._glossary: Glossary | None = None
        self._glossary_stamp: _Stamp | None = None
        self._known_stamp: _Stamp | None = None
        self._beside: tuple[Fault, ...] = ()
        self._between: tuple[Fault, ...] | None = None
        self._day = today()

    def look(self) -> Stock:
        """The library as it is now.

        Raises:
            LibraryError: there is no such folder.
        """
        end = time.monotonic() + self._patience
        with self._lock:
            self._notice_changes()
            while time.monotonic() < end and self._step():
                pass
            self._go_on_later()
            return self._stock()

    def wait(self) -> None:
        """Waits until everything is read and checked."""
        thread = self._thread
        if thread:
            thread.join()

    def _notice_changes(self) -> None:
        stamps = {path: stamp for path in study_files(self._folder) if (stamp := _stamp(path))}
        for path in [path for path in self._read if path not in stamps]:
            self._forget(path)
        self._to_read = {
            path: stamp
            for path, stamp in stamps.items()
            if path not in self._read or self._read[path].stamp != stamp
        }
        glossary, beside = self._glossary, self._beside
        stamp = _stamp(self._folder / GLOSSARY_NAME)
        if stamp != self._glossary_stamp or not self._read:
            glossary, found = check_folder(self._folder)
            beside, self._glossary_stamp = tuple(found), stamp
            self._to_check = dict.fromkeys(path for path, read in self._read.items() if read.page)
        self._glossary, self._beside = glossary, beside
        if (known := _stamp(self._folder / KNOWN_NAME)) != self._known_stamp:
            self._known_stamp, self._between = known, None
        self._notice_day()

    def _notice_day(self) -> None:
        """A date in the future is a fault until that day comes; no other fault comes or goes with time."""
        if self._day != self._today():
            self._day = self._today()
            dated = (path for path, checked in self._checked.items() if _has_date_fault(checked))
            self._to_check.update(dict.fromkeys(dated))

    def _step(self) -> bool:
        """Reads or checks one file; False when nothing is left to do."""
        if self._to_read:
            self._read_one()
        elif self._titles is None:
            self._take_titles()
        elif self._to_check:
            self._check_one()
        elif self._between is None:
            pages = self._pages()
            _, known = check_known(self._folder, [page.study for page in pages])
            self._between = (*check_between(pages), *known)
        else:
            return False
        return True

    def _read_one(self) -> None:
        path, stamp = self._to_read.popitem()
        self._forget(path)
        page, faults = read_page(path)
        text = "" if page is None else _spaced("\n".join(page.lines))
        self._read[path] = _Read(stamp, page, tuple(faults), text)
        if page:
            self._to_check[path] = None

    def _take_titles(self) -> None:
        """A title does not count towards a grade: texts that have one that came or went are checked again."""
        self._titles = frozenset(page.study.title for page in self._pages())
        changed = [_spaced(title) for title in self._titles ^ self._titles_before]
        for path in self._checked:
            if any(title in self._read[path].text for title in changed):
                self._to_check[path] = None
        self._titles_before = self._titles

    def _check_one(self) -> None:
        path, _ = self._to_check.popitem()
        page = self._read[path].page
        if page:
            standards = Standards(self._glossary, tuple(self._titles_before), self._day)
            grade, faults = check_page(page, standards)
            self._checked[path] = _Checked(grade, tuple(faults))

    def _forget(self, path: Path) -> None:
        self._read.pop(path, None)
        self._checked.pop(path, None)
        self._to_check.pop(path, None)
        self._between = self._titles = None

    def _go_on_later(self) -> None:
        is_left = self._to_read or self._to_check or self._between is None
        if is_left and not (self._thread and self._thread.is_alive()):
            self._thread = threading.Thread(target=self._go_on, name="inventory", daemon=True)
            self._thread.start()

    def _go_on(self) -> None:
        while True:
            began = time.monotonic()
            with self._lock:
                try:
                    is_more = self._step()
                except LibraryError:
                    return
            if not is_more:
                return
            time.sleep(time.monotonic() - began)

    def _pages(self) -> list[Page]:
        return [self._read[path].page for path in sorted(self._read) if self._read[path].page]  # type: ignore[misc]

    def _stock(self) -> Stock:
        between: dict[Path, list[Fault]] = {}
        for fault in self._between or ():
            between.setdefault(fault.path, []).append(fault)
        holdings = []
        for path, read in sorted(self._read.items()):
            checked = self._checked.get(path)
            faults = [*read.faults, *(checked.faults if checked else ()), *between.get(path, ())]
            holdings.append(
                Holding(
                    study_id=path.stem,
                    study=read.page.study if read.page else None,
                    grade=checked.grade.grade if checked else None,
                    faults=tuple(sorted(faults, key=lambda fault: fault.line or 0)),
                    is_checked=checked is not None or read.page is None,
                )
            )
        beside = (fault for path, faults in between.items() if path not in self._read for fault in faults)
        return Stock(tuple(holdings), (*self._beside, *beside), len(self._to_read), len(self._to_check))


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return _Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def _has_date_fault(checked: _Checked) -> bool:
    return any(fault.rule == "date" for fault in checked.faults)


def _spaced(text: str) -> str:
    return " ".join(text.split()).casefold()
