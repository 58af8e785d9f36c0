"""Handset: a slow phone, simulated by a real Chromium's own throttling, and what its clock says of a page.

The throttling adds a network's latency to each request. It does not slow down the setting up of connections,
so those are counted.
"""

import ctypes.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from evaluation.errors import EvaluationError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

WIDTH, HEIGHT = 360, 740
"""Of the phone's screen, in CSS pixels."""

PATIENCE = 60_000
"""Milliseconds after which a page that shows nothing counts as a fault."""

SETTLED = 500
"""Milliseconds in which the clock has noted what was shown, and a page has scrolled to it if it ever does."""

CLOCK = """(() => {
  const widget = () => document.querySelector("plaincite-ask")?.shadowRoot;
  const seen = (one) => document.querySelector(one) ?? widget()?.querySelector(one);
  const now = () => performance.timeOrigin + performance.now();
  const times = (window.plainciteTimes = {});
  // The window's name outlives the page that a form is sent from.
  addEventListener("click", (event) => {
    window.name = String(performance.timeOrigin + event.timeStamp);
    delete times.shown;
    delete times.inView;
  }, true);
  const look = () => requestAnimationFrame(() => {
    const box = seen("article.answer")?.getBoundingClientRect();
    const field = Boolean(seen("textarea"));
    // What is there when a frame begins has been painted by the time that a task runs after it.
    setTimeout(() => {
      if (field) times.ready ??= performance.now();
      if (box) times.shown ??= now();
      if (box && box.top < innerHeight && box.bottom > 0) times.inView ??= now();
    });
    look();
  });
  look();
})()"""
"""Notes, frame by frame, when the question's field and the answer are there, in the page or in the widget."""


class Network(NamedTuple):
    """A network: milliseconds that each request waits, kilobits a second down and up."""

    latency: float
    down: float
    up: float


NETWORKS = {
    "slow 4G": Network(150, 1600, 750),
    "3G": Network(300, 1600, 768),
    "slow 4G as in DevTools": Network(562.5, 1440, 675),
}
"""Lighthouse's slow 4G; WebPageTest's 3G; what Chromium's own menu calls Slow 4G, which is Lighthouse's with
latency times 3.75 and nine tenths of the throughput, to make up for what the throttling leaves out."""


class Waited(NamedTuple):
    """How long one question took, in milliseconds, and what went over the wire for it, in bytes.

    Attributes:
        ready: from the page's first byte asked for to a field that can be typed in.
        shown: from the press of the button to the answer painted.
        in_view: the same, to the answer painted where it can be seen; None where one has to scroll to it.
        before: of `shown`, from the press to the request.
        wire: of `shown`, from the request to the last byte of its answer, the service's own time included.
        page_bytes: to load the page.
        answer_bytes: to ask.
        requests: how many it took to ask.
        connections: how many of those needed a new connection.
    """

    ready: float
    shown: float
    in_view: float | None
    before: float
    wire: float
    page_bytes: int
    answer_bytes: int
    requests: int
    connections: int


@dataclass
class _Wire:
    """What the browser says of its requests."""

    bytes: int = 0
    requests: int = 0
    connections: int = 0

    def listen(self, session: "CDPSession") -> None:
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def take(self) -> tuple[int, int, int]:
        """Bytes, requests and new connections since the last time."""
        taken = self.bytes, self.requests, self.connections
        self.bytes = self.requests = self.connections = 0
        return taken

    def _received(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if not response.get("fromDiskCache") and not response.get("fromPrefetchCache"):
            self.requests += 1
            self.connections += not response["connectionReused"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


@contextmanager
def open_browser() -> Iterator["Browser"]:
    """Debian's chromium, without a window.

    Raises:
        EvaluationError: something that it needs is not installed.
    """
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  # only what developers install has it
    except ImportError as error:
        raise EvaluationError("playwright is missing; run: make install") from error
    path = shutil.which("chromium")
    if path is None or ctypes.util.find_library("atomic") is None:
        raise EvaluationError("the browser is missing; on Debian: apt-get install chromium libatomic1")
    with sync_playwright() as playwright:
        # Root cannot have chromium's sandbox, and measurements in containers often run as root.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def ask_on(browser: "Browser", address: str, question: str, network: Network, *, slowdown: float) -> Waited:
    """Loads a page on a phone that never saw it, and asks.

    Args:
        browser: what shows the page.
        address: the page, with a form of ours or the widget on it.
        question: what is asked.
        network: what the phone is connected by.
        slowdown: how many times slower than this machine the phone is.

    Raises:
        EvaluationError: no answer was shown.
    """
    from playwright.sync_api import Error  # noqa: PLC0415  # as above

    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2, is_mobile=True, has_touch=True
    )
    context.set_default_timeout(PATIENCE)
    try:
        return _ask(context.new_page(), address, question, network, slowdown)
    except Error as error:
        raise EvaluationError(f"{address}: {error.message.splitlines()[0]}") from error
    finally:
        context.close()


def _ask(page: "Page", address: str, question: str, network: Network, slowdown: float) -> Waited:
    page.add_init_script(CLOCK)
    session = page.context.new_cdp_session(page)
    wire = _Wire()
    wire.listen(session)
    _throttle(session, network, slowdown)
    page.goto(address, wait_until="load")
    page.locator("form textarea").fill(question)
    page.wait_for_timeout(SETTLED)
    ready = float(page.evaluate("plainciteTimes.ready"))
    page_bytes, _, _ = wire.take()
    page.locator("form:has(textarea) button[type=submit]").click()
    page.locator("article.answer").wait_for()
    page.wait_for_timeout(SETTLED)
    pressed, times = float(page.evaluate("window.name")), page.evaluate("plainciteTimes")
    began, ended = page.evaluate(_ON_THE_WIRE)
    answer_bytes, requests, connections = wire.take()
    return Waited(
        ready=ready,
        shown=times["shown"] - pressed,
        in_view=times["inView"] - pressed if "inView" in times else None,
        before=began - pressed,
        wire=ended - began,
        page_bytes=page_bytes,
        answer_bytes=answer_bytes,
        requests=requests,
        connections=connections,
    )


_ON_THE_WIRE = """() => {
  const all = performance.getEntriesByType("resource");
  const asked = all.filter(({ name }) => name.includes("/fragment")).at(-1);
  const { startTime, responseEnd } = asked ?? performance.getEntriesByType("navigation")[0];
  return [performance.timeOrigin + startTime, performance.timeOrigin + responseEnd];
}"""


def _throttle(session: "CDPSession", network: Network, slowdown: float) -> None:
    bits = 1000 / 8
    conditions = {
        "offline": False,
        "latency": network.latency,
        "downloadThroughput": network.down * bits,
        "uploadThroughput": network.up * bits,
    }
    session.send("Network.emulateNetworkConditions", conditions)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
