"""PubMed XML: records, marks and notices are read; what is broken is refused by itself."""

from pathlib import Path

import pytest

from corpus.errors import ImportRefusedError
from corpus.importers.pubmed import read
from corpus.importers.records import Notice, Record
from corpus.studies import Design

PATH = Path("set.xml")
SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "formats" / "pubmed_xml"


def _article(
    pmid: str = "1",
    *,
    title: str = "A trial of cells.",
    abstract: str = "",
    types: str = "",
    links: str = "",
    more: str = "",
) -> str:
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID>
    <Article PubModel="Print"><Journal><JournalIssue><Volume>76</Volume><Issue>8</Issue><PubDate>
    <MedlineDate>2017 Aug-Sep</MedlineDate></PubDate></JournalIssue><Title>Annals</Title></Journal>
    <ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>1436-1439</MedlinePgn></Pagination>
    <ELocationID EIdType="doi" ValidYN="Y">10.1136/a-{pmid}</ELocationID>{abstract}
    <AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Lü</LastName><ForeName>Zhi</ForeName>
    <Initials>Z</Initials></Author><Author><CollectiveName>The Group</CollectiveName></Author></AuthorList>
    {more}<PublicationTypeList><PublicationType>Journal Article</PublicationType>{types}</PublicationTypeList>
    </Article>{links}</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pmc">PMC9</ArticleId>
    </ArticleIdList><ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1/wrong</ArticleId>
    </ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""


def _set(*articles: str) -> bytes:
    doctype = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://x/p.dtd">'
    return f"<?xml version='1.0'?>{doctype}<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>".encode()


def _type(name: str) -> str:
    return f"<PublicationType>{name}</PublicationType>"


def _one(content: bytes) -> Record:
    (record,) = read(content, PATH)
    assert isinstance(record, Record)
    return record


def test_a_record_gives_its_bibliography() -> None:
    """Title, authors, year, journal and identifiers come from the record itself, not from its references."""
    bank = """<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>
    <AccessionNumber>NCT01539902</AccessionNumber></AccessionNumberList></DataBank><DataBank>
    <DataBankName>GENBANK</DataBankName><AccessionNumberList><AccessionNumber>AY1</AccessionNumber>
    </AccessionNumberList></DataBank></DataBankList><GrantList><Grant><GrantID>R01</GrantID><Agency>NIH</Agency>
    </Grant></GrantList>"""
    record = _one(_set(_article("28478399", types=_type("Randomized Controlled Trial"), more=bank)))
    assert record.title == "A trial of cells"
    assert [author.short for author in record.authors] == ["Lü Z", "The Group"]
    assert (record.year, record.journal) == (2017, "Annals 76(8):1436-1439")
    assert (record.doi, record.pmid, record.pmcid) == ("10.1136/a-28478399", "28478399", "PMC9")
    assert record.registration == "NCT01539902"
    assert record.funding == "NIH (R01)"
    assert record.link == "https://pubmed.ncbi.nlm.nih.gov/28478399/"
    assert record.design is Design.randomized_trial
    assert record.problems == ("the record has no abstract",)


def test_abstracts_keep_their_labels_and_figures() -> None:
    """Labelled parts become parts; an unlabelled one is the abstract; powers stay readable."""
    abstract = """<Abstract><AbstractText Label="BACKGROUND">Of <i>x</i>.</AbstractText>
    <AbstractText Label="UNASSIGNED">Loose.</AbstractText><AbstractText>10<sup>8</sup> cells.</AbstractText>
    <AbstractText Label="RESULTS"/><CopyrightInformation>c</CopyrightInformation></Abstract>"""
    record = _one(_set(_article(abstract=abstract)))
    assert record.parts == (("Background", "Of x."), ("Abstract", "Loose."), ("Abstract", "10^8 cells."))


def test_translated_titles_and_other_abstracts_are_said() -> None:
    """A translated title loses its brackets and an abstract in another language is named as left out."""
    abstract = '<OtherAbstract Type="Publisher" Language="chi"><AbstractText>x</AbstractText></OtherAbstract>'
    record = _one(_set(_article(title="[Effect of cells].", links=abstract)))
    assert record.title == "Effect of cells"
    assert any("translation" in problem for problem in record.problems)
    assert any("(chi) was left out" in problem for problem in record.problems)


