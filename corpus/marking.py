"""Marking: a mark added to the front matter of a study file, and not a line of it changed besides."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq

from corpus.errors import StudyFileError
from corpus.frontmatter import FrontMatter
from corpus.studies import Mark, Status, Study, parse_study

_INDENT = "  "


def with_mark(text: str, mark: Mark, path: Path, *, status: Status | None = None) -> str:
    """The text of a study file with one more mark.

    Args:
        text: the file's text.
        mark: what is added, after the marks that are there.
        path: the file, named in errors.
        status: what the summary's status becomes; None leaves it.

    Raises:
        StudyFileError: the text is no study, or the mark cannot be added without changing more; then a
            person must write it.
    """
    before = parse_study(text, path)
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    front = FrontMatter(text, path)
    place, item = _placed(front, mark, before)
    if status is not None and status is not before.status:
        row = front.line(("status",)) - 1
        lines[row] = re.sub(r"^(status:\s*)(['\"]?)\w+\2", rf"\g<1>{status.value}", lines[row])
    lines[place] = [f"{line}{end}" for line in item]
    after = "".join(lines)
    wanted = before.model_copy(update={"marks": (*before.marks, mark), "status": status or before.status})
    if not _is_same(after, wanted, path):
        problem = "the mark cannot be added without changing more of the front matter; write it by hand"
        raise StudyFileError(path, problem, line=front.line(("marks",)) or None, field="marks")
    return after


def _placed(front: FrontMatter, mark: Mark, study: Study) -> tuple[slice, list[str]]:
    """Which lines of the file give way, and what stands there then."""
    marks = front.document.get("marks")
    if isinstance(marks, CommentedSeq) and marks and not marks.fa.flow_style():
        last = _last_line(front, ("marks",))
        dash = " " * (marks.lc.item(0)[1] - len("- "))
        return slice(last, last), [f"{dash}{line}" for line in _item(mark)]
    block = ["marks:", *(f"{_INDENT}{line}" for one in (*study.marks, mark) for line in _item(one))]
    if "marks" in front.fields:
        first = front.line(("marks",)) - 1
        return slice(first, _last_line(front, ("marks",))), block
    # Before the facts, which are many, so that whoever opens the file sees it.
    first = front.line(("facts",) if "facts" in front.fields else ("status",)) - 1
    return slice(first, first), block


def _last_line(front: FrontMatter, place: tuple[str, ...]) -> int:
    """The number of the last line of a field: comments before the next field belong to that one."""
    starts = sorted(front.line((name,)) for name in front.fields)
    first = front.line(place)
    following = next((line for line in starts if line > first), front.end)
    last = following - 1
    while last > first and re.fullmatch(r"\s*(?:#.*)?", front.lines[last - 1]):
        last -= 1
    return last


def _item(mark: Mark) -> list[str]:
    """A mark as lines of a YAML list."""
    yaml = YAML()
    yaml.width = 1_000_000  # a wrapped value could put --- on a line of its own
    yaml.allow_unicode = True
    stream = StringIO()
    fields: dict[str, Any] = mark.model_dump(exclude_none=True)
    yaml.dump(fields, stream)
    first, *others = stream.getvalue().rstrip("\n").split("\n")
    return [f"- {first}", *(f"  {line}" for line in others)]


def _is_same(text: str, wanted: Study, path: Path) -> bool:
    """Whether a text reads as a study, but for the lines on which its sections stand."""
    return parse_study(text, path).model_dump() == wanted.model_dump()
