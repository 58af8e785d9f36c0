"""JATS: bibliography, abstract, funding and marks of articles are read; notices and broken files are not."""

from pathlib import Path

import pytest

from corpus.errors import ImportRefusedError
from corpus.importers.jats import read
from corpus.importers.records import Notice, Record
from corpus.studies import Design

PATH = Path("a.nxml")
SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "formats" / "jats"
ABSTRACT = "<abstract><p>Plain.</p></abstract>"


def _article(
    kind: str = "research-article", more: str = "", abstract: str = ABSTRACT, namespace: str = ""
) -> bytes:
    return f"""<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) 1.0//EN" "JATS-archivearticle1.dtd">
    <article xmlns:xlink="http://www.w3.org/1999/xlink" {namespace} article-type="{kind}"><front>
    <journal-meta><journal-title-group><journal-title>Annals</journal-title></journal-title-group></journal-meta><article-meta>
    <article-id pub-id-type="pmid">23149571</article-id><article-id pub-id-type="pmc">3574550</article-id>
    <article-id pub-id-type="doi">10.1093/annonc/mds526</article-id>
    <title-group><article-title>Cells in <italic>lupus</italic></article-title>
    <subtitle>a trial</subtitle></title-group>
    <contrib-group><contrib contrib-type="author"><name><surname>van der Meulen</surname>
    <given-names>Marylee J</given-names></name><xref ref-type="aff"><sup>1</sup></xref></contrib>
    <contrib contrib-type="author"><collab>The Group</collab></contrib>
    <contrib contrib-type="editor"><name><surname>Ed</surname><given-names>E</given-names></name></contrib>
    </contrib-group><pub-date pub-type="pmc-release"><year>2014</year></pub-date>
    <pub-date pub-type="epub"><year>2012</year></pub-date>
    <pub-date pub-type="ppub"><year>2013</year></pub-date>
    <volume>24</volume><issue>3</issue>
    <fpage>843</fpage><lpage>850</lpage>{more}{abstract}</article-meta></front></article>""".encode()


def _one(content: bytes) -> Record:
    (record,) = read(content, PATH)
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize("namespace", ["", 'xmlns="http://jats.nlm.nih.gov"'])
def test_an_article_gives_its_bibliography(namespace: str) -> None:
    """Title with subtitle, authors without editors, the year of the issue, journal and numbers are read."""
    record = _one(_article(namespace=namespace))
    assert record.title == "Cells in lupus: a trial"
    assert [author.short for author in record.authors] == ["van der Meulen MJ", "The Group"]
    assert (record.year, record.journal) == (2013, "Annals 24(3):843-850")
    assert (record.doi, record.pmid, record.pmcid) == ("10.1093/annonc/mds526", "23149571", "PMC3574550")
    assert record.parts == (("Abstract", "Plain."),)


def test_abstract_sections_and_kinds() -> None:
    """Sections of an abstract become parts, also nested ones and lists; graphical abstracts are left out."""
    abstract = """<abstract><sec><title>BACKGROUND</title><p>One<xref ref-type="bibr"><sup>1</sup></xref>.</p>
    <p>Two.</p><list><list-item><p>Three.</p></list-item></list>
    <sec><title>Aim</title><p>Four.</p></sec></sec></abstract>
    <abstract abstract-type="plain-language-summary"><p>Five.</p></abstract>
    <abstract abstract-type="graphical"><p>Six.</p></abstract>
    <trans-abstract><p>Sieben.</p></trans-abstract>"""
    record = _one(_article(abstract=abstract))
    assert record.parts == (
        ("Background", "One.\n\nTwo.\n\nThree."),
        ("Aim", "Four."),
        ("Plain language summary", "Five."),
    )
    assert any("graphical" in problem for problem in record.problems)
    assert any("another language" in problem for problem in record.problems)


def test_funding_is_taken_where_it_is_stated() -> None:
    """The funding statement comes first, then the sources, then the footnote."""
    group = "<funding-group><award-group><funding-source>NIH</funding-source></award-group>{}</funding-group>"
    assert (
        _one(_article(more=group.format("<funding-statement>By NIH.</funding-statement>"))).funding
        == "By NIH."
    )
    assert _one(_article(more=group.format(""))).funding == "NIH"
    note = '<author-notes><fn fn-type="supported-by"><p><bold>Funding: </bold>By us.</p></fn></author-notes>'
    assert _one(_article(more=note)).funding == "By us."


@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        ("retraction-forward", "retraction"),
        ("correction-forward", "correction"),
        ("expression-of-concern", "expression_of_concern"),
        ("commentary", None),
    ],
)
def test_related_articles_become_marks(kind: str, mark: str | None) -> None:
    """Links to a retraction, a correction or a concern mark the study; commentaries do not."""
    more = f'<related-article related-article-type="{kind}" ext-link-type="doi" xlink:href="10.1000/r1"/>'
    marks = _one(_article(more=more)).marks
    assert [item.kind for item in marks] == ([mark] if mark else [])
    assert all(item.link == "https://doi.org/10.1000/r1" for item in marks)


def test_article_types() -> None:
    """A case report is a design, a retracted article a mark."""
    assert _one(_article("case-report")).design is Design.case_report
    assert [mark.kind for mark in _one(_article("retracted-article")).marks] == ["retraction"]


@pytest.mark.parametrize("kind", ["retraction", "correction", "expression-of-concern"])
def test_notices_are_no_studies(kind: str) -> None:
    """A notice names the DOI of the study that it concerns."""
    more = (
        '<related-article related-article-type="corrected-article" xlink:href="https://doi.org/10.1000/s1"/>'
    )
    (notice,) = read(_article(kind, more=more), PATH)
    assert isinstance(notice, Notice)
    assert notice.dois == ("10.1000/s1",)
    assert notice.mark.kind == kind.replace("-", "_")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<article><body/></article>", "has no article-meta"),
        (b"<article><front><article-meta/></front></article>", "has no title"),
        (b"<html><body/></html>", "holds no JATS article"),
        (_article()[:900], "is damaged XML"),
        (
            b"<!DOCTYPE article [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><article>&x;</article>",
            "DOCTYPE declares",
        ),
    ],
)
def test_what_is_no_article_is_refused(content: bytes, problem: str) -> None:
    """Each broken document gives one error of one line."""
    (error,) = read(content, PATH)
    assert isinstance(error, ImportRefusedError)
    assert problem in str(error)
    assert "\n" not in str(error)


def test_a_cut_set_gives_its_whole_articles() -> None:
    """Of a set that breaks off, the whole articles are read and the rest is said to be missing."""
    bare = _article()[_article().index(b"<article") :]
    found = list(read(b"<pmc-articleset>" + bare + bare[:800], PATH))
    assert [type(item) for item in found] == [ImportRefusedError, Record, ImportRefusedError]
    assert "record 2: breaks off before its end" in str(found[2])


def test_real_articles() -> None:
    """Every sample article gives one record with title, authors, year, DOI and an abstract."""
    if not SAMPLES.exists():
        pytest.skip("the sample files are not there")
    for path in sorted(SAMPLES.glob("*.nxml")):
        (record,) = read(path.read_bytes(), path)
        assert isinstance(record, Record)
        assert all((record.title, record.authors, record.year, record.doi, record.pmcid, record.parts))
