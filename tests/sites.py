"""Other people's sites with the widget on them, some of them unkind to it."""

from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

PAGE = """<!doctype html>
<html {root}><head><meta charset="utf-8"><title>A clinic</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{style}</style><script>{script}</script>
<script src="{server}/ask.js" crossorigin="anonymous" defer></script></head>
<body><main><h1>A clinic</h1><p>Words of the clinic's own.</p>
<plaincite-ask {attributes}>{within}</plaincite-ask></main></body></html>"""


POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' {server}; connect-src {server}"
)


class Site:
    """A site of another origin: an ASGI app with the pages that a test puts there.

    Attributes:
        server: the address of the widget's server, the only one that pages put up from now on may ask.
        within: HTML inside the element, for browsers that cannot run the widget.
    """

    def __init__(self) -> None:
        self.server = ""
        self.within = ""
        self._pages: dict[str, HTMLResponse] = {}

    def put(
        self, path: str, *, style: str = "", script: str = "", attributes: str = "", root: str = 'lang="en"'
    ) -> None:
        """Puts up a page with the widget, with style and script of the site's own."""
        given = {"style": style, "script": script, "attributes": attributes, "root": root}
        body = PAGE.format(server=self.server, within=self.within, **given)
        policy = POLICY.format(server=self.server)
        self._pages[path] = HTMLResponse(body, headers={"Content-Security-Policy": policy})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with the page of the path."""
        response = self._pages.get(scope["path"]) or Response(status_code=404)
        await response(scope, receive, send)
