"""The customer's research page, as text or as HTML: summarised, mentioned and listed studies."""

from collections.abc import Iterator
from pathlib import Path

from corpus.errors import ImportRefusedError
from corpus.importers.authors import Author, read_author
from corpus.importers.blocks import Block, html_blocks, is_html, text_blocks
from corpus.importers.citations import Citation
from corpus.importers.decoding import decode
from corpus.importers.outline import Outline, Summary, outline_of
from corpus.importers.plaintext import shorten
from corpus.importers.records import Found, PageFooter, Part, Record, Remark, plain_title

PART_TITLE = "Summary on the page"


def read(content: bytes, path: Path) -> Iterator[Found]:
    """Reads the studies of a research page.

    Args:
        content: the bytes of the page.
        path: named in errors and in the drafts' origin.

    Yields:
        The summarised studies in order, each followed by those mentioned inside it; the listed ones; the
        footer; remarks on what belongs to no study. One error for a page without study summaries.
    """
    text, remark = decode(content)
    if remark:
        yield Remark(path, remark)
    try:
        outline = outline_of(html_blocks(text) if is_html(text) else text_blocks(text))
    except ValueError as error:
        yield ImportRefusedError(path, str(error))
        return
    if not any(summary.cite_line for summary in outline.summaries):
        problem = "holds no study summary: a title ending in '(Author et al YEAR)', closed by a 'CITE:' line"
        yield ImportRefusedError(path, problem)
        return
    footer = PageFooter(
        path=path,
        publisher="; ".join(outline.publisher) or None,
        disclaimer=" ".join(outline.disclaimer) or None,
    )
    yield from _records(outline, _origin(footer))
    for block in outline.unread_items:
        yield ImportRefusedError(path, "is no citation of a known form", record=_label(block))
    yield footer
    yield from _remarks(outline, path)


def _records(outline: Outline, origin: str) -> Iterator[Record]:
    for summary in outline.summaries:
        yield _summarised(summary, origin)
        for mention in summary.mentions:
            where = f"{origin}; mentioned there in the summary of {summary.title!r}"
            yield _record(mention.block, mention.citation, where, mention.prose)
    for block, citation in outline.listed:
        yield _record(block, citation, f"{origin}; only listed there", "")


def _summarised(summary: Summary, origin: str) -> Record:
    prose = "\n\n".join(summary.prose)
    author, remark = read_author(summary.author)
    if summary.citation is not None:
        problems = _differences(summary, summary.citation, author)
        return _record(summary.block, summary.citation, origin, prose, title=summary.title, problems=problems)
    problem = "the page gives no citation (CITE:) for this summary"
    if summary.cite_line is not None:
        problem = f"the citation is of no known form: {summary.cite_line.text}"
    return Record(
        label=_label(summary.block),
        origin=origin,
        title=summary.title,
        authors=(author,),
        year=summary.year,
        parts=_parts(prose),
        problems=(problem, *([remark] if remark else [])),
    )


def _differences(summary: Summary, citation: Citation, author: Author) -> tuple[str, ...]:
    """Where the heading and the citation of one summary disagree."""
    problems = []
    if plain_title(summary.title) != plain_title(citation.title):
        problems.append(f"the citation words the title differently: {citation.title}")
    if summary.year != citation.year:
        problems.append(
            f"the heading says {summary.year}, the citation {citation.year}; the citation was taken"
        )
    if author.family != citation.authors[0].family:
        problems.append(f"the heading names {author.short}, the citation {citation.authors[0].short}")
    return tuple(problems)


def _record(
    block: Block,
    citation: Citation,
    origin: str,
    prose: str,
    *,
    title: str = "",
    problems: tuple[str, ...] = (),
) -> Record:
    return Record(
        label=_label(block),
        origin=origin,
        title=title or citation.title,
        authors=citation.authors,
        year=citation.year,
        journal=citation.journal,
        doi=citation.doi,
        pmid=citation.pmid,
        pmcid=citation.pmcid,
        link=citation.link,
        parts=_parts(prose),
        problems=(*citation.problems, *problems),
    )


def _parts(prose: str) -> tuple[Part, ...]:
    return (Part(PART_TITLE, prose),) if prose else ()


def _label(block: Block) -> str:
    return repr(shorten(block.text, 40))


def _origin(footer: PageFooter) -> str:
    publisher = f"; brought by {footer.publisher}" if footer.publisher else ""
    disclaimer = f"; its disclaimer: {footer.disclaimer}" if footer.disclaimer else ""
    return f"{footer.path.name} (research page{publisher}{disclaimer})"


def _remarks(outline: Outline, path: Path) -> Iterator[Remark]:
    for summary in outline.summaries:
        for mention in summary.mentions:
            named = f"{mention.citation.authors[0].short} {mention.citation.year}"
            moved = "its sentences stand in its own draft only" if mention.prose else "no sentence names it"
            yield Remark(path, f"{named} is mentioned inside {shorten(summary.title)!r}; {moved}")
    if outline.left_out:
        quoted = ", ".join(repr(shorten(block.text)) for block in outline.left_out)
        yield Remark(path, f"left out, as it belongs to no study: {quoted}")
