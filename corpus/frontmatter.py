"""Front matter: the YAML at the head of a study file, with the line of each of its fields."""

from pathlib import Path
from typing import Any

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
    """

    def __init__(self, text: str, path: Path) -> None:
        """Reads the front matter of a file's text; `path` is only named in errors.

        Raises:
            StudyFileError: there is none, or it is no YAML mapping.
        """
        lines = text.splitlines()
        if not lines or lines[0].strip() != FENCE:
            raise StudyFileError(path, f"the first line must be {FENCE} and open the front matter", line=1)
        closing = (number for number, line in enumerate(lines[1:], start=2) if line.strip() == FENCE)
        end = next(closing, None)
        if end is None:
            raise StudyFileError(path, f"the front matter is not closed by a second {FENCE}", line=1)
        self.end = end
        self._map = _load("\n".join(lines[1 : end - 1]), path)
        self.fields: dict[str, Any] = _plain(self._map)

    def line(self, place: tuple[Any, ...]) -> int:
        """The line in the file, from 1, of the innermost part of `place` that is there, as ("facts", 0)."""
        return line_in(self._map, place) + 1  # the fence stands above the YAML


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
    """Ruamel's commented containers and scalars as plain Python values."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    return value


def _one_line(text: str | None) -> str:
    return " ".join((text or "not readable").split())
