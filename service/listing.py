"""Listing: the studies of a library as its page shows them: choices with counts, the picture, the rows."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, Self
from urllib.parse import quote, urlencode

from corpus.studies import Finding, Study
from service.answers import StudyCard
from service.choices import Field, capital, fields_of
from service.languages import Language, fixed
from service.picture import NARROW, WIDE, Picture, Shape, Symbol, draw, is_doubtful, symbol_of
from service.selection import Order, Selection
from service.wording import DESIGN_LABELS, FINDING_LABELS, study_card

ORDER_LABELS = {
    Order.newest: fixed("Newest first"),
    Order.largest: fixed("Largest first"),
    Order.strongest: fixed("Strongest kind of study first"),
    Order.name: fixed("By author"),
}


class Sorting(NamedTuple):
    """An order, and the address of the same studies in it."""

    label: str
    href: str
    current: bool


class Chosen(NamedTuple):
    """Something that narrows the list, and where the list goes without it, with how many studies."""

    field: str
    label: str
    href: str
    number: int


class Kind(NamedTuple):
    """A kind of study, how many of it there are, and the address of their list."""

    label: str
    number: int
    href: str


class Row(NamedTuple):
    """A study of the list; `doubtful` where it was withdrawn or is in doubt."""

    card: StudyCard
    href: str
    symbol: Symbol
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The studies that are shown.

    Attributes:
        selection: what is chosen.
        total: how many studies the library has.
        rows: those shown, in their order.
        fields: all that can be chosen.
        chosen: what is, one by one.
        sortings: all orders.
        faults: what of the address cannot be used, a plain sentence each.
        undated: studies that only a choice of years leaves out, because theirs is not known.
        found: the findings of those shown, each with its words.
    """

    selection: Selection
    total: int
    rows: tuple[Row, ...]
    fields: tuple[Field, ...]
    chosen: tuple[Chosen, ...]
    sortings: tuple[Sorting, ...]
    faults: tuple[str, ...]
    undated: int
    found: tuple[tuple[Finding, str], ...]
    pictures: tuple[Picture, ...]

    @classmethod
    def of(cls, studies: Collection[Study], pairs: Iterable[tuple[str, str]], language: Language) -> Self:
        """The list that an address asks for; `pairs` are the names and values of its query."""
        selection, faults = Selection.read(pairs)
        shown = selection.choose(studies)
        fields = tuple(fields_of(selection, studies, language))
        return cls(
            selection=selection,
            total=len(studies),
            rows=tuple(_row(study, selection, language) for study in shown),
            fields=fields,
            chosen=tuple(_chosen(selection, fields)),
            sortings=tuple(_sortings(selection, language)),
            faults=tuple(language.gettext(fault.text, **fault.values) for fault in faults),
            undated=_undated(selection, studies),
            found=tuple(_found(shown, language)),
            pictures=tuple(draw(shown, width) for width in (WIDE, NARROW)) if shown else (),
        )

    @property
    def cleared(self) -> str:
        """The address of all studies, in the order that is chosen."""
        return list_href(Selection(order=self.selection.order))

    @property
    def sorted_by(self) -> str:
        """The order, where it is not the usual one."""
        return "" if self.selection.order is Selection().order else self.selection.order.value

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes that these studies have, strongest kind first."""
        used = {row.symbol.shape for row in self.rows}
        return tuple(shape for shape in Shape if shape in used)

    @property
    def by_id(self) -> Mapping[str, Row]:
        """The rows by the ids of their studies."""
        return {row.card.study_id: row for row in self.rows}

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """What the marks of these studies look like, each once, strongest kind first."""
        used = {row.symbol for row in self.rows}
        return tuple(Symbol(*pair) for pair in product(Shape, Finding) if pair in used)


def kinds_of(studies: Iterable[Study], language: Language) -> Iterator[Kind]:
    """The kinds of studies that there are, strongest first."""
    numbers = Counter(study.design for study in studies)
    for design, label in DESIGN_LABELS.items():
        if numbers[design]:
            href = list_href(Selection(design=design))
            yield Kind(capital(language.gettext(label)), numbers[design], href)


def list_href(selection: Selection, study_id: str = "") -> str:
    """The address of a list, where given at the row of a study."""
    query = f"?{selection.query}" if selection.query else ""
    return f"/studies{query}{f'#row-{study_id}' if study_id else ''}"


def _row(study: Study, selection: Selection, language: Language) -> Row:
    # The way back: the study's page leads to the list that it was found in.
    back = f"?{urlencode({'list': selection.query})}" if selection.query else ""
    href = f"/studies/{quote(study.study_id)}{back}"
    return Row(study_card(study, language), href, symbol_of(study), is_doubtful(study))


def _chosen(selection: Selection, fields: Iterable[Field]) -> Iterator[Chosen]:
    for field in fields:
        if field.choice:
            href = list_href(selection.without(field.name))
            yield Chosen(field.label, field.choice.label, href, field.number)


def _sortings(selection: Selection, language: Language) -> Iterator[Sorting]:
    for order, label in ORDER_LABELS.items():
        yield Sorting(language.gettext(label), list_href(selection.in_order(order)), order is selection.order)


def _found(studies: Iterable[Study], language: Language) -> Iterator[tuple[Finding, str]]:
    used = {symbol_of(study).finding for study in studies}
    for finding in Finding:
        if finding in used:
            yield finding, language.gettext(FINDING_LABELS[finding])


def _undated(selection: Selection, studies: Iterable[Study]) -> int:
    if selection.first is None and selection.last is None:
        return 0
    others = selection.without("from").without("to")
    return sum(study.year is None and others.fits(study) for study in studies)
