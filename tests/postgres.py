"""A PostgreSQL of the tests' own: Debian's, in a folder of its own, reached by a unix socket alone."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs, a folder a version; they are not in the path."""

NOT_FOR_ROOT = "postgres"
"""Whom it runs as where the tests run as root, which it refuses; Debian's package makes the account."""

QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
"""Nothing that is written here has to outlive a power cut."""

FIRST_ANSWER = 30
"""Seconds that the server may take to start."""


class Postgres:
    """A server, and the databases that tests asked for."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.folder = folder
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)

    def initialise(self) -> None:
        """Makes the files of a server without passwords: its socket is in a folder closed to others."""
        command: list[str | Path] = [self._programs / "initdb", "-D", self.folder / "data", "-U", "plaincite"]
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        done = subprocess.run([*command, *options], capture_output=True, check=False, **self._as_whom())
        assert done.returncode == 0, done.stderr.decode()

    def start(self) -> None:
        """Starts the server, and waits until it answers."""
        settings = (f"unix_socket_directories={self.folder}", "listen_addresses=", *QUICK)
        options = [part for each in settings for part in ("-c", each)]
        command: list[str | Path] = [self._programs / "postgres", "-D", self.folder / "data", *options]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, **self._as_whom())
        self._process = process
        deadline = time.monotonic() + FIRST_ANSWER
        while not self._answers():
            assert process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "PostgreSQL did not start in time"
            time.sleep(0.05)

    def stop(self) -> None:
        """Stops the server and cuts off whoever is connected, as a restart of it would."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=30)
            self._process = None

    def make_database(self) -> str:
        """Makes an empty database; its name."""
        name = f"test{next(self._numbers)}"
        # Copied as files, without a log of it: several times as quick.
        self.tell(f"CREATE DATABASE {name} STRATEGY file_copy")
        return name

    def drop_database(self, name: str) -> None:
        """Drops a database, whoever is still connected."""
        self.tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def address(self, name: str) -> str:
        """A database's address, as PLAINCITE_DATABASE has it."""
        return f"postgresql://plaincite@/{name}?host={self.folder}"

    def tell(self, statement: str) -> None:
        """Runs a statement outside of any test's database."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _answers(self) -> bool:
        try:
            self.tell("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _as_whom(self) -> dict[str, Any]:
        is_root = os.geteuid() == 0
        account = {"user": NOT_FOR_ROOT, "group": NOT_FOR_ROOT, "extra_groups": []} if is_root else {}
        return {"cwd": self.folder, "env": {"LC_ALL": "C.UTF-8", "TZ": "UTC"}, **account}


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server that is gone at the end; skips the test where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is missing; on Debian: apt-get install postgresql")
    # Not pytest's folder: its name is too long for a socket, and closed to PostgreSQL's account.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    server = Postgres(programs, folder)
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, NOT_FOR_ROOT, NOT_FOR_ROOT)
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _programs() -> Path | None:
    """The newest of Debian's versions, else what is in the path."""
    found = shutil.which("postgres")
    others = [Path(found).resolve().parent] if found else []
    newest_first = sorted(DEBIAN.glob("[0-9]*/bin"), key=lambda folder: -int(folder.parent.name))
    return next((folder for folder in (*newest_first, *others) if (folder / "initdb").exists()), None)
