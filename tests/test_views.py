"""Views: what the templates see of studies and answers."""

from datetime import date
from pathlib import Path

from lxml import html
from lxml.html import HtmlElement

from corpus.sentences import split_sentences
from corpus.studies import Study, parse_study
from service.pages import render
from service.problems import problem_of
from service.views import (
    UNKNOWN,
    AnswerPage,
    AskForm,
    ErrorPage,
    HomePage,
    Site,
    StudiesPage,
    StudyPage,
    newest_first,
    read_in,
)
from service.wording import study_card
from tests.shelf import CRISIS, EMERGENCY, STUDIES, answered

SITE = Site("Lupus answers", "A clinic", date(2026, 11, 22), "c1", "g1")
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def draft(text: str = "One. Two.", **fields: str) -> Study:
    front = "\n".join(f"{name}: {value}" for name, value in fields.items())
    return parse_study(
        f"---\nid: doe2020\ntitle: Cells\nstatus: draft\n{front}\n---\n\n## What they found\n\n{text}\n",
        Path("doe2020.md"),
    )


def show(page: StudyPage | StudiesPage | HomePage | ErrorPage) -> HtmlElement:
    return html.document_fromstring(render(page))


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    """Fields that a summary leaves empty are shown as not known to us, never left out or filled in."""
    rows = dict(StudyPage.of(SITE, draft()).rows)
    names = ("Kind of study", "People", "Who they were", "Compared with", "Followed for", "Who paid")
    assert {rows[name] for name in names} == {UNKNOWN}
    assert dict(StudyPage.of(SITE, draft(people="0")).rows)["People"] == "0"


def test_a_study_page_says_who_checked_it() -> None:
    """A summary that no clinician has checked says so, and one that was names who and when."""
    unchecked = show(StudyPage.of(SITE, STUDIES["wang2018"]))
    assert "Not yet checked by a clinician" in words(unchecked.xpath("//p[@class='review']")[0])
    checked = draft(reviewed_by="Dr A", reviewed_on="2026-11-01")
    assert "Checked by Dr A on 01 November 2026" in words(show(StudyPage.of(SITE, checked)))


def test_a_draft_says_that_it_is_one() -> None:
    """A summary that is not published cannot be taken for one that is."""
    assert "This summary is a draft" in words(show(StudyPage.of(SITE, draft())))
    assert "This summary is" not in words(show(StudyPage.of(SITE, STUDIES["wang2018"])))


def test_marks_stand_before_the_summary() -> None:
    """A correction or retraction is read before the summary's first words."""
    shown = show(StudyPage.of(SITE, STUDIES["liang2010_pilot"]))
    (mark,) = shown.xpath("//p[contains(@class, 'mark erratum')]")
    assert words(mark).startswith("Erratum: ")
    assert mark.getparent().index(mark) < min(
        mark.getparent().index(section) for section in shown.xpath("//section[@class='text']")
    )


def test_every_sentence_is_marked_in_the_html_exactly() -> None:
    """For each sentence of each study, the mark in the page's HTML holds exactly its characters."""
    for study in STUDIES.values():
        for section in study.sections:
            for span in split_sentences(section.text):
                page = StudyPage.of(SITE, study, place=f"{section.name}:{span.start}-{span.end}")
                marks = show(page).xpath("//mark")
                assert [mark.text_content() for mark in marks] == [section.text[span.start : span.end]]
                assert marks[0].get("id") == "quote"
                assert marks[0].getparent().get("data-section") == section.name


def test_the_part_that_answers_stands_out_of_its_quote() -> None:
    """A quote is marked whole, and within the mark the highlight is told apart."""
    section = STUDIES["wang2018"].section("what-they-found")
    one, two = split_sentences(section.text)[:2]
    page = StudyPage.of(
        SITE,
        STUDIES["wang2018"],
        place=f"{section.name}:{one.start}-{two.end}",
        highlight=f"{two.start}-{two.end}",
    )
    (mark,) = show(page).xpath("//mark[@id='quote']")
    assert mark.text_content() == section.text[one.start : two.end]
    assert [part.text for part in mark.iter("strong")] == [section.text[two.start : two.end]]


def test_a_study_page_explains_its_kind_and_size() -> None:
    """What a study like this can show is on its own page as well, for who comes there first."""
    card = study_card(STUDIES["deng2017"])
    shown = words(show(StudyPage.of(SITE, STUDIES["deng2017"])).find(".//main"))
    assert card.explained
    for sentence in card.explained:
        assert sentence in shown


