"""Structured abstracts are cut at their own headings, and nothing else is."""

from corpus.importers.labels import heading_case, split_labelled


def test_known_headings_cut_the_text() -> None:
    """Each heading opens a part, in ordinary letters, with the text verbatim."""
    text = "BACKGROUND: A ratio of 1:2. METHODS AND RESULTS: We saw: nothing. Trial registration: NCT1."
    assert split_labelled(text) == (
        ("Background", "A ratio of 1:2."),
        ("Methods and results", "We saw: nothing."),
        ("Trial registration", "NCT1."),
    )


def test_other_colons_cut_nothing() -> None:
    """A colon behind other words, a single heading, or one in the middle leaves the text whole."""
    for text in (
        "We asked three things. Pain: none. Sleep: good.",
        "Background: only one heading here.",
        "First a sentence. Methods: a. Results: b.",
        "Interleukin: a. Lupus: b.",
    ):
        assert split_labelled(text, "Summary") == (("Summary", text),)
    assert split_labelled("") == ()


def test_headings_in_ordinary_letters() -> None:
    """Only headings in capitals are changed."""
    assert heading_case("MATERIALS  AND METHODS:") == "Materials and methods"
    assert heading_case("Conclusions/Significance") == "Conclusions/Significance"
