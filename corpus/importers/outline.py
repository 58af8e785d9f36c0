"""The outline of a research page: which block belongs to which study.

What makes a page readable: each study summary stands below a title that ends in `(Author et al YEAR)` and is
closed by a line `CITE: ...`. A citation without `CITE:` inside a summary belongs to a study that the summary
mentions. List items with citations are studies that the page only lists.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.importers.blocks import Block
from corpus.importers.citations import Citation, read_citation
from corpus.sentences import split_sentences

_HEADER = re.compile(
    r"(?P<title>.*?)\s*\((?P<author>[^()\d]{2,60}?)(?:,?\s+et\.?\s+al\.?)?,?\s+(?P<year>(?:19|20)\d\d)\)\.?",
    re.IGNORECASE,
)
_LONGEST_HEADER = 600
_CITE = re.compile(r"(?:cite|citation|cite as)\s*:\s*", re.IGNORECASE)
_PUBLISHER = re.compile(r"brought to you by\s*:?\s*", re.IGNORECASE)
_DISCLAIMER = re.compile(r"(?:medical )?disclaimer\s*:?\s*", re.IGNORECASE)


@dataclass(slots=True)
class Mention:
    """A study that a summary mentions: its citation, and the sentences about it (none if none names it)."""

    block: Block
    citation: Citation
    prose: str


@dataclass(slots=True)
class Summary:
    """One study summary of a page.

    Attributes:
        block: the heading.
        title: the heading without the author and year behind it.
        author: the first author as the heading writes it.
        prose: its paragraphs, without those about mentioned studies.
        cite_line: the text after `CITE:`, None where there is no such line.
        citation: that line read; None where it could not be.
    """

    block: Block
    title: str
    author: str
    year: int
    prose: list[str] = field(default_factory=list)
    cite_line: Block | None = None
    citation: Citation | None = None
    mentions: list[Mention] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """What stands where on a page; `left_out` is what belongs to no study."""

    summaries: list[Summary] = field(default_factory=list)
    listed: list[tuple[Block, Citation]] = field(default_factory=list)
    unread_items: list[Block] = field(default_factory=list)
    left_out: list[Block] = field(default_factory=list)
    publisher: list[str] = field(default_factory=list)
    disclaimer: list[str] = field(default_factory=list)


def outline_of(blocks: Iterable[Block]) -> Outline:
    """Sorts the blocks of a page, in order; no block is lost."""
    outline = Outline()
    rest = iter(blocks)
    for block in rest:
        cite = _CITE.match(block.text)
        header = None if block.is_item or cite else _HEADER.fullmatch(block.text[: _LONGEST_HEADER + 1])
        if outline.summaries and (_PUBLISHER.match(block.text) or _DISCLAIMER.fullmatch(block.text)):
            _read_footer([block, *rest], outline)
        elif header:
            _open_summary(header, block, outline)
        elif cite:
            after = block.text[cite.end() :]
            _close_summary(block._replace(text=after) if after else next(rest, block), outline)
        else:
            _place(block, outline)
    return outline


def _open_summary(header: re.Match[str], block: Block, outline: Outline) -> None:
    """Opens a summary; a title that stands in a block of its own is taken back from where it was put."""
    title = header["title"]
    before = _unfinished(outline)
    if not title and before is not None and before.prose:
        title = before.prose.pop()
    elif not title and outline.left_out:
        title = outline.left_out.pop().text
    outline.summaries.append(
        Summary(block=block, title=title.rstrip(" ."), author=header["author"], year=int(header["year"]))
    )


def _close_summary(line: Block, outline: Outline) -> None:
    summary = _unfinished(outline)
    if summary is None:
        outline.left_out.append(line)
    else:
        summary.cite_line, summary.citation = line, read_citation(line.text, line.links)


def _unfinished(outline: Outline) -> Summary | None:
    """The summary that is being read: the last one, until its citation closes it."""
    last = outline.summaries[-1] if outline.summaries else None
    return last if last is not None and last.cite_line is None else None


def _place(block: Block, outline: Outline) -> None:
    summary = _unfinished(outline)
    citation = read_citation(block.text, block.links)
    if citation is not None and (block.is_item or summary is None):
        outline.listed.append((block, citation))
    elif citation is not None and summary is not None:
        summary.mentions.append(Mention(block, citation, _take_sentences(summary, citation)))
    elif summary is not None and not block.is_heading:
        summary.prose.append(block.text)
    elif block.is_item and outline.summaries:
        outline.unread_items.append(block)
    else:
        outline.left_out.append(block)


def _take_sentences(summary: Summary, citation: Citation) -> str:
    """Takes the sentences about a mentioned study out of the summary, so that they are quoted as its own.

    They run from the first sentence of the paragraph before the citation that names its first author to the
    end of that paragraph. Where none names the author, nothing is taken.
    """
    if not summary.prose:
        return ""
    paragraph = summary.prose[-1]
    name = re.compile(rf"\b{re.escape(citation.authors[0].family)}\b")
    start = next(
        (span.start for span in split_sentences(paragraph) if name.search(paragraph[slice(*span)])), None
    )
    if start is None:
        return ""
    summary.prose[-1:] = [paragraph[:start].rstrip()] if start else []
    return paragraph[start:]


def _read_footer(blocks: list[Block], outline: Outline) -> None:
    """Who brought the page; then the disclaimer, as far as its paragraphs are whole sentences."""
    place = outline.publisher
    for block in blocks:
        text = _PUBLISHER.sub("", block.text)
        aside = block.text.startswith("(") and block.text.endswith(")")
        if _DISCLAIMER.fullmatch(block.text):
            place = outline.disclaimer
        elif aside or (place is outline.disclaimer and not text.endswith((".", "!", "?"))):
            outline.left_out.append(block)
        elif text:
            place.append(text)