@pytest.mark.parametrize(
    ("ref_type", "kind"),
    [
        ("RetractionIn", "retraction"),
        ("ErratumIn", "erratum"),
        ("ExpressionOfConcernIn", "expression_of_concern"),
        ("UpdateIn", "update"),
        ("CorrectedandRepublishedIn", "correction"),
        ("CommentIn", None),
        ("Cites", None),
    ],
)
def test_links_become_marks(ref_type: str, kind: str | None) -> None:
    """Retractions, errata, concerns and updates mark the study; comments and references do not."""
    links = f"""<CommentsCorrectionsList><CommentsCorrections RefType="{ref_type}">
    <RefSource>Lancet. 2010;1:2</RefSource><PMID>20137807</PMID></CommentsCorrections>
    </CommentsCorrectionsList>"""
    marks = _one(_set(_article(links=links))).marks
    assert [mark.kind for mark in marks] == ([kind] if kind else [])
    if kind:
        assert marks[0].note.endswith("Lancet. 2010;1:2")
        assert marks[0].link == "https://pubmed.ncbi.nlm.nih.gov/20137807/"


def test_a_retracted_publication_is_marked_by_its_type() -> None:
    """The type alone marks a record as retracted."""
    marks = _one(_set(_article(types=_type("Retracted Publication")))).marks
    assert [mark.kind for mark in marks] == ["retraction"]


def test_a_retraction_notice_is_no_study() -> None:
    """A notice names the study that it concerns."""
    links = """<CommentsCorrectionsList><CommentsCorrections RefType="RetractionOf">
    <RefSource>X. doi: 10.1000/a</RefSource><PMID>77</PMID></CommentsCorrections></CommentsCorrectionsList>"""
    (notice,) = read(_set(_article("9", types=_type("Retraction of Publication"), links=links)), PATH)
    assert isinstance(notice, Notice)
    assert (notice.pmids, notice.dois) == (("77",), ("10.1000/a",))
    assert notice.mark.kind == "retraction"


def test_broken_records_do_not_stop_the_rest() -> None:
    """Books, records without an article and records without a title are refused, the others are read."""
    book = "<PubmedBookArticle><BookDocument><PMID>5</PMID></BookDocument></PubmedBookArticle>"
    empty = "<PubmedArticle><MedlineCitation><PMID>6</PMID></MedlineCitation></PubmedArticle>"
    found = list(read(_set(_article("1"), book, empty, _article("2", title=""), _article("3")), PATH))
    assert [type(item) for item in found] == [Record, *[ImportRefusedError] * 3, Record]
    lines = [str(item) for item in found if isinstance(item, ImportRefusedError)]
    assert lines[0] == "set.xml: record 2: is a book or a chapter (PubmedBookArticle), not a study"
    assert lines[2] == "set.xml: record PMID 2: has no title"


def test_a_cut_file_gives_its_whole_records() -> None:
    """Of a file that breaks off, the whole records are read and the rest is said to be missing."""
    content = _set(_article("1"), _article("2"), _article("3"))
    found = list(read(content[: content.rindex(b"<Journal>")], PATH))
    assert [item.pmid for item in found if isinstance(item, Record)] == ["1", "2"]
    lines = [str(item) for item in found if isinstance(item, ImportRefusedError)]
    assert "is damaged XML" in lines[0]
    assert "2 whole records were read" in lines[0]
    assert lines[1] == "set.xml: record 3: breaks off before its end"


def test_a_damaged_record_in_the_middle_is_refused_alone() -> None:
    """Bad markup in one record leaves those before and behind it readable."""
    found = list(read(_set(_article("1"), _article("2", title="a <i>b"), _article("3")), PATH))
    assert [item.pmid for item in found if isinstance(item, Record)] == ["1", "3"]


@pytest.mark.parametrize(
    "content", [b"<a/>", b"<PubmedArticleSet/>", b"not xml at all", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a/>"]
)
def test_other_documents_are_refused(content: bytes) -> None:
    """A document without PubMed records gives errors only, each one line."""
    found = list(read(content, PATH))
    assert found
    assert all(isinstance(item, ImportRefusedError) and "\n" not in str(item) for item in found)


def test_a_real_record() -> None:
    """A real PubMed file gives its record with trial number and design."""
    path = SAMPLES / "pubmed-29768149.xml"
    if not path.exists():
        pytest.skip("the sample files are not there")
    record = next(iter(read(path.read_bytes(), path)))
    assert isinstance(record, Record)
    assert (record.year, record.registration) == (2018, "NCT02149199")
    assert record.design is Design.randomized_trial
    assert [part.title for part in record.parts][:3] == ["Background", "Methods", "Results"]
