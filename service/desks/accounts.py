"""The accounts page: admins add accounts and change them, as `plaincite users` does."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Annotated, Protocol

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from service.accounts import changes
from service.accounts.accounts import (
    Account,
    AccountError,
    Member,
    Role,
    account_numbered,
    add_account,
    list_accounts,
)
from service.accounts.strength import WeakPasswordError
from service.desks.desks import state_of
from service.desks.guard import Admin
from service.desks.pages import desk_page


class Change(Protocol):
    """What can be done to an account."""

    def __call__(self, connection: Connection, account: Account, *, now: datetime, actor: str) -> None:
        """Does it, or raises AccountError or WeakPasswordError."""


NEEDED = "Give a first password; the person changes it on the page of their own account."

DONE = {
    "added": "The account was added.",
    "password": "The account has another password, and its sessions have ended.",
    "role": "The account has another role, and its sessions have ended.",
    "disable": "The account is kept out, and its sessions have ended.",
    "enable": "The account may log in again.",
    "unlock": "The account may try again at once.",
    "unbind": "The next single sign-on by this e-mail address binds the account anew.",
    "sessions": "All sessions of the account have ended.",
}
"""What is said after a change."""

router = APIRouter(prefix="/staff/accounts")


@router.get("")
def overview(request: Request, member: Admin) -> Response:
    """All accounts, and a form for another one."""
    return _overview(request, member)


@router.post("")
def add(
    request: Request,
    member: Admin,
    *,
    name: Annotated[str, Form()] = "",
    role: Annotated[Role, Form()] = Role.staff,
    way: Annotated[str, Form()] = "password",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Adds an account."""
    desks = state_of(request)
    is_sign_on = way == "sign-on"
    typed = {"name": name, "role": role.value, "way": way}
    try:
        with desks.database.begin() as connection:
            given = None if is_sign_on else password
            added = add_account(connection, name, role, given, now=desks.now(), actor=member.name)
    except AccountError as error:
        return _overview(request, member, typed=typed, problem_name=str(error), status=422)
    except WeakPasswordError as error:
        problem = str(error) if password else NEEDED
        return _overview(request, member, typed=typed, problem_password=problem, status=422)
    return RedirectResponse(f"/staff/accounts/{added.id}?done=added", 303)


@router.get("/{number}")
def one(request: Request, member: Admin, number: int, done: str = "") -> Response:
    """One account, with what can be changed of it."""
    return _one(request, member, number, done=DONE.get(done, ""))


@router.post("/{number}/password")
def password(request: Request, member: Admin, number: int, password: Annotated[str, Form()] = "") -> Response:
    """Gives the account another password."""
    return _change(request, member, number, "password", partial(changes.set_password, password=password))


@router.post("/{number}/role")
def role(request: Request, member: Admin, number: int, role: Annotated[Role, Form()]) -> Response:
    """Gives the account another role."""
    return _change(request, member, number, "role", partial(changes.set_role, role=role))


@router.post("/{number}/disable")
def disable(request: Request, member: Admin, number: int) -> Response:
    """Keeps the account out."""
    return _change(request, member, number, "disable", changes.disable)


@router.post("/{number}/enable")
def enable(request: Request, member: Admin, number: int) -> Response:
    """Lets the account in again."""
    return _change(request, member, number, "enable", changes.enable)


@router.post("/{number}/unlock")
def unlock(request: Request, member: Admin, number: int) -> Response:
    """Ends the account's pause after wrong passwords."""
    return _change(request, member, number, "unlock", changes.unlock)


@router.post("/{number}/unbind")
def unbind(request: Request, member: Admin, number: int) -> Response:
    """Forgets who at the provider the account belongs to."""
    return _change(request, member, number, "unbind", changes.unbind)


@router.post("/{number}/sessions/end")
def end_sessions(request: Request, member: Admin, number: int) -> Response:
    """Ends all sessions of the account."""
    return _change(request, member, number, "sessions", changes.log_out)


def _change(request: Request, member: Member, number: int, done: str, change: Change) -> Response:
    desks = state_of(request)
    try:
        with desks.database.begin() as connection:
            account = account_numbered(connection, number)
            if account is None:
                raise HTTPException(404)
            change(connection, account, now=desks.now(), actor=member.name)
    except (AccountError, WeakPasswordError) as error:
        return _one(request, member, number, problem=str(error), problem_of=done, status=422)
    return RedirectResponse(f"/staff/accounts/{number}?done={done}", 303)


def _overview(
    request: Request,
    member: Member,
    *,
    typed: Mapping[str, str] = MappingProxyType({}),
    problem_name: str = "",
    problem_password: str = "",
    status: int = 200,
) -> Response:
    desks = state_of(request)
    with desks.database.reading() as connection:
        found = list_accounts(connection)
    return desk_page(
        request,
        member,
        "accounts.html",
        title="Accounts",
        status=status,
        accounts=found,
        roles=list(Role),
        now=desks.now(),
        sign_on=desks.settings.oidc_name if desks.settings.oidc_issuer else "",
        typed={"name": "", "role": "staff", "way": "password", **typed},
        problem_name=problem_name,
        problem_password=problem_password,
    )


def _one(
    request: Request,
    member: Member,
    number: int,
    *,
    done: str = "",
    problem: str = "",
    problem_of: str = "",
    status: int = 200,
) -> Response:
    desks = state_of(request)
    with desks.database.reading() as connection:
        account = account_numbered(connection, number)
    if account is None:
        raise HTTPException(404)
    return desk_page(
        request,
        member,
        "one_account.html",
        title=account.name,
        status=status,
        account=account,
        roles=list(Role),
        now=desks.now(),
        done=done,
        problem=problem,
        problem_of=problem_of,
    )
