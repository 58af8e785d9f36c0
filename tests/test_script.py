import base64
import gzip
import hashlib
from collections.abc import Callable, Iterator

import httpx
import pytest
from starlette.types import ASGIApp

from service.app import create_app
from service.script import Script, load_script
from tests.shelf import Shelf, answered

SCRIPT = load_script(tuple(Shelf.suggestions), tuple(Shelf.languages.values()))


@pytest.fixture
def client(serve_app: Callable[[ASGIApp], str]) -> Iterator[httpx.Client]:
    address = serve_app(create_app(Shelf(answered())))
    with httpx.Client(base_url=address, trust_env=False, headers={"Accept-Encoding": "gzip"}) as client:
        yield client


def test_integrity_is_what_browsers_compute() -> None:
    """The integrity is the SHA-384 of the bytes in base64, and any other byte changes it and the version."""
    script, other = Script.of(b"alert(1)"), Script.of(b"alert(2)")
    expected = base64.b64encode(hashlib.sha384(b"alert(1)").digest()).decode()
    assert script.integrity == f"sha384-{expected}"
    assert script.integrity != other.integrity
    assert script.version != other.version


def test_a_script_changes_with_what_is_in_it() -> None:
    """Other suggested questions make another version; the same make the same."""
    languages = tuple(Shelf.languages.values())
    assert load_script(("Did it help?",), languages) != load_script((), languages)
    assert Script.of(SCRIPT.content) == SCRIPT


@pytest.mark.parametrize("address", ["/ask.js", f"/ask.js?v={SCRIPT.version}"])
def test_what_is_sent_has_the_integrity(client: httpx.Client, address: str) -> None:
    """Both addresses send exactly the bytes that the hash is of, compressed on the way."""
    response = client.get(address)
    assert Script.of(response.content).integrity == SCRIPT.integrity
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) <= len(gzip.compress(SCRIPT.content)) + 100
    assert "Accept-Encoding" in response.headers["vary"]


def test_a_version_is_kept_for_good(client: httpx.Client) -> None:
    """The address that names a version may be kept for a year; the other is asked for anew each time."""
    newest, versioned = client.get("/ask.js"), client.get(f"/ask.js?v={SCRIPT.version}")
    assert newest.headers["cache-control"] == "no-cache"
    assert versioned.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_version_that_is_gone_says_so(client: httpx.Client) -> None:
    """A page that names another version gets 410 and what to do, never a script that does not fit."""
    for version in ("00000000", "x", SCRIPT.version.upper() + "0"):
        response = client.get("/ask.js", params={"v": version})
        assert (response.status_code, response.headers["content-type"]) == (410, "application/problem+json")
        assert "plaincite embed" in response.json()["detail"]
        assert "immutable" not in response.headers["cache-control"]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_script_is_sent_once(client: httpx.Client, encoding: str) -> None:
    """A browser that has the newest version is told so, whether it came compressed or not."""
    first = client.get("/ask.js", headers={"Accept-Encoding": encoding})
    tag = first.headers["etag"]
    assert tag.startswith("W/") == (encoding == "gzip")
    again = client.get("/ask.js", headers={"Accept-Encoding": encoding, "If-None-Match": f'"older", {tag}'})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert client.get("/ask.js", headers={"If-None-Match": '"older"'}).status_code == 200


def test_head_is_answered(client: httpx.Client) -> None:
    """Checkers of links may ask for the head of the script."""
    response = client.head("/ask.js")
    assert (response.status_code, response.content) == (200, b"")
