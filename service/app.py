"""The app: routes, static files, and the rules that hold for every response."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import api, pages
from service.cross_origin import OpenPaths
from service.headers import SecurityHeaders
from service.journal import Journal
from service.library import Library, OverloadedError
from service.live import Live
from service.logs import RequestLog, note
from service.problems import MEDIA_TYPE, Problem, ProblemError, problem_of
from service.rates import RateLimit, Rates
from service.schemas import QuestionError
from service.sites import Sites

STATIC = Path(__file__).parent / "static"

MAX_BODY = 256 * 1024
"""Bytes of a request's body that are read: far more than the longest question, so that one that is much too
long (a pasted page) is still told its length (422), and little enough to hold."""

WORTH_COMPRESSING = 1000
"""Bytes of a response's body. (BREACH guesses a secret of a compressed page by putting text beside it and
watching the length. There is none here to be guessed: no cookie, no token, nothing of anybody else's; a page
holds what its own reader sent, and no other site can add to that. The tokens in forms of the desks are others
on every page.)"""

FOR_PROGRAMS = ("/api", "/healthz", "/readyz", "/fragment", "/static/", "/ask.js")
"""Where errors are problem details; elsewhere they are pages."""

FOR_BOTH = "/feedback"
"""Where a form gets a page, and the widget's script problem details."""

EXPLAINED = (HTTPException, RequestValidationError, ProblemError, QuestionError, OverloadedError)
"""Errors that say something to who asked; any other one is a fault of ours."""

NO_TELEMETRY = TelemetryConfig(
    tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False
)
"""FastAPI would hand request bodies and errors to any OpenTelemetry exporter that the environment names."""

logger = logging.getLogger("plaincite.app")


def create_app(
    library: Library,
    *,
    origins: Sequence[str] = (),
    sites: Mapping[str, Sequence[str]] | None = None,
    rate: str = "",
    rate_overall: str = "",
    behind_proxy: bool = False,
    journal: Journal | None = None,
) -> FastAPI:
    """The service over one library.

    Args:
        library: what questions are answered from.
        origins: whose pages may ask through the widget, each as https://example.org.
        sites: those that have a public id, by that id; their origins may ask as well.
        rate: how often one address may ask, as "30/minute;300/hour"; empty for no limit.
        rate_overall: how often all may ask together.
        behind_proxy: whether a proxy's word on who asks is taken, so that visitors can be told apart.
        journal: who is told of answers and feedback; None where nobody counts them.
    """
    known = Sites.of(origins, sites or {})
    app = FastAPI(
        title="plaincite",
        description="Plain questions answered with the cited sentences of medical study summaries.",
        version="1",
        # The usual documentation pages load scripts from other people's servers.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        telemetry=NO_TELEMETRY,
        middleware=[
            Middleware(RequestLog),
            Middleware(SecurityHeaders),
            Middleware(GZipMiddleware, minimum_size=WORTH_COMPRESSING),
            Middleware(OpenPaths, sites=known, refuse=respond),
            Middleware(LastResort, tell=respond),
            Middleware(RateLimit, rates=Rates(rate, rate_overall), refuse=respond, behind_proxy=behind_proxy),
            Middleware(BodyLimit),
        ],
        exception_handlers=dict.fromkeys(EXPLAINED, explain),
    )
    app.state.live = Live(library)
    app.state.journal = journal
    app.state.feedback = Counter()
    app.state.sites = known
    app.include_router(api.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def respond(request: Request, problem: Problem) -> Response:
    """The problem, as problem details for programs and as a page for people."""
    note(error_id=problem.error_id)
    path, accepted = request.url.path, request.headers.get("accept", "")
    is_no_browser = "text/html" not in accepted and ("json" in accepted or path == FOR_BOTH)
    if path.startswith(FOR_PROGRAMS) or is_no_browser:
        return Response(problem.body(), problem.status, headers=dict(problem.headers), media_type=MEDIA_TYPE)
    return pages.error_page(request, problem)


async def explain(request: Request, error: Exception) -> Response:
    """The response to one of the errors that are told to who asked."""
    return respond(request, _problem_of(error, request.headers.get("content-type", "")))


def _problem_of(error: Exception, content_type: str) -> Problem:
    match error:
        case ProblemError():
            return error.problem
        case QuestionError():
            return problem_of(422, str(error))
        case OverloadedError():
            return problem_of(503, headers={"Retry-After": str(error.retry_after)})
        case RequestValidationError():
            # Pydantic's own words quote the body, so only the kind of its error is used.
            is_json = error.errors()[0]["type"] != "json_invalid"
            return problem_of(415 if not _says_json(content_type) else 422 if is_json else 400)
        case HTTPException():
            return problem_of(error.status_code, headers=error.headers)
        case _:
            return problem_of(500)


def _says_json(content_type: str) -> bool:
    kind, _, subtype = content_type.partition(";")[0].strip().lower().partition("/")
    return kind == "application" and (subtype == "json" or subtype.endswith("+json"))


class LastResort:
    """ASGI middleware: whatever nobody caught becomes a plain sentence for people and a place in the log.

    Attributes:
        tell: makes the response of a problem.
    """

    def __init__(self, app: ASGIApp, tell: Callable[[Request, Problem], Response]) -> None:
        self.app = app
        self.tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; an error after the response began can only end the connection."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception:
            if started or scope["type"] != "http":
                raise
            problem = problem_of(500)
            logger.exception("crash", extra={"error_id": problem.error_id})
            await self.tell(Request(scope), problem)(scope, receive, send)


class BodyLimit:
    """ASGI middleware: stops reading a body at so many bytes, whether its length was announced or not."""

    def __init__(self, app: ASGIApp, most: int = MAX_BODY) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; whoever reads too far into its body gets an HTTPException of 413."""
        read = 0

        async def count() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.most:
                raise HTTPException(413)
            return message

        await self.app(scope, count, send)
