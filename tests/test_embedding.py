import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from lxml import html
from playwright.sync_api import Browser, expect
from starlette.types import ASGIApp

from service.app import create_app
from service.embedding import Embedding, clean_server, is_local, obstacles, own_address, remarks
from service.script import Script, load_script
from service.sites import Sites
from tests.browser import open_page
from tests.shelf import Shelf, answered

SERVER, CLINIC, CHARITY = "https://answers.example.org", "https://clinic.example", "https://charity.example"
SCRIPT = load_script(tuple(Shelf.suggestions), tuple(Shelf.languages.values()))
SITES = Sites.of(["https://plain.example"], {"clinic": [CLINIC]})


def parse(lines: str) -> html.HtmlElement:
    return html.fragment_fromstring(lines, create_parent="body")


def test_the_lines_are_html() -> None:
    """The script line names version and integrity, the element what was chosen, and in it is a link."""
    lines = Embedding(SERVER, SCRIPT, "floating", Shelf.languages["es"], "clinic")
    script, element = parse(lines.script_line + lines.element_line)
    assert dict(script.attrib) == {
        "src": f"{SERVER}/ask.js?v={SCRIPT.version}",
        "integrity": SCRIPT.integrity,
        "crossorigin": "anonymous",
        "defer": "defer",
    }
    assert dict(element.attrib) == {"mode": "floating", "language": "es", "site": "clinic"}
    (link,) = element
    assert link.get("href") == f"{SERVER}/?language=es"
    assert link.text


def test_the_newest_line_asks_without_cookies() -> None:
    """Whichever version comes, it is asked for as the checked one is: no cookie of a member's goes along."""
    (script,) = parse(Embedding(SERVER, SCRIPT).newest_line)
    assert dict(script.attrib) == {"src": f"{SERVER}/ask.js", "crossorigin": "anonymous", "defer": "defer"}


def test_what_was_not_chosen_is_left_to_the_page() -> None:
    """Without options the element has no attribute, and the link leads to the service's own page."""
    (element,) = parse(Embedding(SERVER, SCRIPT).element_line)
    assert dict(element.attrib) == {}
    assert element[0].get("href") == f"{SERVER}/"


def test_nothing_given_becomes_markup() -> None:
    """What somebody gives for an id stays an attribute's value."""
    (element,) = parse(Embedding(SERVER, SCRIPT, site='"><script>alert(1)</script>').element_line)
    assert element.get("site") == '"><script>alert(1)</script>'


@pytest.mark.parametrize("given", [SERVER, f"{SERVER}/", "https://ANSWERS.example.org:443", f" {SERVER}/ "])
def test_a_server_is_written_as_browsers_do(given: str) -> None:
    """A slash at the end, capitals and the usual port make no difference."""
    assert clean_server(given) == SERVER


@pytest.mark.parametrize(
    "given", ["answers.example.org", f"{SERVER}/ask", f"{SERVER}//", "ftp://a.org", "https://a b"]
)
def test_what_is_no_server_is_refused(given: str) -> None:
    """An address that is none, or has a path, is refused in a line that shows one."""
    with pytest.raises(ValueError, match=r"write it as https://answers\.example\.org, without a path"):
        clean_server(given)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104  # nothing listens there
        ("::", "http://[::1]:8000"),
        ("10.0.0.5", "http://10.0.0.5:8000"),
    ],
)
def test_without_an_address_the_own_one_is_taken(host: str, address: str) -> None:
    """A service that listens everywhere is found on this machine."""
    assert own_address(host, 8000) == address


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://localhost:8000", True),
        ("http://a.localhost", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:8000", True),
        ("http://10.0.0.5", False),
        ("https://localhost.example", False),
    ],
)
def test_local_addresses_are_known(address: str, local: bool) -> None:
    """Names and numbers of this machine are told from those that others can reach."""
    assert is_local(address) == local


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("https://plain.example", ""),
        (CLINIC, ""),
        (CLINIC, "clinic"),
        (SERVER, ""),
        (None, "clinic"),
        (None, ""),
    ],
)
def test_nothing_is_in_the_way_of_a_listed_page(origin: str | None, site: str) -> None:
    """Pages of the settings and of the service itself may ask."""
    assert list(obstacles(SERVER, origin, SITES, site)) == []


