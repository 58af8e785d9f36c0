"""Rates: how often one address, and all of them together, may ask; counted in memory alone.

An address is never stored and never logged. What is counted by is one of SLOTS numbers, made of the address
and of a key that ends with the process: it leads back to nobody, and memory has a bound whoever asks.
"""

import ipaddress
import logging
import math
import secrets
import time
from collections.abc import Iterator
from hashlib import blake2b

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.cross_origin import WIDGET_PATHS, Refuse
from service.languages import fixed
from service.logs import note
from service.problems import problem_of

LIMITED = WIDGET_PATHS | {"/ask"}
"""What costs something: asking, and what is written of an answer. Pages and files do not."""

SLOTS = 4096
"""Two people who share one share its count; with a few hundred of them that is rare, and seldom felt."""

EVERYBODY = "everybody"

WAITS = {
    60: fixed("There were too many questions at once. Please wait a minute and ask again."),
    600: fixed("There were too many questions. Please wait ten minutes and ask again."),
    3600: fixed("There were too many questions. Please wait an hour and ask again."),
}
"""What is said, by the seconds that a wait takes at most."""

LONG_WAIT = fixed("There were too many questions. Please come back tomorrow.")

logger = logging.getLogger("plaincite.rates")


class Rates:
    """Counts what is asked, by address and overall.

    Args:
        own: what one address may ask, as "30/minute;300/hour"; empty for no limit.
        overall: what all may ask together, written likewise.
    """

    def __init__(self, own: str, overall: str) -> None:
        self._own = _parse(own)
        self._overall = _parse(overall)
        self._counters = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._key = secrets.token_bytes(16)

    async def take(self, address: str) -> int:
        """Counts one question, unless there were too many.

        Returns:
            The seconds after which another one may be asked; 0 where this one may.
        """
        counted = list(self._counted(address))
        full = [(rate, key) for rate, key in counted if not await self._counters.test(rate, key)]
        if full:
            # What is refused counts nowhere: nobody can use up what all have together.
            resets = [(await self._counters.get_window_stats(rate, key)).reset_time for rate, key in full]
            return max(1, math.ceil(max(resets) - time.time()))
        for rate, key in counted:
            await self._counters.hit(rate, key)
        return 0

    def _counted(self, address: str) -> Iterator[tuple[RateLimitItem, str]]:
        digest = blake2b(network_of(address).encode(), key=self._key, digest_size=8).digest()
        slot = str(int.from_bytes(digest) % SLOTS)
        yield from ((rate, slot) for rate in self._own)
        yield from ((rate, EVERYBODY) for rate in self._overall)


def _parse(rate: str) -> list[RateLimitItem]:
    return parse_many(rate) if rate else []


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that an IPv6 connection usually has to itself.

    Anything else, such as the name that a proxy gave instead, counts as it is written.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.IPv6Address(int(found) >> 64 << 64))


def wait_in_words(seconds: int) -> str:
    """How long to wait, as a person is told."""
    return next((text for most, text in WAITS.items() if seconds <= most), LONG_WAIT)


class RateLimit:
    """ASGI middleware: asks who asks too often to wait, before their question is read."""

    def __init__(self, app: ASGIApp, rates: Rates, refuse: Refuse, *, behind_proxy: bool) -> None:
        self.app = app
        self.rates = rates
        self.refuse = refuse
        self._knows_visitors = behind_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or says when to come back."""
        if scope["type"] != "http" or scope["path"] not in LIMITED or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        self._warn_of_proxy(Headers(scope=scope))
        address, _ = scope.get("client") or ("", 0)
        seconds = await self.rates.take(address)
        if not seconds:
            await self.app(scope, receive, send)
            return
        note(route=scope["path"], refused="rate")
        problem = problem_of(429, wait_in_words(seconds), {"Retry-After": str(seconds)})
        await self.refuse(Request(scope), problem)(scope, receive, send)

    def _warn_of_proxy(self, headers: Headers) -> None:
        """Says once that visitors cannot be told apart, which is no fault of theirs."""
        if not self._knows_visitors and "x-forwarded-for" in headers:
            self._knows_visitors = True
            logger.warning(
                "requests come through a proxy that PLAINCITE_PROXIES does not name: all count as one visitor"
            )
