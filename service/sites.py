"""Sites: whose pages may ask through the widget, each with a public id where the operator gave it one.

An id is no secret and opens nothing: it stands in the page for everybody to read. It tells sites apart in the
log, and a page can only use the id of its own site.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

ORIGIN = re.compile(r"(https?)://([a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?")
SITE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
USUAL_PORTS = {"https": 443, "http": 80}
LAST_PORT = 65535

NO_SUCH_SITE = (
    "This page gives the id of a site that is not known here. PLAINCITE_SITES has the ids and origins."
)
NOT_ITS_SITE = (
    "This page gives the id of a site that it does not belong to. PLAINCITE_SITES has their origins."
)


class SiteError(ValueError):
    """A page gives an id that is not its own; the text says so to whoever put the widget there."""


def clean_origin(given: str) -> str:
    """An origin as browsers send it: scheme, host in lower case, port only where it is unusual.

    Raises:
        ValueError: it is none.
    """
    found = ORIGIN.fullmatch(given.lower())
    if not found or not 0 < int(found[3] or 1) <= LAST_PORT:
        hint = _in_ascii(given)
        raise ValueError(
            f"{given} is no origin; write each as https://example.org, without a path, a last slash or a *"
            + (f"; browsers send {hint}" if hint else "")
        )
    scheme, host, port = found.groups()
    return (
        f"{scheme}://{host}" if not port or int(port) == USUAL_PORTS[scheme] else f"{scheme}://{host}:{port}"
    )


def _in_ascii(given: str) -> str:
    """The origin as browsers write one with other letters; empty where that is not what is wrong."""
    scheme, _, host = given.lower().partition("://")
    try:
        origin = f"{scheme}://{host.encode('idna').decode('ascii')}"
    except UnicodeError:
        return ""
    return origin if not given.isascii() and ORIGIN.fullmatch(origin) else ""


@dataclass(frozen=True, slots=True)
class Sites:
    """Whose pages may ask.

    Attributes:
        origins: the origins of all of them.
        by_id: the origins of each site that has an id.
    """

    origins: frozenset[str]
    by_id: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, origins: Iterable[str], by_id: Mapping[str, Iterable[str]]) -> Self:
        """The sites of the settings; an origin of a site with an id need not be listed twice."""
        named = {site: frozenset(own) for site, own in by_id.items()}
        return cls(frozenset(origins).union(*named.values()), named)

    def asking(self, given: str, origin: str | None) -> str | None:
        """The id of the site that asks, None where it has none.

        Args:
            given: the id that came with the question; empty where none did.
            origin: the page's origin; None where no page elsewhere asks.

        Raises:
            SiteError: there is no such site, or the page does not belong to it.
        """
        if not given:
            return next((site for site, own in self.by_id.items() if origin in own), None)
        if given not in self.by_id:
            raise SiteError(NO_SUCH_SITE)
        if origin is not None and origin not in self.by_id[given]:
            raise SiteError(NOT_ITS_SITE)
        return given
