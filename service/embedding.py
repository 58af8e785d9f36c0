"""Embedding: the lines that put the widget on somebody's page, and what stands in its way there."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from service.languages import ENGLISH, Language, fixed
from service.script import Script
from service.sites import Sites, clean_origin

LINK = fixed("Ask what the studies say")
"""What a page shows where the widget cannot run."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """How a page shows the widget.

    Attributes:
        server: the service's address, without a slash at its end.
        script: what it sends there.
        mode: "inline", or "floating".
        language: what the widget speaks; None for the page's own language.
        site: the site's public id; empty for none.
    """

    server: str
    script: Script
    mode: str = "inline"
    language: Language | None = None
    site: str = ""

    @property
    def script_line(self) -> str:
        """The script of one version, which the browser compares with its hash and keeps."""
        address = f"{self.server}/ask.js?v={self.script.version}"
        return (
            f'<script src="{escape(address)}" integrity="{self.script.integrity}" '
            'crossorigin="anonymous" defer></script>'
        )

    @property
    def newest_line(self) -> str:
        """The script of whichever version the service sends; asked for without cookies, as the other is."""
        return f'<script src="{escape(self.server)}/ask.js" crossorigin="anonymous" defer></script>'

    @property
    def element_line(self) -> str:
        """The place of the widget; the link in it stands there until, and unless, the script runs."""
        given = {
            "mode": self.mode if self.mode != "inline" else "",
            "language": self.language.code if self.language else "",
            "site": self.site,
        }
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in given.items() if value)
        query = f"/?language={self.language.code}" if self.language else "/"
        words = (self.language or ENGLISH).gettext(LINK)
        link = f'<a href="{escape(self.server + query)}">{escape(words)}</a>'
        return f"<plaincite-ask{attributes}>{link}</plaincite-ask>"

    @property
    def policy(self) -> str:
        """What the page's Content-Security-Policy needs beside what it has."""
        return f"script-src {self.server}; connect-src {self.server}"

    def told(self) -> str:
        """All of it, with what to do with each line."""
        return f"""Where the page should have the question box:

{self.script_line}
{self.element_line}

The browser takes this version of the widget and no other. When plaincite or its suggested questions
change, run this command again and renew the line; until then the page shows the link instead. This line
loads the newest version at any time, unchecked:

{self.newest_line}

If the page has a Content-Security-Policy, add the address to these parts of it:

{self.policy}

Styles, images, fonts and frames need nothing. Where it says require-trusted-types-for 'script', add also:

trusted-types plaincite
"""


def clean_server(given: str) -> str:
    """A service's address, without a slash at its end.

    Raises:
        ValueError: it is none, or has a path, below which the pages do not work.
    """
    try:
        return clean_origin(given.strip().removesuffix("/"))
    except ValueError:
        raise ValueError(
            f"{given} is no address of a service; write it as https://answers.example.org, without a path"
        ) from None


def own_address(host: str, port: int) -> str:
    """Where a service that listens there is found from the same machine."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not listened on
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def is_local(address: str) -> bool:
    """Whether an address is found on its own machine alone; browsers trust it there without TLS."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def obstacles(server: str, origin: str | None, sites: Sites, site: str) -> Iterator[str]:
    """What keeps a page from asking, a line each with what to do; nothing where it may ask.

    Args:
        server: the service's address.
        origin: the page's; None where it is not known.
        sites: whose pages may ask, by the settings.
        site: the id that the page gives; empty for none.
    """
    if origin and origin.startswith("https:") and server.startswith("http:") and not is_local(server):
        yield f"{origin} is https and {server} is not: browsers block that. Serve plaincite behind https."
    if site and site not in sites.by_id:
        own = origin or "https://clinic.example"
        yield f"There is no site {site}. Set, and restart the service: {_with_site(sites, site, own)}"
    elif origin and origin != server and origin not in (sites.by_id[site] if site else sites.origins):
        change = _with_site(sites, site, origin) if site else _with_origin(sites, origin)
        yield f"{origin} may not ask yet. Set, and restart the service: {change}"


def remarks(server: str, origin: str | None) -> Iterator[str]:
    """What is good to know of an address, a line each."""
    if is_local(server):
        yield f"{server} is found on this machine alone: for other people's pages, give --server."
    elif server.startswith("http:"):
        yield f"{server} is not https: questions can be read on the way, and pages with https cannot ask."
    if origin and origin.startswith("http:") and not is_local(origin):
        yield f"{origin} is not https: whoever is on the way can change the page and what it asks."


def _with_origin(sites: Sites, origin: str) -> str:
    named = frozenset[str]().union(*sites.by_id.values())
    return f"PLAINCITE_ORIGINS={','.join([*sorted(sites.origins - named), origin])}"


def _with_site(sites: Sites, site: str, origin: str) -> str:
    by_id = {name: sorted(own) for name, own in sites.by_id.items()}
    by_id[site] = [*by_id.get(site, []), origin]
    return "PLAINCITE_SITES='" + ";".join(f"{name}={' '.join(own)}" for name, own in by_id.items()) + "'"
