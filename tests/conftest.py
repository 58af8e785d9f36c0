"""What tests share: the real model, the real index, a real server on a real port, a real browser."""

import ctypes.util
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from filelock import FileLock
from playwright.sync_api import Browser, Page, Request, sync_playwright
from starlette.types import ASGIApp

from corpus.fingerprint import corpus_sha256
from corpus.studies import GLOSSARY_NAME, LIBRARY, load_studies
from index.errors import PlainIndexError
from index.models import PACKAGED_NAME
from service.answers import Contact
from service.settings import PREFIX, Settings
from tests.postgres import Postgres, running_postgres
from tests.toy import ToyEncoder

# What brings FAISS and onnxruntime along is imported by the fixtures: a unit test should not wait for it.
if TYPE_CHECKING:
    from index.encoder import Encoder
    from service.library import Library
    from service.storage.database import Database

ROOT = Path(__file__).resolve().parents[1]
ENCODERS = ROOT / "var" / "encoders"
PLAINCITE = Path(sys.executable).with_name("plaincite")
ANSWERS_ON = "plaincite answers on "
OWN_HOSTS = {"127.0.0.1", "localhost"}


@dataclass(frozen=True)
class Served:
    """A running `plaincite serve`.

    Attributes:
        url: where it answers, without a slash at the end.
        process: the process itself.
        log: the file that has what it wrote to stderr.
        seconds: from the command to the line that says where it answers.
    """

    url: str
    process: "subprocess.Popen[str]"
    log: Path
    seconds: float


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts files with a browser or a real server first: at the end no process waits for a long one."""
    slow = {"browser", "page", "server", "start_server"}
    files = {item.path for item in items if slow & set(getattr(item, "fixturenames", ()))}
    items.sort(key=lambda item: item.path not in files)


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> Iterator[None]:
    """What the person who runs the tests has set for a service of their own does not count here."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.upper().startswith(PREFIX):
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def library_folder() -> Path:
    """The summaries that come with plaincite."""
    return LIBRARY


@pytest.fixture(scope="session")
def one_at_a_time() -> FileLock:
    """Held while something is made that is kept in var/: the tests run in several processes."""
    folder = ROOT / "var" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "lock")


@pytest.fixture(scope="session")
def encoder(one_at_a_time: FileLock) -> "Encoder":
    """The real model; exported once and kept in var/."""
    from index.encoder import ensure_encoder  # noqa: PLC0415

    with one_at_a_time:
        return ensure_encoder(PACKAGED_NAME, ENCODERS)


@pytest.fixture(scope="session")
def real_index(
    encoder: "Encoder",  # noqa: ARG001  # exports the model first
    library_folder: Path,
    one_at_a_time: FileLock,
) -> Path:
    """The real library's index; kept in var/, built anew when the library or the code that builds changes."""
    from index.build import build_library  # noqa: PLC0415
    from service.library import check_current  # noqa: PLC0415

    index = ROOT / "var" / "tests" / "index"
    stamp = index / "built-by"
    shipped = [path for path in sorted((ROOT / "index" / "shipped").rglob("*")) if path.is_file()]
    builder = [*shipped, *sorted((ROOT / "index").glob("*.py")), *sorted((ROOT / "corpus").glob("*.py"))]
    code = hashlib.sha256(b"".join(path.read_bytes() for path in builder)).hexdigest()
    with one_at_a_time:
        try:
            check_current(index, library_folder)
            is_current = stamp.is_file() and stamp.read_text() == code
        except PlainIndexError:
            is_current = False
        if not is_current:
            build_library(library_folder, index, PACKAGED_NAME, ENCODERS, drafts=False, progress=False)
            stamp.write_text(code)
    return index


@pytest.fixture(scope="session")
def settings(real_index: Path) -> Settings:
    """The settings of a service over the real library."""
    return Settings(index=real_index, encoders=ENCODERS)


@pytest.fixture(scope="session")
def library(settings: Settings) -> "Library":
    """The real library, ready to be asked."""
    from service.library import Library  # noqa: PLC0415

    return Library.open(settings)


@pytest.fixture(scope="session")
def toy_index(tmp_path_factory: pytest.TempPathFactory, library_folder: Path) -> Path:
    """The real library's studies, indexed in a moment by the toy encoder."""
    from index.build import build_index  # noqa: PLC0415

    index = tmp_path_factory.mktemp("toy") / "index"
    studies, version = load_studies(library_folder), corpus_sha256(library_folder)
    build_index(studies, index, ToyEncoder(), drafts=False, corpus_sha256=version, progress=False)
    return index


