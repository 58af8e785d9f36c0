"""Lines of the files that are measured on; every fault names its file and line."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from evaluation.errors import InputFileError

Model = TypeVar("Model", bound=BaseModel)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 text file with their numbers from 1, without their ends; empty ones left out.

    Raises:
        InputFileError: the file cannot be read, or is no UTF-8.
    """
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                line = _decode(path, number, raw).strip("\r\n")
                if line.strip():
                    yield number, line
    except OSError as error:
        raise InputFileError(path, f"it cannot be read: {error.strerror or error}") from error


def read_records(path: Path, model: type[Model]) -> Iterator[tuple[int, Model]]:
    """The JSON objects of a .jsonl file, one a line, with their line numbers.

    Raises:
        InputFileError: a line is cut, is no JSON object, or lacks a field; or no line is there.
    """
    empty = True
    for number, line in read_lines(path):
        empty = False
        try:
            yield number, model.model_validate_json(line)
        except ValidationError as error:
            raise InputFileError(path, validation_problem(error), line=number) from error
    if empty:
        raise InputFileError(path, "it has no lines")


def _decode(path: Path, number: int, raw: bytes) -> str:
    try:
        # A byte-order mark, as some editors write it, is no part of the first line.
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise InputFileError(path, "it is no UTF-8 text", line=number) from error


def validation_problem(error: ValidationError) -> str:
    """The first thing that is wrong with a record, as part of a line."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return f"not a whole line of JSON ({first['ctx']['error']})"
    field = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    return f"{field}: {message}" if field else message
