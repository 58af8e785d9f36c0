"""Script: the widget's one file, as the service sends it and as `plaincite embed` vouches for it."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Self

from service.languages import Language
from service.widget import widget_script

VERSION_LENGTH = 8
"""Characters of the hash that name a version: enough to tell apart what one server ever sends."""


@dataclass(frozen=True, slots=True)
class Script:
    """The widget's script.

    Attributes:
        content: its bytes, before any compression.
        version: names exactly these bytes; part of the address that may be kept for good.
        integrity: what a script element compares them with (SRI, https://www.w3.org/TR/sri-2/).
    """

    content: bytes
    version: str
    integrity: str

    @classmethod
    def of(cls, content: bytes) -> Self:
        """The script of these bytes."""
        digest = hashlib.sha384(content)
        integrity = f"sha384-{base64.b64encode(digest.digest()).decode()}"
        return cls(content, digest.hexdigest()[:VERSION_LENGTH], integrity)


@cache
def load_script(suggestions: tuple[str, ...], languages: tuple[Language, ...]) -> Script:
    """The script as this installation sends it for a library: its hash changes with the code and with these.

    Args:
        suggestions: questions that the library answers, offered where a host page names none.
        languages: what the widget can speak.
    """
    return Script.of(widget_script(suggestions, languages).encode())
