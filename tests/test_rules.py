from datetime import date
from pathlib import Path

import pytest

from corpus.check import check_library
from corpus.rules import named_studies
from tests.summaries import GLOSSARY, SUMMARY, line_of, write_library

TODAY = date(2020, 6, 1)
DRAFT = ("status: published", "status: draft")
PLACEHOLDER = "The trial was small."

Found = list[tuple[str, int | None, str | None]]


def check(folder: Path, *edits: tuple[str, str], level: str = "error") -> Found:
    """Rule, line and field of each fault of the level, in a library of one summary with the edits."""
    report = check_library(write_library(folder, *edits), today=TODAY)
    return [(fault.rule, fault.line, fault.field) for fault in report.faults if fault.level == level]


def test_summary_that_keeps_every_rule_has_no_fault(tmp_path: Path) -> None:
    """The summary that the other tests put one point wrong in is right in all of them."""
    report = check_library(write_library(tmp_path), today=TODAY)
    assert report.faults == ()


def test_missing_section_is_an_error_when_published_and_left_to_do_in_a_draft(tmp_path: Path) -> None:
    """Each required section must be there before a summary is published."""
    gone = ("## Side effects and safety\n\nOne person had a lung infection.\n\n", "")
    assert check(tmp_path / "a", gone) == [("section-missing", None, "Side effects and safety")]
    assert check(tmp_path / "b", gone, DRAFT) == []
    assert check(tmp_path / "b", gone, DRAFT, level="todo") == [
        ("section-missing", None, "Side effects and safety")
    ]


def test_sections_stand_in_order(tmp_path: Path) -> None:
    """The first section out of its place is named with its line; other sections may stand anywhere."""
    swapped = [
        ("## What was studied", "## X"),
        ("## What they found", "## What was studied"),
        ("## X", "## What they found"),
    ]
    assert check(tmp_path / "a", *swapped) == [
        ("section-order", line_of("## What was studied"), "What they found")
    ]
    own = ("## What they found", "## Words of our own\n\nPlain words.\n\n## What they found")
    assert check(tmp_path / "b", own) == []


def test_empty_section_is_found(tmp_path: Path) -> None:
    """A heading with nothing below it is no section."""
    emptied = ("One person had a lung infection.\n", "")
    assert check(tmp_path, emptied) == [
        ("section-empty", line_of("## Side effects"), "Side effects and safety")
    ]


def test_doi_without_the_sentences_full_stop(tmp_path: Path) -> None:
    """A full stop copied along with a DOI is found."""
    assert check(tmp_path, ("doi: 10.1000/xyz.1", "doi: 10.1000/xyz.1."))[0] == (
        "doi",
        line_of("doi:"),
        "doi",
    )


@pytest.mark.parametrize(
    ("link", "right"),
    [
        ("https://doi.org/10.1000/xyz.2", False),
        ("https://doi.org/10.1000%2FXYZ.1", True),
        ("https://pubmed.ncbi.nlm.nih.gov/12345679/", False),
        ("https://pubmed.ncbi.nlm.nih.gov/12345678/", True),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=cells", True),
        ("https://example.org/10.1000/xyz.2", True),
    ],
)
def test_link_leads_to_the_same_paper(tmp_path: Path, link: str, right: bool) -> None:
    """A link by DOI or PubMed number must carry the number that stands beside it."""
    found = check(tmp_path, ("link: https://doi.org/10.1000/xyz.1", f"link: {link}"))
    assert found == ([] if right else [("link", line_of("link:"), "link")])


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("reviewed_by:\nreviewed_on:", "reviewed_by: Dr Roe\nreviewed_on: 2020-06-02", "reviewed_on"),
        ("updated: 2020-05-01", "updated: 2020-06-02", "updated"),
        ("year: 2020", "year: 2022", "year"),
    ],
)
def test_dates_are_not_in_the_future(tmp_path: Path, old: str, new: str, field: str) -> None:
    """What was reviewed tomorrow is a slip; today and a journal's issue of next year are not."""
    assert check(tmp_path / "a", (old, new)) == [("date", line_of(f"{field}:"), field)]
    fine = new.replace("06-02", "06-01").replace("2022", "2021")
    assert check(tmp_path / "b", (old, fine)) == []


@pytest.mark.parametrize("kind", ["retraction", "withdrawal"])
def test_retracted_paper_is_not_published(tmp_path: Path, kind: str) -> None:
    """The summary of a paper that was taken back may be kept, but not served."""
    mark = ("status: published", f"marks:\n  - kind: {kind}\n    note: It was taken back\nstatus: published")
    assert check(tmp_path / "a", mark) == [("retracted", line_of("status:") + 3, "status")]
    assert check(tmp_path / "b", mark, ("status: published", "status: retired")) == []
    assert check(tmp_path / "c", (mark[0], mark[1].replace(kind, "erratum"))) == []


