"""Pages of what came of the judging: agreement, adjudication, export; all of them once judging has ended."""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from evaluation.judging import export
from evaluation.judging.adjudication import decide, declare, is_adjudicator
from evaluation.judging.agreement import GRADES
from evaluation.judging.findings import Case, Findings, find, reading
from evaluation.judging.pool_pages import pool_or_404
from evaluation.judging.pools import Pool, load_questions, load_shown
from evaluation.judging.settling import RULE
from service.desks.desks import state_of
from service.desks.guard import Evaluator
from service.desks.pages import desk_page
from service.storage.audit import record

router = APIRouter(prefix="/evaluate/pools/{pool_id}")

BLIND = "The judging of this pool has not ended: nobody sees what others gave before that."
UNSAID = "Say first that you adjudicate this pool: on the page of its agreement."
LONGEST_NOTE = 2000


class What(StrEnum):
    """What can be taken away, by the ending of its file."""

    qrels = "qrels.txt"
    account = "json"
    folder = "zip"


MEDIA = {
    What.qrels: "text/plain; charset=utf-8",
    What.account: "application/json",
    What.folder: "application/zip",
}


@router.get("/agreement")
def agreement(request: Request, member: Evaluator, pool_id: int) -> Response:
    """How far raters agree, and what is left to decide."""
    with state_of(request).database.begin() as connection:
        pool = _closed(connection, pool_id)
        findings = find(connection, pool, with_interval=True)
        questions = load_questions(connection, pool_id)
        adjudicates = is_adjudicator(connection, pool, member)
    return desk_page(
        request,
        member,
        "judging_agreement.html",
        title=f"Agreement: {pool.name}",
        pool=pool,
        findings=findings,
        questions=questions,
        reading=reading(findings.alpha),
        rule=RULE,
        grades=GRADES,
        adjudicates=adjudicates,
        name=export.slug(pool),
    )


@router.post("/adjudicator")
def adjudicate(request: Request, member: Evaluator, pool_id: int) -> Response:
    """Notes that the member adjudicates, and leads to the first case."""
    desks = state_of(request)
    with desks.database.begin() as connection:
        pool = _closed(connection, pool_id)
        declare(connection, pool, member, desks.now())
        findings = find(connection, pool)
    return RedirectResponse(_next_address(pool, findings.undecided), 303)


@router.get("/cases/{item_id}")
def case(request: Request, member: Evaluator, pool_id: int, item_id: int) -> Response:
    """One disagreement, with everybody's grades and notes."""
    with state_of(request).database.begin() as connection:
        pool = _closed(connection, pool_id)
        findings = find(connection, pool)
        found = _case(findings, item_id)
        shown, adjudicates = load_shown(connection, item_id), is_adjudicator(connection, pool, member)
    place = findings.cases.index(found)
    notes = [each for each in findings.given if each.item == item_id and each.occurrence == 1]
    return desk_page(
        request,
        member,
        "judging_case.html",
        title=f"Disagreement {place + 1} of {len(findings.cases)}",
        pool=pool,
        case=found,
        shown=shown,
        notes=notes,
        adjudicates=adjudicates,
        before=_item(findings.cases[:place][-1:]),
        after=_item(findings.cases[place + 1 :]),
        undecided=len(findings.undecided),
    )


@router.post("/cases/{item_id}")
def decide_case(
    request: Request,
    member: Evaluator,
    pool_id: int,
    item_id: int,
    *,
    grade: Annotated[int, Form(ge=0, le=3)],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Decides a disagreement, and leads to the next one that is undecided."""
    desks = state_of(request)
    with desks.database.begin() as connection:
        pool = _closed(connection, pool_id)
        if not is_adjudicator(connection, pool, member):
            raise HTTPException(409, UNSAID)
        findings, kept = find(connection, pool), " ".join(note.split())[:LONGEST_NOTE]
        item = _case(findings, item_id).item
        decide(connection, pool, item, member, grade=grade, note=kept, now=desks.now())
    left = [each for each in findings.undecided if each.item != item]
    return RedirectResponse(_next_address(pool, left), 303)


@router.post("/export")
def take_away(
    request: Request, member: Evaluator, pool_id: int, what: Annotated[What, Form()] = What.qrels
) -> Response:
    """The grades as a file."""
    desks = state_of(request)
    with desks.database.begin() as connection:
        pool = _closed(connection, pool_id)
        findings = find(connection, pool, with_interval=what is not What.qrels)
        if not findings.settled:
            raise HTTPException(409, "Nobody has judged anything, so there is nothing to take away.")
        content = _content(connection, pool, findings, what)
        record(
            connection,
            member.name,
            "qrels.export",
            pool.subject,
            at=desks.now(),
            file=what.value,
            judgments=len(findings.settled),
            undecided=len(findings.undecided),
        )
    disposition = f'attachment; filename="{export.slug(pool)}.{what.value}"'
    return Response(content, media_type=MEDIA[what], headers={"Content-Disposition": disposition})


def _content(connection: Connection, pool: Pool, findings: Findings, what: What) -> bytes:
    match what:
        case What.qrels:
            return export.qrels_text(findings).encode()
        case What.account:
            account = export.account(connection, pool, findings)
            return json.dumps(account, ensure_ascii=False, indent=2).encode()
        case What.folder:
            return export.folder_of(connection, pool, findings)


def _closed(connection: Connection, pool_id: int) -> Pool:
    pool = pool_or_404(connection, pool_id)
    if pool.closed is None:
        raise HTTPException(409, BLIND)
    return pool


def _case(findings: Findings, item_id: int) -> Case:
    found = next((case for case in findings.cases if case.item.id == item_id), None)
    if found is None:
        raise HTTPException(404)
    return found


def _item(cases: Iterable[Case]) -> int | None:
    return next((case.item.id for case in cases), None)


def _next_address(pool: Pool, undecided: Iterable[Case]) -> str:
    item = _item(undecided)
    return f"/evaluate/pools/{pool.id}/{'agreement' if item is None else f'cases/{item}'}"
