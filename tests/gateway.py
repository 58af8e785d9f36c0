"""A gateway before a real server, which can be slow, cut an answer short, or lose its server: real faults."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER that makes close() a reset: the other side learns that the answer is not whole."""


class Gateway:
    """Passes bytes on between a browser and a server; its attributes may be changed at any time.

    Attributes:
        url: where it listens, without a slash at the end.
        server: the address that it passes bytes on to.
        delay: seconds that what the server sends is held back.
        cut_after: bytes of what the server sends after which the connection is reset; None for never.
    """

    def __init__(self, server: str) -> None:
        self.server = server
        self.delay = 0.0
        self.cut_after: int | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open: set[socket.socket] = set()

    def run(self) -> None:
        """Takes connections until it is closed."""
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(browser,), daemon=True).start()

    def close(self) -> None:
        """Ends it with all of its connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in list(self._open):
            _reset(one)

    def _serve(self, browser: socket.socket) -> None:
        at = urlsplit(self.server)
        try:
            server = socket.create_connection((at.hostname, at.port))
        except OSError:
            _reset(browser)
            return
        self._open |= {browser, server}
        asking = threading.Thread(target=self._pass_on, args=(browser, server), daemon=True)
        asking.start()
        self._pass_back(server, browser)
        asking.join()
        self._open -= {browser, server}

    def _pass_on(self, browser: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := browser.recv(65536):
                server.sendall(data)
        _reset(server)

    def _pass_back(self, server: socket.socket, browser: socket.socket) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                time.sleep(self.delay)
                left = len(data) if self.cut_after is None else max(0, self.cut_after - passed)
                browser.sendall(data[:left])
                passed += left
                if left < len(data):
                    break
        _reset(browser)


def _reset(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextlib.contextmanager
def gateway(server: str) -> Iterator[Gateway]:
    """A gateway that is listening before the server at that address."""
    one = Gateway(server)
    thread = threading.Thread(target=one.run, daemon=True)
    thread.start()
    yield one
    one.close()
    thread.join()
