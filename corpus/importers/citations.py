"""Citation lines, read into their parts.

Three orders are known: Vancouver (`Deng D, Zhang P. Title. Journal. 2017;76(8):1436-9.`), APA with the title
first (`Title. Deng, D., & Zhang, P. (2017). Journal, 76(8), 1436-1439.`), and a title followed by one name
(`Title. Ru Bai et al. Journal. 2017;33(6):905-909.`). What fits none of them is no citation.
"""

import re
from dataclasses import dataclass

from corpus.importers.authors import ET_AL, Author, read_author
from corpus.importers.identifiers import doi_link, find_doi, find_link, find_pmcid, find_pmid, journal_line
from corpus.importers.plaintext import clean_line

_LETTERS = r"[\w'\u2019\u2010\-]"
_NAME = rf"[^\W\d_a-z]{_LETTERS}+"
_FAMILY = rf"(?:[a-z][a-z'\u2019]* )*[^\W\d_a-z]{_LETTERS}*(?: {_LETTERS}+){{0,2}}"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_JOURNAL_AND_YEAR = rf"(?P<journal>[^.?!]+)\.\s+{_YEAR}(?P<place>\b.*)"
_APA_NAME = rf"{_FAMILY}, (?:[^\W\d_a-z]\.[ \-]?)+"
_APA_NEXT = rf",?\s+(?:&\s+|\u2026\s*|\.\.\.\s*)*{_APA_NAME}"
_APA = re.compile(
    rf"(?P<title>.+?[.?!\]])\s+(?P<authors>{_APA_NAME}(?:{_APA_NEXT})*(?:,? et al\.)?)\s*"
    rf"\({_YEAR}\)\.?\s+(?P<journal>.+)"
)
_VANCOUVER_NAME = rf"{_FAMILY} [^\W\d_a-z]{{1,4}}(?: (?:Jr|Sr|2nd|3rd))?"
_VANCOUVER = re.compile(
    rf"(?P<authors>{_VANCOUVER_NAME}(?:, {_VANCOUVER_NAME})*(?:,? et al)?)\.\s+"
    rf"(?P<title>.+[.?!\]])\s+{_JOURNAL_AND_YEAR}"
)
_ONE_NAME = re.compile(
    rf"(?P<title>.+?[.?!\]])\s+(?P<authors>{_NAME}(?: {_NAME}){{1,2}} et al)\.\s+{_JOURNAL_AND_YEAR}"
)
_PAGES = r"(?P<pages>[\w\-\u2013]+(?:, ?\d[\w\-\u2013]*)*)"
_PLACE = re.compile(rf"[^;.:]*;\s*(?P<volume>\w+)(?:\((?P<issue>[^)]+)\))?(?::{_PAGES})?")
_APA_JOURNAL = re.compile(rf"(?P<name>.+?)(?:, (?P<volume>\d+)(?:\((?P<issue>[^)]+)\))?(?:, {_PAGES})?)?\.")
_ADDRESS = re.compile(
    r"\s*(?:\bdoi:?\s*|\bavailable (?:at|from):?\s*)?(?:https?://\S+|\b10\.\d{4,9}/\S+)", re.IGNORECASE
)
_LONGEST = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The parts of a citation line; what it does not give is None or empty.

    Attributes:
        authors: in order, with ET_AL where the line leaves some out.
        journal: with volume, issue and pages as far as given.
        problems: what had to be inferred, a line each.
    """

    title: str
    authors: tuple[Author, ...]
    year: int
    journal: str | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    link: str | None
    problems: tuple[str, ...]


def read_citation(text: str, links: tuple[str, ...] = ()) -> Citation | None:
    """Reads a citation line.

    Args:
        text: the line, without `CITE:` before it.
        links: addresses that the line links to without spelling them out.

    Returns:
        Its parts, or None where the line is no citation of a known form.
    """
    if len(text) > _LONGEST:
        return None
    everything = " ".join((text, *links))
    bare = clean_line(_ADDRESS.sub("", text))
    match = _VANCOUVER.fullmatch(bare) or _APA.fullmatch(bare) or _ONE_NAME.fullmatch(bare)
    if match is None:
        return None
    doi = find_doi(everything)
    title, problems = _title(match["title"])
    authors, remarks = _authors(match["authors"])
    return Citation(
        title=title,
        authors=authors,
        year=int(match["year"]),
        journal=_journal(match),
        doi=doi,
        pmid=find_pmid(everything),
        pmcid=find_pmcid(everything),
        link=find_link(everything) or (doi_link(doi) if doi else None),
        problems=(*problems, *remarks),
    )


def _title(text: str) -> tuple[str, list[str]]:
    title = text.strip().rstrip(".").rstrip()
    if title.startswith("[") and title.endswith("]"):
        return title[1:-1].strip().rstrip("."), ["the title is a translation of the paper's own"]
    return title, []


def _authors(text: str) -> tuple[tuple[Author, ...], list[str]]:
    """The authors of a list; in APA order a comma stands inside each name too, so names are matched there."""
    shortened = re.search(r",? et al\.?$", text)
    names = text[: shortened.start()] if shortened else text
    pieces = re.findall(rf"…|\.\.\.|{_APA_NAME}", names) if re.match(_APA_NAME, names) else names.split(", ")
    authors: list[Author] = []
    problems: list[str] = []
    for piece in pieces:
        if piece in {"…", "..."}:
            authors.append(ET_AL)
            continue
        author, remark = read_author(piece)
        authors.append(author)
        problems += [remark] if remark else []
    if shortened:
        authors.append(ET_AL)
    if ET_AL in authors:
        problems.append("the citation does not name all authors")
    return tuple(authors), problems


def _journal(match: re.Match[str]) -> str | None:
    if "place" in match.re.groupindex:
        place = _PLACE.match(match["place"])
        given = (place["volume"], place["issue"], place["pages"]) if place else (None, None, None)
        return journal_line(match["journal"].strip(), *given)
    apa = _APA_JOURNAL.match(f"{match['journal'].rstrip('.')}.")
    return journal_line(apa["name"], apa["volume"], apa["issue"], apa["pages"]) if apa else match["journal"]
