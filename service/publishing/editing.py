"""Editing: a file of the library as somebody works on it; no work is lost by somebody else's."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from corpus.known import KNOWN_NAME
from corpus.studies import GLOSSARY_NAME, ID_PATTERN
from service.library import SUGGESTIONS_NAME
from service.publishing.folder import Files
from service.publishing.summaries import with_field
from service.publishing.versions import (
    Draft,
    Version,
    as_text,
    content_of,
    draft_of,
    drop_draft,
    keep_draft,
    newest_number,
    notice,
    sha256_of,
    version_of,
)
from service.storage.audit import record

BESIDE = {"glossary": GLOSSARY_NAME, "suggestions": SUGGESTIONS_NAME, "known": KNOWN_NAME}
"""What the desk's addresses call the files that are no studies."""


class Sheet(NamedTuple):
    """A file, and what somebody is making of it.

    Attributes:
        name: the file's.
        file: what stands in the library folder; None where there is no such file.
        draft: what is being worked on; None where nobody is.
        text: what an editor goes on from: the draft, else the file.
        seen: the number of the newest version; 0 where there is none.
    """

    name: str
    file: bytes | None
    draft: Draft | None
    text: str
    seen: int

    @property
    def is_overtaken(self) -> bool:
        """Whether the file has changed since the draft was begun."""
        return self.draft is not None and self.draft.began_from != _hash(self.file)


class OvertakenError(Exception):
    """Somebody else has saved, or changed the file, since the editor looked.

    Attributes:
        newest: what they made of it.
    """

    def __init__(self, newest: Version) -> None:
        self.newest = newest
        super().__init__(f"{newest.name} has a newer version")


def file_name(key: str) -> str | None:
    """The file that an address of the desk means; None where it can mean none."""
    if key in BESIDE:
        return BESIDE[key]
    return f"{key}.md" if ID_PATTERN.fullmatch(key) else None


def key_of(name: str) -> str:
    """What the desk's addresses call a file."""
    return next((key for key, beside in BESIDE.items() if beside == name), name.removesuffix(".md"))


def open_sheet(connection: Connection, files: Files, name: str, at: datetime) -> Sheet:
    """A file as an editor gets it; what changed without the desk is noticed."""
    notice(connection, files, at, [name] if name in files or newest_number(connection, name) else [])
    draft = draft_of(connection, name)
    file = files.get(name)
    sha256 = draft.version.sha256 if draft else None
    text = as_text(content_of(connection, sha256)) if sha256 else as_text(file)
    return Sheet(name, file, draft, text, newest_number(connection, name))


def save_draft(
    connection: Connection,
    files: Files,
    name: str,
    text: str,
    *,
    seen: int,
    member: str,
    at: datetime,
    why: str,
) -> Version | None:
    """Saves what somebody wrote.

    Args:
        connection: the transaction.
        files: the library folder as it is.
        name: the file's.
        text: what they wrote.
        seen: the newest version that they were shown.
        member: who.
        at: the time.
        why: what they changed, and why.

    Returns:
        The version; None where the text is what was there.

    Raises:
        OvertakenError: there is a newer version than they were shown.
    """
    sheet = open_sheet(connection, files, name, at)
    newest = version_of(connection, name, sheet.seen) if sheet.seen > seen else None
    if newest:
        raise OvertakenError(newest)
    if text == sheet.text and (sheet.draft or sheet.file is not None):
        return None
    # First of the writes: it is what writers to PostgreSQL wait for each other at.
    record(connection, member, "summary.save", name, at=at)
    began = sheet.draft.began_from if sheet.draft and not sheet.is_overtaken else _hash(sheet.file)
    return keep_draft(connection, name, text.encode(), began_from=began, member=member, at=at, why=why)


def discard_draft(connection: Connection, name: str, *, member: str, at: datetime) -> None:
    """Gives a draft up; its text stays among the versions."""
    record(connection, member, "summary.discard", name, at=at)
    drop_draft(connection, name)


def as_published(name: str, text: str, today: date) -> str:
    """What publishing makes of a text: its status, and the day of its last change."""
    if not name.endswith(".md"):
        return text
    return with_field(with_field(text, "status", "published"), "updated", today.isoformat())


def as_retired(text: str, today: date) -> str:
    """What retiring makes of a text: the file stays, and is no longer answered from."""
    return with_field(with_field(text, "status", "retired"), "updated", today.isoformat())


def _hash(file: bytes | None) -> str | None:
    return None if file is None else sha256_of(file)
