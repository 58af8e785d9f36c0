"""Crowd: several people who ask a service one question after another, and what they were answered."""

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urlsplit

PAGE_EVERY = 8
"""One request in so many is for a page instead of an answer: home, a study's, the widget's script."""

OK = 200


class Asked(NamedTuple):
    """One request.

    Attributes:
        began: on the clock of `time.perf_counter`.
        ended: the same.
        status: what HTTP says; 0 where there was no response.
        answer: as JSON gives it; empty for a page.
    """

    began: float
    ended: float
    status: int
    answer: Mapping[str, Any]

    @property
    def milliseconds(self) -> float:
        """How long it took."""
        return (self.ended - self.began) * 1000


@contextmanager
def asking(
    address: str, questions: Sequence[str], pages: Sequence[str], people: int
) -> Iterator[list[Asked]]:
    """Lets some people ask until the block is left.

    Args:
        address: the service's.
        questions: asked over and over, each person beginning at another one.
        pages: looked at now and then.
        people: how many, each on a connection of their own.

    Yields:
        What was asked so far; all of it once the block is left.
    """
    asked: list[Asked] = []
    stop = threading.Event()

    def ask(first: int) -> None:
        for number in count(first):
            if stop.is_set():
                return
            asked.append(_request(connections[first], questions, pages, number))

    at = urlsplit(address)
    connections = [HTTPConnection(at.hostname or "", at.port, timeout=60) for _ in range(people)]
    threads = [threading.Thread(target=ask, args=(person,)) for person in range(people)]
    for thread in threads:
        thread.start()
    try:
        yield asked
    finally:
        stop.set()
        for thread, connection in zip(threads, connections, strict=True):
            thread.join()
            connection.close()


def _request(
    connection: HTTPConnection, questions: Sequence[str], pages: Sequence[str], number: int
) -> Asked:
    began = time.perf_counter()
    try:
        if number % PAGE_EVERY == 0:
            connection.request("GET", pages[number // PAGE_EVERY % len(pages)])
        else:
            body = json.dumps({"question": questions[number % len(questions)]})
            connection.request("POST", "/api/answers", body, {"Content-Type": "application/json"})
        with closing(connection.getresponse()) as response:
            content = response.read()
            is_answer = number % PAGE_EVERY != 0 and response.status == OK
            answer = json.loads(content) if is_answer else {}
            return Asked(began, time.perf_counter(), response.status, answer)
    except (OSError, HTTPException, ValueError):
        connection.close()  # the next request opens it again
        return Asked(began, time.perf_counter(), 0, {})
