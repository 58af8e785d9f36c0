import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from service.linkcheck import LinkChecker, LinkResult, Outcome, is_public, user_agent

AGENT = user_agent("https://clinic.example")


class Site:
    """A site of many moods, that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.at_work = 0
        self.most_at_work = 0
        methods = ["GET", "HEAD", "POST"]
        self.app = Starlette(routes=[Route("/{path:path}", self.answer, methods=methods)])

    async def answer(self, request: Request) -> Response:
        path = request.path_params["path"]
        self.asked.append((request.method, path))
        self.headers.append(dict(request.headers))
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        await asyncio.sleep(0)
        self.at_work -= 1
        return await self._answer(request, path)

    async def _answer(self, request: Request, path: str) -> Response:
        kind, _, rest = path.partition("/")
        is_head = request.method == "HEAD"
        if kind == "slow":
            while not await request.is_disconnected():
                await asyncio.sleep(0.02)
        answers: dict[str, Callable[[], Response]] = {
            "status": lambda: PlainTextResponse("", int(rest)),
            "no-head": lambda: PlainTextResponse("", 405 if is_head else 200),
            "wrong-head": lambda: PlainTextResponse("", 404 if is_head else 200),
            "moved": lambda: RedirectResponse(f"/{rest}", 301),
            "circle": lambda: RedirectResponse("/circle", 302),
            "to": lambda: RedirectResponse(request.query_params["address"], 302),
            "cookie": lambda: RedirectResponse("/status/200", 302, {"set-cookie": "a=b"}),
            "endless": lambda: StreamingResponse(endless(), 405 if is_head else 200),
        }
        return answers.get(kind, lambda: PlainTextResponse("here"))()


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 65536
        await asyncio.sleep(0)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def address(site: Site, serve_app: Callable[[ASGIApp], str]) -> str:
    return serve_app(site.app)


def check(
    *links: str, allow: Callable[[str], bool] = lambda _: True, patience: float = 10
) -> dict[str, LinkResult]:
    results: dict[str, LinkResult] = {}

    def take(result: LinkResult) -> None:
        assert result.address not in results
        results[result.address] = result

    checker = LinkChecker(AGENT, allow=allow, pause=0, patience=patience)
    with start_blocking_portal() as portal:  # asyncio.run fails where a test before opened a browser
        portal.call(checker.check, links, take)
    return results


def check_one(link: str, **given: float) -> LinkResult:
    return check(link, **given)[link]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "outcome", "status", "methods"),
    [
        ("status/200", Outcome.answers, 200, ["HEAD"]),
        ("no-head", Outcome.answers, 200, ["HEAD", "GET"]),
        ("wrong-head", Outcome.answers, 200, ["HEAD", "GET"]),
        ("moved/moved/status/200", Outcome.answers, 200, ["HEAD"] * 3),
        ("status/404", Outcome.gone, 404, ["HEAD", "GET"]),
        ("status/410", Outcome.gone, 410, ["HEAD", "GET"]),
        ("moved/status/404", Outcome.gone, 404, ["HEAD", "HEAD", "GET", "GET"]),
        ("status/401", Outcome.untold, 401, ["HEAD", "GET"]),
        ("status/403", Outcome.untold, 403, ["HEAD", "GET"]),
        ("status/429", Outcome.untold, 429, ["HEAD", "GET"]),
        ("status/500", Outcome.untold, 500, ["HEAD", "GET"]),
        ("status/503", Outcome.untold, 503, ["HEAD", "GET"]),
        ("circle", Outcome.untold, None, ["HEAD"] * 11),
    ],
)
def test_link_is_judged_by_the_last_answer(
    site: Site, address: str, *, path: str, outcome: Outcome, status: int | None, methods: list[str]
) -> None:
    """Redirects are followed; GET has the last word; only 404 and 410 mean that a page is gone."""
    result = check_one(f"{address}/{path}")
    assert (result.outcome, result.status) == (outcome, status)
    assert [method for method, _ in site.asked] == methods
    assert abs(datetime.now(UTC) - result.checked) < timedelta(minutes=5)


def test_we_say_who_asks_and_send_nothing_else(site: Site, address: str) -> None:
    """The name of the service and whom to ask; no cookie, no name and password, no referrer."""
    check_one(f"{address.replace('//', '//me:secret@')}/cookie")
    assert [path for _, path in site.asked] == ["cookie", "status/200"]
    for headers in site.headers:
        assert headers["user-agent"].startswith("plaincite/")
        assert headers["user-agent"].endswith("(link check; https://clinic.example)")
        assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_contact_that_no_header_can_hold_is_left_out() -> None:
    """A contact with other letters or a line break spoils no request."""
    assert user_agent("") == user_agent("büro@klinik.example") == user_agent("a\r\nb")


def test_body_is_not_waited_for(address: str) -> None:
    """A page without end is answered for by its head."""
    assert check_one(f"{address}/endless").outcome is Outcome.answers


def test_site_that_does_not_answer_in_time_was_not_reached(address: str) -> None:
    """Silence is told as such and keeps nobody waiting."""
    result = check_one(f"{address}/slow", patience=0.3)
    assert (result.outcome, result.detail) == (Outcome.unreached, "There was no answer in time.")


def test_hosts_that_are_not_there_were_not_reached() -> None:
    """A closed port, a name that does not resolve, and no address at all are no dead pages."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    links = (closed, "http://nowhere.invalid/", "http://[", f"http://{'a' * 70}.example/")
    results = check(*links)
    assert {link: result.outcome for link, result in results.items()} == dict.fromkeys(
        links, Outcome.unreached
    )
    assert all(result.detail and result.status is None for result in results.values())


