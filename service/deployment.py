"""Deployment: a service that runs somewhere, looked at from outside, as a page that embeds it would."""

import ssl
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlsplit

from service.script import Script

PATIENCE = 10
"""Seconds that the service may take for each answer."""

LONGEST = 1_000_000
"""Bytes of an answer that are read; the script has far fewer."""

GONE = 410


class Reply(NamedTuple):
    """What the service answered; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def faults_of(server: str, script: Script, origin: str | None) -> Iterator[str]:
    """What is wrong with a running service, a line each; nothing where a page can embed it.

    No question is asked: the script is fetched, and leave to ask is asked for.

    Args:
        server: its address, without a slash at its end.
        script: the one that it should send.
        origin: the page's; None where only the script is looked at.
    """
    page = {"Origin": origin} if origin else {}
    leave = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    try:
        yield from _script_faults(server, script, _ask(server, "GET", f"/ask.js?v={script.version}", page))
        if origin and origin != server:
            reply = _ask(server, "OPTIONS", "/fragment", page | leave)
            if reply.headers.get("access-control-allow-origin") != origin:
                yield f"{server} does not let {origin} ask. Set PLAINCITE_ORIGINS there, and restart it."
    except ssl.SSLCertVerificationError as error:
        yield f"{server}: its certificate is not trusted: {error.verify_message}"
    except (OSError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        yield f"{server} cannot be reached: {reason}"


def _script_faults(server: str, script: Script, reply: Reply) -> Iterator[str]:
    if 300 <= reply.status < 400:  # noqa: PLR2004  # HTTP's redirections
        yield f"{server} leads on to {reply.headers.get('location', 'elsewhere')}: give that as --server."
    elif reply.status == GONE:
        yield f"{server} sends another version of the widget. Run plaincite embed on that machine."
    elif reply.status != 200:  # noqa: PLR2004  # HTTP's own number
        yield f"{server}/ask.js answers with status {reply.status}. Is this the address of plaincite?"
    elif Script.of(reply.body).integrity != script.integrity:
        yield f"{server} sends another script than this installation: something on the way changes it."
    elif reply.headers.get("access-control-allow-origin") != "*":
        yield f"{server}/ask.js comes without Access-Control-Allow-Origin: *. A proxy takes it away."


def _ask(server: str, method: str, path: str, headers: dict[str, str]) -> Reply:
    parts = urlsplit(server)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        given = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, given, response.read(LONGEST))
    finally:
        connection.close()
