"""Archive: what a backup file consists of. It knows nothing of a database, so that it fits any.

A zip file with `manifest.json`, a file of JSON lines for each table, and the library's files as they are. The
manifest has the hash of every other file, and says which values are moments, bytes and other things that JSON
has no word for. With that a backup can be read without knowing the tables of the plaincite that made it.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    Float,
    Integer,
    LargeBinary,
    String,
)
from sqlalchemy.types import NullType, TypeEngine

from service.storage.tables.base import Moment

MANIFEST = "manifest.json"
TABLES, LIBRARY = "tables", "library"
"""Folders in the archive."""


class BackupError(Exception):
    """A backup cannot be made or restored; the text is one line and says what to do."""


class Kind(StrEnum):
    """What the values of a column are."""

    plain = "plain"
    moment = "moment"
    date = "date"
    bytes = "bytes"
    json = "json"


class Way(NamedTuple):
    """How values of a kind are written and read, and how a database takes them."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    type: Callable[[], TypeEngine[Any]]


WAYS: Mapping[Kind, Way] = {
    Kind.plain: Way(lambda value: value, lambda value: value, NullType),
    Kind.moment: Way(datetime.isoformat, datetime.fromisoformat, Moment),
    Kind.date: Way(date.isoformat, date.fromisoformat, Date),
    Kind.bytes: Way(lambda value: base64.b64encode(value).decode(), base64.b64decode, LargeBinary),
    Kind.json: Way(lambda value: value, lambda value: value, lambda: JSON(none_as_null=True)),
}

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(pattern=r"^[^/\\\x00-\x1f.][^/\\\x00-\x1f]{0,199}$")]
"""Of a table or of a file: nothing that leads to another folder, and no hidden file."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TableContent(_Part):
    """What there is of a table."""

    columns: Mapping[str, Kind]
    rows: Annotated[int, Field(ge=0)]
    sha256: Sha256


class Manifest(_Part):
    """What a backup holds.

    Attributes:
        format: tells a backup from any other zip file.
        version: of this format.
        plaincite: which one made it.
        revision: the state of its tables.
        made_at: when.
        tables: by their names, those that others refer to first.
        library: the hashes of the library's files, by their names.
        audit: number and hash of the last entry of the audit log; empty where there was none.
    """

    format: Literal["plaincite backup"] = "plaincite backup"
    version: Literal[1] = 1
    plaincite: str
    revision: str
    made_at: AwareDatetime
    tables: Mapping[Name, TableContent]
    library: Mapping[Name, Sha256]
    audit: str

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.rows for table in self.tables.values())


def kind_of(column: Column[Any]) -> Kind:
    """The kind of a column's values.

    Raises:
        TypeError: no kind fits, so that it must be added here before such a column can be backed up.
    """
    kinds: Mapping[type[TypeEngine[Any]], Kind] = {
        Moment: Kind.moment,
        Date: Kind.date,
        LargeBinary: Kind.bytes,
        JSON: Kind.json,
        Enum: Kind.plain,
        String: Kind.plain,
        Integer: Kind.plain,
        Boolean: Kind.plain,
        Float: Kind.plain,
    }
    for type_, kind in kinds.items():
        if isinstance(column.type, type_):
            return kind
    raise TypeError(f"{column}: {column.type!r} cannot be backed up yet")


def write_row(values: Mapping[str, Any], columns: Mapping[str, Kind]) -> dict[str, Any]:
    """A row's values as JSON has them."""
    return {
        name: None if values[name] is None else WAYS[kind].write(values[name])
        for name, kind in columns.items()
    }


def read_row(values: Mapping[str, Any], columns: Mapping[str, Kind]) -> dict[str, Any]:
    """A row's values as a database takes them."""
    return {
        name: None if values[name] is None else WAYS[kind].read(values[name])
        for name, kind in columns.items()
    }
