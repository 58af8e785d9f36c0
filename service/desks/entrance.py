"""Entrance: the desks' paths lead to the desks once they are open; everything else to the public side."""

import logging
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.app import respond
from service.problems import problem_of

PREFIXES = ("/login", "/logout", "/account", "/staff", "/evaluate")
"""The paths that are the desks': each of these and what is below it."""

RETRY_EVERY = 10.0
"""Seconds between two attempts to open desks that could not be opened, while somebody asks for them."""

CLOSED = "The desks are not open yet, or their database cannot be reached. Please try again in a moment."

logger = logging.getLogger("plaincite.desks")


class Opened(NamedTuple):
    """Desks that are open.

    Attributes:
        app: their app.
        close: ends what they have begun.
    """

    app: ASGIApp
    close: Callable[[], None]


class Entrance:
    """ASGI app in front of both sides. The desks are opened in a thread, after the public side answers."""

    def __init__(self, public: ASGIApp, open_desks: Callable[[], Opened]) -> None:
        self.public = public
        self._open_desks = open_desks
        self._opened: Opened | None = None
        self._opening = False
        self._tried = 0.0
        self._lock = threading.Lock()

    def open_soon(self) -> None:
        """Opens the desks in a thread; where that fails, the next request for them tries again."""
        with self._lock:
            # One attempt at a time, however long it takes: two would both migrate, and both listen.
            if self._opened or self._opening or time.monotonic() - self._tried < RETRY_EVERY:
                return
            self._opening, self._tried = True, time.monotonic()
        threading.Thread(target=self._open, name="desks", daemon=True).start()

    def close(self) -> None:
        """Ends what the desks have begun."""
        if self._opened:
            self._opened.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http" or not is_desk_path(scope["path"]):
            await self.public(scope, receive, send)
        elif self._opened:
            await self._opened.app(scope, receive, send)
        else:
            self.open_soon()
            problem = problem_of(503, CLOSED, headers={"Retry-After": "2"})
            await respond(Request({**scope, "app": self.public}), problem)(scope, receive, send)

    def _open(self) -> None:
        try:
            self._opened = self._open_desks()
        except Exception as error:
            # Our own error says what to do, and holds no password; of others the kind and the place are told.
            told = str(error) if type(error).__name__ == "DatabaseError" else type(error).__name__
            logger.exception("the desks could not be opened", extra={"reason": told})
        finally:
            self._opening = False


def is_desk_path(path: str) -> bool:
    """Whether a path is the desks'."""
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in PREFIXES)
