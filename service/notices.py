"""Notices: the fixed texts of the safety cards, with the operator's numbers filled in."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from service.answers import Contact, Notice, NoticeKind
from service.languages import ENGLISH, Language, fixed

NOTICES = Path(__file__).with_name("notices.yaml")
"""The texts that come with plaincite."""

UNREVIEWED = fixed("Not yet reviewed by a clinician")
TRANSLATION = fixed("This translation has not been reviewed by a clinician yet")
"""Who reviewed a translation is for its catalogue to say."""

EMERGENCY = fixed("Emergency")


class NoticesError(Exception):
    """The file of texts cannot be used; one line that says why."""


class _Card(BaseModel):
    """One text. `{emergency}`, `{crisis_name}` and `{crisis_number}` in it stand for the operator's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: NoticeKind
    title: Annotated[str, Field(min_length=1)]
    text: Annotated[str, Field(min_length=1)]
    contacts: tuple[Annotated[str, Field(pattern="^(emergency|crisis)$")], ...] = ()


class _Cards(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[str, Field(min_length=1)]
    reviewed_by: str
    reviewed_on: str
    cards: Mapping[str, _Card]

    @property
    def reviewed(self) -> str:
        if self.reviewed_by and self.reviewed_on:
            return f"Reviewed by {self.reviewed_by} on {self.reviewed_on}"
        return UNREVIEWED


def notice_for(
    kind: NoticeKind,
    emergency_number: str,
    crisis: Contact,
    *,
    card: str = "",
    language: Language = ENGLISH,
) -> Notice:
    """The notice of a screening class.

    Args:
        kind: the class.
        emergency_number: the number to call in an emergency, "911".
        crisis: the crisis line; only a name that the catalogue knows is translated.
        card: which text, as `Screening.card` says; the one of the class where it is empty.
        language: what it is said in.

    Raises:
        KeyError: there is no such text.
    """
    cards = load_cards()
    chosen = cards.cards[card or kind.value]
    line = Contact(name=language.gettext(crisis.name), number=crisis.number)
    numbers = {"emergency": emergency_number, "crisis_name": line.name, "crisis_number": line.number}
    known = {
        "emergency": Contact(name=language.gettext(EMERGENCY), number=emergency_number),
        "crisis": line,
    }
    return Notice(
        kind=kind,
        card=card,
        title=language.gettext(chosen.title, **numbers),
        text=language.gettext(chosen.text.strip(), **numbers),
        contacts=tuple(known[name] for name in chosen.contacts),
        version=cards.version,
        reviewed=cards.reviewed if language is ENGLISH else language.gettext(TRANSLATION),
    )


@cache
def load_cards(path: Path = NOTICES) -> _Cards:
    """The texts of a file; read once.

    Raises:
        NoticesError: it cannot be read, a text is missing, or one belongs to another class.
    """
    try:
        cards = _Cards.model_validate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise NoticesError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise NoticesError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    for kind in NoticeKind:
        if kind.value not in cards.cards or cards.cards[kind.value].kind is not kind:
            raise NoticesError(f"{path}: the text of the class {kind.value} is missing")
    return cards
