"""The widget: its script, joined from its parts, what a host page may set, and the page that shows it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

from service.answers import DISCLAIMER
from service.languages import DIRECTION, Language, fixed
from service.views import Site

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"

SHEETS = (STATIC / "answer.css", TEMPLATES / "widget.css")
OWN_PARTS = ("words.js", "asking.js", "printing.js", "form.js", "dialog.js", "element.js")
PARTS = (STATIC / "answer.js", *(TEMPLATES / name for name in OWN_PARTS))
"""Scripts that stand in ask.js by their names; answer.js is the answer page's own as well."""

SLOT = re.compile(r'"?/\* ([a-z]+(?:\.js)?) \*/"?')
"""Where ask.js takes what is not in it: a comment that is a name, in quotes where a value comes."""

SAID = re.compile(r'\bsay\(\s*("(?:[^"\\]|\\.)*")')
"""A sentence of the widget, to be looked up in the visitor's language."""

PROPERTY = re.compile(r"var\(--plaincite-([a-z-]+), (.+?)\);")
"""What a host page may set, with the value that holds where it does not."""

PART = re.compile(r'\bpart"?[:,] "([a-z]+)"')
"""An element of the widget that a host page may style."""

ATTRIBUTES = {
    "mode": fixed("“inline”, or “floating”: a button in a corner that opens a dialog"),
    "side": fixed("Floating: “end” or “start” of a line, so right or left in English"),
    "theme": fixed("“light”, “dark”, or “auto”: as the visitor's system is; else as the page around it"),
    "language": fixed("What it speaks; else the page's language, where we have it, else English"),
    "site": fixed("The public name of your site, which the service knows"),
    "heading": fixed("The heading; empty for none"),
    "launcher": fixed("Floating: the words on the button"),
    "suggestions": fixed("Questions parted by “|”; else the library's own; empty for none"),
    "server": fixed("Where questions go; else where the script came from"),
    "timeout": fixed("For how many seconds it waits for an answer; else 20"),
}
"""What each attribute of the element sets; a test compares them with the script."""

PROPERTIES = {
    "text": fixed("Words"),
    "muted": fixed("Words that matter less"),
    "background": fixed("Behind the whole widget"),
    "surface": fixed("Behind studies, fields and quiet buttons"),
    "tint": fixed("Behind the disclaimer and explanations"),
    "line": fixed("Lines around boxes"),
    "control": fixed("Lines around fields and quiet buttons; give them a contrast of 3:1"),
    "accent": fixed("Links, the main button, the ring around what has the focus"),
    "on-accent": fixed("Words on the main button"),
    "mark": fixed("Behind the part of a quote that answers"),
    "other": fixed("The side that disagrees"),
    "other-tint": fixed("Behind the side that disagrees"),
    "alarm": fixed("Problems and retractions; safety cards keep their own colours"),
    "radius": fixed("How round corners are"),
    "font": fixed("Typefaces"),
    "font-size": fixed("Size of the words; “medium” is what the visitor has chosen"),
    "width": fixed("Floating: how wide the dialog is on a large screen"),
    "inset-inline": fixed("Floating: how far the button stands from the side of the window"),
    "inset-block": fixed("Floating: how far it stands from the foot of the window"),
    "layer": fixed("Floating: the z-index of the button"),
}
"""What each custom property sets; a test compares them with the style sheets, the script and the README."""


class Property(NamedTuple):
    """A custom property that a host page may set on the element, and its value where it does not."""

    name: str
    sets: str
    default: str


@dataclass(frozen=True, slots=True)
class WidgetPage:
    """The widget in its looks, for people who put it into a page.

    Attributes:
        server: where this service is found, as the lines to copy name it.
        theme: the example's style sheet, to be copied.
        attributes: name and meaning of each attribute.
        properties: what may be set.
        parts: what may be styled.
    """

    template: ClassVar[str] = "widget.html"

    site: Site
    server: str
    theme: str
    attributes: Sequence[tuple[str, str]]
    properties: Sequence[Property]
    parts: Sequence[str]

    @classmethod
    def of(cls, site: Site, server: str) -> Self:
        """The page of a service found at an address without a slash at its end."""
        theme = (STATIC / "clinic.css").read_text(encoding="utf-8")
        return cls(site, server, theme, tuple(ATTRIBUTES.items()), tuple(properties()), tuple(parts()))


def widget_script(suggestions: Sequence[str], languages: Iterable[Language]) -> str:
    """The script with its style sheets and its words inside: a host page loads one file and no style element.

    Args:
        suggestions: questions that the library answers, offered where the host page names none.
        languages: what the widget's own sentences can be said in.
    """
    code, text = _code(), (TEMPLATES / "ask.js").read_text(encoding="utf-8")
    said = [json.loads(found) for part in code.values() for found in SAID.findall(part)]
    values = {
        "style": _style(),
        "disclaimer": DISCLAIMER,
        "suggestions": list(suggestions),
        "strings": _strings([*said, DISCLAIMER, DIRECTION], languages),
    }
    filled = code | {name: json.dumps(value) for name, value in values.items()}
    return SLOT.sub(lambda slot: filled[slot[1]], text)


def properties() -> Iterator[Property]:
    """What a host page may set, in the order of PROPERTIES, with the defaults of the style sheets."""
    defaults = dict(PROPERTY.findall(_style()))
    for name, sets in PROPERTIES.items():
        yield Property(f"--plaincite-{name}", sets, defaults[name])


def parts() -> list[str]:
    """What a host page may style, in the order of the alphabet."""
    return sorted({name for code in _code().values() for name in PART.findall(code)})


def _code() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in PARTS}


def _style() -> str:
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)


def _strings(messages: Sequence[str], languages: Iterable[Language]) -> Mapping[str, Mapping[str, str]]:
    """The sentences by language and by their English; what is not translated is left out, as English is."""
    return {language.code: dict(_translated(messages, language)) for language in languages}


def _translated(messages: Sequence[str], language: Language) -> Iterator[tuple[str, str]]:
    for text in messages:
        said = language.catalogue.gettext(text)
        if said != text:
            yield text, said
