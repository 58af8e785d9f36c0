"""Generations: those that are still on the disk, and one of them opened, so that it can be asked."""

from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from index.errors import PlainIndexError
from index.manifest import read_manifest
from index.store import kept_generations, open_generation
from service.library import Library


class Kept(NamedTuple):
    """A generation on the disk.

    Attributes:
        name: its id.
        corpus_version: names the summaries that it was built from.
        created: when.
        studies: how many it has.
        in_use: whether patients are answered from it.
        can_be_asked: whether it was built with the model that questions are encoded with now.
    """

    name: str
    corpus_version: str
    created: datetime
    studies: int
    in_use: bool
    can_be_asked: bool


class Opened:
    """The older generation that was asked last, kept open: opening one checks every file of it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: Library | None = None

    def library(self, live: Library, index: Path, name: str) -> Library:
        """A library over a generation.

        Args:
            live: what patients are answered from; its model and settings are shared.
            index: the folder of generations.
            name: which one; that of `live` gives `live` itself.

        Raises:
            PlainIndexError: it is not on the disk any more, damaged, or of another model.
        """
        if name in {"", live.generation}:
            return live
        with self._lock:
            last = self._last
            if last is None or last.generation != name or last.index.encoder is not live.index.encoder:
                self._last = None
                generation = open_generation(index, name=name, encoder=live.index.encoder)
                last = self._last = live.over(generation, live.suggestions)
            return last


def generations(live: Library, index: Path) -> list[Kept]:
    """The generations on the disk whose manifest can be read, the one in use first."""
    found = []
    for folder in _folders(index):
        try:
            manifest = read_manifest(folder)
        except PlainIndexError:
            continue
        found.append(
            Kept(
                name=manifest.generation,
                corpus_version=manifest.corpus_version,
                created=manifest.created,
                studies=manifest.counts.studies,
                in_use=manifest.generation == live.generation,
                can_be_asked=manifest.encoder.sha256 == live.index.encoder.sha256,
            )
        )
    return sorted(found, key=lambda one: (not one.in_use, -one.created.timestamp()))


def _folders(index: Path) -> list[Path]:
    try:
        return kept_generations(index)
    except PlainIndexError:
        return []
