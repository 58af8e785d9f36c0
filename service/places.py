"""Places: where a quote stands in a study, as an address and as marked paragraphs.

Pure. Offsets count characters (code points) in a section's text, as in citations.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, urlencode

from corpus.sentences import Span
from corpus.studies import Section, Study

_PARAGRAPH_END = re.compile(r"\n\s*\n|\n(?=\s*[-*•] )")
"""Where `corpus.sentences` lets nothing be quoted across, so that no quote leaves its paragraph."""

_PLACE = re.compile(r"([a-z0-9-]+):([0-9]{1,9})-([0-9]{1,9})")


class Place(NamedTuple):
    """A span of one section."""

    section: str
    span: Span


class Run(NamedTuple):
    """A piece of a paragraph."""

    text: str
    marked: bool


class Paragraph(NamedTuple):
    """A paragraph of a section: its runs together are exactly the section's text from `start` to `end`."""

    start: int
    end: int
    runs: tuple[Run, ...]


def quote_href(study_id: str, place: Place, source_sha256: str) -> str:
    """The address of a quote in place; with the source's hash, so that a changed text is never marked."""
    query = {"quote": f"{place.section}:{place.span.start}-{place.span.end}", "source": source_sha256[:16]}
    return f"/studies/{quote(study_id)}?{urlencode(query, safe=':')}#quote"


def find_place(study: Study, address: str, source: str = "") -> Place | None:
    """The place that `section:start-end` names.

    Args:
        study: where to look.
        address: the place as written in an address.
        source: how the SHA-256 of the section's text began when the link was made; empty if not known.

    Returns:
        None unless exactly this place exists and its text is still the same: a wrong mark is worse than none.
    """
    match = _PLACE.fullmatch(address)
    section = next((part for part in study.sections if match and part.name == match[1]), None)
    if match is None or section is None or not section.sha256.startswith(source):
        return None
    span = Span(int(match[2]), int(match[3]))
    if not span.start < span.end <= len(section.text) or not section.text[span.start : span.end].strip():
        return None
    return Place(section.name, span)


def split_paragraphs(section: Section, marked: Span | None = None) -> tuple[Paragraph, ...]:
    """A section's text cut into paragraphs, what lies in `marked` apart within them."""
    breaks = [Span(*match.span()) for match in _PARAGRAPH_END.finditer(section.text)]
    starts = [0, *(gap.end for gap in breaks)]
    ends = [*(gap.start for gap in breaks), len(section.text)]
    return tuple(
        Paragraph(start, end, tuple(_runs(section.text, Span(start, end), marked)))
        for start, end in zip(starts, ends, strict=True)
        if section.text[start:end].strip()
    )


def _runs(text: str, span: Span, marked: Span | None) -> Iterator[Run]:
    first = max(span.start, marked.start) if marked else span.end
    last = min(span.end, marked.end) if marked else span.end
    if first >= last:
        yield Run(text[span.start : span.end], marked=False)
        return
    cuts = (
        Run(text[span.start : first], False),
        Run(text[first:last], True),
        Run(text[last : span.end], False),
    )
    yield from (run for run in cuts if run.text)
