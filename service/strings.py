"""Strings: the fixed words of code, templates, data and scripts, and what catalogues lack of them."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract

from service.catalogue import CatalogueError, faults_of, read_messages
from service.explaining import EXPLANATIONS, load_explanations
from service.notices import NOTICES, load_cards
from service.settings import Settings
from service.widget import SAID

SERVICE = Path(__file__).parent

IN_PYTHON = {"fixed": None, "gettext": None, "ngettext": (1, 2)}
"""The functions whose arguments are fixed words."""

JINJA = dict.fromkeys(("trimmed", "newstyle_gettext", "trim_blocks", "lstrip_blocks"), "true") | {
    "silent": "false"
}
"""How the pages read their templates; the words must come out just as they are looked up."""

WRITTEN = 100
"""Width of a catalogue's lines."""


class Place(NamedTuple):
    """Where words stand: a file below `service`, and the line."""

    file: str
    line: int


Id = str | tuple[str, str]
"""Fixed words: one text, or those for one thing and for many."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a catalogue has, held against the words in use.

    Attributes:
        path: its file.
        missing: words without a translation, and where they stand.
        unused: translations that nothing uses.
        faults: what is wrong with a translation, each with its line.
    """

    path: Path
    missing: Mapping[Id, Place]
    unused: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing has to be done."""
        return not (self.missing or self.unused or self.faults)


def strings_in_use(folder: Path = SERVICE) -> dict[Id, Place]:
    """Every fixed word of the service, and where it is first used."""
    found: dict[Id, Place] = {}
    for words, place in (
        *_in_python(folder),
        *_in_templates(folder),
        *_in_scripts(folder),
        *_in_data(),
    ):
        if words not in found and (not isinstance(words, str) or words.strip()):
            found[words] = place
    plurals = {words[0] for words in found if not isinstance(words, str)}
    return {words: place for words, place in found.items() if words not in plurals}


def compare(path: Path, in_use: Mapping[Id, Place]) -> Comparison:
    """Holds a catalogue against the words in use.

    Raises:
        CatalogueError: the catalogue cannot be read.
    """
    catalogue = read_messages(path)
    entries = {_id_of(message.id): message for message in catalogue if message.id}
    return Comparison(
        path=path,
        missing={
            words: place
            for words, place in in_use.items()
            if words not in entries or not _is_said(entries[words].string)
        },
        unused=tuple(_first(words) for words in entries if words not in in_use),
        faults=tuple(
            f"line {message.lineno}: {fault}"
            for message in entries.values()
            for fault in faults_of(message, catalogue)
        ),
    )


def format_comparison(found: Comparison) -> str:
    """What has to be done to a catalogue, a line each; one line where nothing has to be."""
    lines = [
        *(f"missing: “{_first(words)}” ({at.file}:{at.line})" for words, at in found.missing.items()),
        *(f"unused: “{words}”" for words in found.unused),
        *found.faults,
    ]
    state = f"{len(lines)} to mend" if lines else "whole"
    return "\n".join([f"{found.path.name}: {state}", *(f"  {line}" for line in lines)])


def update(path: Path, in_use: Mapping[Id, Place]) -> None:
    """Brings a catalogue's entries up to the words in use: new ones come in empty, unused ones go.

    Raises:
        CatalogueError: the catalogue cannot be read, or not be written.
    """
    catalogue = read_messages(path)
    template = Catalog(charset="utf-8", creation_date=catalogue.creation_date)
    for words, place in in_use.items():
        template.add(words, locations=[(place.file, 0)])
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    written = io.BytesIO()
    write_po(written, catalogue, width=WRITTEN, include_lineno=False, sort_by_file=True, ignore_obsolete=True)
    try:
        path.write_bytes(written.getvalue())
    except OSError as error:
        raise CatalogueError(path, None, f"cannot be written: {error}") from error


def _in_python(folder: Path) -> Iterator[tuple[Id, Place]]:
    for path in sorted(folder.glob("*.py")):
        source = path.read_bytes()
        # Most files have none, and reading one word by word takes its time.
        if any(f"{name}(".encode() in source for name in IN_PYTHON):
            for line, words, _, _ in extract("python", io.BytesIO(source), keywords=IN_PYTHON):
                yield _id_of(words), Place(path.name, line)


def _in_templates(folder: Path) -> Iterator[tuple[Id, Place]]:
    for path in sorted((folder / "templates").glob("*.html")):
        with path.open("rb") as source:
            for line, _, words, _ in babel_extract(source, list(DEFAULT_KEYWORDS), [], JINJA):
                if words:
                    yield _id_of(words), Place(f"templates/{path.name}", line)


def _in_scripts(folder: Path) -> Iterator[tuple[Id, Place]]:
    for path in (*sorted((folder / "templates").glob("*.js")), *sorted((folder / "static").glob("*.js"))):
        text = path.read_text(encoding="utf-8")
        for match in SAID.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield json.loads(match[1]), Place(f"{path.parent.name}/{path.name}", line)


def _in_data() -> Iterator[tuple[Id, Place]]:
    for card in load_cards().cards.values():
        yield card.title, Place(NOTICES.name, 0)
        yield card.text.strip(), Place(NOTICES.name, 0)
    for explanation in load_explanations().explanations:
        yield explanation.text, Place(EXPLANATIONS.name, 0)
    # Until the operator names another one, people see this name as it stands in the settings.
    yield Settings.model_fields["crisis_name"].default, Place("settings.py", 0)


def _id_of(words: str | Sequence[str | None]) -> Id:
    if isinstance(words, str):
        return words
    # Values that go into the words come along as None.
    texts = [text for text in words if text]
    return texts[0] if len(texts) == 1 else (texts[0], texts[1])


def _first(words: Id) -> str:
    return words if isinstance(words, str) else words[0]


def _is_said(said: str | Iterable[str] | None) -> bool:
    return all(said) if said and not isinstance(said, str) else bool(said)
