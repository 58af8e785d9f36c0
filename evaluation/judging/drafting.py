"""Drafting: what an evaluator filled in becomes a draft of a pool, or a list of what is wrong with each field."""

import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from evaluation.errors import InputFileError
from evaluation.judging.asked import Asked, given_questions, own_questions
from evaluation.judging.documents import names_of
from evaluation.judging.making import Draft
from evaluation.judging.pool import PooledRun, Unit
from evaluation.judging.run_files import read_run_file
from evaluation.judging.searching import setting_names
from evaluation.options import OWN_QUESTIONS
from evaluation.searches import DEPTH
from service.library import Library

Value = TypeVar("Value")

LONGEST_NAME = 100

OWN, GIVEN = "own", "given"
"""Where questions may come from."""

PASTED = "the pasted questions"


class Upload(NamedTuple):
    """A file that was sent along."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it was filled in; see the page for what its fields mean."""

    name: str = ""
    unit: str = Unit.passage.value
    depth: str = "10"
    source: str = OWN
    split: str = "tuning"
    count: str = "20"
    pasted: str = ""
    settings: tuple[str, ...] = ("shipped", "dense alone", "BM25 alone")
    question_file: Upload | None = None
    run_files: tuple[Upload, ...] = field(default=(), repr=False)


class DraftError(ValueError):
    """The form cannot be used.

    Attributes:
        faults: by field what is wrong, a sentence each.
    """

    def __init__(self, faults: dict[str, list[str]]) -> None:
        self.faults = faults
        super().__init__("; ".join(fault for each in faults.values() for fault in each))


class _Faults:
    """What is wrong, collected, so that all of it can be mended at once."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def add(self, name: str, text: str) -> None:
        self.found.setdefault(name, []).append(text)

    def catch(self, name: str, read: Callable[[], Value]) -> Value | None:
        """What is read, or a fault of the field."""
        try:
            return read()
        except InputFileError as error:
            place = f", line {error.line}" if error.line else ""
            self.add(name, f"{error.path.name}{place}: {error.problem}.")
        return None


def draft_of(filled: Filled, library: Library) -> Draft:
    """Checks all that was filled in.

    Raises:
        DraftError: something of it cannot be used.
    """
    faults = _Faults()
    name = " ".join(filled.name.split())
    if not name or len(name) > LONGEST_NAME:
        faults.add("name", f"Give the pool a name, {LONGEST_NAME} letters at most.")
    unit = Unit(filled.unit) if filled.unit in {*Unit} else Unit.passage
    depth = _number(filled.depth, faults, "depth", most=DEPTH)
    settings = tuple(each for each in setting_names() if each in filled.settings)
    if not settings and not filled.run_files:
        faults.add("runs", "Choose at least one search or give at least one run file.")
    with tempfile.TemporaryDirectory() as folder:
        asked = _asked(filled, library, Path(folder), faults)
        runs = _runs(filled, library, Path(folder), asked, unit, faults) if asked else ()
    if faults.found or asked is None or depth is None:
        raise DraftError(faults.found)
    return Draft(name, unit, depth, asked.told, asked.questions, runs, settings, library)


def _asked(filled: Filled, library: Library, folder: Path, faults: _Faults) -> Asked | None:
    if filled.source == GIVEN:
        return _given(filled, library, folder, faults)
    count = _number(filled.count, faults, "count") if filled.count.strip() else None
    if "count" in faults.found:
        return None
    split, seed = filled.split or None, secrets.token_hex(8)
    return faults.catch(
        "source",
        lambda: own_questions(OWN_QUESTIONS, library.studies, split=split, count=count, seed=seed),
    )


def _given(filled: Filled, library: Library, folder: Path, faults: _Faults) -> Asked | None:
    upload = filled.question_file
    pasted = Upload(PASTED, filled.pasted.encode()) if filled.pasted.strip() else None
    if upload and pasted:
        faults.add("pasted", "Give questions as a file or paste them, not both.")
        return None
    given = upload or pasted
    if not given:
        faults.add("pasted", "Paste questions here, or give a file with them.")
        return None
    with _written(folder, [given]) as (path,):
        return faults.catch("pasted", lambda: given_questions(path, library.sources.screen))


def _runs(
    filled: Filled, library: Library, folder: Path, asked: Asked, unit: Unit, faults: _Faults
) -> tuple[PooledRun, ...]:
    known = {each: names_of(library.index, each) for each in Unit}
    questions, found = tuple(asked.questions), []
    with _written(folder, filled.run_files) as paths:
        for path in paths:
            found.append(
                faults.catch("runs", lambda path=path: read_run_file(path, questions, known, unit))  # type: ignore[misc]
            )
    return tuple(run for run in found if run)


@contextmanager
def _written(folder: Path, uploads: Sequence[Upload]) -> Iterator[list[Path]]:
    """The uploads as files under their own names, which only serve to be told."""
    paths = []
    for number, upload in enumerate(uploads):
        own = folder / f"{number}"
        own.mkdir(exist_ok=True)
        name = "".join(letter if letter.isprintable() else "_" for letter in Path(upload.name).name)
        path = own / (name[:100] or "file")
        path.write_bytes(upload.content)
        paths.append(path)
    yield paths


def _number(text: str, faults: _Faults, name: str, most: int = 10_000) -> int | None:
    number = int(text) if text.strip().isdecimal() and len(text) < 10 else 0  # noqa: PLR2004  # digits
    if 1 <= number <= most:
        return number
    faults.add(name, f"Write a whole number from 1 to {most:,}.")
    return None
