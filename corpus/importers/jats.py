"""JATS: journal articles in the XML that PubMed Central and publishers exchange."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from corpus.errors import ImportRefusedError
from corpus.importers.authors import ET_AL, Author, author_of
from corpus.importers.identifiers import doi_link, find_doi, find_year, journal_line, pubmed_link
from corpus.importers.labels import heading_case, split_labelled
from corpus.importers.marks import JATS_NOTICES, JATS_RELATIONS, notice_mark, relation_mark
from corpus.importers.records import Found, Notice, Part, Record, joined
from corpus.importers.xmltext import cut_records, local_name, parse_xml, text_of
from corpus.studies import Design, Mark

_HREF = "{http://www.w3.org/1999/xlink}href"
_ABSTRACTS_LEFT_OUT = frozenset({"graphical", "graphical-abstract", "teaser", "toc", "web-summary"})
_PAPER_DATES = ("ppub", "collection", "epub", "epub-ppub", "pub")


def read(content: bytes, path: Path) -> Iterator[Found]:
    """Reads the articles of a document: title, bibliography and abstract; the full text stays unread.

    Args:
        content: the bytes of the file.
        path: named in errors and in the drafts' origin.

    Yields:
        Records and notices in order, and an error for each article, or for the document, that cannot be read.
    """
    try:
        root = parse_xml(content, path)
    except ImportRefusedError as error:
        yield error
        return
    except etree.XMLSyntaxError as error:
        for number, item in enumerate(cut_records(content, path, "article", error)):
            yield item if isinstance(item, ImportRefusedError) else _read_article(item, number, path)
        return
    number = 0
    for number, article in enumerate(root.iter("{*}article"), start=1):
        yield _read_article(article, number, path)
    if number == 0:
        yield ImportRefusedError(path, f"holds no JATS article (its root is <{local_name(root)}>)")


def _read_article(article: etree._Element, number: int, path: Path) -> Found:
    meta = article.find("{*}front/{*}article-meta")
    if meta is None:
        return ImportRefusedError(path, "has no article-meta", record=str(number))
    ids = {item.get("pub-id-type", ""): text_of(item) for item in meta.iterfind("{*}article-id")}
    title = text_of(meta.find("{*}title-group/{*}article-title"))
    label = next(
        (f"{name} {ids[key]}" for key, name in (("pmid", "PMID"), ("doi", "DOI")) if ids.get(key)), None
    )
    label = label or str(number)
    kind = JATS_NOTICES.get(article.get("article-type", ""))
    if kind:
        return _notice(meta, path, label, notice_mark(kind, title, _link(ids)))
    if not title:
        return ImportRefusedError(path, "has no title", record=label)
    return _record(article, meta, path, label, ids)


def _notice(meta: etree._Element, path: Path, label: str, mark: Mark) -> Notice:
    related = list(meta.iterfind("{*}related-article"))
    targets = [(item.get("ext-link-type"), item.get(_HREF) or text_of(item)) for item in related]
    return Notice(
        path=path,
        label=label,
        mark=mark,
        dois=tuple(doi for _, target in targets if (doi := find_doi(target))),
        pmids=tuple(target for kind, target in targets if kind in {"pmid", "pubmed"} and target.isdigit()),
    )


def _record(
    article: etree._Element, meta: etree._Element, path: Path, label: str, ids: dict[str, str]
) -> Record:
    problems: list[str] = []
    title = text_of(meta.find("{*}title-group/{*}article-title"), problems.append)
    subtitle = text_of(meta.find("{*}title-group/{*}subtitle"), problems.append)
    parts = _parts(meta, problems)
    if article.find("{*}body") is not None:
        problems.append("the full text was left unread; only the abstract is in the draft")
    return Record(
        label=label,
        origin=f"{path.name} (JATS, record {label})",
        title=f"{title.rstrip('.')}: {subtitle}" if subtitle else title,
        authors=_authors(meta, problems),
        year=_year(meta),
        journal=_journal(article, meta),
        doi=find_doi(ids.get("doi")) or ids.get("doi") or None,
        pmid=ids.get("pmid") or None,
        pmcid=_pmcid(ids),
        link=_link(ids),
        design=Design.case_report if article.get("article-type") == "case-report" else None,
        funding=_funding(article, meta),
        marks=_marks(article, meta),
        parts=parts,
        problems=tuple(dict.fromkeys(problems)),
    )


def _pmcid(ids: dict[str, str]) -> str | None:
    number = (ids.get("pmc") or ids.get("pmcid") or "").removeprefix("PMC")
    return f"PMC{number}" if number.isdigit() else None


def _link(ids: dict[str, str]) -> str | None:
    if doi := find_doi(ids.get("doi")):
        return doi_link(doi)
    return pubmed_link(ids["pmid"]) if ids.get("pmid") else None


def _authors(meta: etree._Element, problems: list[str]) -> tuple[Author, ...]:
    authors: list[Author] = []
    for contributor in meta.iterfind("{*}contrib-group/{*}contrib"):
        if contributor.get("contrib-type", "author") != "author":
            continue
        name = contributor.find("{*}name")
        if name is None:
            name = contributor.find("{*}name-alternatives/{*}name")
        if name is not None:
            suffix, given = text_of(name.find("{*}suffix")), text_of(name.find("{*}given-names"))
            authors.append(author_of(text_of(name.find("{*}surname")), given, suffix))
        elif group := text_of(contributor.find("{*}collab")) or text_of(contributor.find("{*}string-name")):
            authors.append(Author(group))
        else:
            problems.append("an author without a name was left out")
    if meta.find("{*}contrib-group/{*}etal") is not None:
        authors.append(ET_AL)
    return tuple(authors)


def _year(meta: etree._Element) -> int | None:
    dates = {
        date.get("pub-type") or date.get("date-type") or "": find_year(text_of(date.find("{*}year")))
        for date in meta.iterfind("{*}pub-date")
    }
    return next((dates[kind] for kind in (*_PAPER_DATES, *dates) if dates.get(kind)), None)


def _journal(article: etree._Element, meta: etree._Element) -> str | None:
    journal = article.find("{*}front/{*}journal-meta")
    if journal is None:
        return None
    name = text_of(journal.find(".//{*}journal-title")) or text_of(journal.find("{*}journal-id"))
    first, last = text_of(meta.find("{*}fpage")), text_of(meta.find("{*}lpage"))
    pages = f"{first}-{last}" if last and last != first else first or text_of(meta.find("{*}elocation-id"))
    return journal_line(name, text_of(meta.find("{*}volume")), text_of(meta.find("{*}issue")), pages)


def _funding(article: etree._Element, meta: etree._Element) -> str | None:
    statements = [text_of(item) for item in meta.iterfind(".//{*}funding-statement")]
    if statements:
        return joined(statements, " ")
    sources = [text_of(item) for item in meta.iterfind("{*}funding-group//{*}funding-source")]
    notes = [
        text_of(item).removeprefix("Funding:")
        for item in article.iter("{*}fn")
        if item.get("fn-type") in {"financial-disclosure", "supported-by"}
    ]
    return joined(sources) or joined(notes, " ")


def _marks(article: etree._Element, meta: etree._Element) -> tuple[Mark, ...]:
    marks = [
        relation_mark(
            JATS_RELATIONS[item.get("related-article-type", "")],
            " ".join(filter(None, (text_of(item), item.get(_HREF)))),
            item.get(_HREF) if item.get("ext-link-type") in {"pmid", "pubmed"} else None,
        )
        for item in meta.iterfind("{*}related-article")
        if item.get("related-article-type") in JATS_RELATIONS
    ]
    if article.get("article-type") == "retracted-article" and not any(
        mark.kind == "retraction" for mark in marks
    ):
        marks.append(Mark(kind="retraction", note="The file's article type is 'retracted-article'."))
    return tuple(marks)


def _parts(meta: etree._Element, problems: list[str]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for abstract in meta.iterfind("{*}abstract"):
        kind = abstract.get("abstract-type", "")
        if kind in _ABSTRACTS_LEFT_OUT:
            problems.append(f"the abstract of the type {kind!r} was left out")
            continue
        own_title = text_of(abstract.find("{*}title"))
        parts.extend(
            _section_parts(
                abstract, own_title or heading_case(kind.replace("-", " ").upper()) or "Abstract", problems
            )
        )
    if meta.find("{*}trans-abstract") is not None:
        problems.append("an abstract in another language was left out")
    if not parts:
        problems.append("the article has no abstract")
    return tuple(parts)


def _section_parts(section: etree._Element, title: str, problems: list[str]) -> Iterator[Part]:
    paragraphs = [text for child in section for text in _paragraphs(child, problems)]
    if len(paragraphs) == 1:
        yield from split_labelled(paragraphs[0], title)
    elif paragraphs:
        yield Part(title, "\n\n".join(paragraphs))
    for inner in section.iterfind("{*}sec"):
        yield from _section_parts(inner, heading_case(text_of(inner.find("{*}title")) or title), problems)


def _paragraphs(element: etree._Element, problems: list[str]) -> Iterator[str]:
    """The paragraphs of a block that is no section of its own."""
    name = local_name(element)
    if name in {"", "title", "sec", "label"}:
        return
    if name in {"list", "list-item", "def-list", "def-item", "disp-quote", "boxed-text"}:
        for child in element:
            yield from _paragraphs(child, problems)
    elif text := text_of(element, problems.append):
        yield text
