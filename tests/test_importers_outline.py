"""The blocks of a page are given to the studies that they belong to, and none is lost."""

from corpus.importers.blocks import text_blocks
from corpus.importers.outline import Outline, outline_of

CITE = "CITE: Deng D, Lim TO. A trial. Annals. 2017;76:1. doi:10.1136/a"
MENTIONED = "Liu S. A review. Beijing Bao. 2018;50:1. PMID: 30562774."


def _outline(*lines: str) -> Outline:
    return outline_of(text_blocks("\n".join(lines)))


def test_a_summary_runs_from_its_title_to_its_citation() -> None:
    """Paragraphs between title and citation are the summary; those after it belong to no study."""
    outline = _outline("Research", "A trial (Deng, D et al., 2017)", "One.", "Two.", CITE, "In addition.")
    (summary,) = outline.summaries
    assert (summary.title, summary.author, summary.year) == ("A trial", "Deng, D", 2017)
    assert summary.prose == ["One.", "Two."]
    assert summary.citation is not None
    assert [block.text for block in outline.left_out] == ["Research", "In addition."]


def test_author_and_year_may_stand_in_a_line_of_their_own() -> None:
    """A line that is only '(Author YEAR)' takes the line before it as its title."""
    outline = _outline(
        "A trial.", "(Deng, D 2017)", "One.", CITE.replace("CITE: ", "Cite:"), "B.", "(Lim, T 2018)", CITE
    )
    assert [summary.title for summary in outline.summaries] == ["A trial", "B"]
    assert outline.left_out == []


def test_a_citation_may_stand_below_its_label() -> None:
    """'CITE:' alone in a block is followed by the citation."""
    outline = _outline("A trial (Deng, D 2017)", "One.", "CITE:", CITE.removeprefix("CITE: "))
    assert outline.summaries[0].citation is not None


def test_sentences_about_a_mentioned_study_are_taken_out() -> None:
    """From the sentence that names the author on, a paragraph belongs to the study cited below it."""
    outline = _outline(
        "A trial (Deng, D 2017)",
        "It helped. Others disagree. Liu et al pooled 8 trials. They had 213 patients.",
        MENTIONED,
        "Overall good.",
        CITE,
    )
    (summary,) = outline.summaries
    assert summary.prose == ["It helped. Others disagree.", "Overall good."]
    assert summary.mentions[0].prose == "Liu et al pooled 8 trials. They had 213 patients."


def test_an_unnamed_mention_takes_nothing() -> None:
    """Where no sentence names the cited author, the paragraph stays where it is."""
    outline = _outline("A trial (Deng, D 2017)", "It helped.", MENTIONED, CITE)
    assert outline.summaries[0].prose == ["It helped."]
    assert outline.summaries[0].mentions[0].prose == ""


def test_list_items_and_footer() -> None:
    """Items with citations are listed, others are unread; the footer gives publisher and disclaimer."""
    outline = _outline(
        "A trial (Deng, D 2017)",
        CITE,
        f"- {MENTIONED}",
        "- no citation",
        "Brought to you by: A. Doe, MD",
        "Director",
        "(Read more)",
        "Disclaimer",
        "Not advice.",
        "View our Terms",
    )
    assert [citation.year for _, citation in outline.listed] == [2018]
    assert [block.text for block in outline.unread_items] == ["no citation"]
    assert outline.publisher == ["A. Doe, MD", "Director"]
    assert outline.disclaimer == ["Not advice."]
    assert [block.text for block in outline.left_out] == ["(Read more)", "View our Terms"]
