"""Drafting: what an evaluator filled in becomes a draft of a pool, or a list of what is wrong with it."""

import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from evaluation.errors import InputFileError
from evaluation.judging.asked import Asked, given_questions, own_questions
from evaluation.judging.documents import names_of
from evaluation.judging.making import Draft
from evaluation.judging.pool import Unit
from evaluation.judging.run_files import read_run_file
from evaluation.judging.searching import setting_names
from evaluation.options import OWN_QUESTIONS
from evaluation.searches import DEPTH
from service.library import Library
from service.screening import Screen

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
    asked = _asked(filled, library, faults)
    known = {each: names_of(library.index, each) for each in Unit}
    questions = tuple(asked.questions) if asked else ()
    read = partial(read_run_file, questions=questions, known=known, unit=unit)
    files = filled.run_files if asked else ()
    runs = [faults.catch("runs", partial(_read, upload, read)) for upload in files]
    if faults.found or asked is None or depth is None:
        raise DraftError(faults.found)
    return Draft(
        name=name,
        unit=unit,
        depth=depth,
        asked=asked.told,
        questions=asked.questions,
        given=tuple(run for run in runs if run),
        settings=settings,
        library=library,
    )


def _asked(filled: Filled, library: Library, faults: _Faults) -> Asked | None:
    if filled.source == GIVEN:
        return _given(filled, library.sources.screen, faults)
    count = _number(filled.count, faults, "count") if filled.count.strip() else None
    if "count" in faults.found:
        return None
    split, seed = filled.split or None, secrets.token_hex(8)
    read = partial(own_questions, OWN_QUESTIONS, library.studies, split=split, count=count, seed=seed)
    return faults.catch("source", read)


def _given(filled: Filled, screen: Screen, faults: _Faults) -> Asked | None:
    upload = filled.question_file
    pasted = Upload(PASTED, filled.pasted.encode()) if filled.pasted.strip() else None
    if upload and pasted:
        faults.add("pasted", "Give questions as a file or paste them, not both.")
        return None
    given = upload or pasted
    if not given:
        faults.add("pasted", "Paste questions here, or give a file with them.")
        return None
    return faults.catch("pasted", partial(_read, given, partial(given_questions, screen=screen)))


def _read(upload: Upload, read: Callable[[Path], Value]) -> Value:
    """Reads an upload as a file under its own name, which only serves to be told."""
    name = "".join(letter if letter.isprintable() else "_" for letter in Path(upload.name).name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (name[:100] or "file")
        path.write_bytes(upload.content)
        return read(path)


def _number(text: str, faults: _Faults, name: str, most: int = 10_000) -> int | None:
    number = int(text) if text.strip().isdecimal() and len(text) < 10 else 0  # noqa: PLR2004  # digits
    if 1 <= number <= most:
        return number
    faults.add(name, f"Write a whole number from 1 to {most:,}.")
    return None