def test_published_summary_has_facts(tmp_path: Path) -> None:
    """Without facts nobody can tell where a summary comes from."""
    facts = SUMMARY[SUMMARY.index("facts:\n") : SUMMARY.index("status:")]
    assert ("facts", None, "facts") in check(tmp_path / "a", (facts, ""))
    assert "facts" not in [rule for rule, _, _ in check(tmp_path / "b", (facts, ""), DRAFT, level="todo")]


@pytest.mark.parametrize(
    ("old", "new", "place", "field"),
    [
        ("Nine of 12 people", "Eight of 12 people", "Nine of 12", "Key messages"),
        ("five of 6 people", "five of 8 people", "With the dummy", "Key messages"),
        ("(75%)", "(76%)", "Nine of 12", "Key messages"),
        ("ask 25 people", "ask 75 people", "The trial was small", "What to keep in mind"),
        ("all 18 of them", "all 19 of them", "who:", "who"),
        ("Only 6 people", "Only 4 people", "cautions:", "cautions.0"),
    ],
)
def test_figure_without_a_fact_is_found(tmp_path: Path, old: str, new: str, place: str, field: str) -> None:
    """A figure that no fact has, in a section or on the study's card, is found with its line."""
    assert check(tmp_path, (old, new)) == [("figure", line_of(place), field)]


def test_front_matter_counts_as_fact(tmp_path: Path) -> None:
    """The number of people, the year and the follow-up need no fact of their own."""
    text = (PLACEHOLDER, "In 2020, 18 people were seen for seven months.")
    assert check(tmp_path / "a", text) == []
    assert check(tmp_path / "b", text, ("people: 18\n", "people: 17\n"), ("all 18 of them", "all of them"))[
        -1
    ] == (
        "figure",
        line_of("The trial was small"),
        "What to keep in mind",
    )


def test_year_of_a_named_study_needs_no_fact(tmp_path: Path) -> None:
    """A year after an author's name names a paper; after "in" it tells when something was."""
    assert check(tmp_path / "a", (PLACEHOLDER, "Roe et al. (2019) saw more.")) == []
    assert check(tmp_path / "b", (PLACEHOLDER, "In 2019 they saw more."))[0][0] == "figure"


def test_hard_word_must_be_explained(tmp_path: Path) -> None:
    """A hard word that the glossary does not have is told once, where it first stands."""
    hard = (PLACEHOLDER, "Plasmapheresis was used.\nNo plasmapheresis was seen later.")
    place = line_of("The trial was small")
    assert check(tmp_path / "a", hard) == [("hard-word", place, "What to keep in mind")]
    assert check(tmp_path / "b", hard, DRAFT, level="todo") == [("hard-word", place, "What to keep in mind")]
    explained = GLOSSARY + "- term: plasmapheresis\n  meaning: A way to clean blood.\n"
    summary = SUMMARY.replace(*hard)
    assert (
        check_library(write_library(tmp_path / "c", summary=summary, glossary=explained), today=TODAY).faults
        == ()
    )


@pytest.mark.parametrize("word", ["prednisone", "IVIG", "CD40"])
def test_drugs_and_abbreviations_must_be_explained(tmp_path: Path, word: str) -> None:
    """Short drug names, capitals and names with digits are hard words as well."""
    assert [rule for rule, _, _ in check(tmp_path, (PLACEHOLDER, f"They got {word} then."))] == ["hard-word"]


LONG = (
    "The complicated situation necessitated considerable additional consideration by international"
    " organizations, particularly universities, whose participants usually disagreed."
)


def test_summary_above_grade_8_is_an_error_when_published(tmp_path: Path) -> None:
    """A text too hard to read is not published, and is left to do in a draft."""
    texts = ("Nine of 12 people (75%) got better with the cells.", " ".join([LONG] * 6))
    assert ("grade", None, None) in check(tmp_path / "a", texts)
    assert ("grade", None, None) in check(tmp_path / "b", texts, DRAFT, level="todo")


def test_titles_and_drugs_do_not_count_in_the_grade(tmp_path: Path) -> None:
    """The study's own title and the names of drugs cannot be made easier, so they do not count."""
    title = "Outcomes of mesenchymal interventions in autoimmune nephropathy"
    plain = check_library(write_library(tmp_path / "a", (PLACEHOLDER, "It was it, and it.")), today=TODAY)
    named = check_library(
        write_library(tmp_path / "b", (PLACEHOLDER, f"It was {title}, and cyclophosphamide.")), today=TODAY
    )
    assert [grade.grade for grade in plain.grades] == [grade.grade for grade in named.grades]


