"""Opening the desks: the database, who listens to the journal, what is done by the hour, the app."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fastapi import APIRouter

from service.accounts.sessions import signing_secret
from service.desks.app import create_desks
from service.desks.desks import Desks
from service.desks.entrance import Opened
from service.figures import Figures
from service.journal import Journal, Listener
from service.storage.database import Database

if TYPE_CHECKING:
    from service.live import Live
    from service.settings import Settings

HOUR = 3600.0

logger = logging.getLogger("plaincite.desks")


def open_desks(
    settings: "Settings", live: "Live", journal: Journal, routers: Sequence[APIRouter] = ()
) -> Opened:
    """Opens the desks.

    Args:
        settings: the operator's.
        live: the library that is answered from.
        journal: what the public side tells.
        routers: routes of other rooms.

    Raises:
        DatabaseError: the database cannot be used.
    """
    database = Database.open(settings.database)
    with database.begin() as connection:
        secret = signing_secret(connection)
    desks = Desks(database, live, settings, secret, journal)
    figures = Figures(database)
    journal.start([figures, *_listeners(desks)])
    stop = threading.Event()
    threading.Thread(target=_by_the_hour, args=(_chores(desks), stop), name="chores", daemon=True).start()

    def close() -> None:
        stop.set()
        journal.stop()
        figures.write()
        database.close()

    return Opened(create_desks(desks, routers), close)


def _listeners(desks: Desks) -> list[Listener]:
    """Who is told what the public side does, beside the figures."""
    return []


def _chores(desks: Desks) -> list[Callable[[], object]]:
    """What is done at the start and once an hour."""
    return []


def _by_the_hour(chores: Sequence[Callable[[], object]], stop: threading.Event) -> None:
    while True:
        for chore in chores:
            try:
                chore()
            except Exception as error:
                logger.warning("chore failed", extra={"error": type(error).__name__})
        if stop.wait(HOUR):
            return
