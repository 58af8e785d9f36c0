"""Retractions, corrections and concerns become marks with their source and link."""

from corpus.importers.marks import (
    MEDLINE_RELATIONS,
    PUBMED_RELATIONS,
    notice_kind,
    notice_mark,
    relation_mark,
    retracted_by_type,
)


def test_a_mark_names_its_source_and_links_to_it() -> None:
    """A link's mark keeps the citation and prefers the PubMed address, then the DOI's."""
    mark = relation_mark(PUBMED_RELATIONS["RetractionIn"], "Lancet. 2010;375:445", "20137807")
    assert (mark.kind, mark.note) == ("retraction", "Retracted in: Lancet. 2010;375:445")
    assert mark.link == "https://pubmed.ncbi.nlm.nih.gov/20137807/"
    erratum = relation_mark(MEDLINE_RELATIONS["EIN"], "BMJ. 2011;1:2. doi: 10.1136/bmj.1.")
    assert (erratum.kind, erratum.link) == ("erratum", "https://doi.org/10.1136/bmj.1")
    assert relation_mark(MEDLINE_RELATIONS["ECI"], "").note.endswith("that the record does not name")


def test_the_publication_type_marks_once() -> None:
    """'Retracted Publication' gives a mark unless a link has given it already."""
    assert [mark.kind for mark in retracted_by_type(["Retracted Publication"], [])] == ["retraction"]
    linked = [relation_mark(PUBMED_RELATIONS["RetractionIn"], "X")]
    assert retracted_by_type(["Retracted Publication"], linked) == []
    assert retracted_by_type(["Journal Article"], []) == []


def test_notices_are_told_from_studies() -> None:
    """A record that is a retraction or an erratum is a notice; a retracted study is not."""
    assert notice_kind(["Journal Article", "Retraction of Publication"]) == "retraction"
    assert notice_kind(["Published Erratum"]) == "erratum"
    assert notice_kind(["Retracted Publication"]) is None
    assert notice_mark("expression_of_concern", "Note", None).note == "Expression of concern notice: Note"
