"""Logs: one JSON line an event, one line a request, and never a word of a question.

What a person asks stays out of every line: requests are told by their route, errors by their type and
place, and what other libraries have to say only by where they said it.
"""

import logging
import sys
import time
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

OWN = ("plaincite", "uvicorn.error")
"""Loggers whose messages are known to hold no request."""

logger = logging.getLogger("plaincite.requests")

_noted: ContextVar[dict[str, Any]] = ContextVar("noted")


class JsonLines(JsonFormatter):
    """A record as one line of JSON, without anything that a request may have brought along."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger", "message": "event", "exc_info": "trace"},
            reserved_attrs=[*RESERVED_ATTRS, "color_message"],
            timestamp="time",
        )

    def format(self, record: logging.LogRecord) -> str:
        """The line; of a library's own record only its place is kept."""
        if not any(record.name == name or record.name.startswith(f"{name}.") for name in OWN):
            place = f"{record.module}:{record.lineno}"
            kept = {
                key: getattr(record, key) for key in ("name", "levelname", "levelno", "created", "exc_info")
            }
            record = logging.makeLogRecord({**kept, "msg": place})
        record.exc_text = None  # another handler may have kept the exception's own text there
        return super().format(record)

    def formatException(self, ei: Any) -> list[str]:  # type: ignore[override]  # noqa: N802
        """The types of an error and of its causes, each with its places; their texts may quote a question."""
        return list(_places(ei[1]))


def _places(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        for frame in traceback.extract_tb(error.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def configure_logging(level: str) -> None:
    """Sends every log of the process to stderr as JSON lines.

    Args:
        level: debug, info, warning or error, for plaincite's own logs; those of libraries start at
            warning, since their details quote what they work on.
    """
    wanted = logging.getLevelNamesMapping()[level.upper()]
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(max(wanted, logging.WARNING))
    logging.getLogger("plaincite").setLevel(wanted)
    logging.getLogger("uvicorn.error").setLevel(max(wanted, logging.INFO))
    logging.captureWarnings(capture=True)  # a warning's text may quote a value


def note(**fields: Any) -> None:
    """Adds fields to the line of the request at hand; outside of a request it does nothing."""
    fields_so_far = _noted.get(None)
    if fields_so_far is not None:
        fields_so_far.update(fields)


class RequestLog:
    """ASGI middleware: one line a request: method, route, status, milliseconds, and what was noted."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Passes the request on and logs how it ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        noted: dict[str, Any] = {"status": None}

        async def watch(message: "Message") -> None:
            if message["type"] == "http.response.start":
                noted["status"] = message["status"]
            await send(message)

        token = _noted.set(noted)
        try:
            await self.app(scope, receive, watch)
        finally:
            _noted.reset(token)
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            fields = {"method": _method(scope), "route": route_of(scope), "milliseconds": milliseconds}
            failed = noted["status"] is None or noted["status"] >= 500  # noqa: PLR2004  # HTTP server errors
            logger.log(logging.ERROR if failed else logging.INFO, "request", extra=fields | noted)


def _method(scope: "Scope") -> str:
    """The method, where it is a known one: a client may write anything there."""
    method = str(scope["method"])
    return method if method in METHODS else "other"


def route_of(scope: "Scope") -> str:
    """The route's template, never the path: that may hold anything."""
    mounted = scope.get("root_path") or "unmatched"
    return str(getattr(scope.get("route"), "path", mounted))
