"""The desks' app: their routes, and the rules that hold for every response of theirs."""

from collections.abc import Sequence

from fastapi import Depends, FastAPI
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from service.accounts.sessions import COOKIE, session_key
from service.app import NO_TELEMETRY, WORTH_COMPRESSING, BodyLimit, LastResort
from service.desks import (
    account,
    accounts,
    audit,
    checks,
    figures,
    inspector,
    known,
    login,
    queue,
    releases,
    retractions,
    shelf,
    shelf_editor,
    shelf_release,
    sign_on,
)
from service.desks.desks import Desks, OtherDesk
from service.desks.guard import (
    check_login,
    check_token,
)
from service.desks.pages import open_templates
from service.desks.refusals import HANDLERS, tell_crash
from service.headers import SecurityHeaders
from service.logs import RequestLog

MAX_UPLOAD = 160 * 1024 * 1024
"""Bytes of a request's body: run files and exports of registers are uploaded here."""

MAX_LOGIN = 16 * 1024
"""Bytes of a request's body before a login."""

PARTS = (
    login,
    sign_on,
    account,
    accounts,
    audit,
    figures,
    inspector,
    queue,
    checks,
    retractions,
    known,
    shelf,
    shelf_editor,
    shelf_release,
    releases,
)
"""The desks of this room; the first route that fits an address answers."""


def create_desks(desks: Desks, others: Sequence[OtherDesk] = ()) -> FastAPI:
    """The desks as an app.

    Args:
        desks: what they work with.
        others: those that other rooms bring.
    """
    app = FastAPI(
        title="plaincite desks",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=NO_TELEMETRY,
        redirect_slashes=False,
        dependencies=[Depends(check_login), Depends(check_token)],
        middleware=[
            Middleware(RequestLog),
            Middleware(SecurityHeaders),
            Middleware(GZipMiddleware, minimum_size=WORTH_COMPRESSING),
            Middleware(LastResort, tell=tell_crash),
            Middleware(UploadLimit, secret=desks.secret),
        ],
        exception_handlers=HANDLERS,
    )
    app.state.desks = desks
    app.state.templates = open_templates([each.templates for each in others])
    for part in PARTS:
        app.include_router(part.router)
    for each in others:
        app.include_router(each.router)
    return app


class UploadLimit:
    """ASGI middleware: reads long bodies of those alone whose cookie was signed here.

    A form is read before anybody can ask the database whether their session still lasts.
    """

    def __init__(self, app: ASGIApp, secret: bytes) -> None:
        self.members = BodyLimit(app, most=MAX_UPLOAD)
        self.strangers = BodyLimit(app, most=MAX_LOGIN)
        self.secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        cookie = cookie_parser(Headers(scope=scope).get("cookie", "")).get(COOKIE, "")
        app = self.members if session_key(cookie, self.secret) else self.strangers
        await app(scope, receive, send)
