"""Sayings: what kind of sentence a text is, told from its words."""

import re
from functools import lru_cache

_SILENT = re.compile(
    r"\b(?:(?:do|does|did) not (?:say|give|tell|list|report|name|state|mention)|(?:give|gives|gave) no|"
    r"(?:cannot|could not) (?:tell|read|find|see|confirm)|have not seen|"
    r"(?:is|are) not (?:known|stated|reported|given))\b",
    re.IGNORECASE,
)
_NOT_SAYING = (
    r"(?:\bsilent|(?:\bnot|\bnever|n['’]t) "  # noqa: RUF001
    r"(?:say|said|tell|told|give|given|report(?:ed)?|mention(?:ed)?|list(?:ed)?|stated?))\b"
)
_SOURCE = r"\b(?:stud(?:y|ies)|trials?|reports?|papers?|reviews?|ones?|of them)\b"
_ASKS_WHAT_IS_KNOWN = re.compile(rf"\b(?:known?|unknown|certain|sure|missing)\b|{_NOT_SAYING}", re.IGNORECASE)
_ASKS_FOR_SILENCE = re.compile(
    rf"\b(?:which|what|name|list)\b.{{0,40}}{_SOURCE}.{{0,30}}{_NOT_SAYING}", re.IGNORECASE
)
_ASKS_WHY = re.compile(r"\bwhy\b|\bhow come\b|\bwhat for\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|so that|therefore|which is why|the reason (?:is|was))\b|, so\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"https?://|\bdoi(?:\.org|: ?\S)|\b10\.\d{4,}/|\bPMC?ID:? ?\d|\d{4};\s?\d+|\b\d+\(\d+[^)]*\):\s?\w?\d|"
    r"^\W*(?:sources?|references?|citations?|bibliography|see also|further reading)\s*:",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?…。！？؟][\"'”’)\]»]*$")  # noqa: RUF001
HEADING_WORDS = 8
"""Words up to which a text without a full stop is a heading and no sentence."""


@lru_cache(maxsize=4096)
def is_quotable(text: str) -> bool:
    """Whether a text says something: no heading, no citation, no line of sources."""
    is_heading = _ENDED.search(text.strip()) is None and len(text.split()) <= HEADING_WORDS
    return not is_heading and _REFERENCE.search(text) is None


def is_silent(text: str) -> bool:
    """Whether a sentence only says what a source does not say."""
    return _SILENT.search(text) is not None


def asks_what_is_known(question: str) -> bool:
    """Whether a sentence that says what a source does not say answers as well as any other."""
    return _ASKS_WHAT_IS_KNOWN.search(question) is not None


def asks_for_silence(question: str) -> bool:
    """Whether a question asks which sources do not say something: only they answer it."""
    return _ASKS_FOR_SILENCE.search(question) is not None


def asks_why(question: str) -> bool:
    """Whether a question asks for a reason."""
    return _ASKS_WHY.search(question) is not None


def gives_reason(text: str) -> bool:
    """Whether a sentence gives a reason for something."""
    return _REASON.search(text) is not None
