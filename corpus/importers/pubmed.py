"""PubMed XML: sets of PubmedArticle as PubMed and E-utilities export them."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from corpus.errors import ImportRefusedError
from corpus.importers.authors import ET_AL, Author
from corpus.importers.designs import design_of
from corpus.importers.identifiers import (
    doi_link,
    find_doi,
    find_year,
    is_trial_registry,
    journal_line,
    pubmed_link,
)
from corpus.importers.labels import heading_case, split_labelled
from corpus.importers.marks import (
    PUBMED_NOTICE_RELATIONS,
    PUBMED_RELATIONS,
    notice_kind,
    notice_mark,
    relation_mark,
    retracted_by_type,
)
from corpus.importers.records import Found, Notice, Part, Record, joined
from corpus.importers.xmltext import cut_records, local_name, parse_xml, text_of
from corpus.studies import Mark

_NO_HEADING = {"", "UNASSIGNED", "UNLABELLED", "UNLABELED"}


def read(content: bytes, path: Path) -> Iterator[Found]:
    """Reads every PubmedArticle of a document.

    Args:
        content: the bytes of the file.
        path: named in errors and in the drafts' origin.

    Yields:
        Records and notices in order; an error for each record, or for the document, that cannot be read.
    """
    try:
        root = parse_xml(content, path)
    except ImportRefusedError as error:
        yield error
        return
    except etree.XMLSyntaxError as error:
        for number, item in enumerate(cut_records(content, path, "PubmedArticle", error)):
            yield item if isinstance(item, ImportRefusedError) else _read_element(item, number, path)
        return
    number = 0
    for element in root.iter("PubmedArticle", "PubmedBookArticle"):
        number += 1
        yield _read_element(element, number, path)
    if number == 0:
        yield ImportRefusedError(path, f"holds no PubmedArticle (its root is <{local_name(root)}>)")


def _read_element(element: etree._Element, number: int, path: Path) -> Found:
    if local_name(element) == "PubmedBookArticle":
        return ImportRefusedError(
            path, "is a book or a chapter (PubmedBookArticle), not a study", record=str(number)
        )
    article = element.find("MedlineCitation/Article")
    if article is None:
        return ImportRefusedError(path, "has no MedlineCitation with an Article", record=str(number))
    pmid = _pmid(element)
    label = f"PMID {pmid}" if pmid else str(number)
    types = [text_of(item) for item in article.iterfind("PublicationTypeList/PublicationType")]
    if kind := notice_kind(types):
        link = pubmed_link(pmid) if pmid else None
        mark = notice_mark(kind, text_of(article.find("ArticleTitle")), link)
        return _notice(element, path, label, mark)
    return _record(element, article, path, label, types)


def _notice(element: etree._Element, path: Path, label: str, mark: Mark) -> Notice:
    concerned = [item for item in _links(element) if item.get("RefType") in PUBMED_NOTICE_RELATIONS]
    dois = (find_doi(text_of(item.find("RefSource"))) for item in concerned)
    pmids = (text_of(item.find("PMID")) for item in concerned)
    return Notice(
        path=path, label=label, mark=mark, dois=tuple(filter(None, dois)), pmids=tuple(filter(None, pmids))
    )


def _record(
    element: etree._Element, article: etree._Element, path: Path, label: str, types: list[str]
) -> Found:
    problems: list[str] = []
    title = _title(article, problems)
    if not title:
        return ImportRefusedError(path, "has no title", record=label)
    pmid, doi = _pmid(element), _doi(element, article)
    design, remark = design_of(types)
    parts = _parts(element, article, problems)
    return Record(
        label=label,
        origin=f"{path.name} (PubMed XML, record {label})",
        title=title,
        authors=_authors(article, problems),
        year=_year(article),
        journal=_journal(article),
        doi=doi,
        pmid=pmid,
        pmcid=_article_id(element, "pmc"),
        registration=_registration(article),
        link=pubmed_link(pmid) if pmid else doi_link(doi) if doi else None,
        design=design,
        funding=_funding(article),
        marks=_marks(element, types),
        parts=parts,
        problems=tuple(dict.fromkeys([*problems, *([remark] if remark else [])])),
    )


def _title(article: etree._Element, problems: list[str]) -> str:
    title = text_of(article.find("ArticleTitle"), problems.append)
    vernacular = text_of(article.find("VernacularTitle"), problems.append)
    if not title or title.strip("[].").casefold() == "not available":
        return vernacular.rstrip(".")
    if title.startswith("["):
        problems.append("the title is a translation of the paper's own")
        title = title.strip(".").removeprefix("[").removesuffix("]")
    return title.removesuffix(".")


def _authors(article: etree._Element, problems: list[str]) -> tuple[Author, ...]:
    authors = [_author(item) for item in article.iterfind("AuthorList/Author") if item.get("ValidYN") != "N"]
    author_list = article.find("AuthorList")
    if author_list is not None and author_list.get("CompleteYN") == "N":
        problems.append("the record does not name all authors")
        authors.append(ET_AL)
    return tuple(author for author in authors if author.family)


def _author(item: etree._Element) -> Author:
    if item.find("LastName") is None:
        return Author(text_of(item.find("CollectiveName")))
    initials = f"{text_of(item.find('Initials'))} {text_of(item.find('Suffix'))}".strip()
    return Author(text_of(item.find("LastName")), initials)


def _year(article: etree._Element) -> int | None:
    date = "Journal/JournalIssue/PubDate"
    places = (f"{date}/Year", f"{date}/MedlineDate", "ArticleDate/Year")
    return next((year for place in places if (year := find_year(text_of(article.find(place))))), None)


def _journal(article: etree._Element) -> str | None:
    name = text_of(article.find("Journal/Title")) or text_of(article.find("Journal/ISOAbbreviation"))
    volume = text_of(article.find("Journal/JournalIssue/Volume"))
    issue = text_of(article.find("Journal/JournalIssue/Issue"))
    return journal_line(name, volume, issue, text_of(article.find("Pagination/MedlinePgn")))


def _doi(element: etree._Element, article: etree._Element) -> str | None:
    for location in article.iterfind("ELocationID"):
        if location.get("EIdType") == "doi" and location.get("ValidYN") != "N":
            return find_doi(text_of(location)) or text_of(location) or None
    given = _article_id(element, "doi")
    return find_doi(given) or given


def _article_id(element: etree._Element, kind: str) -> str | None:
    # Only the article's own list: the references below it have lists of the same name.
    for item in element.iterfind("PubmedData/ArticleIdList/ArticleId"):
        if item.get("IdType") == kind:
            return text_of(item) or None
    return None


def _registration(article: etree._Element) -> str | None:
    numbers = [
        text_of(number)
        for bank in article.iterfind("DataBankList/DataBank")
        if is_trial_registry(text_of(bank.find("DataBankName")))
        for number in bank.iterfind("AccessionNumberList/AccessionNumber")
    ]
    return joined(numbers, ", ")


def _funding(article: etree._Element) -> str | None:
    grants = []
    for grant in article.iterfind("GrantList/Grant"):
        agency, number = text_of(grant.find("Agency")), text_of(grant.find("GrantID"))
        grants.append(f"{agency} ({number})" if agency and number else agency or number)
    return joined(grants)


def _marks(element: etree._Element, types: list[str]) -> tuple[Mark, ...]:
    marks = [
        relation_mark(
            PUBMED_RELATIONS[item.get("RefType", "")],
            " ".join(filter(None, (text_of(item.find("RefSource")), text_of(item.find("Note"))))),
            text_of(item.find("PMID")) or None,
        )
        for item in _links(element)
        if item.get("RefType") in PUBMED_RELATIONS
    ]
    return (*marks, *retracted_by_type(types, marks))


def _links(element: etree._Element) -> Iterator[etree._Element]:
    return element.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections")


def _pmid(element: etree._Element) -> str | None:
    return text_of(element.find("MedlineCitation/PMID")) or None


def _parts(element: etree._Element, article: etree._Element, problems: list[str]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for piece in article.iterfind("Abstract/AbstractText"):
        label = (piece.get("Label") or "").strip()
        text = text_of(piece, problems.append)
        if label.upper() in _NO_HEADING:
            parts.extend(split_labelled(text))
        elif text:
            parts.append(Part(heading_case(label), text))
    for other in element.iterfind("MedlineCitation/OtherAbstract"):
        if other.get("Type") == "plain-language-summary":
            text = " ".join(text_of(piece, problems.append) for piece in other.iterfind("AbstractText"))
            parts.append(Part("Plain language summary", text))
        else:
            problems.append(
                f"an abstract of another kind ({other.get('Language') or other.get('Type')}) was left out"
            )
    if not parts:
        problems.append("the record has no abstract")
    return tuple(part for part in parts if part.text)
