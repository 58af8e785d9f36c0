"""Library folder: its files, read as they are, laid out elsewhere, and put in their places whole."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.errors import LibraryError
from corpus.known import KNOWN_NAME
from corpus.studies import GLOSSARY_NAME, study_files
from service.library import SUGGESTIONS_NAME

Files = Mapping[str, bytes]
"""The files of a library by their names."""

Changes = Mapping[str, bytes | None]
"""Files with what they become; None is a file that goes."""

UNFINISHED = ".plaincite-new"
"""Ends the name of a file that is written but not yet in its place."""


def read_files(folder: Path) -> dict[str, bytes]:
    """Every file that makes up a library: its studies, its glossary, its suggested and its known questions.

    Raises:
        LibraryError: there is no such folder, or a file of it cannot be read.
    """
    names = (GLOSSARY_NAME, SUGGESTIONS_NAME, KNOWN_NAME)
    beside = [path for name in names if (path := folder / name).is_file()]
    files = {}
    for path in [*study_files(folder), *beside]:
        try:
            files[path.name] = path.read_bytes()
        except OSError as error:
            raise LibraryError(folder, f"{path.name} cannot be read: {error.strerror}") from error
    return files


def read_file(folder: Path, name: str) -> bytes | None:
    """One file; None where there is none."""
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        return None


def state_of(files: Files) -> str:
    """A hash of names and contents: whoever was shown a library can be told when it is another one."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(files[name]).digest())
    return total.hexdigest()


def with_changes(files: Files, changes: Changes) -> dict[str, bytes]:
    """The files as they are after changes."""
    return {name: content for name, content in {**files, **changes}.items() if content is not None}


def changes_between(files: Files, wanted: Files) -> dict[str, bytes | None]:
    """What has to be changed in `files` for them to be `wanted`."""
    names = sorted({*files, *wanted})
    return {name: wanted.get(name) for name in names if files.get(name) != wanted.get(name)}


@contextmanager
def laid_out(files: Files) -> Iterator[Path]:
    """A folder of its own with these files, gone afterwards."""
    with TemporaryDirectory(prefix="plaincite-") as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        yield Path(folder)


def put_files(folder: Path, changes: Changes) -> None:
    """Puts files in their places, each of them whole; what is there already is left alone.

    All are written and synced beside their places first, so that a full disk is noticed before anything is
    changed; what follows is renames alone. The studies come first: the index is compared with them.

    Raises:
        OSError: the disk refuses; nothing was changed unless a rename itself failed.
    """
    changed = [name for name, content in changes.items() if read_file(folder, name) != content]
    ordered = sorted(changed, key=lambda name: (not name.endswith(".md"), name))
    try:
        for name in ordered:
            content = changes[name]
            if content is not None:
                _write_synced(folder / name, content)
        for name in ordered:
            if changes[name] is None:
                (folder / name).unlink(missing_ok=True)
            else:
                (folder / f"{name}{UNFINISHED}").replace(folder / name)
    finally:
        for name in ordered:
            (folder / f"{name}{UNFINISHED}").unlink(missing_ok=True)
    _sync_folder(folder)


def _write_synced(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f"{path.name}{UNFINISHED}")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        shutil.copymode(path, unfinished)


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
