"""Link check: do the links of the library still lead anywhere? Asked over the network, slowly and politely.

Only where the operator allows outgoing requests. A publisher that turns automatic requests away tells nothing
about its page, so that is never called a dead link. No address within the operator's own network is asked,
however a link or a redirect names it.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from itertools import groupby
from typing import NamedTuple

import httpx

AT_ONCE = 4
"""Links that are asked for at the same time, each of another host."""

PAUSE = 1.0
"""Seconds between two links of one host."""

PATIENCE = 30.0
"""Seconds for a link, redirects included."""

MOST_REDIRECTS = 10
PORTS = {"http": 80, "https": 443}
GONE = frozenset({404, 410})
BUSY = frozenset({429, 503})
SLOWER = 10.0
"""How many times as long the pause is after a host has said that it is asked too often."""


class Outcome(StrEnum):
    """What asking for a link showed."""

    answers = "answers"
    gone = "gone"
    untold = "untold"
    unreached = "unreached"
    inside = "inside"


@dataclass(frozen=True, slots=True)
class LinkResult:
    """What became of one link.

    Attributes:
        address: the link as the summary has it.
        outcome: what it showed.
        status: the HTTP status of the last answer; None where there was none.
        detail: what happened, in words for staff.
        checked: when.
    """

    address: str
    outcome: Outcome
    status: int | None
    detail: str
    checked: datetime


class InsideError(httpx.TransportError):
    """A host whose address belongs to no public network."""


class _Answer(NamedTuple):
    status: int
    host: str


Allow = Callable[[str], bool]
"""Whether an IP address may be asked."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet: not this machine, not a network of its operator's.

    Addresses of version 6 that carry one of version 4 are judged by that.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        carried = found.ipv4_mapped or found.sixtofour or _translated(found)
        if carried:
            found = carried
    return found.is_global and not found.is_multicast and not found.is_reserved


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The address that a gateway between both versions would ask (NAT64, RFC 6052)."""
    if address in ipaddress.IPv6Network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


class PublicTransport(httpx.AsyncBaseTransport):
    """Resolves each host itself, refuses those that are not public, and asks the very address it looked at.

    Looking a name up twice would let a hostile name server answer the second time with an internal address.
    """

    def __init__(self, allow: Allow = is_public) -> None:
        self._allow = allow
        # No connection is kept: two hosts at one address would share it.
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(trust_env=False, limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request to the address that its host has now.

        Raises:
            InsideError: that is no public one.
            httpx.ConnectError: there is no such host.
            httpx.UnsupportedProtocol: a redirect left the web.
        """
        host = request.url.host
        address = await self._resolve(
            host, request.url.port or (443 if request.url.scheme == "https" else 80)
        )
        asked = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.raw_host.decode("ascii")},
        )
        return await self._inner.handle_async_request(asked)

    async def aclose(self) -> None:
        """Closes what is open."""
        await self._inner.aclose()

    async def _resolve(self, host: str, port: int) -> str:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"there is no host {host}") from error
        addresses = [str(place[0]) for *_, place in found]
        # One internal address among public ones is reason enough to stay away.
        if not addresses or not all(map(self._allow, addresses)):
            raise InsideError(f"{host} is not on the public internet")
        return addresses[0]


def user_agent(contact: str) -> str:
    """What we call ourselves, with where the operator can be reached."""
    reachable = f"; {contact}" if contact and contact.isascii() and contact.isprintable() else ""
    return f"plaincite/{version('plaincite')} (link check{reachable})"


class LinkChecker:
    """Asks for links.

    Args:
        agent: what it calls itself.
        allow: which IP addresses may be asked.
        pause: seconds between two links of one host.
        patience: seconds for a link.
    """

    def __init__(
        self,
        agent: str,
        *,
        allow: Allow = is_public,
        pause: float = PAUSE,
        patience: float = PATIENCE,
    ) -> None:
        self._agent = agent
        self._allow = allow
        self._pause = pause
        self._patience = patience

    async def check(self, links: Iterable[str], told: Callable[[LinkResult], None]) -> None:
        """Asks for links, those of one host one after another.

        Args:
            links: addresses as summaries have them.
            told: takes each result as it comes.
        """
        ordered = sorted(set(links), key=lambda link: (_host(link), link))
        free = asyncio.Semaphore(AT_ONCE)
        async with self._client() as client, asyncio.TaskGroup() as tasks:
            for _, group in groupby(ordered, key=_host):
                tasks.create_task(self._check_host(client, list(group), free, told))

    async def _check_host(
        self,
        client: httpx.AsyncClient,
        links: list[str],
        free: asyncio.Semaphore,
        told: Callable[[LinkResult], None],
    ) -> None:
        async with free:
            for number, link in enumerate(links):
                result = await self._check_link(client, link)
                told(result)
                if number + 1 < len(links):
                    await asyncio.sleep(self._pause * (SLOWER if result.status in BUSY else 1))

    async def _check_link(self, client: httpx.AsyncClient, link: str) -> LinkResult:
        status: int | None = None
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._ask(client, "HEAD", link)
                if answer.status >= 400:  # noqa: PLR2004  # HTTP
                    # Servers that do not care for HEAD answer anything to it; GET is what a reader sends.
                    answer = await self._ask(client, "GET", link)
            status = answer.status
            outcome, detail = _judge(link, answer)
        except InsideError:
            outcome, detail = Outcome.inside, "It leads into an internal network, so it was not asked."
        except httpx.TooManyRedirects:
            outcome, detail = Outcome.untold, "It leads in a circle for whoever keeps no cookies."
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
            outcome, detail = Outcome.unreached, _reason(error)
        return LinkResult(link, outcome, status, detail, datetime.now(UTC))

    async def _ask(self, client: httpx.AsyncClient, method: str, link: str) -> _Answer:
        """The last answer, whose body is left unread."""
        async with client.stream(method, link) as response:
            return _Answer(response.status_code, response.url.host)

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=PublicTransport(self._allow),
            headers={"User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": "identity"},
            # A name and password in a link stay ours: nothing is sent that a reader would not send.
            auth=lambda request: request,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=True,
            max_redirects=MOST_REDIRECTS,
            timeout=self._patience,
            trust_env=False,
        )


def _judge(link: str, answer: _Answer) -> tuple[Outcome, str]:
    led = f" It led to {answer.host}." if answer.host != _host(link) else ""
    if answer.status < 400:  # noqa: PLR2004  # HTTP
        return Outcome.answers, f"It answers.{led}"
    if answer.status in GONE:
        return Outcome.gone, f"The page is not there any more ({answer.status}).{led}"
    if answer.status >= 500:  # noqa: PLR2004  # HTTP
        return Outcome.untold, f"The site has trouble just now ({answer.status}).{led} Check again later."
    return Outcome.untold, f"The site turned the check away ({answer.status}).{led} Look at it in a browser."


REASONS: Mapping[type[BaseException], str] = {
    TimeoutError: "There was no answer in time.",
    httpx.TimeoutException: "There was no answer in time.",
    ssl.SSLError: "The site's certificate is not valid.",
    httpx.UnsupportedProtocol: "It leads to something that is no web page.",
    httpx.InvalidURL: "It is no address that can be asked for.",
    httpx.ConnectError: "There is no such site, or it does not answer.",
}


def _reason(error: BaseException) -> str:
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    for kind, text in REASONS.items():
        if any(isinstance(one, kind) for one in causes):
            return text
    return "The connection broke off."


def _host(link: str) -> str:
    try:
        return httpx.URL(link).host
    except (httpx.InvalidURL, ValueError):
        return ""
