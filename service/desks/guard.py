"""Guard: nothing of the desks without a login, no change without a token, each route for its roles."""

import secrets
from typing import Annotated

from fastapi import Depends, Request

from service.accounts import csrf, sessions
from service.accounts.accounts import Member, Role
from service.cross_origin import foreign_origin
from service.desks.desks import state_of

FORM_COOKIE = "__Host-plaincite-form"
"""What ties the token of the login form to a browser that has no session yet."""

OPEN = "/login"
"""The one path that answers before a login, with what is below it."""

FOREIGN = "cross-site"
UNCHANGING = frozenset({"GET", "HEAD", "OPTIONS"})


class LoginNeededError(Exception):
    """Nobody is logged in."""


class ForbiddenError(Exception):
    """The one who is logged in may not do this."""


class ForgedError(Exception):
    """A form came without a token of its own session: the session ended, or another site sent it."""


class HurriedError(Exception):
    """Somebody tries to log in too often from one address.

    Attributes:
        seconds: after how many they may try again.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def session_of(request: Request) -> sessions.Session | None:
    """The session of who is logged in; None where nobody is. Looked up once a request."""
    if not hasattr(request.state, "session"):
        request.state.session = _find_session(request)
    session: sessions.Session | None = request.state.session
    return session


def _find_session(request: Request) -> sessions.Session | None:
    cookie = request.cookies.get(sessions.COOKIE)
    if not cookie:
        return None
    desks = state_of(request)
    with desks.database.reading() as connection:
        session = sessions.find_session(connection, cookie, desks.secret, desks.now())
    if session:
        sessions.note_use(desks.database, session, desks.now())
    return session


def member_of(request: Request) -> Member | None:
    """Who is logged in; None where nobody is."""
    session = session_of(request)
    return session.member if session else None


def check_login(request: Request) -> None:
    """Lets nobody in who has not logged in, on whatever route: one that forgets its roles is not open to all.

    Raises:
        LoginNeededError: nobody is logged in.
    """
    path = request.url.path
    if path != OPEN and not path.startswith(f"{OPEN}/") and session_of(request) is None:
        raise LoginNeededError


async def check_hurry(request: Request) -> None:
    """Slows down who tries one password after another, whatever names they try them on.

    Raises:
        HurriedError: there were too many from this address.
    """
    seconds = await state_of(request).rates.take(request.client.host if request.client else "")
    if seconds:
        raise HurriedError(seconds)


class Guard:
    """A dependency: the member whose request this is, in one of some roles.

    Attributes:
        roles: who may, beside admins; the tests read it.
    """

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    def __call__(self, request: Request) -> Member:
        """The member.

        Raises:
            LoginNeededError: nobody is logged in.
            ForbiddenError: the role does not fit.
        """
        member = member_of(request)
        if member is None:
            raise LoginNeededError
        request.state.member = member
        if not member.may(*self.roles):
            raise ForbiddenError
        return member


Anyone = Annotated[Member, Depends(Guard(*Role))]
Staff = Annotated[Member, Depends(Guard(Role.staff))]
Evaluator = Annotated[Member, Depends(Guard(Role.evaluator))]
Admin = Annotated[Member, Depends(Guard(Role.admin))]


async def check_token(request: Request) -> None:
    """Lets a change through only with a token that one of this session's own pages carried.

    Raises:
        ForgedError: it has none.
    """
    if request.method in UNCHANGING:
        return
    # Belt and braces: browsers say where a form was sent from, and no page can make them lie.
    if request.headers.get("sec-fetch-site") == FOREIGN or foreign_origin(request.headers):
        raise ForgedError
    token = request.headers.get(csrf.HEADER, "")
    if not token:
        sent = (await request.form()).get(csrf.FIELD)
        token = sent if isinstance(sent, str) else ""
    session = _session(request)
    if not session or not csrf.is_token(token, state_of(request).secret, session):
        raise ForgedError


def token_for(request: Request) -> str:
    """A token for the forms of a page."""
    session = _session(request)
    if not session:
        session = request.state.form_key = secrets.token_urlsafe(32)
    return csrf.make_token(state_of(request).secret, session)


def _session(request: Request) -> str:
    """What a token is tied to: the session's key, or, before there is one, the cookie of the login form."""
    cookie = request.cookies.get(sessions.COOKIE, "")
    key = sessions.session_key(cookie, state_of(request).secret) if cookie else None
    return key or getattr(request.state, "form_key", "") or request.cookies.get(FORM_COOKIE, "")
