"""Choices: what a list of studies can be narrowed by, each with the number of studies that it would show."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from corpus.studies import Study
from service.languages import Language, fixed
from service.selection import Selection, Size, size_of
from service.wording import DESIGN_LABELS, FINDING_LABELS

FIELDS = {
    "design": (fixed("Kind of study"), fixed("All kinds")),
    "finding": (fixed("What they found"), fixed("All findings")),
    "people": (fixed("People in the study"), fixed("Any number")),
    "from": (fixed("From year"), fixed("Any")),
    "to": (fixed("To year"), fixed("Any")),
}
"""What can be chosen, by the name in addresses: its label, and the choice that leaves nothing out."""

SIZE_LABELS = {
    Size.tiny: fixed("Fewer than 20"),
    Size.small: fixed("20 to 99"),
    Size.middle: fixed("100 to 499"),
    Size.large: fixed("500 or more"),
    Size.unknown: fixed("Not known to us"),
}

CHOICES: Mapping[str, Mapping[str, str]] = {
    "design": {design.value: label for design, label in DESIGN_LABELS.items()},
    "finding": {finding.value: label for finding, label in FINDING_LABELS.items()},
    "people": {size.value: label for size, label in SIZE_LABELS.items()},
}
"""What can be chosen by name, in the order of the lists; years are their own labels."""


class Option(NamedTuple):
    """One choice, and how many studies it would show beside what else is chosen."""

    value: str
    label: str
    number: int
    chosen: bool


class Field(NamedTuple):
    """A list of choices; `anything` is the one that leaves nothing out, `number` what it would show."""

    name: str
    label: str
    anything: str
    number: int
    options: tuple[Option, ...]

    @property
    def choice(self) -> Option | None:
        """What is chosen."""
        return next((option for option in self.options if option.chosen), None)


def fields_of(selection: Selection, studies: Iterable[Study], language: Language) -> Iterator[Field]:
    """All that can be chosen, whatever is chosen now."""
    for name, (label, anything) in FIELDS.items():
        others = selection.without(name)
        left = [study for study in studies if others.fits(study)]
        chosen = selection.chosen.get(name)
        counted = Counter(_value(name, study) for study in left)
        choices = _choices(name, studies, chosen)
        if name in {"from", "to"}:
            later = sorted((value for value, _ in choices), reverse=name == "from")
            counted = Counter(dict(zip(later, accumulate(counted[year] for year in later), strict=True)))
        options = tuple(
            Option(value, capital(language.gettext(text)), counted[value], value == chosen)
            for value, text in choices
        )
        yield Field(name, language.gettext(label), language.gettext(anything), len(left), options)


def _choices(name: str, studies: Iterable[Study], chosen: str | None) -> list[tuple[str, str]]:
    """The choices that the library has, and the one that is made, each with its label."""
    present = {_value(name, study) for study in studies} | {chosen}
    labels = CHOICES.get(name) or {year: year for year in sorted(filter(None, present))}
    return [(value, text) for value, text in labels.items() if value in present]


def _value(name: str, study: Study) -> str | None:
    """What a study has where a choice is made; None where that is not known."""
    if name == "people":
        return size_of(study.people).value
    value = {"design": study.design, "finding": study.finding}.get(name, study.year)
    return None if value is None else str(value)


def capital(text: str) -> str:
    """Words as they stand at the beginning."""
    return text[:1].upper() + text[1:]
