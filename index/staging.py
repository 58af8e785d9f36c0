"""Staging: a generation is written beside the ones in use, then takes their place in one step."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import BuildFailedError, BuildRunningError, DamagedIndexError
from index.manifest import MANIFEST_FILE, Manifest, check_files, read_manifest
from index.store import CURRENT_FILE, GENERATIONS_FOLDER, Generation, kept_generations

LOCK_FILE = "lock"
STAGE_PREFIX = "building-"

KEPT = 2
"""Generations that stay on the disk: the one in use, and the one before it, which a running server may still
read."""

Approve = Callable[[Generation], object]
"""Called with a generation that is whole and on the disk, before the switch to it; what it raises keeps the
index as it was."""


@contextmanager
def staging(index: Path) -> Iterator[Path]:
    """An empty folder inside `index` to build in, for one build at a time; gone afterwards, come what may.

    Raises:
        BuildRunningError: another build holds the lock.
        BuildFailedError: the disk is full, the folder may not be written, or the like.
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        with _lock(index):
            _clean(index)
            folder = index / f"{STAGE_PREFIX}{os.getpid()}"
            try:
                folder.mkdir()
                yield folder
            finally:
                with suppress(OSError):
                    _clean(index)
    except OSError as error:
        raise build_failed(index, error.strerror or str(error)) from error


def build_failed(index: Path, reason: str) -> BuildFailedError:
    """The error of a build that had to give up."""
    return BuildFailedError(
        f"{index}: the index could not be built: {reason}; an index from before stays in use"
    )


def publish(
    index: Path, folder: Path, manifest: Manifest, *, keep: int = KEPT, approve: Approve | None = None
) -> None:
    """Makes a finished folder the generation in use.

    Everything is on the disk before the one rename that counts, so that a crash at any moment leaves
    either the generation from before or this one, whole.

    Args:
        index: the folder of generations.
        folder: the finished folder, from `staging`.
        manifest: that of the folder.
        keep: how many generations stay on the disk, this one included.
        approve: has the last word.
    """
    (folder / MANIFEST_FILE).write_bytes(manifest.to_bytes())
    for path in [*folder.rglob("*"), folder]:
        _sync(path)
    generations = index / GENERATIONS_FOLDER
    generations.mkdir(exist_ok=True)
    placed = folder.rename(generations / manifest.generation)
    _sync(generations)
    if approve:
        approve(Generation(placed, manifest))
    _point_at(index, manifest.generation, keep)


def return_to(index: Path, generation: str, *, keep: int = KEPT, approve: Approve | None = None) -> None:
    """Makes a generation that is still on the disk the one in use again.

    Raises:
        BuildRunningError: a build holds the lock.
        DamagedIndexError: the generation is gone, or not as it was written.
        BuildFailedError: the disk refuses.
    """
    folder = index / GENERATIONS_FOLDER / generation
    try:
        with _lock(index):
            manifest = read_manifest(folder)
            check_files(folder, manifest)
            if approve:
                approve(Generation(folder, manifest))
            _point_at(index, generation, keep)
            _clean(index)
    except OSError as error:
        raise build_failed(index, error.strerror or str(error)) from error


def _point_at(index: Path, generation: str, keep: int) -> None:
    """Names the generation in use, and after it those that stay, the latest first."""
    kept = [generation]
    with suppress(DamagedIndexError):
        kept += [before.name for before in kept_generations(index) if before.name != generation]
    pointer = index / f"{STAGE_PREFIX}{CURRENT_FILE}"
    pointer.write_text("".join(f"{name}\n" for name in kept[:keep]), encoding="ascii")
    _sync(pointer)
    pointer.replace(index / CURRENT_FILE)
    _sync(index)


@contextmanager
def _lock(index: Path) -> Iterator[None]:
    with (index / LOCK_FILE).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid = file.read().strip()
            raise BuildRunningError(index, int(pid) if pid.isdigit() else None) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _clean(index: Path) -> None:
    """Removes all but the generations that stay.

    That is what killed builds left, a finished generation that was never switched to included.
    """
    for path in index.glob(f"{STAGE_PREFIX}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    try:
        kept = kept_generations(index)
    except DamagedIndexError:
        return  # which one is in use cannot be told; building anew mends that
    for folder in (index / GENERATIONS_FOLDER).glob("*"):
        if folder not in kept:
            shutil.rmtree(folder)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
