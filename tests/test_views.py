"""Views: what the templates see of studies and answers."""

from datetime import date

from lxml import html
from lxml.html import HtmlElement

from corpus.studies import Study
from service.fragment import Fragment
from service.languages import ENGLISH
from service.listing import Listing
from service.problems import problem_of
from service.rendering import render
from service.summary import Summary
from service.views import (
    AboutPage,
    AnswerPage,
    AskForm,
    ErrorPage,
    HomePage,
    Page,
    Site,
    StudiesPage,
    StudyPage,
)
from service.visit import Visit
from tests.shelf import CRISIS, EMERGENCY, STUDIES, answered, no_evidence
from tests.studies import make_draft

SITE = Site("Lupus answers", "A clinic", date(2026, 11, 22), "c1", "g1")
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def show(page: Page) -> HtmlElement:
    return html.document_fromstring(render(page, Visit()))


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_markup_in_a_study_is_text() -> None:
    """Tags and quotes in a study's text and fields come out as the characters they are, everywhere."""
    quoted = "'" + EVIL.replace("'", "''") + "'"
    evil = make_draft(EVIL, who=quoted, funding=quoted, journal=quoted, cautions=f"[{quoted}]", people="5")
    evil = evil.model_copy(update={"title": EVIL, "authors": (EVIL,)})
    site = Site(EVIL, EVIL, None, EVIL, EVIL)
    asked = [("design", EVIL), ("from", EVIL)]
    for page in (
        StudyPage.of(site, Summary.of(evil, ENGLISH, place="what-they-found:0-8"), found_in=EVIL),
        StudiesPage(site, Listing.of([evil], asked, ENGLISH)),
        HomePage.of(site, (EVIL,), [evil]),
        AboutPage.of(site, [evil], f"https://example.org/{EVIL}"),
        ErrorPage(site, title=EVIL, detail=EVIL, urgent=EVIL, reference=EVIL),
    ):
        shown = show(page)
        assert not shown.xpath("//script[not(@src)] | //img | //@onerror")
        assert EVIL in shown.text_content()


def test_the_years_of_a_library() -> None:
    """The home page names the first and the last year, one year once, and none where none is known."""

    def covers(*studies: Study) -> str:
        return words(show(HomePage.of(SITE, (), studies)).find(".//main"))

    assert "The library has 13 studies. They are from the years 2010 to 2020." in covers(*STUDIES.values())
    assert "The library has one study. All of it is from 2020." in covers(make_draft(year="2020"))
    assert "The library has one study. Last updated on 22 November 2026." in covers(make_draft())


def test_a_study_without_a_name_gets_an_empty_form() -> None:
    """Where author or year is not known, no half a question stands in the field."""
    assert StudyPage.of(SITE, Summary.of(make_draft(), ENGLISH)).form == AskForm()


def test_about_tells_how_many_summaries_were_checked() -> None:
    """The page tells none, some and all apart, and never claims a check that nobody made."""
    checked = make_draft(reviewed_by="Dr A", reviewed_on="2026-11-01")
    said = {
        "No clinician has checked the summaries yet.": [make_draft()],
        "A clinician has checked one of the summaries; it says who, and when.": [make_draft(), checked],
        "A clinician has checked every summary; each of them says who, and when.": [checked],
    }
    for sentence, studies in said.items():
        text = words(show(AboutPage.of(SITE, studies, "")))
        assert [one for one in said if one in text] == [sentence]


def test_about_says_where_to_tell_of_a_mistake() -> None:
    """An e-mail address can be written to, a web address followed; without one the page says so."""

    def links(contact: str) -> list[str]:
        page = show(AboutPage.of(SITE, [], contact))
        assert ("has not said where to tell of a mistake" in words(page)) is (not contact)
        return [str(href) for href in page.xpath("//section[@id='who']//a/@href")]

    assert links("a+b@clinic.example") == ["mailto:a+b@clinic.example"]
    assert links("https://clinic.example/contact?a=1") == ["https://clinic.example/contact?a=1"]
    assert links("") == []


def test_a_screened_question_is_not_shown_again() -> None:
    """After an emergency or a crisis the page repeats nothing of what was written; otherwise it does."""
    emergency, crisis = Fragment.of(EMERGENCY, STUDIES), Fragment.of(CRISIS, STUDIES)
    assert AnswerPage.of(SITE, "I took pills", emergency).asked == ""
    assert "I took pills" not in render(AnswerPage.of(SITE, "I took pills", crisis), Visit())
    assert AnswerPage.of(SITE, "Did it help?", Fragment.of(answered(), STUDIES)).asked == "Did it help?"


def test_the_form_is_empty_after_an_answer() -> None:
    """After an answer there is room for the next question; after none the question can be put otherwise."""
    for answer, rest in ((answered(), ""), (no_evidence(), "Did it help?"), (CRISIS, "")):
        page = AnswerPage.of(SITE, "Did it help?", Fragment.of(answer, STUDIES))
        assert page.form.question == rest
        assert page.form.previous == ("" if answer is CRISIS else "Did it help?")


def test_a_safety_card_stands_alone_on_its_page() -> None:
    """The page of a card is named by it, and asks nothing: there is one link to the form, no form."""
    shown = show(AnswerPage.of(SITE, "I took pills", Fragment.of(CRISIS, STUDIES)))
    assert CRISIS.notice
    assert shown.findtext(".//title").startswith(CRISIS.notice.title)
    assert not shown.xpath("//main//form | //main//button")
    assert shown.xpath("//section[@class='again']//a/@href") == ["/"]


def test_an_error_has_a_heading_a_sentence_and_a_reference() -> None:
    """An error page says what happened in plain words and gives staff something to look for."""
    problem = problem_of(503)
    shown = words(show(ErrorPage.of(SITE, problem)).find(".//main"))
    for part in ("We cannot answer just now", problem.detail, problem.error_id):
        assert part in shown
