"""What tests in a real browser share: pages, what is wrong with them, and another site with the widget."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp

from service.app import create_app
from tests.shelf import Shelf

HOST_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A hospital</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="{server}/ask.js" defer></script></head>
<body><main><h1>A hospital</h1>
<plaincite-ask suggestions="Did it help the kidneys?| How many died? |" {attributes}></plaincite-ask>
</main></body></html>"""

SCRIPT_LINE_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A hospital</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>A hospital</h1><p id="before">Our ward.</p>
<script src="{server}/ask.js" {attributes} defer></script>
<p id="after"><a href="#ward">Our ward</a></p></main></body></html>"""


@contextmanager
def open_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page in a context of its own; no script of it may fail."""
    context = browser.new_context(**options)
    context.set_default_timeout(15_000)
    expect.set_options(timeout=15_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.message))
    yield page
    context.close()
    assert errors == []


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong with a page, a line each; empty when nothing is."""
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    page.wait_for_load_state()
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def open_details(page: Page) -> None:
    """Opens every details element, so that what is in it counts too."""
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")


class Host(BaseHTTPRequestHandler):
    """Serves pages with the widget; the widget's server is the only thing that their policy lets in.

    `/` has the element and `/line` the script line alone, each with the attributes that stand after the `?`.
    """

    def __init__(self, *given: object, server_address: str, **more: object) -> None:
        self.widget_server = server_address
        super().__init__(*given, **more)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path, _, attributes = self.path.partition("?")
        page = SCRIPT_LINE_PAGE if path == "/line" else HOST_PAGE
        body = page.format(server=self.widget_server, attributes=unquote(attributes)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        policy = (
            f"default-src 'none'; script-src {self.widget_server}; connect-src {self.widget_server}; "
            "require-trusted-types-for 'script'; trusted-types plaincite"
        )
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def serve_host(widget_server: str, http: ThreadingHTTPServer) -> Iterator[str]:
    http.RequestHandlerClass = partial(Host, server_address=widget_server)  # type: ignore[assignment]
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{http.server_address[1]}"
    http.shutdown()
    thread.join()


@contextmanager
def widget_host(serve_app: Callable[[ASGIApp], str], shelf: Shelf, **settings: Any) -> Iterator[str]:
    """The address of a site whose pages may ask the service over a shelf."""
    with ThreadingHTTPServer(("localhost", 0), Host) as http:
        origin = f"http://localhost:{http.server_address[1]}"
        server = serve_app(create_app(shelf, origins=[origin], **settings))
        with serve_host(server, http) as address:
            yield address


def wait_for_answer(page: Page) -> None:
    """Until an answer is there, whole and with its style sheets: what looks at a page once does not wait."""
    page.locator("article.answer").wait_for()
    page.wait_for_load_state()


def ask(page: Page, question: str) -> None:
    """Asks by the form, on a page of ours or in the widget."""
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Search the summaries").click()
