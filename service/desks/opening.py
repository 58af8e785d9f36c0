"""Opening the desks: the database, who listens to the journal, what is done by the hour, the app."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from service.accounts.sessions import signing_secret
from service.desks.app import create_desks
from service.desks.checks import open_checks
from service.desks.desks import Desks, OtherDesk
from service.desks.entrance import Opened
from service.desks.workshop import open_workshop
from service.figures import Figures
from service.journal import Journal, Listener
from service.keeping import Keeping
from service.purging import purge
from service.storage.database import Database

if TYPE_CHECKING:
    from service.live import Live
    from service.settings import Settings

HOUR = 3600.0

logger = logging.getLogger("plaincite.desks")


def open_desks(
    settings: "Settings", live: "Live", journal: Journal, others: Sequence[OtherDesk] = ()
) -> Opened:
    """Opens the desks.

    Args:
        settings: the operator's.
        live: the library that is answered from.
        journal: what the public side tells.
        others: desks that other rooms bring.

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

    app = create_desks(desks, others)
    workshop, checks = open_workshop(app), open_checks(app)

    def close() -> None:
        stop.set()
        checks.rounds.stop()
        workshop.press.close()
        journal.stop()
        figures.write()
        database.close()

    return Opened(app, close)


def _listeners(desks: Desks) -> list[Listener]:
    """Who is told what the public side does, beside the figures."""
    return [Keeping(desks.database, desks.live)] if desks.settings.keep_questions else []


def _chores(desks: Desks) -> list[Callable[[], object]]:
    """What is done at the start and once an hour."""
    return [lambda: purge(desks.database, desks.now(), desks.settings.keep_questions)]


def _by_the_hour(chores: Sequence[Callable[[], object]], stop: threading.Event) -> None:
    while True:
        for chore in chores:
            try:
                chore()
            except Exception as error:
                logger.warning("chore failed", extra={"error": type(error).__name__})
        if stop.wait(HOUR):
            return
