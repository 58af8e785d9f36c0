"""The own account: one's sessions, and one's password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from service.accounts import changes, sessions
from service.accounts.accounts import Member, account_named
from service.accounts.attempts import prove
from service.accounts.strength import WeakPasswordError, check_strength
from service.desks.desks import state_of
from service.desks.guard import Anyone, check_hurry, session_of
from service.desks.login import set_session
from service.desks.pages import desk_page
from service.storage.audit import record

WRONG = "This is not your password, or there were too many wrong ones: then wait some minutes and try again."
UNEQUAL = "The two new passwords are not the same."
UNCHANGED = "This is the password that you have already."

router = APIRouter()


@router.get("/account")
def account(request: Request, member: Anyone, done: str = "") -> Response:
    """One's own account."""
    return _page(request, member, done=done)


@router.post("/account/password", dependencies=[Depends(check_hurry)])
def change_password(
    request: Request,
    member: Anyone,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Changes the own password; every session of the account ends, and this browser gets a new one."""
    desks = state_of(request)
    try:
        check_strength(new, member.name)
    except WeakPasswordError as error:
        return _page(request, member, problem_new=str(error), status=422)
    if new != again:
        return _page(request, member, problem_again=UNEQUAL, status=422)
    if new == old:
        return _page(request, member, problem_new=UNCHANGED, status=422)
    if prove(desks.database, member.name, old, desks.now()) is None:
        return _page(request, member, problem_old=WRONG, status=403)
    with desks.database.begin() as connection:
        own = account_named(connection, member.name)
        changes.set_password(connection, own, new, now=desks.now(), actor=member.name)
        cookie = sessions.begin_session(connection, member, desks.secret, desks.now())
    return set_session(RedirectResponse("/account?done=password", 303), cookie)


@router.post("/account/sessions/end")
def end_others(request: Request, member: Anyone) -> Response:
    """Ends all sessions of the account but this one."""
    desks, session = state_of(request), session_of(request)
    with desks.database.begin() as connection:
        sessions.end_sessions(connection, member.id, but=session.hash if session else None)
        record(connection, member.name, "account.end_sessions", member.name, at=desks.now())
    return RedirectResponse("/account?done=sessions", 303)


def _page(request: Request, member: Member, *, status: int = 200, **said: str) -> Response:
    desks, session = state_of(request), session_of(request)
    with desks.database.reading() as connection:
        own = account_named(connection, member.name)
        found = sessions.list_sessions(connection, member, desks.now())
    problems = {name: said.get(name, "") for name in ("problem_old", "problem_new", "problem_again")}
    return desk_page(
        request,
        member,
        "own_account.html",
        title="Your account",
        status=status,
        own=own,
        sessions=found,
        this=session.hash if session else "",
        idle=sessions.IDLE,
        longest=sessions.LONGEST,
        done=said.get("done", ""),
        **problems,
    )
