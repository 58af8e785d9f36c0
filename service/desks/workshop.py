"""Workshop: the press and the trials of the library desk; one of each for all who work at it."""

import threading
from typing import NamedTuple

from fastapi import FastAPI, Request

from service.desks.desks import Desks
from service.publishing.press import Press
from service.publishing.trial import Trials

_opening = threading.Lock()


class Workshop(NamedTuple):
    """What the library desk works with."""

    press: Press
    trials: Trials


def open_workshop(app: FastAPI) -> Workshop:
    """The workshop of the desks' app; made, and what was cut off put in order, at the first call."""
    with _opening:
        workshop: Workshop | None = getattr(app.state, "workshop", None)
        if workshop is None:
            desks: Desks = app.state.desks
            settings = desks.settings
            press = Press(desks.database, desks.live, settings.corpus, settings.index, desks.now)
            press.settle()
            workshop = app.state.workshop = Workshop(press, Trials(settings.index))
        return workshop


def workshop_of(request: Request) -> Workshop:
    """The workshop, from any route."""
    return open_workshop(request.app)
