"""Formats are told by content first and by name second."""

from pathlib import Path

import pytest

from corpus.importers.detect import Format, detect_format, why_unknown

PUBMED = b'<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "x" "y">\n<PubmedArticleSet>'
JATS = b'<!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "x.dtd"><article article-type="research-article"><front>'


@pytest.mark.parametrize(
    ("name", "head", "wanted"),
    [
        ("x.txt", PUBMED, Format.pubmed),
        ("x.xml", JATS, Format.jats),
        ("x.xml", b"<pmc-articleset><article article-type='x'>", Format.jats),
        ("x.xml", b"<!DOCTYPE html><html><body><article class='post'>", Format.page),
        ("x.bin", b"<div>page</div>", Format.page),
        ("x.txt", b"\nPMID- 123\nOWN - NLM\n", Format.nbib),
        ("x.txt", b"PMC - PMC1\nPMID- 2\n", Format.nbib),
        ("x.txt", b"\xef\xbb\xbfTY  - JOUR\nER  - \n", Format.ris),
        ("x.txt", b"1.\nTY - JOUR\n", Format.ris),
        ("x.txt", b"FN Clarivate\nVR 1.0\nPT J\nAU X\n", Format.ris),
        ("x.txt", b"A trial (Deng, D 2017)\nText\nCITE: Deng D.\n", Format.page),
        ("x.ris", b"odd", Format.ris),
        ("x.NBIB", b"odd", Format.nbib),
        ("x.nxml", b"<odd/>", Format.jats),
        ("x.html", b"odd", Format.page),
        ("x.txt", b"odd", None),
        ("x.xml", b"<odd/>", None),
        ("x.csv", b"a,b,c,d,e\n1,2,3,4,5\n", None),
    ],
)
def test_formats(name: str, head: bytes, wanted: Format | None) -> None:
    """Content decides; the name only where content does not."""
    assert detect_format(Path(name), head) is wanted


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (
            b"Record ID,Title,Journal,RetractionDate,RetractionDOI,Reason\n1,a\n",
            "is a list of retractions, not of studies",
        ),
        (b"a\tb\tc\td\te\n", "is a table of values"),
        (
            b'<?xml version="1.0"?><!-- x --><eFetchResult><ERROR>',
            "is XML of another kind (its root is <eFetchResult>)",
        ),
        (b"dear diary", "is in no known format"),
    ],
)
def test_unknown_files_are_described(head: bytes, problem: str) -> None:
    """A file of no known format is told what it looks like."""
    assert why_unknown(head).startswith(problem)
    assert "\n" not in why_unknown(head)
