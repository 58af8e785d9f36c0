"""Places: where a quote stands in a study, as an address and as marked paragraphs.

Pure. Offsets count characters (code points) in a section's text, as in citations.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import quote, urlencode

from corpus.sentences import Span
from corpus.studies import Section, Study

_PARAGRAPH_END = re.compile(r"\n\s*\n|\n(?=\s*[-*•] )")
"""Where `corpus.sentences` lets nothing be quoted across, so that no quote leaves its paragraph."""

_SPAN = r"([0-9]{1,9})-([0-9]{1,9})"
_PLACE = re.compile(rf"([a-z0-9-]+):{_SPAN}")


class Place(NamedTuple):
    """A span of one section; `highlight` is the part of it that answers, None where that is not told."""

    section: str
    span: Span
    highlight: Span | None = None


class Run(NamedTuple):
    """A piece of a paragraph; of what is marked, `answers` is the part that answers, where that is told."""

    text: str
    marked: bool
    answers: bool = False


class Paragraph(NamedTuple):
    """A paragraph of a section: its runs together are exactly the section's text from `start` to `end`."""

    start: int
    end: int
    runs: tuple[Run, ...]


def quote_href(study_id: str, place: Place, source_sha256: str) -> str:
    """The address of a quote in place; with the source's hash, so that a changed text is never marked."""
    query = {"quote": f"{place.section}:{place.span.start}-{place.span.end}", "source": source_sha256[:16]}
    if place.highlight:
        query["highlight"] = f"{place.highlight.start}-{place.highlight.end}"
    return f"/studies/{quote(study_id)}?{urlencode(query, safe=':')}#quote"


def find_place(study: Study, address: str, source: str = "", highlight: str = "") -> Place | None:
    """The place that `section:start-end` names.

    Args:
        study: where to look.
        address: the place as written in an address.
        source: how the SHA-256 of the section's text began when the link was made; empty if not known.
        highlight: `start-end` of the part that answers; left out of the place where it does not lie in it.

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
    return Place(section.name, span, _highlight(span, highlight))


def _highlight(span: Span, address: str) -> Span | None:
    match = re.fullmatch(_SPAN, address)
    part = Span(int(match[1]), int(match[2])) if match else None
    return part if part and span.start <= part.start < part.end <= span.end else None


def split_paragraphs(
    section: Section, marked: Span | None = None, highlight: Span | None = None
) -> tuple[Paragraph, ...]:
    """A section's text cut into paragraphs, what lies in `marked` and in `highlight` apart within them."""
    breaks = [Span(*match.span()) for match in _PARAGRAPH_END.finditer(section.text)]
    starts = [0, *(gap.end for gap in breaks)]
    ends = [*(gap.start for gap in breaks), len(section.text)]
    return tuple(
        Paragraph(start, end, tuple(_runs(section.text, Span(start, end), marked, highlight)))
        for start, end in zip(starts, ends, strict=True)
        if section.text[start:end].strip()
    )


def paragraphs_around(section: Section, quote: Span, highlight: Span | None = None) -> tuple[Paragraph, ...]:
    """The paragraph that a quote stands in, with the quote marked.

    Where the quote opens or ends it, the paragraph before or after is there too: nobody should have to take
    a sentence without what is said before and after it.
    """
    paragraphs = split_paragraphs(section, quote, highlight)
    own = [
        place for place, part in enumerate(paragraphs) if part.start < quote.end and quote.start < part.end
    ]
    if not own:
        return ()
    opens = not section.text[paragraphs[own[0]].start : quote.start].strip()
    ends = not section.text[quote.end : paragraphs[own[-1]].end].strip()
    return paragraphs[max(own[0] - opens, 0) : own[-1] + 1 + ends]


def _runs(text: str, span: Span, marked: Span | None, highlight: Span | None) -> Iterator[Run]:
    edges = {*span, *(marked or ()), *(highlight or ())}
    for start, end in pairwise(sorted(edge for edge in edges if span.start <= edge <= span.end)):
        yield Run(text[start:end], _lies_in(marked, start, end), _lies_in(highlight, start, end))


def _lies_in(span: Span | None, start: int, end: int) -> bool:
    return span is not None and span.start <= start and end <= span.end