def test_paragraphs_carry_their_offsets_and_text() -> None:
    """The text of each paragraph in the HTML is the section's between the offsets that it carries."""
    for study in STUDIES.values():
        for part in show(StudyPage.of(SITE, study)).xpath("//p[@data-section]"):
            text = study.section(part.get("data-section")).text
            assert part.text_content() == text[int(part.get("data-start")) : int(part.get("data-end"))]


def test_a_place_that_is_lost_marks_nothing_and_says_so() -> None:
    """An address whose place does not exist gets a polite note; one without a place gets none."""
    lost = show(StudyPage.of(SITE, STUDIES["wang2018"], place="key-messages:5-99999"))
    assert not lost.xpath("//mark")
    (note,) = lost.xpath("//p[@id='place_note']")
    assert note.get("hidden") is None
    assert show(StudyPage.of(SITE, STUDIES["wang2018"])).xpath("//p[@id='place_note']/@hidden") == [""]


def test_facts_name_their_sources() -> None:
    """Each fact stands in the details with where it was read: addresses as links, the rest in words."""
    shown = show(StudyPage.of(SITE, STUDIES["wang2018"]))
    (details,) = shown.xpath("//details[@class='facts']")
    assert len(details.xpath(".//dt")) == len(STUDIES["wang2018"].facts)
    assert "https://ard.bmj.com/content/76/Suppl_2/866.1" in details.xpath(".//a/@href")
    assert read_in("page:W2") == "research page, sentence W2"
    assert read_in("editor-notes:14") == "editor's notes, 14"
    assert read_in("https://example.org") == "https://example.org"


def test_markup_in_a_study_is_text() -> None:
    """Tags and quotes in a study's text and fields come out as the characters they are, everywhere."""
    quoted = "'" + EVIL.replace("'", "''") + "'"
    evil = draft(EVIL, who=quoted, funding=quoted, journal=quoted, cautions=f"[{quoted}]")
    evil = evil.model_copy(update={"title": EVIL, "authors": (EVIL,)})
    site = Site(EVIL, EVIL, None, EVIL, EVIL)
    for page in (
        StudyPage.of(site, evil, place="what-they-found:0-8"),
        StudiesPage(site, newest_first([evil])),
        HomePage(site, AskForm(EVIL, EVIL), (EVIL,), newest_first([evil])),
        ErrorPage(site, title=EVIL, detail=EVIL, reference=EVIL),
    ):
        shown = show(page)
        assert not shown.xpath("//script[not(@src)] | //img | //@onerror")
        assert EVIL in shown.text_content()


def test_newest_studies_come_first() -> None:
    """Lists show the newest study first and those without a year last."""
    old, new, unknown = draft(year="1999"), draft(year="2020"), draft()
    assert [card.year for card in newest_first([unknown, old, new])] == [2020, 1999, None]


def test_the_years_of_a_library() -> None:
    """The home page names the first and the last year, one year once, and none where none is known."""
    home = [HomePage(SITE, AskForm(), (), newest_first(group)) for group in ([], [draft(year="2020")])]
    assert [page.years for page in home] == ["", "2020"]
    assert HomePage(SITE, AskForm(), (), newest_first(STUDIES.values())).years == "2010 to 2020"


def test_a_screened_question_is_not_shown_again() -> None:
    """After an emergency or a crisis the page repeats nothing of what was written; otherwise it does."""
    assert AnswerPage.of(SITE, "I took pills", EMERGENCY).form.question == ""
    assert "I took pills" not in render(AnswerPage.of(SITE, "I took pills", CRISIS))
    assert AnswerPage.of(SITE, "Did it help?", answered()).form.question == "Did it help?"


def test_an_error_has_a_heading_a_sentence_and_a_reference() -> None:
    """An error page says what happened in plain words and gives staff something to look for."""
    problem = problem_of(503)
    shown = words(show(ErrorPage.of(SITE, problem)).find(".//main"))
    for part in ("We cannot answer just now", problem.detail, problem.error_id):
        assert part in shown


def test_a_card_of_a_study_shows_finding_and_design() -> None:
    """The list of studies says in plain words what each one was and what it found."""
    card = study_card(STUDIES["deng2017"])
    shown = words(show(StudiesPage(SITE, (card,))).find(".//main"))
    for part in (card.title, card.label, card.design_label, card.finding_label, "2017"):
        assert part
        assert part in shown
