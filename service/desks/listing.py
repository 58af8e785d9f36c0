"""Listing: which summaries a page of the library desk shows, and in what order, as its address says."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self, TypeVar
from urllib.parse import urlencode

from service.desks.holdings import Entry, Need, Stage

ON_A_PAGE = 50
SHOWN = 40
"""Characters of a wrong value that a page repeats."""

LONGEST_WORDS = 200


class Sort(StrEnum):
    """In what order summaries are listed."""

    need = "need"
    name = "name"
    checked = "checked"
    grade = "grade"
    people = "people"
    year = "year"


SORTS = {
    Sort.need: "Most urgent first",
    Sort.name: "By name",
    Sort.checked: "Longest not checked first",
    Sort.grade: "Hardest to read first",
    Sort.people: "Largest first",
    Sort.year: "Newest first",
}
NEEDS_IN_ORDER = list(Need)
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class View:
    """What of the list a page shows, as its address says; None does not choose.

    Attributes:
        attention: only what needs attention.
        with_draft: only what somebody works on.
        words: only what has these words in its id, authors or title.
        page: from 1.
    """

    stage: Stage | None = None
    need: Need | None = None
    attention: bool = False
    with_draft: bool = False
    words: str = ""
    sort: Sort = Sort.need
    page: int = 1

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> tuple[Self, list[str]]:
        """The view that an address names, and what in it cannot be used, in sentences."""
        query = _Query({name: value.strip() for name, value in pairs if value.strip()})
        found = cls(
            stage=query.choice("stage", Stage),
            need=query.choice("need", Need),
            attention="attention" in query.given,
            with_draft="with_draft" in query.given,
            words=" ".join(query.given.get("words", "").split())[:LONGEST_WORDS],
            sort=query.choice("sort", Sort) or Sort.need,
            page=query.page(),
        )
        return found, query.faults

    def href(self, **changes: object) -> str:
        """The address of this list with changes, from its first page unless they name another one."""
        view = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        given = {
            "stage": view.stage,
            "need": view.need,
            "attention": "1" if view.attention else "",
            "with_draft": "1" if view.with_draft else "",
            "words": view.words,
            "sort": "" if view.sort is Sort.need else view.sort,
            "page": "" if view.page == 1 else view.page,
        }
        query = urlencode({name: str(value) for name, value in given.items() if value})
        return f"/staff/library?{query}" if query else "/staff/library"

    def choose(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries that it shows, on all its pages, in its order; what is not known comes last.

        A summary that was never checked is the one that was longest not checked.
        """
        found = sorted(filter(self._fits, entries), key=lambda one: (one.reference.casefold(), one.study_id))
        keys = {
            Sort.need: _urgency,
            Sort.name: lambda _: 0,
            Sort.checked: lambda entry: entry.checked or date.min,
            Sort.grade: lambda entry: -1.0 * (entry.grade or 0.0) if entry.grade is not None else 1.0,
            Sort.people: lambda entry: -(entry.study.people or 0) if entry.study else 1,
            Sort.year: lambda entry: -(entry.study.year or 0) if entry.study else 1,
        }
        found.sort(key=keys[self.sort])  # type: ignore[arg-type]
        return found

    def _fits(self, entry: Entry) -> bool:
        text = f"{entry.study_id} {entry.reference} {entry.title} {' '.join(_authors(entry))}".casefold()
        return (
            self.stage in {None, entry.stage}
            and (self.need is None or self.need in entry.needs)
            and (not self.attention or bool(entry.needs))
            and (not self.with_draft or entry.draft is not None)
            and all(word in text for word in self.words.casefold().split())
        )


class _Query:
    """The query of an address, read value by value; `faults` gathers what cannot be used."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.faults: list[str] = []

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        value = self.given.get(name, "")
        if value and value not in set(kind):
            self.faults.append(f"The address asks for “{value[:SHOWN]}”, which the list does not know.")
            return None
        return kind(value) if value else None

    def page(self) -> int:
        value = self.given.get("page", "1")
        if re.fullmatch(r"[1-9][0-9]{0,4}", value):
            return int(value)
        self.faults.append(f"The address asks for page “{value[:SHOWN]}”, which is no number of a page.")
        return 1


def _authors(entry: Entry) -> Sequence[str]:
    return entry.study.authors if entry.study else ()


def _urgency(entry: Entry) -> tuple[int, bool, date]:
    """A retraction comes before a correction, more before less urgent needs, then the longest not checked."""
    first = NEEDS_IN_ORDER.index(entry.needs[0]) if entry.needs else len(NEEDS_IN_ORDER)
    return first, not any(notice.is_grave for notice in entry.notices), entry.checked or date.min


@dataclass(frozen=True, slots=True)
class Counts:
    """How many summaries there are of each kind; `reviewed` of the published ones by a clinician."""

    total: int
    stages: Mapping[Stage, int]
    needs: Mapping[Need, int]
    attention: int
    drafts: int
    reviewed: int

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Self:
        """Counts a library."""
        return cls(
            total=len(entries),
            stages=Counter(entry.stage for entry in entries),
            needs=Counter(need for entry in entries for need in entry.needs),
            attention=sum(bool(entry.needs) for entry in entries),
            drafts=sum(entry.draft is not None for entry in entries),
            reviewed=sum(entry.is_reviewed and entry.stage is Stage.published for entry in entries),
        )