@pytest.fixture
def make_toy_library(toy_index: Path, library_folder: Path) -> "Callable[[ToyEncoder], Library]":
    """A real Library over the toy index, that answers through an encoder which may fail or wait."""
    from corpus.glossary import load_glossary  # noqa: PLC0415
    from index.search import PassageIndex  # noqa: PLC0415
    from service.answering import Sources  # noqa: PLC0415
    from service.library import Library, speller_of  # noqa: PLC0415
    from service.screening import load_screen  # noqa: PLC0415

    def make(encoder: ToyEncoder) -> Library:
        index = PassageIndex.load(toy_index, encoder)
        glossary = load_glossary(library_folder / GLOSSARY_NAME)
        sources = Sources(
            index=index,
            screen=load_screen(),
            glossary=glossary,
            speller=speller_of(index, glossary),
            emergency_number="911",
            crisis=Contact(name="A crisis line", number="988"),
        )
        return Library(sources)

    return make


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of the tests' own."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once in SQLite and once in PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/plaincite.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.make_database()
    yield server.address(name)
    server.drop_database(name)


@pytest.fixture
def database(database_address: str) -> "Iterator[Database]":
    """A database with all tables and nothing in them, once in SQLite and once in PostgreSQL."""
    from service.storage.database import Database  # noqa: PLC0415

    database = Database.open(database_address)
    yield database
    database.close()


@contextmanager
def servers(index: Path, folder: Path) -> Iterator[Callable[..., Served]]:
    """Starts `plaincite serve` with settings such as `PORT="8001"`, and ends all that were started."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **given: str) -> Served:
        log = folder / f"stderr-{len(started)}.log"
        begun = time.perf_counter()
        with log.open("w") as errors:
            process = subprocess.Popen(
                [PLAINCITE, "serve", *arguments],
                cwd=ROOT,
                env=settings_for(index, **given),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        started.append(process)
        line = process.stdout.readline() if process.stdout else ""
        seconds = time.perf_counter() - begun
        assert line.startswith(ANSWERS_ON), f"it said {line!r}, and on stderr: {log.read_text()}"
        return Served(line.removeprefix(ANSWERS_ON).strip(), process, log, seconds)

    try:
        yield start
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=20)
            if process.stdout:
                process.stdout.close()


@pytest.fixture
def start_server(real_index: Path, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts servers of a test's own; see `servers`."""
    with servers(real_index, tmp_path) as start:
        yield start


def settings_for(index: Path, **given: str) -> dict[str, str]:
    """An environment for `plaincite`: the real model, a free port, no limit, and the settings given."""
    # The desks are off unless a test gives them a database of its own: never that of whoever runs the tests.
    free = {"PORT": "0", "RATE": "off", "RATE_OVERALL": "off", "DATABASE": "off"}
    ours = {"INDEX": str(index), "ENCODERS": str(ENCODERS), **free, **given}
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
    return kept | {f"{PREFIX}{name}": value for name, value in ours.items()}


@pytest.fixture(scope="session")
def server(real_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real service over the real library, at log level debug; pages on http://localhost:8123 may ask."""
    with servers(real_index, tmp_path_factory.mktemp("server")) as start:
        yield start(LOG_LEVEL="debug", ORIGINS="http://localhost:8123")


@pytest.fixture
def client(server: Served) -> Iterator[httpx.Client]:
    """Asks the real service."""
    with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def serve_app() -> Iterator[Callable[[ASGIApp], str]]:
    """Serves any app on a free port from a thread of this process; gives its address."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def serve(app: ASGIApp) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for server, thread in running:
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is missing; on Debian: apt-get install chromium")
    if ctypes.util.find_library("atomic") is None:
        pytest.skip(
            "libatomic is missing, which the browser's driver needs; on Debian: apt-get install libatomic1"
        )
    with sync_playwright() as playwright:
        # Root cannot have chromium's sandbox, and tests in containers often run as root.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; the test fails when it asks anything of another host than this machine."""
    context = browser.new_context()
    context.set_default_timeout(15_000)
    foreign: list[str] = []

    def watch(request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host is not None and host not in OWN_HOSTS:
            foreign.append(request.url)

    context.on("request", watch)
    yield context.new_page()
    context.close()
    assert not foreign
