"""Versions: each state of a library file that was ever saved or seen, with who, when and why; and drafts."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.publishing.folder import Files
from service.storage.tables.shelf import library_contents, library_drafts, library_versions

OUTSIDE = "outside the desk"
"""Who changed a file that the desk did not write: an editor on the server, or git."""


class Kind(StrEnum):
    """How a version came about; all but drafts stood in the library folder."""

    found = "found"
    outside = "changed outside the desk"
    draft = "draft"
    published = "published"
    retired = "retired"
    restored = "restored"


class Version(NamedTuple):
    """One state of a file.

    Attributes:
        name: the file's.
        number: from 1, in the order in which the desk learned of them.
        sha256: of the content; None where the file was gone.
        member: who; OUTSIDE where nobody at a desk did it.
    """

    name: str
    number: int
    sha256: str | None
    kind: Kind
    member: str
    at: datetime
    why: str


class Draft(NamedTuple):
    """What is being worked on.

    Attributes:
        version: its text.
        began_from: the hash of the file that it began from; None where there was no file.
    """

    version: Version
    began_from: str | None


def sha256_of(content: bytes) -> str:
    """The hash that a content is kept under."""
    return hashlib.sha256(content).hexdigest()


def keep_content(connection: Connection, content: bytes) -> str:
    """Keeps a content, once; its hash."""
    sha256 = sha256_of(content)
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(library_contents).values(sha256=sha256, content=content)
    connection.execute(statement.on_conflict_do_nothing())
    return sha256


def content_of(connection: Connection, sha256: str) -> bytes:
    """A content that was kept.

    Raises:
        NoResultFound: there is none.
    """
    found = select(library_contents.c.content).where(library_contents.c.sha256 == sha256)
    return bytes(connection.execute(found).scalar_one())


def add_version(
    connection: Connection,
    name: str,
    content: bytes | None,
    kind: Kind,
    *,
    member: str,
    at: datetime,
    why: str = "",
) -> Version:
    """Adds the next version of a file; content None says that the file is gone."""
    last = select(func.max(library_versions.c.number)).where(library_versions.c.name == name)
    number = (connection.execute(last).scalar() or 0) + 1
    sha256 = None if content is None else keep_content(connection, content)
    version = Version(name, number, sha256, kind, member, at, why)
    connection.execute(insert(library_versions).values(version._asdict() | {"kind": kind.value}))
    return version


def versions_of(connection: Connection, name: str) -> list[Version]:
    """Every version of a file, the newest first."""
    found = (
        select(library_versions)
        .where(library_versions.c.name == name)
        .order_by(library_versions.c.number.desc())
    )
    return [_version(row) for row in connection.execute(found)]


def version_of(connection: Connection, name: str, number: int) -> Version | None:
    """One version of a file."""
    found = select(library_versions).where(
        library_versions.c.name == name, library_versions.c.number == number
    )
    row = connection.execute(found).one_or_none()
    return _version(row) if row else None


def newest_number(connection: Connection, name: str) -> int:
    """The number of a file's newest version; 0 where it has none."""
    last = select(func.max(library_versions.c.number)).where(library_versions.c.name == name)
    return connection.execute(last).scalar() or 0


def text_of(connection: Connection, version: Version) -> str:
    """A version's text; empty where the file was gone."""
    return as_text(content_of(connection, version.sha256)) if version.sha256 else ""


def as_text(content: bytes | None) -> str:
    """A file's text; bytes that are no UTF-8 show as such."""
    return (content or b"").decode("utf-8-sig", "replace")


def notice(connection: Connection, files: Files, at: datetime, names: Iterable[str] | None = None) -> None:
    """Adds a version for each file that is not as the desk last knew it.

    Args:
        connection: the transaction.
        files: the library folder as it is.
        at: the time.
        names: these files alone; all, those that are gone included, where None.
    """
    known = known_hashes(connection)
    for name in sorted({*known, *files}) if names is None else names:
        content = files.get(name)
        sha256 = None if content is None else sha256_of(content)
        if known.get(name) != sha256:
            kind = Kind.outside if name in known else Kind.found
            add_version(connection, name, content, kind, member=OUTSIDE, at=at)


def draft_of(connection: Connection, name: str) -> Draft | None:
    """The draft of a file, if somebody is working on it."""
    row = connection.execute(select(library_drafts).where(library_drafts.c.name == name)).one_or_none()
    version = version_of(connection, name, row.number) if row else None
    return Draft(version, row.began_from) if row and version else None


def list_drafts(connection: Connection) -> dict[str, Version]:
    """Every draft by the name of its file."""
    joined = select(library_versions).join(
        library_drafts,
        (library_drafts.c.name == library_versions.c.name)
        & (library_drafts.c.number == library_versions.c.number),
    )
    return {row.name: _version(row) for row in connection.execute(joined.order_by(library_versions.c.name))}


def keep_draft(
    connection: Connection,
    name: str,
    content: bytes,
    *,
    began_from: str | None,
    member: str,
    at: datetime,
    why: str,
) -> Version:
    """Makes a text the draft of a file; the draft before it stays among the versions."""
    version = add_version(connection, name, content, Kind.draft, member=member, at=at, why=why)
    changed = connection.execute(
        update(library_drafts)
        .where(library_drafts.c.name == name)
        .values(number=version.number, began_from=began_from)
    )
    if not changed.rowcount:
        connection.execute(
            insert(library_drafts).values(name=name, number=version.number, began_from=began_from)
        )
    return version


def drop_draft(connection: Connection, name: str) -> None:
    """Nobody works on the file any more; what was written stays among the versions."""
    connection.execute(delete(library_drafts).where(library_drafts.c.name == name))


def known_hashes(connection: Connection) -> dict[str, str | None]:
    """The hash of each file as the desk last knew it in the folder; None where it knew it gone."""
    latest = (
        select(library_versions.c.name, func.max(library_versions.c.number).label("number"))
        .where(library_versions.c.kind != Kind.draft.value)
        .group_by(library_versions.c.name)
        .subquery()
    )
    found = select(library_versions.c.name, library_versions.c.sha256).join(
        latest,
        (latest.c.name == library_versions.c.name) & (latest.c.number == library_versions.c.number),
    )
    return dict(connection.execute(found).all())


def _version(row: Row[tuple[object, ...]]) -> Version:
    fields = row._asdict()
    return Version(**fields | {"kind": Kind(fields["kind"])})
