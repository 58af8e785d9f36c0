"""The research page gives all of its studies, as text and as HTML, with every sentence where it belongs."""

import html
import json
import re
from pathlib import Path

import pytest

from corpus.errors import ImportRefusedError
from corpus.importers.page import PART_TITLE, read
from corpus.importers.records import PageFooter, Record, Remark, study_id_of

LIBRARY = Path(__file__).resolve().parents[2] / "shared" / "library"
needs_page = pytest.mark.skipif(not LIBRARY.exists(), reason="the research page is not there")

SMALL = """A trial of cells. (Ru Bai et al 2017)
Ten people were treated. They did well.
CITE: A trial of cells. Ru Bai et al. Chinese Journal. 2017;33(6):905-909.
"""


def _page() -> str:
    return (LIBRARY / "research-page.txt").read_text(encoding="utf-8")


def _headings_and_lists(text: str) -> str:
    """The page in tidy markup: headings, paragraphs, a list, links."""
    out = ["<!DOCTYPE html><html><head><title>R</title></head><body><nav><ul><li>Home</li></ul></nav><main>"]
    for line in text.split("\n"):
        safe = re.sub(r"(https?://\S+)", r'<a href="\1">\1</a>', html.escape(line))
        if line.startswith("- "):
            out.append(f"<ul><li>{safe[2:]}</li></ul>")
        elif re.search(r"\(\w+,? \w+.* \d{4}\)$", line) or line in {"Research", "Disclaimer"}:
            out.append(f"<h3>{safe}</h3>")
        else:
            out.append(f"<p>{safe.replace('CITE:', '<em>CITE:</em>')}</p>")
    return "\n".join([*out, "</main><footer></footer></body></html>"])


def _soup(text: str) -> str:
    """The page in a page builder's markup: divs, breaks, strong, entities, hard blanks, scripts, menus."""
    out = ["<div><script>var x = '<p>(Fake, F 2001)</p>';</script><nav><a href='/'>Menu</a></nav><div><span>"]
    for line in text.split("\n"):
        safe = html.escape(line).encode("ascii", "xmlcharrefreplace").decode().replace("&#8220;", "&ldquo;")
        words = safe.split(" ")
        spaced = "&nbsp;".join([" ".join(words[:3]), " ".join(words[3:])]) if len(words) > 3 else safe
        wrapped = (
            f"<strong>{spaced}</strong>" if re.search(r"\d{4}\)$", line) else spaced.replace(", ", ",\n   ")
        )
        out.append(f"{wrapped}<br><br/>")
    return "\n".join([*out, "</span></div><style>p {color: red}</style></div>"])


PAGES = {"text": lambda text: text, "headings and lists": _headings_and_lists, "soup": _soup}


def _found(content: str) -> list[object]:
    return list(read(content.encode(), Path("page.html")))


def _records(content: str) -> dict[str, Record]:
    """The page's records under their ids; the second of two equal ids gets _2, as an import gives it."""
    records: dict[str, Record] = {}
    for item in _found(content):
        if isinstance(item, Record):
            study_id = study_id_of(item)
            records[f"{study_id}_2" if study_id in records else study_id] = item
    return records


@needs_page
@pytest.mark.parametrize("style", PAGES)
def test_all_studies_come_out(style: str) -> None:
    """The 13 studies come out with the ids, titles and identifiers that the page gives."""
    records = _records(PAGES[style](_page()))
    facts = json.loads((LIBRARY / "studies-facts.json").read_text(encoding="utf-8"))
    ids = {"liang2010_pilot": "liang2010", "liang2010_dah": "liang2010_2"}
    assert sorted(records) == sorted(ids.get(fact["id"], fact["id"]) for fact in facts)
    for fact in facts:
        record = records[ids.get(fact["id"], fact["id"])]
        assert _letters(record.title) == _letters(fact["title"])
        assert record.year == fact["year"]
        assert record.authors[0].short == fact["authors"][0]
        assert record.doi in {fact["doi"], None}
        assert record.pmid in {fact["pmid"], None}
        assert record.link == fact["url"]


@needs_page
@pytest.mark.parametrize("style", PAGES)
def test_every_sentence_is_verbatim_in_its_study(style: str) -> None:
    """Each sentence of the page stands word for word in the draft of its study, and in no other."""
    records = _records(PAGES[style](_page()))
    sentences = json.loads((LIBRARY / "page-sentences.json").read_text(encoding="utf-8"))
    not_prose = {"citation", "title", "intro", "footer", "disclaimer"}
    prose = [sentence for sentence in sentences if sentence["kind"] not in not_prose]
    assert len(prose) == 53
    for sentence in prose:
        homes = [
            name for name, record in records.items() for part in record.parts if sentence["text"] in part.text
        ]
        assert homes == [sentence["study"]]


