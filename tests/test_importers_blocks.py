"""A page's blocks are the same whether it came as text or as HTML in any markup style."""

import pytest

from corpus.importers.blocks import html_blocks, is_html, text_blocks


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html>\n<html>",
        "<!-- saved --><!-- twice -->\n<html>",
        "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html>",
        "<div class='a'>",
        "<p>",
    ],
)
def test_html_is_recognised(text: str) -> None:
    """Pages and pieces of pages are HTML."""
    assert is_html(text)


@pytest.mark.parametrize("text", ["Research\n", "a < b", "<PubmedArticleSet>", "<!-- --> " * 30 + "x"])
def test_other_text_is_not_html(text: str) -> None:
    """Text and XML of other kinds are not HTML, and deciding that takes no time."""
    assert not is_html(text)


def test_text_lines_are_blocks() -> None:
    """Each line that is not empty is a block with its line number; list marks are taken off."""
    blocks = text_blocks("One\u00a0two\n\n- item\n• other\n-5 degrees\n")
    assert [(block.text, block.number, block.is_item) for block in blocks] == [
        ("One two", 1, False),
        ("item", 3, True),
        ("other", 4, True),
        ("-5 degrees", 5, False),
    ]


def test_html_blocks_are_what_a_reader_sees() -> None:
    """Scripts, styles, menus, forms, comments and hidden elements are left out; entities are resolved."""
    page = """<html><head><title>T</title><style>x</style></head><body><nav><a href="/">Home</a></nav>
    <script>alert("no")</script><!-- no --><p hidden>no</p><noscript>no</noscript>
    <h2>Head&nbsp;line</h2><p>One &ldquo;quoted&rdquo;
    line &amp; <b>bold</b>.</p><form><button>Send</button></form><p>Two</p></body></html>"""
    blocks = html_blocks(page)
    assert [block.text for block in blocks] == ["Head line", "One “quoted” line & bold.", "Two"]
    assert [block.is_heading for block in blocks] == [True, False, False]


def test_breaks_in_a_soup_of_divs() -> None:
    """Line breaks and divs separate blocks, inline elements do not, and tails belong to what follows."""
    page = "<div>One<br/>two <strong>three</strong> four<div>five</div>six</div>seven"
    assert [block.text for block in html_blocks(page)] == ["One", "two three four", "five", "six", "seven"]


def test_list_items_and_links() -> None:
    """Items are marked, also with paragraphs inside; addresses of links are kept, others are not."""
    page = """<ul><li>One <a href="https://example.org/1">link</a></li><li><p>Two</p></li></ul><p>Three
    <a href="javascript:alert(1)">x</a></p>"""
    blocks = html_blocks(page)
    assert [(block.text, block.is_item) for block in blocks] == [
        ("One link", True),
        ("Two", True),
        ("Three x", False),
    ]
    assert blocks[0].links == ("https://example.org/1",)
    assert blocks[2].links == ()


def test_hostile_html_is_only_text() -> None:
    """Entity declarations are not followed and broken markup is read as browsers do."""
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>a &x; b</p>'
    assert html_blocks(page)[-1].text == "a &x; b"
    assert [block.text for block in html_blocks("<p>a<p>b</i></div><b>c<p>d")] == ["a", "bc", "d"]
    assert html_blocks("<html></html>") == []


def test_a_page_that_cannot_be_read_whole_is_an_error() -> None:
    """Where the parser would drop what is nested too deeply, nothing is returned at all."""
    with pytest.raises(ValueError, match="nested more deeply"):
        html_blocks("<p>first</p>" + "<div>" * 5000 + "lost")
