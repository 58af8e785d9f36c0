"""The library desk: one file of the library, its draft and its versions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from service.accounts.accounts import Member
from service.desks.desks import state_of
from service.desks.diffs import diff
from service.desks.guard import Staff
from service.desks.pages import desk_page
from service.desks.workshop import workshop_of
from service.publishing.editing import Sheet, discard_draft, file_name, open_sheet, save_draft
from service.publishing.folder import read_files
from service.publishing.releases import live_release
from service.publishing.summaries import clean_text, id_fault, is_retired, new_summary
from service.publishing.versions import (
    Version,
    as_text,
    newest_number,
    sha256_of,
    text_of,
    version_of,
    versions_of,
)

router = APIRouter(prefix="/staff/library")

NOTHING_THERE = "There is nothing at this address."


def name_or_404(key: str) -> str:
    """The file that an address means.

    Raises:
        HTTPException: it can mean none.
    """
    name = file_name(key)
    if name is None:
        raise HTTPException(404)
    return name


def sheet_or_404(request: Request, key: str) -> Sheet:
    """The file that an address means, as an editor gets it.

    Raises:
        HTTPException: there is no such file, and nobody is writing one.
    """
    name, desks = name_or_404(key), state_of(request)
    files = read_files(workshop_of(request).press.corpus)
    with desks.database.begin() as connection:
        sheet = open_sheet(connection, files, name, desks.now())
    if not sheet.seen:
        raise HTTPException(404)
    return sheet


@router.get("/new")
def ask_for_new(request: Request, member: Staff) -> Response:
    """A form for a new study."""
    return _new_page(request, member)


@router.post("/new")
def begin_new(
    request: Request,
    member: Staff,
    *,
    study_id: Annotated[str, Form()] = "",
    study_title: Annotated[str, Form()] = "",
) -> Response:
    """Begins a new study: a draft with every field and section that it needs."""
    wanted, heading = study_id.strip(), " ".join(study_title.split())
    desks, files = state_of(request), read_files(workshop_of(request).press.corpus)
    problem_id, name = id_fault(wanted), f"{wanted}.md"
    problem_title = "" if heading else "Give the title of the paper."
    with desks.database.begin() as connection:
        if not problem_id and (name in files or newest_number(connection, name)):
            problem_id = f"There is a study {wanted} already, or there was one."
        if not problem_id and not problem_title:
            text, at = new_summary(wanted, heading), desks.now()
            save_draft(connection, files, name, text, seen=0, member=member.name, at=at, why="begun")
            return RedirectResponse(f"/staff/library/{wanted}/edit", 303)
    typed = {"study_id": study_id, "study_title": study_title}
    return _new_page(
        request, member, typed=typed, problem_id=problem_id, problem_title=problem_title, status=422
    )


@router.get("/{key}")
def overview(request: Request, member: Staff, key: str) -> Response:
    """Where a file stands, what can be done with it, and its versions."""
    sheet = sheet_or_404(request, key)
    with state_of(request).database.reading() as connection:
        versions, release = versions_of(connection, sheet.name), live_release(connection)
    study = state_of(request).library.studies.get(key)
    return desk_page(
        request,
        member,
        "shelf_file.html",
        title=study.title if study else sheet.name,
        key=key,
        sheet=sheet,
        versions=versions,
        in_folder=_in_folder(sheet, versions),
        release=release,
        is_study=sheet.name.endswith(".md"),
        is_answered=study is not None,
        is_retired=is_retired(as_text(sheet.file)),
    )


@router.get("/{key}/versions")
def versions(member: Staff, key: str) -> Response:  # noqa: ARG001  # the guard
    """They stand on the page of the file."""
    name_or_404(key)
    return RedirectResponse(f"/staff/library/{key}#versions", 303)


@router.get("/{key}/versions/{number}")
def show_version(request: Request, member: Staff, key: str, number: int) -> Response:
    """One version's text."""
    version, text = _version(request, key, number)
    return desk_page(
        request,
        member,
        "shelf_version.html",
        title=f"{version.name}, version {number}",
        key=key,
        version=version,
        text=text,
    )


@router.post("/{key}/versions/{number}/draft")
def take_up(request: Request, member: Staff, key: str, number: int) -> Response:
    """Makes an older version the draft."""
    sheet, desks = sheet_or_404(request, key), state_of(request)
    _, text = _version(request, key, number)
    with desks.database.begin() as connection:
        save_draft(
            connection,
            read_files(workshop_of(request).press.corpus),
            sheet.name,
            clean_text(text),
            seen=sheet.seen,
            member=member.name,
            at=desks.now(),
            why=f"taken up from version {number}",
        )
    return RedirectResponse(f"/staff/library/{key}/edit", 303)


@router.get("/{key}/diff")
def compare(request: Request, member: Staff, key: str, *, old: int = 0, new: int = 0) -> Response:
    """What changed between two versions; `old` 0 is nothing, as before the first one."""
    after, text = _version(request, key, new)
    before, old_text = _version(request, key, old) if old else (None, "")
    with state_of(request).database.reading() as connection:
        known = versions_of(connection, after.name)
    return desk_page(
        request,
        member,
        "shelf_diff.html",
        title=f"Changes in {after.name}",
        key=key,
        before=before,
        after=after,
        versions=known,
        rows=diff(old_text, text),
    )


@router.post("/{key}/discard")
def discard(request: Request, member: Staff, key: str) -> Response:
    """Gives the draft up."""
    sheet, desks = sheet_or_404(request, key), state_of(request)
    if sheet.draft:
        with desks.database.begin() as connection:
            discard_draft(connection, sheet.name, member=member.name, at=desks.now())
    return RedirectResponse(f"/staff/library/{key}", 303)


def _new_page(
    request: Request,
    member: Member,
    *,
    typed: Mapping[str, str] = MappingProxyType({"study_id": "", "study_title": ""}),
    problem_id: str = "",
    problem_title: str = "",
    status: int = 200,
) -> Response:
    return desk_page(
        request,
        member,
        "shelf_new.html",
        title="A new summary",
        status=status,
        typed=typed,
        problem_id=problem_id,
        problem_title=problem_title,
    )


def _version(request: Request, key: str, number: int) -> tuple[Version, str]:
    with state_of(request).database.reading() as connection:
        version = version_of(connection, name_or_404(key), number)
        if version is None:
            raise HTTPException(404)
        return version, text_of(connection, version)


def _in_folder(sheet: Sheet, versions: list[Version]) -> int | None:
    """The number of the version that stands in the library folder."""
    sha256 = None if sheet.file is None else sha256_of(sheet.file)
    stood = (version.number for version in versions if version.kind != "draft" and version.sha256 == sha256)
    return next(stood, None)
