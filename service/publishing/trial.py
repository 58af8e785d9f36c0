"""Trial: a question put to the library as it would be with a draft in it."""

import shutil
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from index.build import build_index
from index.search import Hit
from index.store import GENERATIONS_FOLDER, Generation
from service.answering import trace_question
from service.answers import Answer
from service.library import Library
from service.publishing.building import Target, read_target
from service.publishing.considerate import ConsiderateEncoder
from service.publishing.folder import Files, state_of
from service.schemas import clean_question

FIRST = 5
"""Passages that are listed."""


class Trial(NamedTuple):
    """What came of it.

    Attributes:
        answer: as somebody who asks would get it.
        hits: the first passages, best first; none for a question that is not searched for.
        place: the rank of the draft's best passage, from 1; None where it was not found.
        found: how many passages were.
    """

    answer: Answer
    hits: Sequence[Hit]
    place: int | None
    found: int


class Trials:
    """Builds a library with a draft in it, beside the one in use, and asks it; keeps the last one at hand.

    It is the real thing: the same build, search, reading and wording; only what is new is encoded.
    """

    def __init__(self, index: Path) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._last: tuple[tuple[str, str], Library] | None = None

    def ask(self, live: Library, files: Files, study_id: str, question: str) -> Trial:
        """Asks.

        Args:
            live: the library in use.
            files: the library's files, the draft among them as if it were published.
            study_id: the draft's.
            question: what somebody might ask; it is kept nowhere.

        Raises:
            QuestionError: it is empty or too long.
            CorpusError: a file cannot be read.
            PlainIndexError: the index cannot be built.
        """
        asked = clean_question(question)
        with self._lock:
            library = self._rehearse(live, files)
        trace = trace_question(asked, library.sources)
        hits = trace.looked.hits if trace.looked else ()
        places = [hit.rank for hit in hits if hit.passage.study_id == study_id]
        return Trial(trace.answer, hits[:FIRST], min(places, default=None), len(hits))

    def _rehearse(self, live: Library, files: Files) -> Library:
        key = live.generation, state_of(files)
        if self._last and self._last[0] == key:
            return self._last[1]
        self._last = None  # frees its memory before the next one takes some
        library = _build(live, files, self._index)
        self._last = key, library
        return library


def _build(live: Library, files: Files, index: Path) -> Library:
    target = read_target(files)
    folder = Path(mkdtemp(prefix="plaincite-"))
    try:
        library = _built(live, target, index, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(library, shutil.rmtree, folder, True)
    return library


def _built(live: Library, target: Target, index: Path, folder: Path) -> Library:
    current = live.index
    generation = Generation(index / GENERATIONS_FOLDER / live.generation, current.manifest)
    manifest = build_index(
        target.studies,
        folder,
        ConsiderateEncoder(current.encoder, threading.Event()),
        drafts=current.manifest.drafts,
        corpus_sha256=target.sha256,
        progress=False,
        glossary=target.glossary,
        known=target.known,
        old=generation if generation.folder.is_dir() else None,
    )
    made = Generation(folder / GENERATIONS_FOLDER / manifest.generation, manifest)
    return live.over(made, target.suggestions)
