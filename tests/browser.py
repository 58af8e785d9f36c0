"""What tests in a real browser look at."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong with a page, a line each; empty when nothing is."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def open_details(page: Page) -> None:
    """Opens every details element, so that what is in it counts too."""
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
