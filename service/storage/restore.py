"""Restore: a backup put in the place of what a database holds, all of it or nothing.

The tables are made anew in the state that the backup has, filled, and then brought up to date, so that what
an older plaincite backed up can be restored by any later one. All of that is one transaction.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812  # an exception, whatever its module calls it

from pydantic import ValidationError
from sqlalchemy import Connection, column, func, insert, literal, select, table, text
from sqlalchemy.exc import DBAPIError

from service.storage.append_only import unprotect
from service.storage.archive import (
    LIBRARY,
    MANIFEST,
    TABLES,
    WAYS,
    BackupError,
    Kind,
    Manifest,
    read_row,
)
from service.storage.audit import record
from service.storage.database import Database, known_revisions, upgrade
from service.storage.tables import metadata

AT_ONCE = 500
"""Rows held in memory while reading."""

BLOCK = 1 << 20

NOT_COUNTED = frozenset({"secrets"})
"""What a service writes as soon as it is started: a database with nothing else in it counts as empty."""


class Backup:
    """A backup file, found whole.

    Attributes:
        path: where it is.
        manifest: what it holds.
    """

    def __init__(self, path: Path, archive: ZipFile) -> None:
        """Reads all of it once and compares each file with its hash.

        Raises:
            BackupError: it is damaged, no backup, or one of a newer plaincite.
        """
        self.path = path
        self._archive = archive
        self.manifest = self._read_manifest()
        if self.manifest.revision not in known_revisions():
            raise BackupError(
                f"{path} was made by a newer plaincite ({self.manifest.plaincite}; its tables are at "
                f"{self.manifest.revision}); update plaincite first"
            )
        self._check_files()

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, as a database takes them.

        Raises:
            BackupError: one of them is not what the manifest says of its columns.
        """
        columns = self.manifest.tables[name].columns
        with self._archive.open(f"{TABLES}/{name}.jsonl") as file:
            for number, line in enumerate(file, 1):
                try:
                    values = json.loads(line)
                    if values.keys() != columns.keys():
                        raise ValueError("columns")
                    yield read_row(values, columns)
                except (ValueError, TypeError, AttributeError) as error:
                    raise BackupError(f"{self.path}: row {number} of {name} cannot be read") from error

    def library(self) -> Iterator[tuple[str, bytes]]:
        """The library's files."""
        for name in self.manifest.library:
            yield name, self._archive.read(f"{LIBRARY}/{name}")

    def _read_manifest(self) -> Manifest:
        try:
            return Manifest.model_validate_json(self._archive.read(MANIFEST))
        except KeyError as error:
            raise BackupError(f"{self.path} is no backup of plaincite: it has no {MANIFEST}") from error
        except ValidationError as error:
            place = ".".join(map(str, error.errors()[0]["loc"])) or "all of it"
            raise BackupError(
                f"{self.path} is no backup that this plaincite can read ({MANIFEST}: {place})"
            ) from error

    def _check_files(self) -> None:
        expected = {f"{TABLES}/{name}.jsonl": one.sha256 for name, one in self.manifest.tables.items()}
        expected |= {f"{LIBRARY}/{name}": sha256 for name, sha256 in self.manifest.library.items()}
        found = self._archive.namelist()
        if sorted(found) != sorted([*expected, MANIFEST]):
            odd = next(iter(sorted({*found} ^ {*expected, MANIFEST})), "a file")
            raise BackupError(f"{self.path} is damaged: {odd} is missing, or does not belong there")
        for name, sha256 in expected.items():
            if self._hash(name) != sha256:
                raise BackupError(f"{self.path} is damaged: {name} is not as it was written")

    def _hash(self, name: str) -> str:
        total = hashlib.sha256()
        with self._archive.open(name) as file:
            while block := file.read(BLOCK):
                total.update(block)
        return total.hexdigest()


@contextmanager
def open_backup(path: Path) -> Iterator[Backup]:
    """A backup for reading.

    Raises:
        BackupError: it is damaged, no backup, or one of a newer plaincite.
        OSError: it cannot be read.
    """
    try:
        with ZipFile(path) as archive:
            yield Backup(path, archive)
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError) as error:
        raise BackupError(f"{path} is damaged, or no backup of plaincite: it is no whole zip file") from error


