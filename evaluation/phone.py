"""How long does a patient on a slow phone wait: a real service, asked on its page and through the widget."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from evaluation.handset import HEIGHT, NETWORKS, WIDTH, Waited, ask_on, open_browser
from evaluation.report import Plain, Report
from evaluation.serving import ask, running

GOAL = 1000
"""Milliseconds in which the first answer should be visible."""

SLOWDOWN = 4
"""How many times slower than this machine the phone computes; Lighthouse's figure for a mid-range phone."""

HOST_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A clinic</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="{server}/ask.js" crossorigin="anonymous" defer></script></head>
<body><main><h1>A clinic</h1><plaincite-ask></plaincite-ask></main></body></html>"""


def evaluate_phone(
    questions: Sequence[str], networks: Sequence[str], *, index: Path, progress: Callable[[], object]
) -> Report:
    """Asks each question on each network, on a fresh phone, on the service's page and on another site's.

    Args:
        questions: asked one after another; all should have an answer of some kind.
        networks: names in NETWORKS; the goal is for the first one.
        index: the folder of generations.
        progress: called after each question.

    Raises:
        EvaluationError: the service or the browser did not start, or showed no answer.
    """
    rows, visible = [], {}
    with _host() as host, running(index, ORIGINS=host.address) as service, open_browser() as browser:
        host.server = service.address
        ask(service.connection, questions[0])  # warm: who comes first after a start is another matter
        for network in networks:
            for place, address in (("widget", host.address), ("page", service.address)):
                waited = []
                for question in questions:
                    waited.append(ask_on(browser, address, question, NETWORKS[network], slowdown=SLOWDOWN))
                    progress()
                rows.append({"place": place, "network": network, **_row(waited)})
                visible[f"{place}, {network}: press to answer visible, ms, median"] = _median(
                    [one.shown for one in waited]
                )
    settings: dict[str, Plain] = {
        "index": str(index),
        "goal ms": GOAL,
        "slowdown": SLOWDOWN,
        "screen": f"{WIDTH}x{HEIGHT}",
        "cores": os.cpu_count(),
    }
    settings |= {f"network {name}": _conditions(name) for name in networks}
    return Report(
        title="A slow phone: from the press of the button to the first answer visible",
        measures=visible,
        counts={"questions": len(questions)},
        settings=settings,
        rows=rows,
    )


def _row(waited: Sequence[Waited]) -> dict[str, Plain]:
    """Medians over the questions, in milliseconds and kilobytes; the worst wait; what is counted."""
    shown = [one.shown for one in waited]
    after = [one.shown - one.before - one.wire for one in waited]
    return {
        "ready": round(_median([one.ready for one in waited])),
        "visible": round(_median(shown)),
        "worst": round(max(shown)),
        "press to request": round(_median([one.before for one in waited])),
        "request to last byte": round(_median([one.wire for one in waited])),
        "last byte to visible": round(_median(after)),
        "in view": sum(one.in_view is not None for one in waited),
        "page kB": round(_median([one.page_bytes for one in waited]) / 1000, 1),
        "answer kB": round(_median([one.answer_bytes for one in waited]) / 1000, 1),
        "requests": round(_median([one.requests for one in waited])),
        "new connections": sum(one.connections for one in waited),
    }


def _median(values: Sequence[float]) -> float:
    return float(np.median(values))


def _conditions(name: str) -> str:
    network = NETWORKS[name]
    return f"{network.latency:g} ms, {network.down:g} kbit/s down, {network.up:g} kbit/s up"


class _Host(ThreadingHTTPServer):
    """Another site, with the widget on its only page."""

    server = ""

    @property
    def address(self) -> str:
        """Its origin."""
        return f"http://localhost:{self.server_address[1]}"


class _Page(BaseHTTPRequestHandler):
    server: _Host

    def do_GET(self) -> None:
        body = HOST_PAGE.format(server=self.server.server).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def _host() -> Iterator[_Host]:
    with _Host(("localhost", 0), _Page) as host:
        thread = threading.Thread(target=host.serve_forever, daemon=True)
        thread.start()
        try:
            yield host
        finally:
            host.shutdown()
            thread.join()
