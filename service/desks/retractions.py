"""Retractions at the library desk: an export is imported, and a person decides about each notice in it."""

import tempfile
from pathlib import Path
from typing import Annotated, Any, NamedTuple, cast

from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy import Connection

from corpus.errors import StudyFileError
from corpus.marking import with_mark
from corpus.retraction_watch import NotAnExportError
from corpus.retractions import find_retractions
from corpus.studies import Mark, MarkKind, Status, Study, parse_study, scan_studies
from service.accounts.accounts import Member
from service.desks.cases import Case, list_cases
from service.desks.checks import checks_of
from service.desks.desks import state_of
from service.desks.guard import Staff
from service.desks.pages import desk_page
from service.desks.shelf import sheet_or_404
from service.desks.workshop import workshop_of
from service.proposals import (
    Decision,
    Proposal,
    decide,
    keep_findings,
    list_exports,
    not_compared,
)
from service.publishing.editing import OvertakenError, Sheet, save_draft
from service.publishing.folder import read_files
from service.publishing.versions import list_drafts
from service.wording import MARK_LABELS

router = APIRouter(prefix="/staff/library/retractions")

NO_FILE = "Choose the file: the CSV export of the Retraction Watch database."
NO_WHY = "Say in a few words why no mark is needed: it stands in the audit log."
NO_NOTE = "Say what readers should know; the note stands on the summary's page and in answers."
LONGEST_NOTE = 500
CHANGED = "Somebody has changed this summary meanwhile. Look at it again, then add the mark."
TAKING_BACK = frozenset({"retraction", "withdrawal"})
"""Kinds of marks with which a summary cannot stay published."""


class Typed(NamedTuple):
    """What staff put into the form of a notice."""

    kind: str
    note: str
    why: str = ""


@router.get("")
def show(request: Request, member: Staff) -> Response:
    """Notices that wait for somebody, those decided about, and the imports."""
    return _page(request, member)


