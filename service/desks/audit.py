"""The page of the audit log: who did what when, and whether the log is whole."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from service.accounts.accounts import Member
from service.desks.desks import state_of
from service.desks.guard import Admin
from service.desks.pages import desk_page
from service.storage.chain import Verdict, verify
from service.storage.entries import Wanted, read_actions, read_actors, read_entries

AT_ONCE = 50
"""Entries on a page."""

NO_DAY = "A day is written as 2026-11-22."

router = APIRouter(prefix="/staff/audit")


@router.get("")
def show(
    request: Request,
    member: Admin,
    *,
    actor: str = "",
    action: str = "",
    day: str = "",
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Entries, the newest first."""
    return _page(request, member, actor=actor, action=action, day=day.strip(), before=before)


@router.get("/verify")
def check(request: Request, member: Admin) -> Response:
    """Walks the whole chain, and says what it found above the newest entries."""
    with state_of(request).database.reading() as connection:
        verdict = verify(connection)
    return _page(request, member, verdict=verdict)


def _page(
    request: Request,
    member: Member,
    *,
    actor: str = "",
    action: str = "",
    day: str = "",
    before: int | None = None,
    verdict: Verdict | None = None,
) -> Response:
    chosen, problem = None, ""
    try:
        chosen = date.fromisoformat(day) if day else None
    except ValueError:
        problem = NO_DAY
    with state_of(request).database.reading() as connection:
        wanted = Wanted(actor, action, chosen)
        entries = read_entries(connection, wanted, before=before, most=AT_ONCE + 1)
        actors, actions = read_actors(connection), read_actions(connection)
    narrowed = {name: value for name, value in (("actor", actor), ("action", action), ("day", day)) if value}
    shown = entries[:AT_ONCE]
    is_more = len(entries) > AT_ONCE
    return desk_page(
        request,
        member,
        "audit.html",
        title="Audit log",
        status=422 if problem else 200,
        entries=[] if problem else shown,
        older=f"?{urlencode({**narrowed, 'before': shown[-1].number})}" if is_more else "",
        newest=f"?{urlencode(narrowed)}" if before else "",
        narrowed=narrowed,
        actors=actors,
        actions=actions,
        problem=problem,
        verdict=verdict,
    )
