"""XML read without trust (no entities, no network, no DTD), and an element's text as a person reads it."""

import html
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from lxml import etree

from corpus.errors import ImportRefusedError
from corpus.importers.plaintext import clean_line

_SUBSET_OR_END = re.compile(rb"[>\[]")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_SUPERSCRIPT = re.compile(r"[+\-−–]?\d+(?:[.,]\d+)?[+\-−]?")  # noqa: RUF001
_SKIPPED = frozenset({"tex-math", "inline-graphic", "graphic", "private-char", "object-id", "fn", "label"})


def parse_xml(content: bytes, path: Path) -> etree._Element:
    """Parses a whole document.

    Raises:
        ImportRefusedError: it declares entities.
        etree.XMLSyntaxError: it is not well-formed.
    """
    _refuse_subset(content, path)
    root = etree.fromstring(content, _parser())
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and any(True for _ in subset.iterentities()):
        raise _entities(path)
    return root


def cut_records(
    content: bytes, path: Path, tag: str, error: etree.XMLSyntaxError
) -> Iterator[etree._Element | ImportRefusedError]:
    """Reads the records of a damaged document one by one.

    Args:
        content: a document that does not parse as a whole.
        path: named in the errors.
        tag: the element that holds a record.
        error: why it does not parse.

    Yields:
        First an error for the document; then, if any record is whole, each record or what is wrong with it.
    """
    found = [_parse_piece(piece) for piece in _cut(content, tag.encode())]
    whole = sum(not isinstance(piece, str) for piece in found)
    kept = (
        f"{whole} whole records were read" if whole else "no whole record could be read; get the file again"
    )
    yield ImportRefusedError(path, f"is damaged XML (line {error.lineno or 1}: {_problem(error)}); {kept}")
    for number, piece in enumerate(found if whole else [], start=1):
        yield ImportRefusedError(path, piece, record=str(number)) if isinstance(piece, str) else piece


def text_of(element: etree._Element | None, remark: Callable[[str], None] = lambda _: None) -> str:
    """The text of an element on one line.

    Superscript figures become `10^8`, footnote and reference marks are left out, formulas are read from
    left to right.

    Args:
        element: the element; its tail is not read.
        remark: called with a line where something could not be carried over faithfully.
    """
    return clean_line(_inner(element, remark)) if element is not None else ""


def local_name(element: etree._Element) -> str:
    """An element's tag without its namespace; empty for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _refuse_subset(content: bytes, path: Path) -> None:
    """Refuses a document type with declarations of its own, whatever they would do, before it is parsed."""
    # Without zero bytes the ASCII of UTF-16 and UTF-32 reads like UTF-8.
    plain = content.replace(b"\0", b"")
    start = plain.find(b"<!DOCTYPE")
    first = _SUBSET_OR_END.search(plain, start) if start >= 0 else None
    if first is not None and first.group() == b"[":
        raise _entities(path)


def _cut(content: bytes, tag: bytes) -> Iterator[bytes]:
    """Each record of a document as a document of its own; empty for one that breaks off."""
    opening = re.compile(rb"<%s(?=[\s>])[^>]*>" % tag)
    starts = [match.start() for match in opening.finditer(content)]
    encoding = _ENCODING.search(content[:200])
    declaration = b'<?xml version="1.0" encoding="%s"?>' % (encoding.group(1) if encoding else b"UTF-8")
    for start, following in pairwise([*starts, len(content)]):
        end = content.find(b"</%s>" % tag, start, following)
        yield declaration + content[start : end + len(tag) + 3] if end >= 0 else b""


def _parse_piece(piece: bytes) -> etree._Element | str:
    if not piece:
        return "breaks off before its end"
    try:
        return etree.fromstring(piece, _parser())
    except etree.XMLSyntaxError as error:
        return f"is not well-formed XML ({_problem(error)})"


def _problem(error: etree.XMLSyntaxError) -> str:
    """An XML error in one line, without the parser's place marks."""
    return clean_line(re.sub(r", line \d+, column \d+.*", "", error.msg or "")) or "it cannot be parsed"


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )


def _entities(path: Path) -> ImportRefusedError:
    problem = "its DOCTYPE declares entities or other things of its own; such XML is not read"
    return ImportRefusedError(path, problem)


def _inner(element: etree._Element, remark: Callable[[str], None]) -> str:
    text = element.text or ""
    for child in element:
        text += _child_text(child, text[-1:], remark) + (child.tail or "")
    return text


def _child_text(child: etree._Element, before: str, remark: Callable[[str], None]) -> str:
    name = local_name(child)
    if isinstance(child, etree._Entity):
        return html.unescape(child.text or "")
    if not name or name in _SKIPPED or _is_reference_mark(child, name):
        if name in {"inline-graphic", "graphic", "private-char"}:
            remark("an image inside the text was left out")
        return ""
    if name == "math":
        remark("a formula was set as plain text; compare it with the source")
        return _formula(child)
    if name in {"sup", "superscript"}:
        return _superscript(_inner(child, remark), before, child.tail or "")
    text = _inner(child, remark)
    return f" {text} " if name in {"p", "break", "title", "list-item", "sec", "disp-formula"} else text


def _superscript(text: str, before: str, after: str) -> str:
    """A superscript after the letter `before`: figures behind a word, figure or bracket become a power."""
    figures = text.strip()
    if not (before.isalnum() or before in {")", "]"}) or not _SUPERSCRIPT.fullmatch(figures):
        return text
    return f"^({figures})" if after[:1].isalnum() else f"^{figures}"


def _is_reference_mark(element: etree._Element, name: str) -> bool:
    """Whether an element is only a raised number that points to a footnote or a reference."""
    if name == "xref":
        return element.get("ref-type") in {"fn", "table-fn", "aff", "corresp"} or (
            [local_name(child) for child in element] == ["sup"] and not (element.text or "").strip()
        )
    return name == "sup" and len(element) > 0 and all(local_name(child) == "xref" for child in element)


def _formula(element: etree._Element) -> str:
    """A MathML formula in reading order: indices before a symbol first, powers with ^, fractions with /."""
    children = [child for child in element if local_name(child)]
    name = local_name(element)
    if not children:
        text = element.text or ""
        return re.sub(r"\s+", " ", text) if name == "mtext" else text.strip()
    if name == "mmultiscripts":
        names = [local_name(child) for child in children]
        place = names.index("mprescripts") if "mprescripts" in names else len(names)
        children = [*children[place + 1 :], *children[:place]]
    parts = [
        _formula(child) for child in children if local_name(child) not in {"annotation", "annotation-xml"}
    ]
    return {"msup": "^", "mfrac": "/"}.get(name, "").join(parts)
