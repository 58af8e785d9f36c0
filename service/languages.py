"""Language: what the fixed words are said in; load_languages reads the catalogue of each.

English stands in the code and the templates and needs no catalogue: its words are the keys of all others. The
summaries are another matter: they stay in LIBRARY_LANGUAGE, whatever language the page around them is in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from service.catalogue import read_catalogue

LIBRARY_LANGUAGE = "en"
"""What the summaries are written in."""

CATALOGUES = Path(__file__).with_name("catalogues")
"""One gettext file a language, CODE.po."""


def fixed(text: str) -> str:
    """Marks fixed words for the catalogue, where they are kept first and said later; gives them back."""
    return text


NAME = fixed("English")
DIRECTION = fixed("ltr")
"""What a catalogue says of itself: the language's name in the language, and which way it is written."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the interface.

    Attributes:
        code: as in `<html lang>`, "es".
        catalogue: its words, by the English ones.
    """

    code: str
    catalogue: NullTranslations = field(default_factory=NullTranslations, repr=False)

    @property
    def name(self) -> str:
        """Its name in the language itself."""
        return self.catalogue.gettext(NAME)

    @property
    def direction(self) -> str:
        """Which way it is written, "ltr" or "rtl"."""
        return self.catalogue.gettext(DIRECTION)

    @property
    def is_of_library(self) -> bool:
        """Whether the summaries are written in it, too."""
        return self.code == LIBRARY_LANGUAGE

    def gettext(self, text: str, **values: object) -> str:
        """Fixed words in this language; `{name}` in them stands for a value."""
        said = self.catalogue.gettext(text) if text else ""
        return said.format(**values) if values else said

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """The words for a number of things."""
        return self.catalogue.ngettext(one, many, number).format(**values)

    def day(self, day: date) -> str:
        """A day as people write it: "22 November 2026", "22 de noviembre de 2026"."""
        if self.is_of_library:
            return f"{day.day} {day:%B %Y}"
        # The days and months of other languages are read from disk only when a page first names one.
        from babel.dates import format_date  # noqa: PLC0415

        return format_date(day, "long", locale=self.code.replace("-", "_"))


ENGLISH = Language("en")

Languages = Mapping[str, Language]
"""The languages that there are, by code; English first."""


@cache
def load_languages(folder: Path = CATALOGUES) -> Languages:
    """English, and each language that has a catalogue in a folder; read once.

    Raises:
        CatalogueError: a catalogue cannot be used.
    """
    paths = sorted(folder.glob("*.po"))
    return {"en": ENGLISH} | {path.stem: Language(path.stem, read_catalogue(path)) for path in paths}


def named(languages: Languages, code: str) -> Language | None:
    """The language that a code means, "es-MX" as well as "es"; None where we do not have it."""
    wanted = code.strip().lower().replace("_", "-")
    by_code = {known.lower(): language for known, language in languages.items()}
    return by_code.get(wanted) or by_code.get(wanted.partition("-")[0])


def accepted(languages: Languages, header: str) -> Language:
    """The first language that a browser asks for (Accept-Language, RFC 9110) and we have; else English."""
    wanted = sorted(_weighed(header), key=lambda item: -item[0])
    found = (named(languages, code) for weight, code in wanted if weight > 0)
    return next((language for language in found if language), ENGLISH)


def _weighed(header: str) -> Iterator[tuple[float, str]]:
    for part in header.split(","):
        code, _, weight = part.partition(";")
        try:
            yield float(weight.strip().lower().removeprefix("q=") or 1), code
        except ValueError:  # no weight that can be read: not worth a guess
            continue
