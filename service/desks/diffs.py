"""Diff: what changed between two texts, line by line, and within a changed line word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

AROUND = 2
"""Unchanged lines shown above and below what changed."""

ALIKE = 0.3
"""Share of two lines that is the same, from which on they are one line that was changed."""


class Part(NamedTuple):
    """A run of a line; `is_changed` where the line across does not have it."""

    text: str
    is_changed: bool


class Row(NamedTuple):
    """A line of either text, or of both.

    Attributes:
        sign: "-" stood before, "+" stands now, " " stands in both, "…" some lines that did not change.
        old: the line's number before, from 1; None where it is new.
        new: the line's number now; None where it is gone.
        parts: the line, in runs.
    """

    sign: str
    old: int | None
    new: int | None
    parts: tuple[Part, ...]

    @property
    def said(self) -> str:
        """What happened to the line, for who hears it."""
        return {"-": "taken out", "+": "put in"}.get(self.sign, "")


def diff(before: str, after: str) -> list[Row]:
    """The rows that differ, with some around them; none where the texts are the same."""
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    rows: list[Row] = []
    reached = 0
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][1] > reached:
            rows.append(_left_out(group[0][1] - reached))
        for code in group:
            rows.extend(_rows(code, old, new))
        reached = group[-1][2]
    if rows and reached < len(old):
        rows.append(_left_out(len(old) - reached))
    return rows


def _left_out(count: int) -> Row:
    words = "1 line that did not change" if count == 1 else f"{count} lines that did not change"
    return Row("…", None, None, (Part(words, False),))


def _rows(code: tuple[str, int, int, int, int], old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """The rows of one of difflib's steps: what it does, and the lines of either side."""
    tag, a, a_end, b, b_end = code
    if tag == "equal":
        for number in range(a_end - a):
            line = (Part(old[a + number], False),)
            yield Row(" ", a + number + 1, b + number + 1, line)
        return
    # Lines across from each other are compared word by word; what one side has more of stands alone.
    for number in range(max(a_end - a, b_end - b)):
        taken = old[a + number] if a + number < a_end else None
        put = new[b + number] if b + number < b_end else None
        left, right = _words(taken, put)
        if taken is not None:
            yield Row("-", a + number + 1, None, left)
        if put is not None:
            yield Row("+", None, b + number + 1, right)


def _words(taken: str | None, put: str | None) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The runs of two lines; whole where they have little in common, or one of them is not there."""
    whole = (Part(taken or "", False),), (Part(put or "", False),)
    if taken is None or put is None:
        return whole
    left, right = (re.findall(r"\w+|\s+|[^\w\s]", line) for line in (taken, put))
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < ALIKE:
        return whole
    codes = matcher.get_opcodes()
    return (
        tuple(Part("".join(left[a:b]), tag != "equal") for tag, a, b, _, _ in codes if b > a),
        tuple(Part("".join(right[a:b]), tag != "equal") for tag, _, _, a, b in codes if b > a),
    )
