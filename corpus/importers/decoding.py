"""Files from disk: read whole and bounded, and turned into text."""

from pathlib import Path

from corpus.errors import ImportRefusedError

MAX_BYTES = 64 * 1024 * 1024
"""Largest file that is read: some ten thousand PubMed records; more is exported in parts."""

MAX_LINES = 20_000
"""Longest record of a tagged format, in lines: what is longer has lost its end."""

_BINARY = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"\xd0\xcf\x11\xe0": "an old office document",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def load_content(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """Reads a file.

    Args:
        path: the file.
        max_bytes: the largest size that is read, in bytes.

    Raises:
        ImportRefusedError: it is missing, empty, a folder, binary, too large or not readable.
    """
    try:
        if path.is_dir():
            raise ImportRefusedError(path, "is a folder; name the files in it")
        if path.exists() and not path.is_file():
            raise ImportRefusedError(path, "is not an ordinary file")
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise ImportRefusedError(path, "there is no such file") from None
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise ImportRefusedError(path, f"cannot be read: {problem}") from error
    if len(content) > max_bytes:
        problem = f"is larger than {max_bytes // (1024 * 1024)} MB; export it in smaller parts"
        raise ImportRefusedError(path, problem)
    if not content.strip():
        raise ImportRefusedError(path, "is empty")
    if kind := _binary_kind(content):
        problem = f"is {kind}, not text; export the records as PubMed XML, .nbib, RIS or JATS"
        raise ImportRefusedError(path, problem)
    return content


def decode(content: bytes) -> tuple[str, str | None]:
    """Text of a file that does not name its encoding.

    Returns:
        The text with Unix line ends, and a remark for the reader where the encoding had to be inferred.
    """
    text, remark = _decode(content)
    return text.replace("\r\n", "\n").replace("\r", "\n"), remark


def _decode(content: bytes) -> tuple[str, str | None]:
    if content.startswith(_UTF16):
        return content.decode("utf-16", errors="replace"), None
    for encoding, remark in (
        ("utf-8-sig", None),
        ("cp1252", "is not UTF-8; read as Windows-1252, so check accented letters and quotation marks"),
    ):
        try:
            return content.decode(encoding), remark
        except UnicodeDecodeError:
            continue
    remark = "is neither UTF-8 nor Windows-1252; read as ISO 8859-1, so check every accented letter"
    return content.decode("latin-1"), remark


def _binary_kind(content: bytes) -> str | None:
    for magic, kind in _BINARY.items():
        if content.startswith(magic):
            return kind
    if b"\0" in content[:65536] and not content.startswith(_UTF16):
        return "a binary file"
    return None
