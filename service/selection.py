"""Selection: which studies a list shows and in what order, as its address says.

Pure. An address is whatever somebody typed or shared: what cannot be read is told, and never silently
counts as something else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple, Self, TypeVar
from urllib.parse import urlencode

from corpus.studies import Design, Finding, Study
from service.languages import fixed
from service.wording import study_reference

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years that a study may have."""

SHOWN = 40
"""Characters of a wrong value that a page repeats."""

UNREADABLE = {
    "design": fixed("The link asks for a kind of study that we do not know: “{value}”."),
    "finding": fixed("The link asks for a finding that we do not know: “{value}”."),
    "people": fixed("The link asks for a number of people that we do not know: “{value}”."),
    "from": fixed("The link asks for a first year that is no year: “{value}”."),
    "to": fixed("The link asks for a last year that is no year: “{value}”."),
    "sort": fixed("The link asks for an order that we do not know: “{value}”."),
}
TWICE = {
    "design": fixed("The link asks for several kinds of study. Only one at a time can be chosen."),
    "finding": fixed("The link asks for several findings. Only one at a time can be chosen."),
    "people": fixed("The link asks for several numbers of people. Only one at a time can be chosen."),
    "from": fixed("The link asks for several first years. Only one can be chosen."),
    "to": fixed("The link asks for several last years. Only one can be chosen."),
    "sort": fixed("The link asks for several orders. Only one at a time can be chosen."),
}
BACKWARDS = fixed("The first year, {first}, is after the last year, {last}, so no study fits.")


class Size(StrEnum):
    """How many people took part, in steps that people use."""

    tiny = "under-20"
    small = "20-99"
    middle = "100-499"
    large = "500-or-more"
    unknown = "unknown"


FEWEST = {Size.large: 500, Size.middle: 100, Size.small: 20, Size.tiny: 0}
"""The smallest number of people of each step."""


class Order(StrEnum):
    """In what order studies are listed."""

    newest = "newest"
    largest = "largest"
    strongest = "strongest"
    name = "name"


class Fault(NamedTuple):
    """Something in an address that cannot be used: fixed words, and the values for the `{names}` in them."""

    text: str
    values: Mapping[str, str]


Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list of studies shows; None does not choose.

    Attributes:
        first, last: years of publication, both ends in.
    """

    design: Design | None = None
    finding: Finding | None = None
    people: Size | None = None
    first: int | None = None
    last: int | None = None
    order: Order = Order.newest

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> tuple[Self, tuple[Fault, ...]]:
        """The selection that an address names, and what in it cannot be used.

        Args:
            pairs: names and values of its query; names of others (a language, a campaign) are not ours.
        """
        query = _Query(pairs)
        found = cls(
            design=query.choice("design", Design),
            finding=query.choice("finding", Finding),
            people=query.choice("people", Size),
            first=query.year("from"),
            last=query.year("to"),
            order=query.choice("sort", Order) or Order.newest,
        )
        if found.first and found.last and found.first > found.last:
            query.faults.append(Fault(BACKWARDS, {"first": str(found.first), "last": str(found.last)}))
        return found, tuple(query.faults)

    @property
    def chosen(self) -> Mapping[str, str]:
        """What narrows the list, by the names that addresses use."""
        given = {
            "design": self.design,
            "finding": self.finding,
            "people": self.people,
            "from": self.first,
            "to": self.last,
        }
        return {name: str(value) for name, value in given.items() if value is not None}

    @property
    def query(self) -> str:
        """The selection as the query of an address; empty for the list as it is."""
        order = {"sort": self.order.value} if self.order is not Order.newest else {}
        return urlencode({**self.chosen, **order})

    def without(self, name: str) -> Self:
        """The selection less what an address calls `name`."""
        nothing: dict[str, Any] = {{"from": "first", "to": "last"}.get(name, name): None}
        return replace(self, **nothing)

    def in_order(self, order: Order) -> Self:
        """The same studies in another order."""
        return replace(self, order=order)

    def fits(self, study: Study) -> bool:
        """Whether it shows a study; one of unknown year fits no choice of years."""
        return (
            self.design in {None, study.design}
            and self.finding in {None, study.finding}
            and self.people in {None, size_of(study.people)}
            and (self.first is None or (study.year is not None and study.year >= self.first))
            and (self.last is None or (study.year is not None and study.year <= self.last))
        )

    def choose(self, studies: Iterable[Study]) -> list[Study]:
        """The studies that it shows, in its order; what is not known comes last, ties newest first."""
        found = sorted(filter(self.fits, studies), key=_name_of)
        found.sort(key=lambda study: -(study.year or 0))
        if self.order is Order.largest:
            found.sort(key=lambda study: -1 if study.people is None else study.people, reverse=True)
        elif self.order is Order.strongest:
            strength: Sequence[Design | None] = [*Design, None]
            found.sort(key=lambda study: strength.index(study.design))
        elif self.order is Order.name:
            found.sort(key=_name_of)
        return found


class _Query:
    """The query of an address, read value by value; `faults` gathers what cannot be used."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        self.faults: list[Fault] = []
        for name, value in pairs:
            # A form sends what nobody filled in as well.
            if value.strip():
                self._values.setdefault(name, []).append(value.strip())

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        value = self._one(name)
        if value in set(kind):
            return kind(value)
        self._refuse(name, value)
        return None

    def year(self, name: str) -> int | None:
        value = self._one(name)
        is_year = len(value) == len(str(LAST_YEAR)) and value.isascii() and value.isdigit()
        if is_year and FIRST_YEAR <= int(value) <= LAST_YEAR:
            return int(value)
        self._refuse(name, value)
        return None

    def _one(self, name: str) -> str:
        values = set(self._values.get(name, ()))
        if len(values) > 1:
            self.faults.append(Fault(TWICE[name], {}))
            return ""
        return values.pop() if values else ""

    def _refuse(self, name: str, value: str) -> None:
        if value:
            shown = value if len(value) <= SHOWN else f"{value[:SHOWN]} …"
            self.faults.append(Fault(UNREADABLE[name], {"value": shown}))


def size_of(people: int | None) -> Size:
    """The step of a number of people."""
    if people is None:
        return Size.unknown
    return next(size for size, fewest in FEWEST.items() if people >= fewest)


def _name_of(study: Study) -> tuple[str, str]:
    return study_reference(study).casefold(), study.study_id
