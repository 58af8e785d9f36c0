"""Bench: a library with questions over it, put together for measuring, and what the figures depend on."""

from pathlib import Path
from typing import NamedTuple

from evaluation.questions import Question, choose_split, read_questions
from evaluation.report import Plain, file_sha256
from index.build import build_library
from index.errors import DamagedIndexError, MissingIndexError, StaleIndexError
from service.library import Library
from service.rules import RULES
from service.settings import Settings


class Bench(NamedTuple):
    """What is measured, and on what.

    Attributes:
        conditions: hashes and names that a repetition must keep the same.
    """

    library: Library
    questions: tuple[Question, ...]
    conditions: dict[str, Plain]


def open_bench(file: Path, settings: Settings, *, split: str | None = None, build: bool = False) -> Bench:
    """Opens the library that the settings name, and reads questions over it.

    Args:
        file: the questions.
        settings: which library.
        split: only these questions; None for all.
        build: build the index first where it is missing, stale or damaged.

    Raises:
        InputFileError: the questions cannot be used.
        CorpusError, PlainIndexError: there is nothing to answer from.
    """
    library = _open(settings, build)
    questions = choose_split(file, read_questions(file, library.studies), split)
    encoder = library.index.encoder
    conditions: dict[str, Plain] = {
        "questions_sha256": file_sha256(file),
        "corpus_sha256": library.index.manifest.corpus_sha256,
        "corpus_version": library.corpus_version,
        "model": encoder.name,
        "model_sha256": encoder.sha256,
        "rules_sha256": file_sha256(RULES),
    }
    if split:
        conditions["split"] = split
    return Bench(library, questions, conditions)


def _open(settings: Settings, build: bool) -> Library:
    try:
        return Library.open(settings)
    except (MissingIndexError, StaleIndexError, DamagedIndexError):
        if not build:
            raise
    build_library(
        settings.corpus, settings.index, settings.model, settings.encoders, drafts=False, progress=True
    )
    return Library.open(settings)
