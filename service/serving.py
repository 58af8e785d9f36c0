"""Serving: loads a library, listens, says so, and ends in good order."""

import errno
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from index.errors import DamagedIndexError, MissingIndexError, StaleIndexError
from service.headers import headers_for
from service.journal import Journal
from service.logs import configure_logging
from service.problems import MEDIA_TYPE, problem_of
from service.settings import Settings, variable

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from service.desks.desks import OtherDesk
    from service.desks.entrance import Entrance, Opened
    from service.library import Library
    from service.live import Live

LAST_WORDS = 7
"""Seconds that requests in flight may still take once the service is told to stop."""

KEPT_OPEN = 75
"""Seconds that an idle connection stays open: longer than proxies keep theirs (nginx: 60), so that none is
closed just as a question is sent over it; and people read an answer for a while before they ask again."""

UNREADABLE = "This is no request that can be read: its first line or its headers are malformed or too long."

logger = logging.getLogger("plaincite.serving")


class ListeningError(OSError):
    """The address cannot be listened on; the text is one line."""


def serve(
    settings: Settings, *, build: bool = False, others: "Callable[[], Sequence[OtherDesk]]" = tuple
) -> None:
    """Serves until it is told to stop (SIGTERM or SIGINT); then finishes what is in flight.

    Args:
        settings: what to serve and where.
        build: build the index first when it is missing, stale or damaged.
        others: brings the desks of other rooms; called once the public side answers.

    Raises:
        ListeningError: the port is in use, or the address is none of ours.
        CorpusError, PlainIndexError: there is nothing to answer from; the text says what to do.
        SystemExit: with 0 after a signal; with the build's own code where it failed.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    configure_logging(settings.log_level)
    # Listening comes first: who asks while the model is loaded waits a moment instead of being refused.
    with listen(settings.host, settings.port) as listener:
        library = _load(settings, build)
        from service.app import create_app  # noqa: PLC0415  # a missing index is told before this is loaded

        library.journal = journal = Journal(with_questions=bool(settings.keep_questions))
        app = create_app(
            library,
            journal=journal,
            origins=settings.origins,
            sites=settings.sites,
            rate=settings.rate,
            rate_overall=settings.rate_overall,
            behind_proxy=bool(settings.proxies),
        )
        entrance = _entrance(app, settings, journal, others)
        with _measured(entrance or app, settings.metrics, app.state.live, journal) as measured:
            server = Server(_config(measured, settings.proxies), _address(settings.host, listener), entrance)
            try:
                server.run(sockets=[listener])
            finally:
                if entrance:
                    entrance.close()


def _entrance(
    app: "FastAPI", settings: Settings, journal: Journal, others: "Callable[[], Sequence[OtherDesk]]"
) -> "Entrance | None":
    """What stands in front of the desks; None where the operator wants none."""
    if settings.database == "off":
        journal.start(())  # nothing of anybody's question waits in memory for desks that will not open
        return None
    from service.desks.entrance import Entrance  # noqa: PLC0415  # needs the public side, and comes after it

    def open_desks() -> "Opened":
        # What the desks are made of takes half a second to load; nobody who asks a question waits for it.
        from service.desks.opening import open_desks  # noqa: PLC0415

        return open_desks(settings, app.state.live, journal, others())

    return Entrance(app, open_desks)


@contextmanager
def _measured(app: "ASGIApp", address: str, live: "Live", journal: Journal) -> "Iterator[ASGIApp]":
    """The app, counted for Prometheus where the operator gave an address for that."""
    if not address:
        yield app
        return
    from service.metrics import CountRequests, Metrics, MetricsServer  # noqa: PLC0415  # seldom wanted

    metrics = Metrics(live, journal)
    journal.count = metrics.count
    with closing(MetricsServer(address, metrics)):
        yield CountRequests(app, metrics)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on an address.

    Raises:
        ListeningError: it cannot.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"port {port} on {host} is in use; stop what uses it, or choose another one with --port"
        else:
            reason = f"cannot listen on {host}, port {port}: {error.strerror}"
        raise ListeningError(reason) from error
    # Inherited by every connection. Without it an answer's body waits 40 ms for its head to be confirmed:
    # asyncio sees to this itself, but only on sockets that name their protocol, as create_server's do not.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class Server(uvicorn.Server):
    """Uvicorn, which says where it answers as soon as it does, and only then opens the desks."""

    def __init__(self, config: uvicorn.Config, address: str, entrance: "Entrance | None") -> None:
        super().__init__(config)
        self.address = address
        self.entrance = entrance

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to accept requests."""
        await super().startup(sockets)
        sys.stdout.write(f"plaincite answers on {self.address}\n")
        sys.stdout.flush()
        if self.entrance:
            self.entrance.open_soon()


class Protocol(H11Protocol):
    """HTTP/1.1, where a request that is none is answered as a problem like all others."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's words are for programmers
        """Answers and closes the connection, since nobody can tell where the next request would begin."""
        problem = problem_of(400, UNREADABLE)
        logger.warning("unreadable request", extra={"error_id": problem.error_id})
        headers = {"Content-Type": MEDIA_TYPE, "Connection": "close", **headers_for("")}
        start = h11.Response(status_code=400, headers=list(headers.items()), reason=problem.title.encode())
        for event in (start, h11.Data(data=problem.body()), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def _stop(number: int, frame: object) -> None:  # noqa: ARG001  # the shape of a signal handler
    # Uvicorn raises the signal once more when all is done; this makes it an ordinary end.
    raise SystemExit(0)


def _load(settings: Settings, build: bool) -> "Library":
    from service.library import Library  # noqa: PLC0415  # brings FAISS and onnxruntime along
    from service.publishing.switching import settle  # noqa: PLC0415  # the same

    settle(settings.corpus, settings.index)
    try:
        library = Library.open(settings)
    except (MissingIndexError, StaleIndexError, DamagedIndexError):
        if not build:
            raise
        _build(settings)
        library = Library.open(settings)
    library.check()  # also warms it up
    return library


def _build(settings: Settings) -> None:
    """Builds in a process of its own: torch, if the model has to be exported, never enters this one."""
    names = ("corpus", "index", "encoders", "model")
    given = {variable(name): str(getattr(settings, name)) for name in names}
    command = [sys.executable, "-c", "import plaincite; plaincite.main()", "index", "build"]
    # Stdout is for the address alone. The command is our own.
    built = subprocess.run(command, env=os.environ | given, stdout=sys.stderr, check=False)  # noqa: S603
    if built.returncode:
        raise SystemExit(built.returncode)


def _config(app: Any, proxies: Sequence[str]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,  # it would write addresses and whole URLs
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        server_header=False,
        timeout_keep_alive=KEPT_OPEN,
        timeout_graceful_shutdown=LAST_WORDS,
    )


def _address(host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
