"""Sentences with exact offsets."""

import re
from typing import NamedTuple

import nupunkt


class Span(NamedTuple):
    """A half-open range of character offsets."""

    start: int
    end: int


def split_sentences(text: str) -> list[Span]:
    """The sentences of a text, in order, without the white space around them.

    A paragraph break (an empty line) or the start of a list item always ends a sentence, because
    nothing should be quoted across it.

    Args:
        text: any text; offsets count in it as given.

    Returns:
        Spans with `text[start:end]` stripped and not empty.
    """
    spans: list[Span] = []
    for block in re.finditer(r"(?:[^\n]|\n(?!\s*\n|\s*[-*•] ))+", text):
        for start, end in nupunkt.sent_spans(block.group()):
            span = _strip(text, block.start() + start, block.start() + end)
            if span.start < span.end:
                spans.append(span)
    return spans


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
