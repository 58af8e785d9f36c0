"""Front matter: the YAML at the head of a study file, with the line of each of its fields."""

from functools import cached_property
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from corpus.errors import StudyFileError

FENCE = "---"


class FrontMatter:
    """The fields of one file.

    Attributes:
        fields: plain Python values by name, as YAML 1.2 reads them.
        end: the line, from 1, that closes it.
        lines: those of the file, without their ends.
    """

    def __init__(self, text: str, path: Path) -> None:
        """Reads the front matter of a file's text; `path` is only named in errors.

        Raises:
            StudyFileError: there is none, or it is no YAML mapping.
        """
        self.lines = lines = text.splitlines()
        if not lines or lines[0].strip() != FENCE:
            raise StudyFileError(path, f"the first line must be {FENCE} and open the front matter", line=1)
        closing = (number for number, line in enumerate(lines[1:], start=2) if line.strip() == FENCE)
        end = next(closing, None)
        if end is None:
            raise StudyFileError(path, f"the front matter is not closed by a second {FENCE}", line=1)
        self.end = end
        self._path = path
        self._text = "\n".join(lines[1 : end - 1])
        self.fields: dict[str, Any] = _fields(self._text, path)

    def line(self, place: tuple[Any, ...]) -> int:
        """The line in the file, from 1, of the innermost part of `place` that is there, as ("facts", 0)."""
        return line_in(self.document, place) + 1  # the fence stands above the YAML

    @cached_property
    def document(self) -> CommentedMap:
        """The YAML as ruamel.yaml's round-trip loader gives it, with lines and comments."""
        return _load(self._text, self._path)


def line_in(document: Any, place: tuple[Any, ...]) -> int:
    """The line of a YAML document, from 1, of the innermost part of `place` that it has; 0 where it has none.

    Args:
        document: as ruamel.yaml's round-trip loader gives it.
        place: keys and list positions from the outside in.
    """
    line = 0
    node = document
    for part in place:
        try:
            if isinstance(node, CommentedMap):
                line = node.lc.key(part)[0] + 1
            elif isinstance(node, CommentedSeq):
                line = node.lc.item(part)[0] + 1
            node = node[part]
        except (KeyError, IndexError, TypeError):
            break
    return line


def _fields(text: str, path: Path) -> dict[str, Any]:
    """The fields as plain values.

    The loader that knows lines takes seven times as long; it is left for when there is something to explain,
    and for tabs, about which the two do not agree.
    """
    if "\t" not in text:
        try:
            fields = YAML(typ="safe").load(text)
        except (YAMLError, ValueError):
            fields = None
        if isinstance(fields, dict):
            return cast(dict[str, Any], _plain(fields))
    return cast(dict[str, Any], _plain(_load(text, path)))


def _load(text: str, path: Path) -> CommentedMap:
    try:
        front = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else None
        raise StudyFileError(path, f"front matter: {_one_line(error.problem)}", line=line) from error
    except (YAMLError, ValueError) as error:
        raise StudyFileError(path, f"front matter: {_one_line(str(error))}", line=1) from error
    if not isinstance(front, CommentedMap):
        raise StudyFileError(path, "the front matter must be `field: value` lines", line=2)
    return front


def _plain(value: Any) -> Any:
    """Containers and scalars as any of ruamel's loaders gives them, as plain Python values."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    return value


def _one_line(text: str | None) -> str:
    return " ".join((text or "not readable").split())