@pytest.mark.parametrize(
    "text",
    [
        "### Deeper\n\nIt was small.",
        "# Higher\n\nIt was small.",
        "- It was small.",
        "* It was small.",
        "1. It was small.",
        "> It was small.",
        "| It | was |",
        "It was.\n\n---\n\nIt is.",
        "It was [small](small).",
        "It was at https://example.org then.",
        "It was *small* then.",
        "It was __small__ then.",
        "It was `small` then.",
        "It was <b>small</b> then.",
        "It was small &amp; good.",
    ],
)
def test_markup_in_a_section_is_found(tmp_path: Path, text: str) -> None:
    """Nothing but plain sentences: what is quoted is what is stored."""
    assert "markup" in [rule for rule, _, _ in check(tmp_path / "a", (PLACEHOLDER, text))]
    assert "markup" in [
        rule for rule, _, _ in check(tmp_path / "b", (PLACEHOLDER, text), DRAFT, level="todo")
    ]


def test_markup_is_found_where_it_stands(tmp_path: Path) -> None:
    """The line is that of the markup, not of the section."""
    text = (PLACEHOLDER, "It was small.\nIt was.\n\nIt was *small* then.")
    assert check(tmp_path, text) == [("markup", line_of("The trial was small") + 3, "What to keep in mind")]


@pytest.mark.parametrize(
    "text", ["It was small - and P<0.05 then.", "Then a*b or a_b_c.", "It was (small) [then]."]
)
def test_plain_signs_are_no_markup(tmp_path: Path, text: str) -> None:
    """Dashes, brackets and signs of arithmetic may stand in a sentence."""
    assert "markup" not in [rule for rule, _, _ in check(tmp_path, (PLACEHOLDER, text))]


@pytest.mark.parametrize("word", ["safe", "safely", "Safe", "safer"])
def test_safe_needs_a_number_in_its_section(tmp_path: Path, word: str) -> None:
    """The word says nothing without how many had what; a year is no such number."""
    said = ("One person had a lung infection.", f"In 2020 it was {word} then.")
    place = line_of("One person had")
    assert check(tmp_path / "a", said) == [("safe", place, "Side effects and safety")]
    assert check(tmp_path / "b", (said[0], said[1] + " One person had a lung infection.")) == []
    assert check(tmp_path / "c", said, DRAFT, level="todo") == [("safe", place, "Side effects and safety")]


def test_studies_are_named_by_author_and_year() -> None:
    """A name with a year names a study, with or without "et al."; a month or "In" does not."""
    text = (
        "Liu 2018, Öz et al., 2019 and O'Neil and colleagues (2020), not In 2017, May 2016 or the 2015 trial."
    )
    named = named_studies(text)
    assert [(study.name, study.year) for study in named] == [("Liu", 2018), ("Öz", 2019), ("O'Neil", 2020)]
    assert [text[study.span.start : study.span.end] for study in named][:2] == ["Liu 2018", "Öz et al., 2019"]


@pytest.mark.parametrize("level", ["status: published", "status: draft"])
@pytest.mark.parametrize(
    ("old", "new", "letter"),
    [
        ("The trial was small.", "The trial was \u202esmall.", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("lupus nephritis, all 18", "lupus nephr\u200bitis, all 18", "U+200B ZERO WIDTH SPACE"),
        ("One person had", "One\x00 person had", "U+0000"),
        ("A dummy drip", "A dummy\x0c drip", "U+000C"),
    ],
)
def test_hidden_character_is_an_error_wherever_it_stands(
    tmp_path: Path, old: str, new: str, letter: str, level: str
) -> None:
    """Front matter or section, published or draft: the line is named, and the character in words."""
    folder = write_library(tmp_path, (old, new), ("status: published", level))
    faults = [
        fault for fault in check_library(folder, today=TODAY).errors if fault.rule == "hidden-character"
    ]
    (fault,) = faults
    assert fault.line == line_of(old)
    assert f"has the hidden character {letter} in " in fault.message


def test_hidden_characters_are_told_once_a_line(tmp_path: Path) -> None:
    """Three marks of a kind on a line are one fault; the glossary's own are found as well."""
    glossary = GLOSSARY.replace("A protein in the blood", "A pro\u00adtein in the blood")
    edit = ("The trial was small.", "The\u200b trial\u200b was\u200b small.\u202e")
    report = check_library(write_library(tmp_path, edit, glossary=glossary), today=TODAY)
    places = [(fault.path.name, fault.line) for fault in report.errors if fault.rule == "hidden-character"]
    line = line_of("The trial was small.")
    assert places == [("doe2020.md", line), ("doe2020.md", line), ("glossary.yaml", 7)]
