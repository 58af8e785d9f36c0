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

FOR_ALL = "/ask.js"
"""The widget's script: the one file that pages elsewhere load."""


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
            await send(message)

        await self.app(scope, receive, add)


def headers_for(path: str) -> dict[str, str]:
    """The headers of a response from that path.

    Static files and the widget's script are kept by browsers, but checked for a newer one (by ETag)
    before each use, so that a page and its script are always of the same version. Nothing else is kept.
    """
    is_kept = path.startswith("/static/") or path == FOR_ALL
    return ALWAYS | {
        "Cross-Origin-Resource-Policy": "cross-origin" if path == FOR_ALL else "same-origin",
        "Cache-Control": "no-cache" if is_kept else "no-store",
    }
