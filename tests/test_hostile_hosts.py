"""Host pages whose styles and scripts are unkind: the widget can still be read and used."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, expect
from starlette.types import ASGIApp

from service.app import create_app
from tests.browser import open_page
from tests.shelf import Shelf, answered
from tests.sites import Site

ServeApp = Callable[[ASGIApp], str]

PHONE = {"width": 360, "height": 740}

STYLES = {
    "resets everything": "* { all: unset !important; }",
    "hides what is inside": "span, p, button, section, article, details { display: none !important; }",
    "hides the element": "plaincite-ask { visibility: hidden; opacity: 0.1; }",
    "makes words huge": "html, * { font-size: 60px; line-height: 0.4; letter-spacing: 0.6em; }",
    "makes words tiny": "html, body { font-size: 6px; }",
    "floats and fixes": "div, section { position: fixed; inset: 0; } main * { float: left; clear: both; }",
    "capitals": "* { text-transform: uppercase; text-align: center; white-space: nowrap; }",
    "flexible row": "main { display: flex; flex-wrap: wrap; align-items: flex-start; }",
    "grid at its start": "main { display: grid; justify-items: start; }",
    "fits its content": "main { inline-size: fit-content; }",
    "white on white": "body, body * { color: #fff; background: #fff; }",
    "inverted": "html { background: #111; color: #eee; color-scheme: dark; filter: invert(1); }",
    "writes downwards": "body { writing-mode: vertical-rl; }",
    "selects nothing": "* { user-select: none !important; pointer-events: none; cursor: none; }",
}

SCRIPTS = {
    "push is patched": """
        const push = Array.prototype.push;
        Array.prototype.push = function (...given) { return push.apply(this, given); };
        Array.prototype.toJSON = function () { return "patched"; };""",
    "elements are wrapped": """
        const { define } = customElements;
        customElements.define = function (...given) { return define.apply(this, given); };
        const { attachShadow } = Element.prototype;
        Element.prototype.attachShadow = function (options) { return attachShadow.call(this, options); };""",
    "fetch is wrapped": """
        const plain = window.fetch;
        window.fetch = async (...given) => (await plain(...given)).clone();""",
    "prototypes have more": """
        Object.prototype.extra = function () {};
        Array.prototype.last = function () { return this[this.length - 1]; };
        String.prototype.reason = "more";""",
    "prototypes are frozen": "Object.freeze(Object.prototype); Object.freeze(Array.prototype);",
    "names are taken": "var make = 1, sheet = 2, policy = 3, say = 4, DISCLAIMER = 5, Failure = 6, ask = 7;",
    "there is no console": "window.console = undefined;",
    "errors are swallowed": "window.onerror = () => true; var status = 'busy'; window.name = '<img>';",
}

UNREADABLE = """() => {
  const root = document.querySelector("plaincite-ask").shadowRoot;
  const seen = { opacityProperty: true, visibilityProperty: true };
  const found = [];
  for (const one of root.querySelectorAll("textarea, [type=submit], blockquote, .disclaimer, .message")) {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const size = parseFloat(style.fontSize);
    const say = (what) => found.push(`${one.className || one.localName}: ${what}`);
    if (!one.checkVisibility(seen)) say("cannot be seen");
    if (box.width < 100 || box.height < 20) say(`${box.width} by ${box.height} pixels`);
    if (box.left < -1 || box.right > innerWidth + 1) say(`from ${box.left} to ${box.right}`);
    if (size < 12 || size > 40) say(`letters of ${size} pixels`);
    if (parseFloat(style.lineHeight) < size) say(`lines of ${style.lineHeight}`);
    if (style.textTransform !== "none") say("in capitals");
    if (style.userSelect === "none") say("cannot be selected");
  }
  return found;
}"""


@pytest.fixture
def site(serve_app: ServeApp) -> tuple[Site, str]:
    site = Site()
    address = serve_app(site)
    site.server = serve_app(create_app(Shelf(answered()), origins=[address]))
    return site, address


def ask(page: Page) -> None:
    page.locator("plaincite-ask textarea").fill("Did it help?", timeout=2000)
    page.locator("plaincite-ask button[type=submit]").click(timeout=2000)
    page.locator("plaincite-ask blockquote").first.wait_for(timeout=2000)


def faults(page: Page) -> Iterator[str]:
    """What keeps a person from asking and reading, a line each."""
    try:
        ask(page)
    except Error as error:
        yield error.message.partition("\n")[0]
        return
    yield from page.evaluate(UNREADABLE)


def test_styles_of_the_host_page_change_nothing_that_matters(
    browser: Browser, site: tuple[Site, str]
) -> None:
    """Whatever a page does to its own elements, the widget can be read, reached and used."""
    found: dict[str, list[str]] = {}
    with open_page(browser, viewport=PHONE) as page:
        for number, (name, style) in enumerate(STYLES.items()):
            site[0].put(f"/{number}", style=style)
            page.goto(f"{site[1]}/{number}")
            page.locator("plaincite-ask textarea").wait_for(state="attached")
            found[name] = list(faults(page))
    assert [f"{name}: {line}" for name, lines in found.items() for line in lines] == []


def test_scripts_of_the_host_page_do_not_silence_the_widget(browser: Browser, site: tuple[Site, str]) -> None:
    """On a page that patches, wraps and freezes what it can, a question is answered without an error."""
    for number, (name, script) in enumerate(SCRIPTS.items()):
        site[0].put(f"/{number}", script=script)
        with open_page(browser, viewport=PHONE) as page:
            page.goto(f"{site[1]}/{number}")
            ask(page)
            quotes = page.locator("article.answer blockquote")
            expect(quotes, name).to_have_count(3)
            assert quotes.first.inner_text() == answered().statements[0].text, name