@pytest.mark.parametrize(
    ("server", "origin", "site", "says"),
    [
        (SERVER, CHARITY, "", f"PLAINCITE_ORIGINS=https://plain.example,{CHARITY}"),
        (SERVER, CHARITY, "clinic", f"PLAINCITE_SITES='clinic={CLINIC} {CHARITY}'"),
        (SERVER, CHARITY, "charity", f"PLAINCITE_SITES='clinic={CLINIC};charity={CHARITY}'"),
        (SERVER, None, "charity", "There is no site charity"),
        ("http://answers.example.org", CLINIC, "", "browsers block that"),
    ],
)
def test_an_obstacle_comes_with_what_to_do(server: str, origin: str | None, site: str, says: str) -> None:
    """What keeps a page from asking is one line with the setting as it should be, nothing of it lost."""
    (line,) = obstacles(server, origin, SITES, site)
    assert says in line


@pytest.mark.parametrize(
    ("server", "origin", "says"),
    [
        ("http://127.0.0.1:8000", None, ["on this machine alone"]),
        ("http://answers.example.org", None, ["is not https"]),
        (SERVER, "http://clinic.example", ["http://clinic.example is not https"]),
        (SERVER, "http://localhost:3000", []),
        (SERVER, CLINIC, []),
    ],
)
def test_an_address_without_tls_is_remarked_upon(server: str, origin: str | None, says: list[str]) -> None:
    """Whoever gives an address that others cannot reach, or can listen to, is told."""
    found = list(remarks(server, origin))
    assert len(found) == len(says)
    assert all(part in line for part, line in zip(says, found, strict=True))


@contextmanager
def host_of(pages: dict[str, tuple[str, str]]) -> Iterator[str]:
    """Another site: by path, a page and its Content-Security-Policy."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page, policy = pages.get(self.path, ("", "default-src 'none'"))
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("localhost", 0), Site) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{http.server_address[1]}"
        http.shutdown()
        thread.join()


def page_with(lines: Embedding) -> tuple[str, str]:
    """A page with the printed lines, under the printed policy and nothing else."""
    policy = (
        f"default-src 'none'; {lines.policy}; require-trusted-types-for 'script'; trusted-types plaincite"
    )
    body = f"<h1>A clinic</h1>{lines.script_line}{lines.element_line}"
    return f'<!doctype html><html lang="en"><title>A clinic</title>{body}</html>', policy


def test_a_browser_takes_the_printed_lines(browser: Browser, serve_app: Callable[[ASGIApp], str]) -> None:
    """The printed lines answer under the printed policy; a script that does not fit them leaves the link."""
    pages: dict[str, tuple[str, str]] = {}
    with host_of(pages) as site, open_page(browser, base_url=site) as page:
        server = serve_app(create_app(Shelf(answered()), sites={"clinic": [site]}))
        changed = Script(SCRIPT.content, SCRIPT.version, Script.of(b"another script").integrity)
        older = Script.of(b"an older script")
        for path, script in (("/", SCRIPT), ("/changed", changed), ("/older", older)):
            pages[path] = page_with(Embedding(server, script, site="clinic"))
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.goto("/")
        page.get_by_label("Your question").fill("Did it help?")
        page.get_by_role("button", name="Search the summaries").click()
        expect(page.locator("article.answer blockquote").first).to_be_visible()
        link = page.get_by_role("link", name="Ask what the studies say")
        expect(link).not_to_be_visible()
        assert said == []
        for path, reason in (("/changed", "integrity"), ("/older", "410")):
            said.clear()
            page.goto(path)
            expect(link).to_be_visible()
            expect(link).to_have_attribute("href", f"{server}/")
            assert page.get_by_label("Your question").count() == 0
            assert any(reason in text for text in said), said
