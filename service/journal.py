"""Journal: what happened at the public side is told to who counts or keeps it, without anybody waiting."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from service.answers import Answer
    from service.feedback import Feedback

MOST_WAITING = 2000
"""Events that may wait to be written; further ones are dropped and counted: answers come first."""

MOST_AT_ONCE = 200
"""Events that a listener is handed together."""

GATHERING = 0.5
"""Seconds for which events are gathered: one transaction for all of them, since each waits for the disk and
takes time from the answers."""

logger = logging.getLogger("plaincite.journal")


@dataclass(frozen=True, slots=True)
class Answered:
    """A question was answered.

    Attributes:
        at: when.
        question: what was asked; empty unless the operator lets questions be kept.
        previous: the question before it, where one was sent along.
        answer: what was sent back.
        best: how sure the reader was of the best sentence, 0 to 1; None where nothing was read.
        milliseconds: how long it took.
    """

    at: datetime
    question: str
    previous: str | None
    answer: "Answer"
    best: float | None
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Rated:
    """Somebody said whether an answer helped."""

    at: datetime
    feedback: "Feedback"


Event = Answered | Rated


class Listener(Protocol):
    """Who is told."""

    def take(self, events: Sequence[Event]) -> None:
        """Takes events in the order in which they happened; may raise: the journal goes on."""
        ...


class Journal:
    """A bounded queue, and one thread that empties it.

    Attributes:
        with_questions: whether what was asked is passed on; else no question ever waits here.
        dropped: events that found no room, or that a listener failed on.
        count: is told of each event at once, by whoever tells it; some microseconds are all that it may take.
    """

    def __init__(self, *, with_questions: bool = False) -> None:
        self.with_questions = with_questions
        self.count: Callable[[Event], None] | None = None
        self.dropped = 0
        self._waiting: queue.Queue[Event | None] = queue.Queue(MOST_WAITING)
        self._listeners: tuple[Listener, ...] = ()
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """Events that listeners have not taken yet."""
        return self._waiting.unfinished_tasks

    def tell(self, event: Event) -> None:
        """Takes an event and returns at once; without room it is dropped and counted."""
        if isinstance(event, Answered) and not self.with_questions:
            event = replace(event, question="", previous=None)
        if self.count:
            self.count(event)
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            self.dropped += 1

    def start(self, listeners: Sequence[Listener]) -> None:
        """Begins to tell listeners, of what has been waiting first."""
        self._listeners = tuple(listeners)
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """Tells of what is waiting, then ends; gives up after so many seconds."""
        if self._thread:
            with suppress(queue.Full):
                self._waiting.put(None, timeout=patience)
            self._thread.join(patience)

    def _run(self) -> None:
        while True:
            events = self._next()
            told = [event for event in events if event is not None]
            for listener in self._listeners if told else ():
                self._hand(listener, told)
            for _ in events:
                self._waiting.task_done()
            if len(told) < len(events):
                return

    def _next(self) -> list[Event | None]:
        """What comes within a moment, at least one event; stops at the sign to end."""
        events = [self._waiting.get()]
        until = time.monotonic() + GATHERING
        while events[-1] is not None and len(events) < MOST_AT_ONCE:
            try:
                events.append(self._waiting.get(timeout=max(until - time.monotonic(), 0)))
            except queue.Empty:
                break
        return events

    def _hand(self, listener: Listener, events: Sequence[Event]) -> None:
        try:
            listener.take(events)
        except Exception as error:
            self.dropped += len(events)
            # Its text might quote an event, so that only its kind is told.
            logger.warning(
                "events lost",
                extra={
                    "count": len(events),
                    "listener": type(listener).__name__,
                    "error": type(error).__name__,
                },
            )


def now() -> datetime:
    """The time, as events have it."""
    return datetime.now(UTC)
