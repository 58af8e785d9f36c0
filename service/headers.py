"""The headers that keep a browser from doing what the service never asked for."""

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

SCRIPT = "/ask.js"
"""The widget's script: the one file that pages elsewhere load."""

FOR_ALL = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
"""Any page may load the script: on one that may not ask, it says so. All get the same headers, whether they
name an origin or not, so that no cache hands one page what another one was sent."""

ANSWERING = frozenset({"/ask", "/fragment", "/feedback", "/api/answers"})
"""What answers a question: no business of search engines, for a question may be personal."""


class SecurityHeaders:
    """ASGI middleware: puts the headers on every response that did not set them itself."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def add(message: "Message") -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in headers_for(scope["path"]).items():
                    headers.setdefault(name, value)
                _weaken_tag(headers)
            await send(message)

        await self.app(scope, receive, add)


def headers_for(path: str) -> dict[str, str]:
    """The headers of a response from that path.

    Static files and the widget's script are kept by browsers, but checked for a newer one (by ETag)
    before each use, so that a page and its script are always of the same version; the script's route says
    otherwise where a page names a version. Nothing else is kept. Strict-Transport-Security is for the proxy
    that ends TLS to say: this process speaks plain http, and cannot know whether https works.
    """
    if path == SCRIPT:
        return ALWAYS | FOR_ALL | {"Cache-Control": "no-cache"}
    is_kept = path.startswith("/static/")
    unlisted = {"X-Robots-Tag": "noindex"} if path in ANSWERING else {}
    return (
        ALWAYS
        | unlisted
        | {
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-cache" if is_kept else "no-store",
        }
    )


def _weaken_tag(headers: MutableHeaders) -> None:
    """Says of a compressed file that its ETag names the content, not these bytes (RFC 9110, 8.8.1)."""
    if "content-encoding" in headers and headers.get("etag", "").startswith('"'):
        headers["etag"] = f"W/{headers['etag']}"
