"""Backup: everything that the desks keep, as of one moment, and the library's files, in one file.

It is made while the service runs. Sessions and the keys that sign them are left out: who restores a backup
should not bring back somebody's login. The hashes of passwords are in it, so nobody else may read the file.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import ColumnElement, Connection, Select, Table, case, select

from corpus.fingerprint import corpus_sha256
from corpus.known import KNOWN_NAME
from corpus.studies import GLOSSARY_NAME, study_files
from service.purging import past_their_day
from service.storage.archive import (
    LIBRARY,
    MANIFEST,
    TABLES,
    BackupError,
    Manifest,
    TableContent,
    kind_of,
    write_row,
)
from service.storage.chain import last_anchor
from service.storage.database import Database, known_revisions
from service.storage.tables import metadata
from service.storage.tables.kept import kept_questions

LEFT_OUT = frozenset({"sessions", "secrets"})
"""Tables of what ends with the service: logins, and the keys that sign them."""

AT_ONCE = 500
"""Rows held in memory while writing."""

TRIES = 5
"""How often the library's files are read again because somebody changed them meanwhile."""


def back_up(
    database: Database, path: Path, *, library: Path, now: datetime, keep_questions: int = 0
) -> Manifest:
    """Writes a backup; what it is made of is then in `path`, or nothing is.

    Args:
        database: what is backed up.
        path: the file, which must not be there yet.
        library: the folder of summaries.
        now: what the backup says that it was made at.
        keep_questions: for how many days questions may be kept; those that are past that are left out.

    Returns:
        What it holds.

    Raises:
        BackupError: the file is there already, or the library is being changed all the time.
        LibraryError: the library cannot be read.
        OSError: the file cannot be written.
    """
    if path.exists():
        raise BackupError(f"{path} is there already, and no backup is written over; take another name")
    with _whole_file(path) as part, ZipFile(part, "w", ZIP_DEFLATED) as archive:
        with database.reading() as connection:
            wanted = {table: _rows(table, ~past_their_day(now, keep_questions)) for table in backed_up()}
            tables = {
                table.name: _write_table(archive, connection, table, rows) for table, rows in wanted.items()
            }
            audit = str(last_anchor(connection) or "")
        files = read_library(library)
        for name, content in files.items():
            archive.writestr(f"{LIBRARY}/{name}", content)
        manifest = Manifest(
            plaincite=version("plaincite"),
            revision=known_revisions()[0],
            made_at=now,
            tables=tables,
            library={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
            audit=audit,
        )
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def backed_up() -> list[Table]:
    """The tables that are in a backup, those that others refer to first."""
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def read_library(folder: Path) -> dict[str, bytes]:
    """The files of a library by their names: all as they were at one moment.

    Raises:
        BackupError: they change all the time.
        LibraryError: there is no such folder, or a file of it cannot be read.
    """
    from service.library import SUGGESTIONS_NAME  # noqa: PLC0415  # brings FAISS along, for a name

    for _ in range(TRIES):
        before = corpus_sha256(folder)
        others = (folder / name for name in (GLOSSARY_NAME, SUGGESTIONS_NAME, KNOWN_NAME))
        paths = [*study_files(folder), *(path for path in others if path.is_file())]
        files = {path.name: path.read_bytes() for path in paths}
        if corpus_sha256(folder) == before:
            return files
    raise BackupError(f"{folder} is being changed; try again when nobody publishes")


def _rows(table: Table, may_be_kept: ColumnElement[bool]) -> Select[Any]:
    """What is backed up of a table: of the kept questions those that may be; nothing refers to the others."""
    if table is kept_questions:
        return select(table).where(may_be_kept)
    ids = select(kept_questions.c.id).where(may_be_kept)
    return select(
        *(
            case((column.in_(ids), column)).label(column.name)
            if column.references(kept_questions.c.id)
            else column
            for column in table.columns
        )
    )


def _write_table(archive: ZipFile, connection: Connection, table: Table, wanted: Select[Any]) -> TableContent:
    columns = {column.name: kind_of(column) for column in table.columns}
    order = list(table.primary_key) or list(table.columns)
    rows = connection.execute(wanted.order_by(*order), execution_options={"yield_per": AT_ONCE})
    count, total = 0, hashlib.sha256()
    with archive.open(f"{TABLES}/{table.name}.jsonl", "w", force_zip64=True) as file, rows:
        for row in rows:
            line = _line(write_row(row._asdict(), columns))
            file.write(line)
            total.update(line)
            count += 1
    return TableContent(columns=columns, rows=count, sha256=total.hexdigest())


def _line(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@contextmanager
def _whole_file(path: Path) -> Iterator[Any]:
    """A file for nobody else's eyes, which gets its name when all of it is on the disk."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:  # noqa: PTH123
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
