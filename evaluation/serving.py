"""How quick is the service: a real `plaincite serve`, asked over HTTP, from its command to its end."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np

from evaluation.errors import EvaluationError
from evaluation.report import Plain, Report
from service.settings import PREFIX

ANNOUNCES = "plaincite answers on "
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0


def evaluate_serving(questions: Sequence[str], *, starts: int, index: Path) -> Report:
    """Measures starts and answers of the service over an index that is there already.

    Args:
        questions: asked one after another over one connection; the first of them also ends each start.
        starts: how often the service is started; answers are measured on the last one.
        index: the folder of generations.

    Raises:
        EvaluationError: the service did not start, or did not answer.
    """
    seconds = []
    for _ in range(starts):
        begun = time.perf_counter()
        with running(index) as service:
            ask(service.connection, questions[0])
            seconds.append(time.perf_counter() - begun)
            milliseconds = list(_timed(service.connection, questions))
            memory = memory_of(service.process.pid)
    settings: dict[str, Plain] = {"index": str(index), "starts": starts, "cores": os.cpu_count()}
    return Report(
        title="Serving: from the command to the first answer, and POST /api/answers",
        measures={
            "command to first answer, s, median": float(np.median(seconds)),
            "command to first answer, s, worst": max(seconds),
            "memory after all answers, MB": memory,
        },
        counts={"starts": starts, "questions": len(questions)},
        settings=settings,
        timings={f"answer p{q} ms": float(np.percentile(milliseconds, q)) for q in (50, 95)},
    )


class Service(NamedTuple):
    """A running `plaincite serve`: its address without a slash at the end, and a connection to it."""

    process: "subprocess.Popen[str]"
    connection: HTTPConnection
    address: str


@contextmanager
def running(index: Path, **settings: str) -> Iterator[Service]:
    """Starts the service on a free port, and ends it.

    Args:
        index: the folder of generations.
        settings: further ones, such as ORIGINS="http://localhost:8123".

    Raises:
        EvaluationError: it did not start.
    """
    command = [sys.executable, "-m", "plaincite", "serve", "--port", "0"]
    # All questions come from one address, and quicker than a person asks.
    free = {"RATE": "off", "RATE_OVERALL": "off"}
    folder = tempfile.TemporaryDirectory()  # the desks' figures are those of people, not of measurements
    own = {"DATABASE": f"sqlite:///{folder.name}/plaincite.db"}
    given = {"INDEX": str(index), "LOG_LEVEL": "error", **free, **own, **settings}
    environment = os.environ | {f"{PREFIX}{name}": value for name, value in given.items()}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith(ANNOUNCES):
            raise EvaluationError("the service did not start; run: plaincite serve")
        address = line.removeprefix(ANNOUNCES).strip()
        at = urlsplit(address)
        with closing(HTTPConnection(at.hostname or "", at.port, timeout=60)) as connection:
            yield Service(process, connection, address)
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()
        folder.cleanup()


def _timed(connection: HTTPConnection, questions: Sequence[str]) -> Iterator[float]:
    for question in questions:
        begun = time.perf_counter()
        ask(connection, question)
        yield (time.perf_counter() - begun) * 1000


def ask(connection: HTTPConnection, question: str) -> None:
    """Asks over HTTP.

    Raises:
        EvaluationError: there is no answer.
    """
    body = json.dumps({"question": question})
    connection.request("POST", "/api/answers", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    response.read()
    if response.status != 200:  # noqa: PLR2004  # HTTP's own number
        raise EvaluationError(f"the service answered with status {response.status}")


def memory_of(pid: int) -> float | None:
    """Resident memory of a process in MB; None where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * PAGE / 1e6
