"""Chain: whether the entries of the audit log still follow one another, and if not, where that ends and how.

Each entry has the hash of its own fields and that of the entry before. Whoever changes, removes or puts in an
entry breaks the chain there, unless all later entries are written anew as well, or the end is simply cut off:
both show only against an anchor, the number and hash of an entry that was noted down elsewhere at the time.
`verify` gives the newest one, a backup carries one, and the hash of an entry vouches for all before it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, Row, select

from service.storage.audit import START, entry_hash
from service.storage.tables.audit import audit

AT_ONCE = 1000
"""Entries held in memory while walking."""

ANCHOR = re.compile(r"([1-9]\d{0,17}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry as it was known at some time, from outside the database.

    Attributes:
        number: which entry.
        hash: its hash.
    """

    number: int
    hash: str

    @classmethod
    def read(cls, text: str) -> Self:
        """The anchor in a text such as `12:9f86d0...`.

        Raises:
            ValueError: there is none.
        """
        found = ANCHOR.fullmatch(text.strip().lower())
        if not found:
            raise ValueError("an anchor is an entry's number, a colon and its hash of 64 hexadecimal digits")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the walk found.

    Attributes:
        entries: how many entries follow one another from the first.
        last: the last of those; None where there is none.
        at: when that one was made, as it stands there.
        fault: what is wrong with the next one, or with the anchors, in words; empty where nothing is.
    """

    entries: int
    last: Anchor | None
    at: str
    fault: str

    @property
    def told(self) -> str:
        """The whole, in a sentence or two."""
        whole = f"{self.entries} {'entry is' if self.entries == 1 else 'entries are'} in order"
        if self.fault:
            return f"The audit log is broken: {self.fault}. Before that, {whole}."
        if not self.entries:
            return "The audit log is empty."
        return f"The audit log is unbroken: {whole}; the last is of {self.at}."


def verify(connection: Connection, anchors: Sequence[Anchor] = ()) -> Verdict:
    """Walks the chain from its first entry; stops at the first that does not follow.

    Args:
        connection: a transaction that sees the log as of one moment.
        anchors: entries that were noted down elsewhere; the log has to agree with each.
    """
    known = {anchor.number: anchor.hash for anchor in anchors}
    number, last, at = 0, START, ""
    entries = select(audit).order_by(audit.c.number)
    rows = connection.execute(entries, execution_options={"yield_per": AT_ONCE})
    with rows:
        for row in rows:
            fault = _fault(row, number, last) or _fault_against(known, row)
            if fault:
                return _verdict(number, last, at, fault)
            number, last, at = row.number, row.hash, row.at
    return _verdict(number, last, at, _cut_off(known, number))


def last_anchor(connection: Connection) -> Anchor | None:
    """The last entry as it is now; None where there is none."""
    row = connection.execute(select(audit).order_by(audit.c.number.desc()).limit(1)).one_or_none()
    return Anchor(row.number, row.hash) if row else None


def _verdict(number: int, last: str, at: str, fault: str) -> Verdict:
    return Verdict(number, Anchor(number, last) if number else None, at, fault)


def _fault(row: Row[Any], before: int, last: str) -> str:
    """Why an entry does not follow the one before; empty where it does."""
    if row.number != before + 1:
        return _gap(before + 1, row.number)
    if entry_hash(dict(row._mapping)) != row.hash:
        return f"entry {row.number} was changed: its hash is not that of what it says"
    if row.previous != last:
        return f"entry {row.number} was made after another entry {before} than the one that is there"
    return ""


def _gap(expected: int, found: int) -> str:
    if found < expected:
        return f"an entry {found} was put in before the first"
    if found == expected + 1:
        return f"entry {expected} is missing"
    return f"entries {expected} to {found - 1} are missing"


def _fault_against(known: Mapping[int, str], row: Row[Any]) -> str:
    if known.get(row.number, row.hash) == row.hash:
        return ""
    return f"entry {row.number} is not the one that was noted down; it, or one before, was written anew"


def _cut_off(known: Mapping[int, str], last: int) -> str:
    missing = max(known, default=0)
    return (
        f"its end is cut off: there was an entry {missing}, and the last is {last}" if missing > last else ""
    )
