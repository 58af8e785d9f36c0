"""The desks' app: their routes, and the rules that hold for every response of theirs."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from service.accounts.accounts import Member
from service.app import NO_TELEMETRY, WORTH_COMPRESSING, BodyLimit, LastResort
from service.desks import login
from service.desks.desks import Desks
from service.desks.guard import (
    UNCHANGING,
    ForbiddenError,
    ForgedError,
    LoginNeededError,
    check_token,
    member_of,
)
from service.desks.pages import desk_page
from service.headers import SecurityHeaders
from service.logs import RequestLog

MAX_UPLOAD = 32 * 1024 * 1024
"""Bytes of a request's body: run files and exports of registers are uploaded here."""

FORGED = (
    "This form was not sent from a page of your session, or the session has ended. Nothing was changed. "
    "Go back, load the page again and send it once more."
)
AWAY = "The database of the desks cannot be reached at the moment; answers go on. Please try again soon."
MISREAD = "Something in this form or address cannot be read. Nothing was changed."
SAID = {404: "There is nothing at this address.", 405: "This address does not take that kind of request."}


def create_desks(desks: Desks, routers: Sequence[APIRouter] = ()) -> FastAPI:
    """The desks as an app.

    Args:
        desks: what they work with.
        routers: routes of other rooms; each of them guards its own.
    """
    app = FastAPI(
        title="plaincite desks",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=NO_TELEMETRY,
        redirect_slashes=False,
        dependencies=[Depends(check_token)],
        middleware=[
            Middleware(RequestLog),
            Middleware(SecurityHeaders),
            Middleware(GZipMiddleware, minimum_size=WORTH_COMPRESSING),
            Middleware(LastResort),
            Middleware(BodyLimit, most=MAX_UPLOAD),
        ],
        exception_handlers=HANDLERS,
    )
    app.state.desks = desks
    for router in (login.router, *routers):
        app.include_router(router)
    return app


def said(request: Request, status: int, title: str, text: str) -> Response:
    """A page that says one thing."""
    member = _member(request)
    return desk_page(request, member, "said.html", title=title, status=status, text=text)


def _member(request: Request) -> Member | None:
    """Who is logged in, as far as the database can tell at the moment."""
    try:
        return member_of(request)
    except OperationalError:
        return None


def _ask_to_log_in(request: Request, error: Exception) -> Response:  # noqa: ARG001  # the shape of a handler
    if request.method not in UNCHANGING:
        return said(request, 401, "Please log in", "Your session has ended, so nothing was changed.")
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/login?after={quote(request.url.path + query, safe='/')}", 303)


def _forbid(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return said(request, 403, "Not for this account", "Your role does not include this page.")


def _refuse_forged(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return said(request, 403, "Nothing was changed", FORGED)


def _say(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status in SAID and _member(request) is None:
        return _ask_to_log_in(request, error)  # nobody outside learns which addresses there are
    detail = error.detail if isinstance(error, HTTPException) and status not in SAID else ""
    return said(request, status, "This did not work", detail or SAID[status])


def _say_misread(request: Request, error: Exception) -> Response:  # noqa: ARG001  # its text quotes the form
    return said(request, 422, "This did not work", MISREAD)


def _say_away(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return said(request, 503, "The desks are closed for the moment", AWAY)


HANDLERS: dict[int | type[Exception], Any] = {
    LoginNeededError: _ask_to_log_in,
    ForbiddenError: _forbid,
    ForgedError: _refuse_forged,
    HTTPException: _say,
    RequestValidationError: _say_misread,
    OperationalError: _say_away,
}
"""Plain functions, since they ask the database: they run in a thread, as FastAPI's type does not tell."""
