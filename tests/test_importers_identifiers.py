"""Identifiers are found in the forms that sources use."""

import pytest

from corpus.importers.identifiers import (
    find_doi,
    find_link,
    find_pmcid,
    find_pmid,
    find_year,
    is_trial_registry,
    journal_line,
)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("doi:10.1155/2020/6518508.", "10.1155/2020/6518508"),
        ("http://dx.doi.org/10.1177/2325967120950040", "10.1177/2325967120950040"),
        ("(see 10.1016/S0022-2836(84)80011-X)", "10.1016/S0022-2836(84)80011-X"),
        ("10.1000/x, next", "10.1000/x"),
        ("no doi 10.12/x", None),
        (None, None),
    ],
)
def test_dois(text: str | None, doi: str | None) -> None:
    """A DOI is taken without its address and without the punctuation of the sentence around it."""
    assert find_doi(text) == doi


def test_numbers_links_and_years() -> None:
    """PubMed numbers are only taken where they are named as such; years and links as they stand."""
    assert find_pmid("PMID: 30562774. https://x") == "30562774"
    assert find_pmid("https://pubmed.ncbi.nlm.nih.gov/24749369/") == "24749369"
    assert find_pmid("pages 1014-1021") is None
    assert find_pmcid("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7157802/") == "PMC7157802"
    assert find_year("1948/07//") == 1948
    assert find_year("in press, 12017") is None
    assert find_link("at http://example.com; more") == "http://example.com"


def test_journal_lines() -> None:
    """Volume, issue and pages follow the journal as far as they are given."""
    assert (
        journal_line("Clinical Rheumatology", "33", "11", "1611-1619")
        == "Clinical Rheumatology 33(11):1611-1619"
    )
    assert journal_line("PeerJ", "6", "", "") == "PeerJ 6"
    assert journal_line("PeerJ", None, None, None) == "PeerJ"
    assert journal_line("", "6", "1", "2") is None


def test_registries() -> None:
    """Trial registries are told from sequence banks."""
    assert is_trial_registry("ClinicalTrials.gov")
    assert is_trial_registry("ISRCTN")
    assert not is_trial_registry("GENBANK")
