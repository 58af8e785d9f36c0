"""Which format a file is in: by what it says first, by its name second."""

import re
from enum import StrEnum
from pathlib import Path

from corpus.importers.blocks import is_html
from corpus.importers.decoding import decode

HEAD_BYTES = 65536
"""How much of a file is looked at."""


class Format(StrEnum):
    """A format that can be imported."""

    page = "page"
    pubmed = "pubmed"
    nbib = "nbib"
    ris = "ris"
    jats = "jats"


_PROLOGUE_LENGTH = 4096
_PUBMED = re.compile(r"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle)[\s>]")
_JATS = re.compile(r"<(?:\w+:)?(?:pmc-articleset|article)[\s>]")
_SIGNS = (
    (Format.nbib, re.compile(r"^(?:PMID|PMC ) ?- ", re.MULTILINE)),
    (Format.ris, re.compile(r"^TY {1,2}-", re.MULTILINE)),
    (Format.ris, re.compile(r"^PT [JBSP]\s*$", re.MULTILINE)),
    (Format.page, re.compile(r"^\W*(?:cite|citation)\s*:", re.MULTILINE | re.IGNORECASE)),
)
_SUFFIXES = {
    ".nbib": Format.nbib,
    ".medline": Format.nbib,
    ".ris": Format.ris,
    ".nxml": Format.jats,
    ".htm": Format.page,
    ".html": Format.page,
}


def detect_format(path: Path, head: bytes) -> Format | None:
    """The format of a file.

    Args:
        path: its name decides only where the content does not.
        head: its first bytes, HEAD_BYTES or fewer.

    Returns:
        The format, or None where neither content nor name tells one.
    """
    text = decode(head)[0].lstrip()
    if _PUBMED.search(text):
        return Format.pubmed
    if text.startswith("<") and _is_jats(text):
        return Format.jats
    if is_html(text):
        return Format.page
    found = next((name for name, sign in _SIGNS if sign.search(text)), None)
    return found or (None if _is_table(text) else _SUFFIXES.get(path.suffix.lower()))


def why_unknown(head: bytes) -> str:
    """One line on a file of no known format: what it looks like, and what could be done."""
    text = decode(head)[0].lstrip()
    first = text.split("\n", 1)[0]
    advice = "import takes a research page, PubMed XML, MEDLINE .nbib, RIS or JATS"
    if _is_table(text) and re.search(r"Retraction ?(?:DOI|Date|Nature|PubMedID)", first):
        return "is a list of retractions, not of studies; nothing was imported"
    if _is_table(text):
        return f"is a table of values, not a list of records; {advice}"
    if text.startswith("<"):
        prologue = re.compile(r"<!DOCTYPE[^>]*>|<\?[^>]*>|<!--.*?-->", re.DOTALL)
        root = re.search(r"<([A-Za-z][\w:.-]*)", prologue.sub("", text[:_PROLOGUE_LENGTH]))
        return f"is XML of another kind (its root is <{root[1] if root else '?'}>); {advice}"
    return f"is in no known format; {advice}, or name it with --format"


def _is_jats(text: str) -> bool:
    """JATS and its forerunners: an article element with their marks (HTML has an article element too)."""
    element = _JATS.search(text)
    if element is None or re.search(r"<html[\s>]", text, re.IGNORECASE):
        return False
    return any(
        sign in text for sign in ("article-type=", "<front>", "<article-meta", "JATS", "NLM//DTD", "jats.nlm")
    )


def _is_table(text: str) -> bool:
    """Comma or tab separated values: a first line of at least five short names."""
    first = text.split("\n", 1)[0]
    names = re.split(r"[,\t]", first)
    return len(names) >= 5 and all(len(name) <= 40 and not name.endswith(".") for name in names)  # noqa: PLR2004
