"""RowFile: a NumPy file that is written row by row, so that a build need not hold all of it in memory."""

import hashlib
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray

KEY_BYTES = 32


class RowFile:
    """A .npy file under construction; `np.load` reads it once it is closed.

    Plain writes instead of a memory map: on a full disk a write is an error that can be told, whereas
    touching a mapped page is a signal that ends the process.
    """

    def __init__(self, path: Path, dtype: DTypeLike, *shape: int) -> None:
        self._dtype = np.dtype(dtype)
        self._shape = shape
        self._rows = 0
        self._file = path.open("wb")
        self._write_header()

    def append(self, rows: NDArray[Any]) -> None:
        """Adds rows of the file's shape, converted to its type."""
        rows = np.ascontiguousarray(rows, dtype=self._dtype).reshape(-1, *self._shape)
        self._file.write(rows.tobytes())
        self._rows += len(rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._file.seek(0)
                self._write_header()
        finally:
            self._file.close()

    def _write_header(self) -> None:
        # NumPy pads the header so that a growing first axis always fits in the same bytes.
        shape = (self._rows, *self._shape)
        header = {"descr": npy.dtype_to_descr(self._dtype), "fortran_order": False, "shape": shape}
        npy.write_array_header_1_0(self._file, header)


def embedding_key(encoder_sha256: str, text: str) -> bytes:
    """What an embedding is found again by, 32 bytes: the same text read by the same encoder."""
    return hashlib.sha256(f"{encoder_sha256} {text}".encode("utf-8", "surrogatepass")).digest()


def write_keys(path: Path, keys: list[bytes]) -> None:
    """Writes keys, row by row in the order of what they name."""
    with RowFile(path, np.uint8, KEY_BYTES) as file:
        file.append(np.frombuffer(b"".join(keys), dtype=np.uint8))


def read_keys(path: Path) -> dict[bytes, int]:
    """Each key with the number of its row."""
    return {row.tobytes(): number for number, row in enumerate(np.load(path))}
