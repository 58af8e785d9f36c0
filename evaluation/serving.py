"""How quick is the service: a real `plaincite serve`, asked over HTTP, from its command to its end."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from evaluation.errors import EvaluationError
from evaluation.report import Plain, Report

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
        with _service(index) as (process, connection):
            _ask(connection, questions[0])
            seconds.append(time.perf_counter() - begun)
            milliseconds = list(_timed(connection, questions))
            memory = _memory(process.pid)
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


@contextmanager
def _service(index: Path) -> Iterator[tuple["subprocess.Popen[str]", HTTPConnection]]:
    command = [sys.executable, "-m", "plaincite", "serve", "--port", "0"]
    environment = os.environ | {"PLAINCITE_INDEX": str(index), "PLAINCITE_LOG_LEVEL": "error"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith(ANNOUNCES):
            raise EvaluationError("the service did not start; run: plaincite serve")
        address = urlsplit(line.removeprefix(ANNOUNCES).strip())
        with closing(HTTPConnection(address.hostname or "", address.port, timeout=60)) as connection:
            yield process, connection
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _timed(connection: HTTPConnection, questions: Sequence[str]) -> Iterator[float]:
    for question in questions:
        begun = time.perf_counter()
        _ask(connection, question)
        yield (time.perf_counter() - begun) * 1000


def _ask(connection: HTTPConnection, question: str) -> None:
    body = json.dumps({"question": question})
    connection.request("POST", "/api/answers", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    response.read()
    if response.status != 200:  # noqa: PLR2004  # HTTP's own number
        raise EvaluationError(f"the service answered with status {response.status}")


def _memory(pid: int) -> float | None:
    """Resident memory of a process in MB; None where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * PAGE / 1e6
