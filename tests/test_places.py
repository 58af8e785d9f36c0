"""Places: addresses of quotes, and paragraphs whose offsets stay exact."""

from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from corpus.sentences import Span, split_sentences
from corpus.studies import LIBRARY, Section, Study, load_studies, parse_study
from service.places import Place, Run, find_place, paragraphs_around, quote_href, split_paragraphs

TEXT = "First one. Second one.\n\nA list:\n- with 😀 in it\n- and a last item."


def make(text: str = TEXT, title: str = "What they found") -> Study:
    front = "id: doe2020\ntitle: Cells\nstatus: draft"
    return parse_study(f"---\n{front}\n---\n\n## {title}\n\n{text}\n", Path("doe2020.md"))


def address(section: Section, span: Span) -> str:
    return f"{section.name}:{span.start}-{span.end}"


def test_paragraphs_cover_the_text_exactly() -> None:
    """Each paragraph is the section's text between its offsets, and only white space lies between them."""
    section = make().sections[0]
    parts = split_paragraphs(section)
    assert [section.text[part.start : part.end] for part in parts] == [
        "First one. Second one.",
        "A list:",
        "- with 😀 in it",
        "- and a last item.",
    ]
    between = [section.text[one.end : other.start] for one, other in pairwise(parts)]
    assert not "".join(between).strip()
    assert ["".join(run.text for run in part.runs) for part in parts] == [
        section.text[part.start : part.end] for part in parts
    ]


def test_every_sentence_of_the_library_is_marked_exactly() -> None:
    """Whatever sentence is asked for, the marked runs are that sentence, within one paragraph."""
    checked = 0
    for study in load_studies(LIBRARY):
        for section in study.sections:
            for span in split_sentences(section.text):
                place = find_place(study, address(section, span), section.sha256[:16])
                assert place == Place(section.name, span)
                paragraphs = split_paragraphs(section, span)
                runs = [[run.text for run in part.runs if run.marked] for part in paragraphs]
                assert [texts for texts in runs if texts] == [[section.text[span.start : span.end]]]
                checked += 1
    assert checked > 0


def test_a_span_over_two_paragraphs_is_marked_in_both() -> None:
    """A place that reaches into the next paragraph marks the part in each and nothing between."""
    section = make().sections[0]
    marked = [run.text for part in split_paragraphs(section, Span(11, 31)) for run in part.runs if run.marked]
    assert marked == ["Second one.", "A list:"]


def test_a_highlight_parts_what_answers_from_its_context() -> None:
    """Within a quote the part that answers is told apart from its context, and no letter moves."""
    section = make().sections[0]
    (first, *_) = split_paragraphs(section, Span(0, 22), Span(11, 22))
    assert first.runs == (Run("First one. ", True), Run("Second one.", True, True))
    (whole, *_) = split_paragraphs(section, Span(0, 10))
    assert whole.runs == (Run("First one.", True), Run(" Second one.", False))


@pytest.mark.parametrize(
    ("highlight", "found"),
    [
        ("11-22", Span(11, 22)),
        ("0-5", Span(0, 5)),
        ("", None),
        ("5-5", None),
        ("9-3", None),
        ("0-23", None),
        ("x", None),
        ("-1-5", None),
    ],
)
def test_a_highlight_that_leaves_its_quote_is_left_out(highlight: str, found: Span | None) -> None:
    """The quote's place holds, but nothing in it is told apart by a highlight that does not lie within."""
    place = find_place(make(), "what-they-found:0-22", highlight=highlight)
    assert place == Place("what-they-found", Span(0, 22), found)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "what-they-found",
        "what-they-found:5",
        "what-they-found:5-5",
        "what-they-found:9-5",
        "what-they-found:0-100000",
        "what-they-found:-1-5",
        "what-they-found:22-24",  # only white space
        "what-they-found:\u0660-\u0665",  # digits, but not ours
        "what-they-found:0-5 ",
        "elsewhere:0-5",
        "<script>:0-5",
        "what-they-found:0-99999999999999999999",
    ],
)
def test_a_place_that_does_not_exist_is_not_found(wrong: str) -> None:
    """A place that is not exactly there is not found, so that nothing is marked."""
    assert find_place(make(), wrong) is None


def test_a_place_in_a_changed_text_is_not_found() -> None:
    """A link that was made from another text of the section finds no place."""
    before, after = make(), make(TEXT.replace("First", "Other"))
    source = before.sections[0].sha256[:16]
    assert find_place(before, "what-they-found:0-10", source)
    assert find_place(after, "what-they-found:0-10", source) is None


def test_an_address_leads_back_to_its_place() -> None:
    """The address of a quote names exactly the place that it was made from."""
    study = make()
    for place in (
        Place("what-they-found", Span(11, 22)),
        Place("what-they-found", Span(0, 22), Span(11, 22)),
    ):
        address = urlsplit(quote_href(study.study_id, place, study.sections[0].sha256))
        query = {name: value for name, (value,) in parse_qs(address.query).items()}
        assert (address.path, address.fragment) == ("/studies/doe2020", "quote")
        assert find_place(study, query["quote"], query["source"], query.get("highlight", "")) == place


def test_a_quote_is_shown_with_what_is_said_around_it() -> None:
    """Where a quote opens or ends its paragraph, the one before or after comes along; else its own does."""
    section = make("One. Two. Three.\n\nFour. Five.\n\nSix. Seven.").sections[0]

    def around(quote: str) -> list[str]:
        start = section.text.index(quote)
        shown = paragraphs_around(section, Span(start, start + len(quote)))
        return [section.text[part.start : part.end] for part in shown]

    first, second, third = "One. Two. Three.", "Four. Five.", "Six. Seven."
    assert around("One.") == around("Two.") == [first]
    assert around("Three.") == [first, second]
    assert around("Four. Five.") == [first, second, third]
    assert around("Seven.") == [third]
    assert paragraphs_around(section, Span(500, 504)) == ()
