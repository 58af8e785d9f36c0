"""Desks: what every route of the desks works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fastapi import APIRouter, Request

from service.journal import Journal, now
from service.rates import Rates

if TYPE_CHECKING:
    from service.library import Library
    from service.live import Live
    from service.settings import Settings
    from service.storage.database import Database


LOGIN_RATE = "20/minute;200/hour"
"""How often one address may try to log in: enough for a whole ward, too little to try out passwords."""


class OtherDesk(NamedTuple):
    """A desk that another room brings.

    Attributes:
        router: its routes, each of which guards itself.
        templates: the folder of its pages.
    """

    router: APIRouter
    templates: Path


@dataclass(frozen=True, slots=True)
class Desks:
    """What the desks have.

    Attributes:
        database: where they keep what they must.
        live: the library that is answered from now.
        settings: the operator's.
        secret: what cookies and tokens are signed with.
        journal: what the public side tells.
        now: the clock.
        rates: how often one address may try to log in.
    """

    database: "Database"
    live: "Live"
    settings: "Settings"
    secret: bytes
    journal: Journal = field(default_factory=Journal)
    now: Callable[[], datetime] = now
    rates: Rates = field(default_factory=lambda: Rates(LOGIN_RATE, ""))

    @property
    def library(self) -> "Library":
        """The library that is answered from now."""
        return self.live.library


def state_of(request: Request) -> Desks:
    """What the desks have, from any of their routes."""
    desks: Desks = request.app.state.desks
    return desks
