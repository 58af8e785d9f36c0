"""The way in and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from service.accounts import sessions
from service.accounts.accounts import Member, Role, count_accounts
from service.accounts.attempts import log_in
from service.desks.desks import state_of
from service.desks.guard import FORM_COOKIE, Anyone, check_hurry, member_of
from service.desks.pages import desk_page
from service.logs import note
from service.storage.audit import record

HOME = {Role.staff: "/staff/queue", Role.admin: "/staff/queue", Role.evaluator: "/evaluate"}

WRONG = (
    "This name and password do not fit, or there were too many wrong ones: "
    "then wait some minutes and try again."
)
"""The same whatever was wrong, so that it tells nobody which names exist."""

router = APIRouter()


@router.get("/login")
def login(request: Request, after: str = "") -> Response:
    """The login form; who is logged in already is led on."""
    member = member_of(request)
    if member:
        return RedirectResponse(_onward(after, member), 303)
    return login_form(request, after=after)


@router.post("/login", dependencies=[Depends(check_hurry)])
def enter(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    after: Annotated[str, Form()] = "",
) -> Response:
    """Begins a session."""
    desks = state_of(request)
    member = log_in(desks.database, name, password, desks.now())
    if member is None:
        note(refused="login")
        return login_form(request, after=after, name=name, problem=WRONG, status=403)
    return let_in(request, member, after)


def let_in(request: Request, member: Member, after: str) -> Response:
    """Leads on, with the cookie of a new session; the one that the browser had before ends."""
    desks = state_of(request)
    before = request.cookies.get(sessions.COOKIE, "")
    with desks.database.begin() as connection:
        cookie = sessions.begin_session(connection, member, desks.secret, desks.now(), instead_of=before)
    response = set_session(RedirectResponse(_onward(after, member), 303), cookie)
    response.delete_cookie(FORM_COOKIE, secure=True, httponly=True, samesite="lax")
    return response


def set_session(response: Response, cookie: str) -> Response:
    """The response, which hands the browser its session; it forgets it when it is closed."""
    response.set_cookie(sessions.COOKIE, cookie, secure=True, httponly=True, samesite="lax")
    return response


@router.post("/logout")
def leave(request: Request, member: Anyone) -> Response:
    """Ends the session."""
    desks = state_of(request)
    with desks.database.begin() as connection:
        sessions.end_session(connection, request.cookies.get(sessions.COOKIE, ""), desks.secret)
        record(connection, member.name, "account.logout", member.name, at=desks.now())
    response = RedirectResponse("/login", 303)
    response.delete_cookie(sessions.COOKIE, secure=True, httponly=True, samesite="lax")
    return response


@router.get("/staff")
def staff(member: Anyone) -> Response:
    """Leads to the first desk of the member's role."""
    return RedirectResponse(HOME[member.role], 303)


def login_form(
    request: Request, *, after: str, name: str = "", problem: str = "", status: int = 200
) -> Response:
    """The login form, with what went wrong and what was typed, but for the password."""
    desks = state_of(request)
    with desks.database.reading() as connection:
        is_empty = count_accounts(connection) == 0
    return desk_page(
        request,
        None,
        "login.html",
        title="Log in",
        status=status,
        after=after,
        name=name,
        problem=problem,
        is_empty=is_empty,
        sign_on=desks.settings.oidc_name if desks.settings.oidc_issuer else "",
    )


def _onward(after: str, member: Member) -> str:
    """Where to go after the login: a page of the desks, and never another site's."""
    is_ours = after.startswith(("/staff", "/evaluate", "/account"))
    is_plain = "//" not in after and "\\" not in after
    return after if is_ours and is_plain else HOME[member.role]
