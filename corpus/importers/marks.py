"""Marks: how each format says that a study was retracted, corrected or called into question.

PubMed's words are those of NLM's "Errata, Retractions, and Other Linked Citations in PubMed"
(https://www.nlm.nih.gov/bsd/policy/errata.html), JATS's those of the JATS tag library
(`@related-article-type`, `@article-type`), which names them as suggestions, so spellings vary.
"""

from typing import Literal, NamedTuple

from corpus.importers.identifiers import doi_link, find_doi, find_link, find_pmid, pubmed_link
from corpus.importers.plaintext import clean_line
from corpus.studies import Mark

Kind = Literal["retraction", "expression_of_concern", "correction", "erratum", "withdrawal", "update"]


class Relation(NamedTuple):
    """What a link from a study to another publication means, and how it is put into words."""

    kind: Kind
    words: str


_RETRACTED = Relation("retraction", "Retracted in")
_PARTLY_RETRACTED = Relation("retraction", "Partly retracted in")
_REPUBLISHED = Relation("retraction", "Retracted and republished in")
_CONCERN = Relation("expression_of_concern", "Expression of concern in")
_ERRATUM = Relation("erratum", "Erratum in")
_CORRECTED = Relation("correction", "Corrected and republished in")
_UPDATED = Relation("update", "Updated in")

PUBMED_RELATIONS = {
    "RetractionIn": _RETRACTED,
    "PartialRetractionIn": _PARTLY_RETRACTED,
    "RetractedandRepublishedIn": _REPUBLISHED,
    "ExpressionOfConcernIn": _CONCERN,
    "ErratumIn": _ERRATUM,
    "CorrectedandRepublishedIn": _CORRECTED,
    "RepublishedIn": _CORRECTED,
    "UpdateIn": _UPDATED,
}
"""`RefType` of PubMed XML's CommentsCorrections, on the study that is concerned."""

MEDLINE_RELATIONS = {
    "RIN": _RETRACTED,
    "PRIN": _PARTLY_RETRACTED,
    "RRI": _REPUBLISHED,
    "ECI": _CONCERN,
    "EIN": _ERRATUM,
    "CRI": _CORRECTED,
    "RPI": _CORRECTED,
    "UIN": _UPDATED,
}
"""Tags of the MEDLINE format, on the study that is concerned."""

PUBMED_NOTICE_RELATIONS = frozenset(
    {"RetractionOf", "PartialRetractionOf", "ErratumFor", "ExpressionOfConcernFor"}
)
MEDLINE_NOTICE_TAGS = ("ROF", "PROF", "EFR", "ECF")
"""On a notice: the study that it concerns."""

_NOTICE_TYPES: dict[str, Kind] = {
    "retraction of publication": "retraction",
    "retraction notice": "retraction",
    "published erratum": "erratum",
    "expression of concern": "expression_of_concern",
    # Web of Science's document types:
    "retraction": "retraction",
    "correction": "correction",
    "correction, addition": "correction",
}

JATS_RELATIONS = {
    "retraction-forward": _RETRACTED,
    "retracted-by": _RETRACTED,
    "retraction": _RETRACTED,
    "partial-retraction": _PARTLY_RETRACTED,
    "correction-forward": Relation("correction", "Corrected in"),
    "corrected-by": Relation("correction", "Corrected in"),
    "correction": Relation("correction", "Corrected in"),
    "erratum": _ERRATUM,
    "expression-of-concern": _CONCERN,
    "expression-of-concern-forward": _CONCERN,
    "update": _UPDATED,
    "updated-by": _UPDATED,
    # Meant for notices. On a study's own file the direction is unclear, and the milder error is to mark it.
    "retracted-article": Relation("retraction", "The file links it as a retracted article to"),
    "corrected-article": Relation("correction", "The file links it as a corrected article to"),
    "object-of-concern": Relation("expression_of_concern", "The file links it as an object of concern to"),
}
"""`@related-article-type` of JATS, on a study."""

JATS_NOTICES: dict[str, Kind] = {
    "correction": "correction",
    "addendum": "correction",
    "erratum": "erratum",
    "retraction": "retraction",
    "partial-retraction": "retraction",
    "withdrawal": "withdrawal",
    "expression-of-concern": "expression_of_concern",
}
"""`@article-type` of JATS for files that are notices."""


def relation_mark(relation: Relation, source: str, pmid: str | None = None) -> Mark:
    """A mark from a link to another publication.

    Args:
        relation: what the link means.
        source: how the format cites the other publication.
        pmid: its PubMed number where the format gives it apart.
    """
    source = clean_line(source)
    pmid = pmid or find_pmid(source)
    doi = find_doi(source)
    link = pubmed_link(pmid) if pmid else doi_link(doi) if doi else find_link(source)
    named = source or (f"PMID {pmid}" if pmid else "a publication that the record does not name")
    return Mark(kind=relation.kind, note=f"{relation.words}: {named}", link=link)


def retracted_by_type(types: list[str], marks: list[Mark]) -> list[Mark]:
    """A retraction mark where the publication types say so and no link has said it already."""
    kinds = {mark.kind for mark in marks}
    if "retraction" in kinds or "retracted publication" not in {name.casefold() for name in types}:
        return []
    return [Mark(kind="retraction", note="The record's publication type is 'Retracted Publication'.")]


def notice_kind(types: list[str]) -> Kind | None:
    """The kind of notice that publication types name, or None for a study."""
    return next((_NOTICE_TYPES[name.casefold()] for name in types if name.casefold() in _NOTICE_TYPES), None)


def notice_mark(kind: Kind, title: str, link: str | None) -> Mark:
    """What the study concerned should carry because of a notice."""
    words = kind.replace("_", " ").capitalize()
    return Mark(kind=kind, note=f"{words} notice: {clean_line(title) or 'without a title'}", link=link)
