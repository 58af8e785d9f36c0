"""Releases: each state of the whole library that answers came from, or were to come from."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, Row, func, insert, select, update

from service.publishing.folder import Files
from service.publishing.versions import content_of, keep_content
from service.storage.tables.shelf import release_files, releases

MOST_SHOWN = 100
"""Releases on one page; older ones are still there."""


class Reason(StrEnum):
    """What a release is made for."""

    found = "found"
    publish = "publish"
    retire = "retire"
    rollback = "rollback"


class State(StrEnum):
    """Where a release stands; exactly one is live."""

    building = "building"
    switching = "switching"
    live = "live"
    past = "past"
    rolled_back = "rolled back"
    failed = "failed"


UNDER_WAY = (State.building, State.switching)
ANSWERED = (State.live, State.past, State.rolled_back)


class Release(NamedTuple):
    """One release.

    Attributes:
        number: from 1.
        subject: the file, or the number of the release that it goes back to; empty for what was found.
        generation: the index built from it; None until there is one.
        problem: why it failed and what to do; empty where it did not.
        finished: when it went live or failed.
    """

    number: int
    kind: Reason
    subject: str
    state: State
    member: str
    at: datetime
    why: str
    generation: str | None
    problem: str
    finished: datetime | None


def add_release(
    connection: Connection,
    kind: Reason,
    subject: str,
    files: Files,
    *,
    member: str,
    at: datetime,
    why: str,
) -> int:
    """Adds a release that is about to be built; its number."""
    number = (connection.execute(select(func.max(releases.c.number))).scalar() or 0) + 1
    release = Release(number, kind, subject, State.building, member, at, why, None, "", None)
    plain = {"kind": kind.value, "state": State.building.value}
    connection.execute(insert(releases).values(release._asdict() | plain))
    for name, content in files.items():
        sha256 = keep_content(connection, content)
        connection.execute(insert(release_files).values(release=number, name=name, sha256=sha256))
    return number


def list_releases(connection: Connection, most: int = MOST_SHOWN) -> list[Release]:
    """The newest releases, the newest first."""
    found = connection.execute(select(releases).order_by(releases.c.number.desc()).limit(most))
    return [_release(row) for row in found]


def find_release(connection: Connection, number: int) -> Release | None:
    """One release."""
    row = connection.execute(select(releases).where(releases.c.number == number)).one_or_none()
    return _release(row) if row else None


def live_release(connection: Connection) -> Release | None:
    """The one that answers come from."""
    found = select(releases).where(releases.c.state == State.live.value).order_by(releases.c.number.desc())
    row = connection.execute(found.limit(1)).one_or_none()
    return _release(row) if row else None


def under_way(connection: Connection) -> list[Release]:
    """Those that are being built or switched to."""
    states = [state.value for state in UNDER_WAY]
    found = select(releases).where(releases.c.state.in_(states)).order_by(releases.c.number)
    return [_release(row) for row in connection.execute(found)]


def hashes_of(connection: Connection, number: int) -> dict[str, str]:
    """The hash of each file of a release, by name."""
    found = select(release_files.c.name, release_files.c.sha256).where(release_files.c.release == number)
    return dict(connection.execute(found.order_by(release_files.c.name)).all())


def files_of(connection: Connection, number: int) -> dict[str, bytes]:
    """The files of a release."""
    return {name: content_of(connection, sha256) for name, sha256 in hashes_of(connection, number).items()}


def mark_switching(connection: Connection, number: int, generation: str) -> None:
    """A release is built, and is about to take the place of the live one."""
    _set(connection, number, state=State.switching.value, generation=generation)


def mark_failed(connection: Connection, number: int, problem: str, at: datetime) -> None:
    """A release will not be."""
    _set(connection, number, state=State.failed.value, problem=problem, finished=at)


def mark_live(connection: Connection, number: int, generation: str, at: datetime) -> None:
    """A release answers from now on; the one before it does not."""
    release = find_release(connection, number)
    before = State.rolled_back if release and release.kind is Reason.rollback else State.past
    connection.execute(
        update(releases).where(releases.c.state == State.live.value).values(state=before.value)
    )
    _set(connection, number, state=State.live.value, generation=generation, finished=at)


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(releases).where(releases.c.number == number).values(**values))


def _release(row: Row[tuple[object, ...]]) -> Release:
    fields = row._asdict()
    return Release(**fields | {"kind": Reason(fields["kind"]), "state": State(fields["state"])})
