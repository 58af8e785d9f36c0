"""Cross-origin: what pages of other origins may do here, and how they are refused the rest."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.logs import note
from service.problems import Problem, problem_of
from service.sites import Sites

WIDGET_PATHS = frozenset({"/api/answers", "/fragment", "/feedback"})
"""Where the pages of listed sites may send something, and no other page."""

PREFLIGHT_KEPT = 7200
"""Seconds for which a browser may remember what it may send; the longest that all of them keep to."""

Refuse = Callable[[Request, Problem], Response]
"""Makes the response to a problem."""


def foreign_origin(headers: Headers) -> str | None:
    """The origin of the page elsewhere that sent a request; None where a page of ours, or no page, sent it.

    Sec-Fetch-Site is the browser's own word, which no script can set. Browsers before 2023 leave it out, and
    all do over plain http: there the page's host is compared with the one that was asked. Schemes are not
    compared, since a proxy that ends TLS leaves us unaware of our own. (Go's http.CrossOriginProtection and
    https://words.filippo.io/csrf/ argue for the same order.)
    """
    origin = headers.get("origin")
    if origin is None:
        return None
    fetched_from = headers.get("sec-fetch-site")
    if fetched_from is None:
        host = origin.partition("://")[2]
        is_ours = host != "" and host == headers.get("host")
    else:
        is_ours = fetched_from in {"same-origin", "none"}
    return None if is_ours else origin


class OpenPaths:
    """ASGI middleware: lets pages of listed sites ask, and refuses others before their question is read.

    CORS alone would only keep the answer from a page that is not listed: the work would be done all the same.
    """

    def __init__(self, app: ASGIApp, sites: Sites, refuse: Refuse) -> None:
        self.app = app
        self.sites = sites
        self.refuse = refuse
        self.asking = CORSMiddleware(
            app,
            allow_origins=sites.origins,
            allow_methods=("POST",),
            expose_headers=("Retry-After",),
            max_age=PREFLIGHT_KEPT,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, with the headers of CORS where the path is open."""
        path = scope.get("path") if scope["type"] == "http" else None
        if path not in WIDGET_PATHS:
            await self.app(scope, receive, send)
        elif scope["method"] == "POST" and not self._may_ask(Headers(scope=scope)):
            note(route=path, refused="origin")
            # All may read the refusal: else the widget could not say why there is no answer.
            problem = problem_of(403, headers={"Access-Control-Allow-Origin": "*"})
            await self.refuse(Request(scope), problem)(scope, receive, send)
        else:
            await self.asking(scope, receive, send)

    def _may_ask(self, headers: Headers) -> bool:
        origin = foreign_origin(headers)
        return origin is None or origin in self.sites.origins
