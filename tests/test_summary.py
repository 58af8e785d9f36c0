"""Summary: one study as its page shows it."""

from datetime import date

from lxml import html
from lxml.html import HtmlElement

from corpus.sentences import split_sentences
from corpus.studies import Study
from service.languages import ENGLISH
from service.rendering import render
from service.summary import UNKNOWN, Summary, back_href, opening_of, read_in
from service.views import Site, StudyPage
from service.visit import Visit
from service.wording import study_card
from tests.shelf import STUDIES
from tests.studies import make_draft, make_study

SITE = Site("Lupus answers", "A clinic", date(2026, 11, 22), "c1", "g1")


def show(study: Study, *, place: str = "", highlight: str = "", found_in: str = "") -> HtmlElement:
    summary = Summary.of(study, ENGLISH, place=place, highlight=highlight)
    return html.document_fromstring(render(StudyPage.of(SITE, summary, found_in=found_in), Visit()))


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def rows(study: Study) -> dict[str, str]:
    return {row.name: row.value for row in Summary.of(study, ENGLISH).rows}


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    """Fields that a summary leaves empty are shown as not known to us, never left out or filled in."""
    found = rows(make_draft())
    names = ("Kind of study", "People", "Who they were", "Compared with", "Followed for", "Who paid")
    assert {found[name] for name in names} == {UNKNOWN}
    assert rows(make_draft(people="0"))["People"] == "0"


def test_a_study_page_says_who_checked_it() -> None:
    """A summary that no clinician has checked says so, and one that was names who and when."""
    unchecked = show(STUDIES["wang2018"])
    assert "Not yet checked by a clinician" in words(unchecked.xpath("//p[@class='review']")[0])
    checked = make_draft(reviewed_by="Dr A", reviewed_on="2026-11-01")
    assert "Checked by Dr A on 1 November 2026" in words(show(checked))


def test_a_draft_says_that_it_is_one() -> None:
    """A summary that is not published cannot be taken for one that is."""
    assert "This summary is a draft" in words(show(make_draft()))
    assert "This summary is" not in words(show(STUDIES["wang2018"]))


def test_marks_stand_before_the_summary() -> None:
    """A correction or retraction is read before the summary's first words."""
    shown = show(STUDIES["liang2010_pilot"])
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
                marks = show(study, place=f"{section.name}:{span.start}-{span.end}").xpath("//mark")
                assert [mark.text_content() for mark in marks] == [section.text[span.start : span.end]]
                assert marks[0].get("id") == "quote"
                assert marks[0].getparent().get("data-section") == section.name


def test_the_part_that_answers_stands_out_of_its_quote() -> None:
    """A quote is marked whole, and within the mark the highlight is told apart."""
    section = STUDIES["wang2018"].section("what-they-found")
    one, two = split_sentences(section.text)[:2]
    page = show(
        STUDIES["wang2018"],
        place=f"{section.name}:{one.start}-{two.end}",
        highlight=f"{two.start}-{two.end}",
    )
    (mark,) = page.xpath("//mark[@id='quote']")
    assert mark.text_content() == section.text[one.start : two.end]
    assert [part.text for part in mark.iter("strong")] == [section.text[two.start : two.end]]


def test_a_study_page_explains_its_kind_and_size() -> None:
    """What a study like this can show is on its own page as well, for who comes there first."""
    card = study_card(STUDIES["deng2017"])
    shown = words(show(STUDIES["deng2017"]).find(".//main"))
    assert card.explained
    for sentence in card.explained:
        assert sentence in shown


def test_paragraphs_carry_their_offsets_and_text() -> None:
    """The text of each paragraph in the HTML is the section's between the offsets that it carries."""
    for study in STUDIES.values():
        for part in show(study).xpath("//p[@data-section]"):
            text = study.section(part.get("data-section")).text
            assert part.text_content() == text[int(part.get("data-start")) : int(part.get("data-end"))]


def test_a_place_that_is_lost_marks_nothing_and_says_so() -> None:
    """An address whose place does not exist gets a polite note; one without a place gets none."""
    lost = show(STUDIES["wang2018"], place="key-messages:5-99999")
    assert not lost.xpath("//mark")
    (note,) = lost.xpath("//p[@id='place_note']")
    assert note.get("hidden") is None
    assert show(STUDIES["wang2018"]).xpath("//p[@id='place_note']/@hidden") == [""]


def test_facts_name_their_sources() -> None:
    """Each fact stands in the details with where it was read: addresses as links, the rest in words."""
    shown = show(STUDIES["wang2018"])
    (details,) = shown.xpath("//details[@class='facts']")
    assert len(details.xpath(".//dt")) == len(STUDIES["wang2018"].facts)
    assert "https://ard.bmj.com/content/76/Suppl_2/866.1" in details.xpath(".//a/@href")
    assert read_in("page:W2", ENGLISH) == "research page, sentence W2"
    assert read_in("editor-notes:14", ENGLISH) == "notes of the editor, 14"
    assert read_in("https://example.org", ENGLISH) == "https://example.org"


def test_the_page_begins_with_what_matters() -> None:
    """Label, finding, kind, people, year and paper stand first, then the main messages, then the cautions."""
    study = STUDIES["deng2017"]
    card, text = study_card(study), words(show(study).find(".//main"))
    first = study.sections[0]
    parts = [card.label, card.title, str(card.finding_label), str(card.design_label), f"doi.org/{card.doi}"]
    parts += [
        first.title,
        " ".join(first.text[:60].split()),
        "Why to read it with care",
        study.sections[1].title,
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_a_question_about_the_study_begins_with_its_name() -> None:
    """The form's field names author and year, and the number of people where two studies share both."""
    one, two = STUDIES["liang2010_pilot"], STUDIES["liang2010_dah"]
    assert opening_of(one, [one]) == opening_of(one, []) == "In the Liang 2010 study, "
    assert opening_of(one, [one, two]) == "In the Liang 2010 study of 15 people, "
    assert opening_of(make_draft(year="2020"), []) == ""
    area = show(STUDIES["wang2018"]).xpath("//textarea")[0]
    assert area.text.strip() == "In the Wang 2018 study,"


def test_the_way_back_leads_to_the_same_list() -> None:
    """The list that led to a study is kept where it can be read; anything else leads to all studies."""
    assert back_href("design=cohort&sort=largest") == "/studies?design=cohort&sort=largest"
    assert back_href("sort=newest&x=1") == back_href("") == "/studies"
    for wrong in ("design=spell", "from=1&to=2", "//example.org", "javascript:alert(1)"):
        assert back_href(wrong) == "/studies"
    (link,) = show(STUDIES["wang2018"], found_in="design=cohort").xpath("//p[contains(@class, 'back')]/a")
    assert link.get("href") == "/studies?design=cohort#row-wang2018"
    assert words(link) == "Back to the studies that you chose"


def test_a_withdrawn_study_is_crossed_out() -> None:
    """A retraction is in words above the summary, and the mark of the finding is crossed out."""
    marks = "[{kind: retraction, note: Withdrawn by the journal}]"
    page = show(make_study(marks=marks))
    assert "Its results cannot be relied on. Withdrawn by the journal" in words(page)
    assert page.xpath("//dl[@class='glance']//*[@href='#crossed']")
    assert not show(make_study()).xpath("//dl[@class='glance']//*[@href='#crossed']")