def restore(
    database: Database,
    backup: Backup,
    *,
    now: datetime,
    actor: str,
    library: Path | None = None,
    replace: bool = False,
) -> None:
    """Puts a backup in the place of what a database holds.

    Args:
        database: where to.
        backup: what.
        now: for the entry in the audit log.
        actor: for the same.
        library: the folder that the library's files are put into as well; None leaves that out.
        replace: whether what is there may be replaced. A folder is not deleted, but moved aside.

    Raises:
        BackupError: something is there already and may not be replaced, or the backup contradicts itself.
    """
    with database.engine.connect() as connection, connection.begin() as transaction:
        _wait_for_others(connection)
        held = _held(connection)
        if held and not replace:
            raise BackupError(
                f"the database holds something already ({held}); with --replace the backup takes its place"
            )
        _take_over(connection, backup)
        made_at = backup.manifest.made_at.isoformat(timespec="seconds")
        record(connection, actor, "database.restore", backup.path.name, at=now, made_at=made_at)
        # Last, since the database cannot take it back: where anything fails, nothing has been changed.
        with _library_in_place(backup, library.resolve() if library else None, replace, now):
            transaction.commit()


def _take_over(connection: Connection, backup: Backup) -> None:
    unprotect(connection)
    metadata.drop_all(connection)
    connection.execute(text("DELETE FROM alembic_version"))
    upgrade(connection, backup.manifest.revision)
    try:
        for name, content in backup.manifest.tables.items():
            _fill(connection, name, content.columns, backup.rows(name))
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())[:200]
        raise BackupError(f"{backup.path}: {name} cannot be restored: {reason}") from error
    upgrade(connection)
    _continue_numbers(connection)


def _wait_for_others(connection: Connection) -> None:
    """Whoever is writing finishes first, and nobody begins: SQLite's transactions do that by themselves."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{name}"' for name in metadata.tables)
        connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))


def _held(connection: Connection) -> str:
    """What a database holds, in words; empty where it holds nothing."""
    counts = {
        one.name: connection.execute(select(func.count()).select_from(one)).scalar_one()
        for one in metadata.sorted_tables
        if one.name not in NOT_COUNTED
    }
    return ", ".join(f"{count} of {name}" for name, count in counts.items() if count)


def _fill(
    connection: Connection, name: str, columns: Mapping[str, Kind], rows: Iterator[dict[str, Any]]
) -> None:
    into = table(name, *(column(each, WAYS[kind].type()) for each, kind in columns.items()))
    while some := list(islice(rows, AT_ONCE)):
        connection.execute(insert(into), some)


def _continue_numbers(connection: Connection) -> None:
    """PostgreSQL counts ids beside the tables; the next one must not be one that came with the backup."""
    if connection.dialect.name != "postgresql":
        return
    for one in metadata.sorted_tables:
        counted = one.autoincrement_column
        if counted is not None:
            sequence = func.pg_get_serial_sequence(one.name, counted.name)
            following = select(func.coalesce(func.max(counted), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, following, literal(False))))


@contextmanager
def _library_in_place(backup: Backup, folder: Path | None, replace: bool, now: datetime) -> Iterator[None]:
    """The library's files in a folder; as it was before where what follows fails."""
    if folder is None:
        yield
        return
    aside = folder.with_name(f"{folder.name}-before-{now:%Y%m%dT%H%M%SZ}")
    staged = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    is_there = folder.is_dir() and any(folder.iterdir())
    if is_there and not replace:
        raise BackupError(f"{folder} is not empty; give --replace to have it moved aside")
    try:
        staged.mkdir(parents=True)
        for name, content in backup.library():
            (staged / name).write_bytes(content)
        if folder.exists():
            folder.rename(aside)
        staged.rename(folder)
        try:
            yield
        except BaseException:
            folder.rename(staged)
            if aside.exists():
                aside.rename(folder)
            raise
        if not is_there and aside.exists():
            aside.rmdir()
    finally:
        shutil.rmtree(staged, ignore_errors=True)
