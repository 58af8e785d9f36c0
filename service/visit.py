"""Visit: in which language a page is wanted, and what keeps it through the page's links and forms.

No cookie remembers a language: whoever chose one carries it along in the addresses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from service.languages import ENGLISH, Language, Languages, accepted, named

FIELD = "language"
"""The name in addresses and forms under which a language is asked for."""


class Switch(NamedTuple):
    """Another language, and the address of the same page in it."""

    language: Language
    href: str


@dataclass(frozen=True, slots=True)
class Visit:
    """How one page is asked for.

    Attributes:
        language: what it is shown in.
        chosen: the person chose it, so links and forms must carry it along.
        languages: all that there are.
        query: what its address says after the question mark.
        sent: the fields of the form that brought it; empty for a page that has an address of its own.
    """

    language: Language = ENGLISH
    chosen: bool = False
    languages: Languages = field(default_factory=lambda: {ENGLISH.code: ENGLISH})
    query: str = ""
    sent: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, languages: Languages, query: str, accept: str, *, sent: Mapping[str, str] | None = None
    ) -> Self:
        """Tells the language of a request: the one that was chosen, else the first that the browser asks for.

        Args:
            languages: those that there are; a choice of any other one counts as none.
            query: what the address says after the question mark.
            accept: what the browser asks for (Accept-Language).
            sent: the fields of the form that brought the page; a language in them goes before the address.
        """
        fields = dict(sent or {})
        chosen = named(languages, fields.pop(FIELD, "") or dict(_parts(query)).get(FIELD, ""))
        return cls(chosen or accepted(languages, accept), chosen is not None, languages, query, fields)

    def keep(self, href: str) -> str:
        """An address of ours as the links and forms of this page should have it."""
        if not self.chosen:
            return href
        parts = urlsplit(href)
        return urlunsplit(parts._replace(query=_in_language(parts.query, self.language)))

    @property
    def switches(self) -> tuple[Switch, ...]:
        """The other languages, each with the address of this page in it."""
        others = (language for language in self.languages.values() if language is not self.language)
        # Of the address only the query: a path of two slashes would lead to another host.
        return tuple(Switch(language, f"?{_in_language(self.query, language)}") for language in others)


def _in_language(query: str, language: Language) -> str:
    kept = [(name, value) for name, value in _parts(query) if name != FIELD]
    return urlencode([*kept, (FIELD, language.code)], safe=":")


def _parts(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)
