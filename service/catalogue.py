"""Catalogue: the fixed words of one language, as translators keep them (gettext `.po`), checked and ready.

A fault here would show on a safety card, so a catalogue with one is refused whole, with its file and line.
"""

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%?|\{\w*\}")
"""What stands for a value, in templates (`%(count)s`) and in Python and data (`{count}`); and a stray `%`."""

DIRECTIONS = ("ltr", "rtl")


class CatalogueError(Exception):
    """A catalogue that cannot be used; one line that names file, line and fault."""

    def __init__(self, path: Path, line: int | None, fault: str) -> None:
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {fault}")


def read_catalogue(path: Path) -> GNUTranslations:
    """The words of a language, by the English ones; those that are not translated stay English.

    Raises:
        CatalogueError: it cannot be read, an entry is marked as fuzzy, or its placeholders are others than
            those of the English text.
    """
    catalogue = read_messages(path)
    for message in catalogue:
        for fault in faults_of(message, catalogue):
            raise CatalogueError(path, message.lineno, fault)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def read_messages(path: Path) -> Catalog:
    """The entries of a catalogue as they stand in its file.

    Raises:
        CatalogueError: the file cannot be read.
    """
    try:
        with path.open("rb") as lines:
            return read_po(lines, abort_invalid=True)
    except PoFileError as error:
        raise CatalogueError(path, error.lineno + 1, f"cannot be read: {error}") from error
    except (OSError, ValueError, LookupError) as error:
        raise CatalogueError(path, None, f"cannot be read: {' '.join(str(error).split())}") from error


def faults_of(message: Message, catalogue: Catalog) -> Iterator[str]:
    """What is wrong with an entry, a line each; one without a translation is not wrong."""
    if not message.id:
        return
    english, said = _texts(message.id), _texts(message.string or "")
    name = f"“{english[0][:60]}”"
    if message.fuzzy:
        yield f"{name} is marked as fuzzy; check the translation and take the mark away"
    if not all(said):
        if any(said):
            yield f"{name} lacks one of its plural forms"
        return
    if len(english) > 1 and len(said) != catalogue.num_plurals:
        yield f"{name} has {len(said)} plural forms, not {catalogue.num_plurals}"
    if english[0] in DIRECTIONS and said[0] not in DIRECTIONS:
        yield f"{name} can only be {' or '.join(DIRECTIONS)}"
    known = set[str]().union(*map(_placeholders, english))
    for text in said:
        # "One person" needs no number: every form of a plural but the last may leave one out.
        missing = known - _placeholders(text)
        if _placeholders(text) - known or len(missing) > (text is not said[-1]):
            yield f"{name}: the placeholders of the translation are not those of the English text"


def _texts(texts: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
