"""Reading lines: every fault names the file and the line."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from evaluation.errors import InputFileError
from evaluation.lines import read_lines, read_records


class Record(BaseModel):
    name: str
    number: int = 0


def test_reads_lines_with_their_numbers(tmp_path: Path) -> None:
    """Empty lines are left out and counted; a byte-order mark and either kind of line end are no content."""
    path = tmp_path / "lines"
    path.write_bytes("\ufeffone\r\n\n  \ntwö".encode())
    assert list(read_lines(path)) == [(1, "one"), (4, "twö")]


def test_reads_records(tmp_path: Path) -> None:
    """A JSON object a line becomes a record."""
    path = tmp_path / "records.jsonl"
    path.write_text('{"name": "a", "number": 2}\n\n{"name": "b", "more": true}\n')
    assert list(read_records(path, Record)) == [(1, Record(name="a", number=2)), (3, Record(name="b"))]


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b'{"name": "a"}\n{"name": "b', 2, "not a whole line of JSON"),
        (b'{"name": "a"}\n{"number": 1}\n', 2, "name: Field required"),
        (b'{"name": 3}\n', 1, "name: Input should be a valid string"),
        (b'["a"]\n', 1, "Input should be an object"),
        (b'{"name": "a"}\n\xff\xfe\n', 2, "it is no UTF-8 text"),
        (b"\n\n", None, "it has no lines"),
    ],
)
def test_a_fault_names_its_line(tmp_path: Path, content: bytes, line: int | None, problem: str) -> None:
    """A cut, incomplete, wrong or unreadable line is refused with one line that says where it is."""
    path = tmp_path / "records.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputFileError) as caught:
        list(read_records(path, Record))
    assert (caught.value.path, caught.value.line) == (path, line)
    place = f"{path}:{line}: " if line else f"{path}: "
    assert str(caught.value).startswith(place + problem)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing file and a folder are refused like any other fault."""
    for path in (tmp_path / "missing.jsonl", tmp_path):
        with pytest.raises(InputFileError, match="it cannot be read"):
            list(read_lines(path))
