"""Releases: what answers came from and come from, what is being made, and the way back by one click."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from corpus.errors import CorpusError
from service.accounts.accounts import Member
from service.desks.desks import state_of
from service.desks.diffs import diff
from service.desks.guard import Staff
from service.desks.pages import desk_page
from service.desks.workshop import workshop_of
from service.publishing.failures import BusyError, FolderChangedError
from service.publishing.folder import Files, changes_between, read_files
from service.publishing.folder import state_of as folder_state
from service.publishing.register import changed_outside
from service.publishing.releases import (
    ANSWERED,
    UNDER_WAY,
    Release,
    files_of,
    find_release,
    hashes_of,
    list_releases,
    live_release,
)
from service.publishing.versions import as_text

router = APIRouter(prefix="/staff/releases")

OUTSIDE_CHANGES = (
    "Files in the library folder were changed without the desk. They are shown below; going back takes these "
    "changes out as well. They stay in the list of versions."
)


@router.get("")
def overview(request: Request, member: Staff) -> Response:
    """All releases, the newest first."""
    press, desks = workshop_of(request).press, state_of(request)
    files = read_files(press.corpus)
    with desks.database.reading() as connection:
        known = list_releases(connection)
        live = live_release(connection)
        hashes = hashes_of(connection, live.number) if live else {}
        back = [one.number for one in known if _may_go_back(connection, one, live, hashes)]
        outside = changed_outside(connection, files)
    return desk_page(
        request,
        member,
        "releases.html",
        title="Releases",
        releases=known,
        back=back,
        outside=[difference.name for difference in outside],
        base=folder_state(files),
        generation=desks.library.generation,
        is_busy=press.is_busy(),
        progress=press.progress,
    )


@router.get("/{number}")
def show(request: Request, member: Staff, number: int) -> Response:
    """One release: how far it is, what it changed, and the way back to it."""
    return _page(request, member, number)


@router.post("/{number}/rollback")
def roll_back(
    request: Request,
    member: Staff,
    number: int,
    *,
    base: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
    shown: Annotated[str, Form()] = "",
) -> Response:
    """Goes back to a release; where files were changed without the desk, only once those were shown."""
    desks, press = state_of(request), workshop_of(request).press
    files = read_files(press.corpus)
    with desks.database.reading() as connection:
        outside = changed_outside(connection, files)
    if base != folder_state(files) or (outside and shown != base):
        return _page(request, member, number, problem=OUTSIDE_CHANGES if outside else "", status=409)
    try:
        begun = press.roll_back(number, member=member.name, why=" ".join(why.split()), base=base)
    except LookupError:
        raise HTTPException(404) from None
    except (BusyError, FolderChangedError, CorpusError) as error:
        return _page(request, member, number, problem=str(error), status=409)
    return RedirectResponse(f"/staff/releases/{begun}", 303)


def _page(request: Request, member: Member, number: int, *, problem: str = "", status: int = 200) -> Response:
    press, desks = workshop_of(request).press, state_of(request)
    files = read_files(press.corpus)
    with desks.database.reading() as connection:
        release, live = find_release(connection, number), live_release(connection)
        if release is None:
            raise HTTPException(404)
        theirs, earlier = files_of(connection, number), _earlier(connection, number)
        before = files_of(connection, earlier.number) if earlier else {}
        hashes = hashes_of(connection, live.number) if live else {}
        may_go_back = _may_go_back(connection, release, live, hashes)
    progress = press.progress if press.progress and press.progress.release == number else None
    return desk_page(
        request,
        member,
        "release.html",
        title=f"Release {number}",
        status=status,
        release=release,
        is_under_way=release.state in UNDER_WAY,
        progress=progress,
        changed=_differences(before, theirs) if before and theirs else [],
        earlier=earlier,
        back=_differences(files, theirs) if may_go_back else [],
        may_go_back=may_go_back,
        is_busy=press.is_busy(),
        base=folder_state(files),
        problem=problem,
    )


def _may_go_back(
    connection: Connection, release: Release, live: Release | None, hashes: Mapping[str, str]
) -> bool:
    """Whether a release answered once, and is not what answers now."""
    if release.state not in ANSWERED or (live and release.number == live.number):
        return False
    theirs = hashes_of(connection, release.number)
    return bool(theirs) and theirs != hashes


def _earlier(connection: Connection, number: int) -> Release | None:
    """The release that answered before another one."""
    known = list_releases(connection)
    return next((one for one in known if one.number < number and one.state in ANSWERED), None)


def _differences(before: Files, after: Files) -> list[dict[str, Any]]:
    return [
        {"name": name, "rows": diff(as_text(before.get(name)), as_text(content))}
        for name, content in changes_between(before, after).items()
    ]
