"""A research page as a row of text blocks, whether it came as HTML or as plain text."""

import re
from typing import NamedTuple

from lxml import etree

from corpus.importers.plaintext import clean_line

_HTML = re.compile(
    r"\s*(?:<!--(?:(?!-->).)*-->\s*|<\?xml[^>]*>\s*)*"
    r"<(?:!doctype\s+html|html|head|body|div|main|article|section|h[1-6]|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_ITEM = re.compile(r"[-\u2013\u2022*\u00b7\u25aa\u25e6]\s+")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK_TAGS = """address article aside blockquote body br caption center dd details div dl dt fieldset
    figcaption figure footer form header hr html legend li main menu ol p pre section summary table tbody
    td tfoot th
    thead tr ul"""
_BREAKS = frozenset(_BLOCK_TAGS.split()) | _HEADINGS
_SILENT_TAGS = """button canvas head iframe input nav noscript object option script select style svg template
    textarea"""
_SKIPPED = frozenset(_SILENT_TAGS.split())


class Block(NamedTuple):
    """One run of text between two breaks of a page.

    Attributes:
        text: on one line, never empty.
        number: its place on the page, from 1; for plain text the line.
        is_heading: the page marks it as a heading; plain text cannot.
        is_item: it is an item of a list.
        links: the addresses it links to.
    """

    text: str
    number: int
    is_heading: bool = False
    is_item: bool = False
    links: tuple[str, ...] = ()


def is_html(text: str) -> bool:
    """Whether a text is an HTML page (or a piece of one) and not plain text."""
    return _HTML.match(text) is not None


def text_blocks(text: str) -> list[Block]:
    """The blocks of a plain text: its lines, one paragraph a line."""
    lines = ((number, clean_line(line)) for number, line in enumerate(text.split("\n"), start=1))
    return [_block(line, number, is_heading=False, is_item=False, links=()) for number, line in lines if line]


def html_blocks(text: str) -> list[Block]:
    """The blocks of an HTML page, without scripts, styles, menus and forms.

    Args:
        text: the decoded page; what it says itself about its encoding is not used.

    Raises:
        ValueError: the page is larger or nested more deeply than the parser takes, so part of it is unread.
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text.encode(errors="replace"), parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ValueError("is nested more deeply than can be read; save the text of the page instead")
    return _Page().read(root) if root is not None else []


class _Page:
    """Collects text while walking through a page."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.links: list[str] = []
        self.heading = False
        self.item = False

    def read(self, root: etree._Element) -> list[Block]:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            skipped = tag in _SKIPPED or "hidden" in element.attrib
            if event == "start" and skipped:
                walk.skip_subtree()
            elif event == "start":
                self._open(tag, element)
            else:
                self._close(tag, element, skipped=skipped)
        self._break()
        return self.blocks

    def _open(self, tag: str, element: etree._Element) -> None:
        if tag in _BREAKS:
            self._break()
        self.heading = tag in _HEADINGS or (self.heading and tag not in _BREAKS)
        self.item = tag == "li" or (self.item and tag != "ul")
        self.pieces.append(element.text or "")
        if tag == "a" and str(element.get("href", "")).startswith(("http://", "https://")):
            self.links.append(str(element.get("href")).strip())

    def _close(self, tag: str, element: etree._Element, *, skipped: bool) -> None:
        if tag in _BREAKS and not skipped:
            self._break()
            self.heading = False
        if tag == "li":
            self.item = False
        self.pieces.append(element.tail or "")

    def _break(self) -> None:
        if line := clean_line("".join(self.pieces)):
            number = len(self.blocks) + 1
            self.blocks.append(
                _block(line, number, is_heading=self.heading, is_item=self.item, links=tuple(self.links))
            )
            self.item = False
        self.pieces = []
        self.links = []


def _block(line: str, number: int, *, is_heading: bool, is_item: bool, links: tuple[str, ...]) -> Block:
    marker = _ITEM.match(line)
    text = line[marker.end() :] if marker and len(line) > marker.end() else line
    return Block(text, number, is_heading=is_heading, is_item=is_item or marker is not None, links=links)
