"""Citation lines of the known forms are read into their parts; other lines are no citations."""

import pytest

from corpus.importers.citations import read_citation

VANCOUVER = (
    "Doe JF 3rd, van der Berg A, O'Neil P, et al. A trial: does it work? A study in 3 parts. "
    "Stem Cells Int. 2019;12(3):70-9. Published 2019 May 2. doi:10.1155/2019/1 https://www.ncbi.nlm.nih.gov/pmc/articles/PMC65/"
)
APA = (
    "A trial of cells, and more. van der Berg, J. A., Lim-Ho, T. O., … & Sun, L. (2017). "
    "Annals of the Rheumatic Diseases, 76(8), 1436\u20131439. https://doi.org/10.1136/a-2017"
)
ONE_NAME = (
    "3 years of cells. Ru Bai et al. Chinese Journal of Immunology. 2017;33(6):905-909. "
    "http://example.org/a?b=1&c=2"
)
TRANSLATED = (
    "Liu S, Guo YL. [Effect of cells:a review]. Beijing Da Xue Bao. 2018 Dec 18;50(6):1014-21, 30. Chinese. "
    "PMID: 30562774."
)


def test_vancouver() -> None:
    """Authors first: names with suffixes and particles, a title with stops, and all identifiers."""
    citation = read_citation(VANCOUVER)
    assert citation is not None
    assert [author.short for author in citation.authors] == [
        "Doe JF 3rd",
        "van der Berg A",
        "O'Neil P",
        "et al.",
    ]
    assert citation.title == "A trial: does it work? A study in 3 parts"
    assert (citation.year, citation.journal) == (2019, "Stem Cells Int 12(3):70-9")
    assert (citation.doi, citation.pmcid) == ("10.1155/2019/1", "PMC65")
    assert citation.link == "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC65/"
    assert citation.problems == ("the citation does not name all authors",)


def test_apa_with_the_title_first() -> None:
    """Title first: the authors that an ellipsis leaves out are marked where they are missing."""
    citation = read_citation(APA)
    assert citation is not None
    assert citation.title == "A trial of cells, and more"
    assert [author.short for author in citation.authors] == [
        "van der Berg JA",
        "Lim-Ho TO",
        "et al.",
        "Sun L",
    ]
    assert (citation.year, citation.doi) == (2017, "10.1136/a-2017")
    assert citation.journal == "Annals of the Rheumatic Diseases 76(8):1436\u20131439"


def test_a_title_and_one_name() -> None:
    """A single name in running order is read as given name, family name, and that is said."""
    citation = read_citation(ONE_NAME)
    assert citation is not None
    assert [author.short for author in citation.authors] == ["Bai R", "et al."]
    assert citation.journal == "Chinese Journal of Immunology 33(6):905-909"
    assert citation.link == "http://example.org/a?b=1&c=2"
    assert "family name 'Bai'" in citation.problems[0]


def test_a_translated_title() -> None:
    """Brackets around a translated title are taken off and said."""
    citation = read_citation(TRANSLATED)
    assert citation is not None
    assert citation.title == "Effect of cells:a review"
    assert (citation.pmid, citation.journal) == ("30562774", "Beijing Da Xue Bao 50(6):1014-21, 30")
    assert "translation" in citation.problems[0]


def test_links_that_are_not_spelled_out() -> None:
    """The address behind a link counts like one in the text."""
    citation = read_citation("Deng D. A trial. Annals. 2017;76:1436.", ("https://doi.org/10.1136/a",))
    assert citation is not None
    assert (citation.doi, citation.link) == ("10.1136/a", "https://doi.org/10.1136/a")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "In addition to these studies, there are many. Selected ones published before 2015 are listed below.",
        "Similar results were shown in a 2018 meta-analysis by Liu et al which included 8 studies.",
        "The authors conclude that it works. It was published in 2019. See https://doi.org/10.1000/1.",
        "Deng D, Zhang P. A trial without journal and year.",
        "A, B. " * 2000,
        "Aa Bb, " * 400 + "x",
    ],
)
def test_prose_is_no_citation(text: str) -> None:
    """Sentences that mention studies, names or years are no citations, and long text takes no time."""
    assert read_citation(text) is None
