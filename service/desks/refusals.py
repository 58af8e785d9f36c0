"""Refusals: what somebody is told at a desk when something cannot be done, whatever stood in the way."""

import math
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from corpus.errors import LibraryError
from service.accounts.accounts import Member
from service.accounts.passwords import BusyError
from service.desks.guard import (
    UNCHANGING,
    ForbiddenError,
    ForgedError,
    HurriedError,
    LoginNeededError,
    member_of,
)
from service.desks.pages import desk_page
from service.problems import Problem

FORGED = (
    "This form was not sent from a page of your session, or the session has ended. Nothing was changed. "
    "Go back, load the page again and send it once more."
)
HURRIED = "There were too many attempts to log in from your address. Please try again in {minutes}."
BUSY = "Many people are logging in at this moment. Please try again in a few seconds."
BUSY_FOR = 10
"""Seconds after which to try again."""

AWAY = "The database of the desks cannot be reached at the moment; answers go on. Please try again soon."
CRASHED = "Something went wrong on our side. What you sent may not have been done: look before you repeat it."
MISREAD = "Something in this form or address cannot be read. Nothing was changed."
SAID = {404: "There is nothing at this address.", 405: "This address does not take that kind of request."}


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


def _say_hurried(request: Request, error: Exception) -> Response:
    seconds = error.seconds if isinstance(error, HurriedError) else BUSY_FOR
    minutes = math.ceil(seconds / 60)
    in_words = "a minute" if minutes == 1 else f"{minutes} minutes"
    response = said(request, 429, "Please wait", HURRIED.format(minutes=in_words))
    response.headers["Retry-After"] = str(seconds)
    return response


def _say_busy(request: Request, error: Exception) -> Response:  # noqa: ARG001
    response = said(request, 503, "Please wait", BUSY)
    response.headers["Retry-After"] = str(BUSY_FOR)
    return response


def _say_unreadable(request: Request, error: Exception) -> Response:
    return said(request, 503, "The library cannot be read", f"{error}.")


def _say_away(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return said(request, 503, "The desks are closed for the moment", AWAY)


def tell_crash(request: Request, problem: Problem) -> Response:
    """What nobody foresaw; the database is not asked, for it may be what failed."""
    text = f"{CRASHED} The log has it under {problem.error_id}."
    return desk_page(request, None, "said.html", title="This did not work", status=problem.status, text=text)


HANDLERS: dict[int | type[Exception], Any] = {
    LoginNeededError: _ask_to_log_in,
    ForbiddenError: _forbid,
    ForgedError: _refuse_forged,
    HTTPException: _say,
    RequestValidationError: _say_misread,
    OperationalError: _say_away,
    LibraryError: _say_unreadable,
    HurriedError: _say_hurried,
    BusyError: _say_busy,
}
"""Plain functions, since they ask the database: they run in a thread, as FastAPI's type does not tell."""
