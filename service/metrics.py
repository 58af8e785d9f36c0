"""Metrics: what Prometheus scrapes, on an address of its own that the public never reaches.

They are counted as things happen, by a direct call that costs some microseconds, and not by the journal's
thread: that one may wait for a database, and this is where an operator looks when it does. Labels are few and
fixed: a route, a status, a class of the gate, never a word that somebody wrote.
"""

import socket
import threading
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import ThreadingWSGIServer, make_wsgi_app
from prometheus_client.registry import Collector

from service.answers import NoticeKind, Outcome
from service.feedback import Reason
from service.journal import Answered, Event, Journal
from service.latency import BOUNDS
from service.live import Live
from service.logs import route_of
from service.serving import ListeningError, listen
from service.settings import variable

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = "/metrics"
PATIENCE = 10.0
"""Seconds that a scrape may take to say what it wants."""


class Metrics:
    """Everything that is counted, in a registry of its own: nothing comes in that is not named here.

    Attributes:
        registry: what is scraped. Of the usual collectors only that of the process (memory, processor time,
            open files) is in it; those of the interpreter say nothing that an operator could act on.
    """

    def __init__(self, live: Live, journal: Journal) -> None:
        # A time beside each counter, which nothing reads.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._requests = self._counter("requests", "Requests, by route and status.", "route", "status")
        self._answers = self._counter("answers", "Questions, by how they ended.", "outcome")
        self._stopped = self._counter("stopped", "Questions that the gate stopped, by class.", "kind")
        self._notices = self._counter("notices", "Answers with a notice beside them, by class.", "kind")
        self._feedback = self._counter("feedback", "Feedback, by what was said.", "said")
        self._seconds = Histogram(
            "plaincite_answer_seconds",
            "How long answers took.",
            buckets=[bound / 1000 for bound in BOUNDS],
            registry=self.registry,
        )
        Info("plaincite_build", "The program.", registry=self.registry).info(
            {"version": version("plaincite")}
        )
        self.registry.register(_State(live, journal))
        ProcessCollector(registry=self.registry)
        self._begin_at_zero()

    def count(self, event: Event) -> None:
        """Counts an event of the journal."""
        if not isinstance(event, Answered):
            self._feedback.labels(event.feedback.reason or "helped").inc()
            return
        answer = event.answer
        self._answers.labels(answer.outcome).inc()
        self._seconds.observe(event.milliseconds / 1000)
        if answer.notice:
            counter = self._stopped if answer.outcome is Outcome.screened else self._notices
            counter.labels(answer.notice.kind).inc()

    def count_request(self, route: str, status: int) -> None:
        """Counts a request by its route's template and how it ended."""
        self._requests.labels(route, str(status)).inc()

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"plaincite_{name}", text, labels, registry=self.registry)

    def _begin_at_zero(self) -> None:
        """A series that appears with its first event hides that event from `rate` and `increase`."""
        for outcome in Outcome:
            self._answers.labels(outcome)
        for kind in NoticeKind:
            self._stopped.labels(kind)
            self._notices.labels(kind)
        for said in ("helped", *Reason):
            self._feedback.labels(said)


class _State(Collector):
    """What is asked for at each scrape instead of being counted."""

    def __init__(self, live: Live, journal: Journal) -> None:
        self._live = live
        self._journal = journal

    def collect(self) -> Iterator[Metric]:
        """The library that is answered from now, and the journal's queue."""
        library = self._live.library
        names = {"generation": library.generation, "corpus": library.corpus_version}
        yield InfoMetricFamily("plaincite_library", "What is answered from.", value=names)
        yield GaugeMetricFamily("plaincite_studies", "Studies answered from.", value=len(library.studies))
        waiting = "Events that wait to be written."
        yield GaugeMetricFamily("plaincite_journal_waiting", waiting, value=self._journal.waiting)
        dropped = "Events that could not be written."
        yield CounterMetricFamily("plaincite_journal_dropped", dropped, value=self._journal.dropped)


class CountRequests:
    """ASGI middleware: counts requests as their responses begin, so that who has one finds it counted."""

    def __init__(self, app: "ASGIApp", metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Passes the request on; one that ended without a response counts as an error of ours."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        counted = False

        async def watch(message: "Message") -> None:
            nonlocal counted
            if message["type"] == "http.response.start":
                counted = True
                self.metrics.count_request(route_of(scope), message["status"])
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            if not counted:
                self.metrics.count_request(route_of(scope), 500)


class MetricsServer:
    """A small listener of its own, in a thread.

    Attributes:
        address: where it listens, as host:port; useful where the port was 0.
    """

    def __init__(self, address: str, metrics: Metrics) -> None:
        """Begins to answer.

        Raises:
            ListeningError: it cannot listen there.
        """
        host, _, port = address.rpartition(":")
        try:
            listener = listen(host.strip("[]"), int(port))
        except ListeningError as error:
            raise ListeningError(f"{variable('metrics')}={address}: {error.__cause__ or error}") from error
        self.address = "{}:{}".format(*listener.getsockname()[:2])
        self._server = _Server(listener)
        self._server.set_app(_only_metrics(metrics.registry))
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(WSGIRequestHandler):
    timeout = PATIENCE

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name in the library
        """Says nothing: it would write what was asked for, which may be anything."""


class _Server(ThreadingWSGIServer):
    """Answers on a socket that listens already."""

    def __init__(self, listener: socket.socket) -> None:
        super().__init__(listener.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_name, self.server_port = (str(listener.getsockname()[0]), listener.getsockname()[1])
        self.setup_environ()


def _only_metrics(registry: CollectorRegistry) -> Any:
    """The library's own app answers on every path; this one on PATH alone."""
    metrics = make_wsgi_app(registry)

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == PATH:
            return metrics(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
        return [f"There is only {PATH} here.\n".encode()]

    return app