@needs_page
@pytest.mark.parametrize("style", PAGES)
def test_citations_stay_out_of_the_prose(style: str) -> None:
    """No citation line stands in a text, and listed studies have none."""
    records = _records(PAGES[style](_page()))
    texts = [part.text for record in records.values() for part in record.parts]
    assert all("doi" not in text and "http" not in text and "CITE" not in text for text in texts)
    assert len(texts) == 6
    assert {part.title for record in records.values() for part in record.parts} == {PART_TITLE}
    assert "listed" in records["gu2014"].origin
    assert "mentioned there in the summary of 'Clinical Efficacy" in records["liu2018"].origin


@needs_page
@pytest.mark.parametrize("style", PAGES)
def test_who_brought_the_page_and_its_disclaimer(style: str) -> None:
    """Publisher and disclaimer are reported and named in each draft's origin; what is left out is said."""
    found = _found(PAGES[style](_page()))
    (footer,) = [item for item in found if isinstance(item, PageFooter)]
    assert (footer.publisher or "").startswith("Ahvie Herskowitz, MD, President of ACAM; Director of Anatara")
    assert "(2014)" in (footer.publisher or "")
    assert (footer.disclaimer or "").startswith("The contents of Understanding Stem Cells")
    assert (footer.disclaimer or "").endswith("with your physician.")
    assert all("Herskowitz" in item.origin for item in found if isinstance(item, Record))
    remarks = [item.text for item in found if isinstance(item, Remark)]
    assert any(remark.startswith("Liu S 2018 is mentioned inside") for remark in remarks)
    assert any("'In addition to these aforementioned studies" in remark for remark in remarks)


@needs_page
def test_a_page_in_windows_letters() -> None:
    """The page saved as Windows-1252 gives the same studies, with a remark."""
    content = _page().encode("cp1252")
    found = list(read(content, Path("page.txt")))
    assert isinstance(found[0], Remark)
    assert sum(isinstance(item, Record) for item in found) == 13


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def test_a_name_in_running_order() -> None:
    """'Ru Bai' is read with the family name Bai, and the draft says to check it."""
    (record,) = _records(SMALL).values()
    assert study_id_of(record) == "bai2017"
    assert [author.short for author in record.authors] == ["Bai R", "et al."]
    assert any("check that" in problem for problem in record.problems)


def test_disagreements_are_said() -> None:
    """Where heading and citation differ in year, title or name, the draft says so."""
    page = (
        SMALL.replace("2017)", "2016)")
        .replace("Ru Bai et al 2", "Mo Li et al 2")
        .replace("A trial of cells. (", "B (")
    )
    (record,) = _records(page).values()
    assert (record.title, record.year) == ("B", 2017)
    assert [problem for problem in record.problems if "the heading says 2016" in problem]
    assert [problem for problem in record.problems if "the heading names Li M" in problem]
    assert [
        problem for problem in record.problems if "words the title differently: A trial of cells" in problem
    ]


def test_a_summary_without_a_readable_citation_is_kept() -> None:
    """An odd citation line, or none, costs the bibliography but not the summary."""
    page = f"One (Deng, D 2011)\nIt helped.\n{SMALL}Two (Lim, T 2012)\nIt did not.\nCITE: see above\n"
    records = _records(page)
    assert sorted(records) == ["bai2017", "deng2011", "lim2012"]
    assert "gives no citation" in records["deng2011"].problems[0]
    assert records["lim2012"].problems == ("the citation is of no known form: see above",)
    assert records["lim2012"].parts[0].text == "It did not."


def test_a_broken_list_item_is_refused_alone() -> None:
    """A list item that is no citation is refused by its words and the rest goes on."""
    errors = [
        item for item in _found(f"{SMALL}- see our other pages\n") if isinstance(item, ImportRefusedError)
    ]
    assert [str(error) for error in errors] == [
        "page.html: record 'see our other pages': is no citation of a known form"
    ]


@pytest.mark.parametrize(
    "content",
    [
        "Welcome\nOur clinic was founded by Dr. Doe (Boston, 1999)\nCome and see us.\n",
        "<html><body><h1>News (Doe, J 2019)</h1><p>Nothing.</p></body></html>",
        "CITE: Deng D. A trial. Annals. 2017;76:1.\n",
        "<html></html>",
    ],
)
def test_a_page_without_summaries_is_refused(content: str) -> None:
    """A page without titles that end in author and year and CITE lines gives one line."""
    (error,) = _found(content)
    assert isinstance(error, ImportRefusedError)
    assert "holds no study summary" in str(error)
