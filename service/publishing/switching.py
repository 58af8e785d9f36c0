"""Switch: files of the library and the generation in use change together, whatever cuts it off.

While a switch is under way, INDEX/switching tells all of it. A start that finds it finishes the switch, or
undoes it where the new generation is not there; then files and generation fit together again.
"""

import json
import logging
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from corpus.errors import CorpusError
from corpus.fingerprint import corpus_sha256
from index.errors import BuildRunningError, DamagedIndexError, PlainIndexError
from index.manifest import read_manifest
from index.staging import return_to
from index.store import current_generation
from service.publishing.folder import Changes, put_files, read_file

MARKER = "switching"
"""In the folder of generations: the switch that is under way."""

KEPT_RELEASES = 5
"""Generations that stay on the disk, so that a rollback need not build anew: the one in use and four more."""

logger = logging.getLogger("plaincite.publishing")


class Settled(StrEnum):
    """What became of a switch that was cut off."""

    finished = "finished"
    undone = "undone"
    left = "left"


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch.

    Attributes:
        generation: the one that it leads to.
        before: what it changes in the library folder, as it was.
        after: the same as it is to be.
    """

    generation: str
    before: Changes
    after: Changes


def begin(index: Path, switch: Switch) -> None:
    """Writes down what is about to be done, so that it survives a crash.

    Raises:
        OSError: the disk refuses.
    """
    record = {
        "generation": switch.generation,
        "before": _written(switch.before),
        "after": _written(switch.after),
    }
    unfinished = index / f"{MARKER}.new"
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(record, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(index / MARKER)


def end(index: Path) -> None:
    """Files and generation fit together again."""
    (index / MARKER).unlink(missing_ok=True)


def undo(corpus: Path, index: Path) -> None:
    """Puts the files back that a switch has changed, if one is under way.

    Raises:
        OSError: the disk refuses; the next start tries again.
    """
    switch = _under_way(index)
    if switch:
        put_files(corpus, switch.before)
        end(index)


def settle(corpus: Path, index: Path) -> Settled | None:
    """Finishes or undoes a switch that was cut off: what a start does before it loads the library.

    Args:
        corpus: the library folder.
        index: the folder of generations.

    Returns:
        What became of it; None where none was cut off. `left` where somebody has changed the same files, or
        built from them, since: that is theirs to decide, and what does not fit is told as always.

    Raises:
        BuildRunningError: a build is at work.
        OSError: the disk refuses.
    """
    switch = _under_way(index)
    if switch is None:
        return None
    settled = _settle(corpus, index, switch)
    end(index)
    logger.warning("a cut-off switch was settled", extra={"settled": settled.value})
    return settled


def _settle(corpus: Path, index: Path, switch: Switch) -> Settled:
    current = _current(index)
    if current == switch.generation:
        put_files(corpus, switch.after)
        return Settled.finished
    found = {name: read_file(corpus, name) for name in switch.after}
    if found == switch.before:
        return Settled.undone
    untouched = all(content in (switch.before[name], switch.after[name]) for name, content in found.items())
    if not untouched or _fits(corpus, index):
        return Settled.left
    try:
        return_to(
            index,
            switch.generation,
            keep=KEPT_RELEASES,
            approve=lambda _: put_files(corpus, switch.after),
        )
    except BuildRunningError:
        raise
    except PlainIndexError:
        put_files(corpus, switch.before)
        return Settled.undone
    return Settled.finished


def _current(index: Path) -> str | None:
    try:
        folder = current_generation(index)
    except DamagedIndexError:
        return None
    return folder.name if folder else None


def _fits(corpus: Path, index: Path) -> bool:
    """Whether the generation in use was built from the files as they are."""
    try:
        folder = current_generation(index)
        return folder is not None and read_manifest(folder).corpus_sha256 == corpus_sha256(corpus)
    except (PlainIndexError, CorpusError):
        return False


def _under_way(index: Path) -> Switch | None:
    try:
        record = json.loads((index / MARKER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Switch(record["generation"], _read(record["before"]), _read(record["after"]))


def _written(changes: Changes) -> dict[str, str | None]:
    return {
        name: None if content is None else b64encode(content).decode() for name, content in changes.items()
    }


def _read(record: Mapping[str, str | None]) -> dict[str, bytes | None]:
    return {name: None if content is None else b64decode(content) for name, content in record.items()}