@contextmanager
def listening(host: str, answer: bytes = b"") -> Iterator[tuple[str, list[bytes]]]:
    """A bare socket that keeps what it was sent; its address, and that."""
    received: list[bytes] = []
    with socket.create_server((host, 0)) as listener:
        listener.settimeout(10)

        def take() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                received.append(connection.recv(65536))
                connection.sendall(answer)

        thread = threading.Thread(target=take)
        thread.start()
        yield f"http://{host}:{listener.getsockname()[1]}", received
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_answer_that_is_no_http_was_not_reached() -> None:
    """What a machine says that speaks something else ends in words, not in an error."""
    with listening("127.0.0.1", b"220 mail.example ESMTP\r\n") as (address, received):
        result = check_one(f"{address}/")
    assert received
    assert (result.outcome, result.detail) == (Outcome.unreached, "The connection broke off.")


@pytest.mark.parametrize("link", ["http://{}/", "http://localhost:{port}/", "http://2130706433:{port}/"])
def test_own_machine_is_not_asked(link: str) -> None:
    """However a link names this machine, nothing is sent to it."""
    with listening("127.0.0.1") as (address, received):
        host = address.removeprefix("http://")
        result = check(link.format(host, port=host.rpartition(":")[2]), allow=is_public)
    assert [one.outcome for one in result.values()] == [Outcome.inside]
    assert received == []


@pytest.mark.parametrize("target", ["{inside}/", "file:///etc/passwd", "ftp://127.0.0.1/", "http:///"])
def test_redirect_does_not_lead_inside(address: str, target: str) -> None:
    """A public page that leads to an internal host, or out of the web, is not followed there."""
    with listening("127.0.0.2") as (inside, received):
        link = f"{address}/to?address={target.format(inside=inside)}"
        result = check(link, allow=lambda found: found == "127.0.0.1")[link]
    assert result.outcome in {Outcome.inside, Outcome.unreached}
    assert (result.outcome is Outcome.inside) == ("{inside}" in target)
    assert received == []


def test_host_with_one_internal_address_is_not_asked(
    site: Site, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that resolves to a public and to an internal address could be used to reach the latter."""
    port = address.rpartition(":")[2]

    async def resolve(self: object, host: str, port: int, **given: object) -> list[tuple[object, ...]]:  # noqa: ARG001
        return [(0, 0, 0, "", (one, port)) for one in ("127.0.0.1", "10.0.0.1")]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolve)
    link = f"http://both.example:{port}/"
    assert check(link, allow=lambda found: found == "127.0.0.1")[link].outcome is Outcome.inside
    assert site.asked == []


def test_name_is_looked_up_once_and_that_address_is_asked(
    site: Site, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address that was looked at is the one that is asked, with the host's own name in the request."""
    lookups: list[str] = []

    async def resolve(self: object, host: str, port: int, **given: object) -> list[tuple[object, ...]]:  # noqa: ARG001
        lookups.append(host)
        # A second look would lead to where nobody listens.
        return [(0, 0, 0, "", ("127.0.0.1" if len(lookups) == 1 else "127.0.0.9", port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolve)
    port = address.rpartition(":")[2]
    link = f"http://journal.example:{port}/status/200"
    assert check(link)[link].outcome is Outcome.answers
    assert lookups == ["journal.example"]
    assert site.headers[0]["host"] == f"journal.example:{port}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
    ],
)
def test_internal_addresses_are_not_public(address: str) -> None:
    """Loopback, private, link-local, shared and group addresses, and those of version 6 that carry one."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    """Those of the internet are asked, in either version."""
    assert is_public(address)


def test_host_is_asked_for_one_link_at_a_time(site: Site, address: str) -> None:
    """Many links of one site never come together, and each is asked for once."""
    links = [f"{address}/status/200?{number}" for number in range(12)]
    results = check(*links, *links)
    assert len(results) == 12
    assert len(site.asked) == 12
    assert site.most_at_work == 1


def test_pause_is_longer_once_a_host_complains(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two links of a host there is a pause, ten times as long after "too many requests"."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        ours = seconds in {0.25, 2.5}  # the server of this test sleeps as well
        pauses.extend([seconds] * ours)
        await sleep(0 if ours else seconds)

    links = [f"{address}/status/{code}" for code in (200, 429, 500)]
    checker = LinkChecker(AGENT, allow=lambda _: True, pause=0.25)
    monkeypatch.setattr("service.linkcheck.asyncio.sleep", note)
    with start_blocking_portal() as portal:
        portal.call(checker.check, links, lambda _: None)
    assert pauses == [0.25, 2.5]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that nobody has vouched for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(days=1))
    signed = builder.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = tmp_path / "both.pem"
    path.write_bytes(pem + signed.public_bytes(serialization.Encoding.PEM))
    return path


def test_certificate_is_checked_under_the_name_of_the_link(certificate: Path) -> None:
    """The site is asked for by its name though its address is known, and an unknown certificate is none."""
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            connection, _ = listener.accept()
            with pytest.raises(ssl.SSLError), connection:
                context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=greet)
        thread.start()
        result = check_one(f"https://localhost:{listener.getsockname()[1]}/")
        thread.join()
    assert names == ["localhost"]
    assert (result.outcome, result.detail) == (Outcome.unreached, "The site's certificate is not valid.")
