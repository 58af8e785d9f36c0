"""Register: what the database is told of a release, at its beginning and at its end."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from service.publishing.folder import Changes, Files
from service.publishing.releases import (
    Reason,
    add_release,
    find_release,
    hashes_of,
    live_release,
    mark_failed,
    mark_live,
)
from service.publishing.summaries import is_retired
from service.publishing.versions import (
    OUTSIDE,
    Kind,
    add_version,
    content_of,
    draft_of,
    drop_draft,
    known_hashes,
    notice,
    sha256_of,
    text_of,
)
from service.storage.audit import record

KINDS = {Reason.publish: Kind.published, Reason.retire: Kind.retired, Reason.rollback: Kind.restored}
ACTIONS = {
    Reason.publish: "summary.publish",
    Reason.retire: "summary.retire",
    Reason.rollback: "library.rollback",
}


class Order(NamedTuple):
    """What somebody wants done.

    Attributes:
        subject: the file, or the number of the release to go back to.
        changes: what it changes in the library folder.
        base: the state of the folder that they were shown.
        generation: one that was built from the same files, for going back to; None where it has to be built.
    """

    kind: Reason
    subject: str
    changes: Changes
    base: str
    member: str
    why: str
    generation: str | None = None


class Difference(NamedTuple):
    """A file that is not as the release that answers has it.

    Attributes:
        before: its content there; None where that release has no such file.
        after: its content in the folder; None where it is gone.
    """

    name: str
    before: bytes | None
    after: bytes | None


def put_on_record(connection: Connection, order: Order, files: Files, target: Files, at: datetime) -> int:
    """Records that a release is begun.

    Args:
        connection: the transaction.
        order: what is wanted.
        files: the library folder as it is.
        target: as it is to be.
        at: the time.

    Returns:
        The release's number.
    """
    # First: it is what writers to PostgreSQL wait for each other at.
    record(connection, order.member, ACTIONS[order.kind], order.subject, at=at)
    notice(connection, files, at)
    return add_release(
        connection, order.kind, order.subject, target, member=order.member, at=at, why=order.why
    )


def conclude(connection: Connection, number: int, generation: str, at: datetime) -> None:
    """Records that a release answers: each file that it changed has a new version."""
    release = find_release(connection, number)
    if release is None:
        return
    record(connection, release.member, "library.switch", str(number), at=at, generation=generation)
    known, hashes = known_hashes(connection), hashes_of(connection, number)
    for name in sorted({*known, *hashes}):
        if known.get(name) == hashes.get(name):
            continue
        content = content_of(connection, hashes[name]) if name in hashes else None
        kind, member, why = KINDS.get(release.kind, Kind.outside), release.member, release.why
        add_version(connection, name, content, kind, member=member, at=at, why=why)
    draft = draft_of(connection, release.subject)
    if draft and draft.version.at <= release.at:  # a newer one is work that has gone on meanwhile
        went_along = release.kind is Reason.retire and is_retired(text_of(connection, draft.version))
        if release.kind is Reason.publish or went_along:
            drop_draft(connection, release.subject)
    mark_live(connection, number, generation, at)


def give_up(connection: Connection, number: int, problem: str, at: datetime) -> None:
    """Records that a release will not be."""
    release = find_release(connection, number)
    if release:
        record(connection, release.member, "library.failed", str(number), at=at)
        mark_failed(connection, number, problem, at)


def note_found(connection: Connection, generation: str, files: Files | None, at: datetime) -> None:
    """Records what the service answers from, where that is not what a desk has made.

    Args:
        connection: the transaction.
        generation: the one that is answered from.
        files: the library folder as it is; None where it has changed since that generation was built, so
            that nobody knows the files it was built from.
        at: the time.
    """
    live = live_release(connection)
    if live is None or live.generation != generation:
        why = "" if live is None else "Built without the desk, and found at the start of the service."
        number = add_release(connection, Reason.found, "", files or {}, member=OUTSIDE, at=at, why=why)
        record(connection, OUTSIDE, "library.found", str(number), at=at, generation=generation)
        mark_live(connection, number, generation, at)
    if files is not None:
        notice(connection, files, at)


def changed_outside(connection: Connection, files: Files) -> list[Difference]:
    """The files that are not as the release that answers has them: changed on the server, or by git."""
    live = live_release(connection)
    if live is None:
        return []
    return list(_differences(connection, hashes_of(connection, live.number), files))


def _differences(connection: Connection, hashes: dict[str, str], files: Files) -> Iterable[Difference]:
    for name in sorted({*hashes, *files}) if hashes else ():
        after = files.get(name)
        if hashes.get(name) != (None if after is None else sha256_of(after)):
            before = content_of(connection, hashes[name]) if name in hashes else None
            yield Difference(name, before, after)
