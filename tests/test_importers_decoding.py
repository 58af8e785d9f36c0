"""Files that cannot be read are refused with one line; text of any usual encoding is decoded."""

import os
from pathlib import Path

import pytest

from corpus.errors import ImportRefusedError
from corpus.importers.decoding import decode, load_content


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"%PDF-1.7\n...", "is a PDF, not text"),
        (b"PK\x03\x04....", "is a ZIP archive or an office document, not text"),
        (b"\x1f\x8b\x08...", "is a gzip archive, not text"),
        (b"TY  - JOUR\0\0\0", "is a binary file, not text"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    """Empty and binary files are refused by name."""
    path = tmp_path / "x.ris"
    path.write_bytes(content)
    with pytest.raises(ImportRefusedError) as caught:
        load_content(path)
    assert str(caught.value).startswith(f"{path}: {problem}")
    assert "\n" not in str(caught.value)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    """A missing file, a folder and a pipe are refused, each in its own words."""
    os.mkfifo(tmp_path / "pipe")
    for name, problem in (
        ("no.ris", "there is no such file"),
        (".", "is a folder"),
        ("pipe", "is not an ordinary"),
    ):
        with pytest.raises(ImportRefusedError, match=problem):
            load_content(tmp_path / name)


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    """A file larger than the limit is refused without being read whole."""
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(ImportRefusedError, match="is larger than 64 MB; export it in smaller parts"):
        load_content(path)


@pytest.mark.parametrize(
    ("content", "text", "remark"),
    [
        ("Lü".encode("utf-8-sig"), "Lü", None),
        ("Lü “x”".encode("cp1252"), "Lü “x”", "Windows-1252"),
        (b"L\xfc \x81", "Lü \x81", "ISO 8859-1"),
        ("Lü".encode("utf-16"), "Lü", None),
        (b"a\r\nb\rc\n", "a\nb\nc\n", None),
    ],
)
def test_text_is_decoded(content: bytes, text: str, remark: str | None) -> None:
    """UTF-8 with and without a mark, UTF-16 and the Western code pages are read; guesses are said."""
    decoded, said = decode(content)
    assert decoded == text
    assert (remark is None and said is None) or remark in (said or "")