@router.post("")
def take(request: Request, member: Staff, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Imports an export; changes no summary."""
    if file is None or not file.filename:
        return _page(request, member, problem=NO_FILE, status=422)
    desks = state_of(request)
    name = Path(file.filename).name[:200]
    studies, _ = scan_studies(desks.settings.corpus)
    try:
        # What FastAPI hands over is a temporary file that has all that a file opened in binary mode has.
        stream = cast("tempfile.SpooledTemporaryFile[bytes]", file.file)
        findings = find_retractions(studies, cast(Any, stream), Path(name))
    except NotAnExportError as error:
        return _page(request, member, problem=f"{name}: {error.problem}.", status=422)
    with desks.database.begin() as connection:
        keep_findings(connection, findings, studies, file=name, member=member.name, at=desks.now())
    return RedirectResponse("/staff/library/retractions", 303)


@router.get("/{number}")
def show_one(request: Request, member: Staff, number: int) -> Response:
    """A notice beside its summary, and what can be done."""
    return _one_page(request, member, _case_or_404(request, number))


@router.post("/{number}/mark")
def mark(
    request: Request,
    member: Staff,
    number: int,
    *,
    kind: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    seen: Annotated[int, Form()] = 0,
) -> Response:
    """Puts the mark into a draft of the summary, and leads on to publishing or retiring it."""
    case, typed = _case_or_404(request, number), Typed(kind, note)
    desks, sheet = state_of(request), _sheet_of(request, case)
    problem_note = "" if note.strip() else NO_NOTE
    if len(note) > LONGEST_NOTE:
        problem_note = f"A note may have {LONGEST_NOTE} characters at most; this one has {len(note)}."
    if problem_note or sheet is None:
        return _one_page(request, member, case, typed=typed, problem_note=problem_note, status=422)
    try:
        made = Mark(kind=cast(MarkKind, kind), note=" ".join(note.split()), link=case.proposal.notice.link)
        text = _marked_text(sheet, made)
    except (ValidationError, StudyFileError) as error:
        problem = error.problem if isinstance(error, StudyFileError) else "Choose what the notice says."
        return _one_page(request, member, case, typed=typed, problem=problem, status=422)
    why = f"marked: {MARK_LABELS[made.kind].lower()}, record {case.proposal.notice.record}"
    try:
        with desks.database.begin() as connection:
            _save(connection, request, sheet, text, seen=seen, member=member.name, why=why)
            at = desks.now()
            decide(connection, case.proposal, Decision.marked, member=member.name, at=at, why=made.note)
    except OvertakenError:
        return _one_page(request, member, case, typed=typed, problem=CHANGED, status=409)
    onward = "retire" if made.kind in TAKING_BACK and sheet.file is not None else "publish"
    return RedirectResponse(f"/staff/library/{case.proposal.study_id}/{onward}", 303)


@router.post("/{number}/dismiss")
def dismiss(request: Request, member: Staff, number: int, why: Annotated[str, Form()] = "") -> Response:
    """Records that no mark is needed, and why."""
    case, reason = _case_or_404(request, number), " ".join(why.split())
    if not reason:
        typed = _proposed(case.proposal)
        return _one_page(request, member, case, typed=typed, problem_why=NO_WHY, status=422)
    _decide(request, member, case, Decision.dismissed, reason[:LONGEST_NOTE])
    return RedirectResponse("/staff/library/retractions", 303)


@router.post("/{number}/reopen")
def reopen(request: Request, member: Staff, number: int) -> Response:
    """Takes a decision back."""
    _decide(request, member, _case_or_404(request, number), Decision.none, "")
    return RedirectResponse(f"/staff/library/retractions/{number}", 303)


def _decide(request: Request, member: Member, case: Case, decision: Decision, why: str) -> None:
    desks = state_of(request)
    with desks.database.begin() as connection:
        decide(connection, case.proposal, decision, member=member.name, at=desks.now(), why=why)


def _marked_text(sheet: Sheet, made: Mark) -> str:
    """What the summary becomes; one whose paper was taken back cannot stay published."""
    status = Status.retired if made.kind in TAKING_BACK else None
    return with_mark(sheet.text, made, Path(sheet.name), status=status)


def _save(
    connection: Connection, request: Request, sheet: Sheet, text: str, *, seen: int, member: str, why: str
) -> None:
    files, at = read_files(workshop_of(request).press.corpus), state_of(request).now()
    save_draft(connection, files, sheet.name, text, seen=seen, member=member, at=at, why=why)


def _cases(request: Request) -> tuple[list[Case], dict[str, Study], list[str]]:
    """All notices, the summaries that can be read, and the files that cannot."""
    stock = checks_of(request).inventory.look()
    studies = {holding.study_id: holding.study for holding in stock.holdings if holding.study}
    names = [holding.study_id for holding in stock.holdings]
    with state_of(request).database.reading() as connection:
        drafts = list_drafts(connection)
        cases = list_cases(connection, studies=studies, names=names, drafts=drafts)
    return cases, studies, [name for name in names if name not in studies]


def _case_or_404(request: Request, number: int) -> Case:
    cases, _, _ = _cases(request)
    case = next((case for case in cases if case.proposal.id == number), None)
    if case is None:
        raise HTTPException(404)
    return case


def _sheet_of(request: Request, case: Case) -> Sheet | None:
    """The summary as an editor gets it; None where the library has it no more."""
    try:
        return sheet_or_404(request, case.proposal.study_id)
    except HTTPException:
        return None


def _page(request: Request, member: Member, *, problem: str = "", status: int = 200) -> Response:
    cases, studies, unread = _cases(request)
    with state_of(request).database.reading() as connection:
        exports = list_exports(connection)
    last = exports[0] if exports else None
    return desk_page(
        request,
        member,
        "retractions.html",
        title="Retractions",
        status=status,
        waiting=[case for case in cases if case.is_open],
        decided=[case for case in cases if not case.is_open],
        exports=exports,
        last=last,
        new=not_compared(last, studies.values()) if last else [],
        unread=unread,
        problem=problem,
    )


def _one_page(
    request: Request,
    member: Member,
    case: Case,
    *,
    typed: Typed | None = None,
    problem: str = "",
    problem_note: str = "",
    problem_why: str = "",
    status: int = 200,
) -> Response:
    sheet = _sheet_of(request, case)
    return desk_page(
        request,
        member,
        "retraction.html",
        title=f"{case.proposal.notice.said or 'A notice'}: {case.proposal.study_id}",
        status=status,
        case=case,
        notice=case.proposal.notice,
        sheet=sheet,
        draft=_draft_study(sheet),
        kinds=MARK_LABELS,
        typed=typed or _proposed(case.proposal),
        problem=problem,
        problem_note=problem_note,
        problem_why=problem_why,
    )


def _draft_study(sheet: Sheet | None) -> Study | None:
    """The summary that the mark would be added to; None where it cannot be read."""
    try:
        return parse_study(sheet.text, Path(sheet.name)) if sheet else None
    except StudyFileError:
        return None


def _proposed(proposal: Proposal) -> Typed:
    """The mark that the notice becomes, for staff to change."""
    made = proposal.notice.mark
    if made is None:
        return Typed("", f"Source: Retraction Watch database, record {proposal.notice.record}.")
    return Typed(made.kind, made.note)
