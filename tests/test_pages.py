"""Pages: the HTML routes over a real port."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import httpx
import pytest
from lxml import html
from lxml.html import HtmlElement
from starlette.types import ASGIApp

from service.answers import DISCLAIMER, Answer
from service.app import create_app
from tests.shelf import EMERGENCY, STUDIES, Shelf, answered, no_evidence

EVIL = "<script>alert(1)</script> \"did' it help?"
READABLE = (
    "/",
    "/studies",
    "/studies/wang2018",
    "/studies/deng2017?quote=key-messages:0-10",
    "/about",
    "/nowhere",
)


def choose(question: str) -> Answer:
    if "chest" in question:
        return EMERGENCY
    return no_evidence() if "parking" in question else answered()


@pytest.fixture
def client(serve_app: Callable[[ASGIApp], str]) -> Iterator[httpx.Client]:
    address = serve_app(create_app(Shelf(choose)))
    with httpx.Client(base_url=address, trust_env=False) as client:
        yield client


def parse(response: httpx.Response) -> HtmlElement:
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return html.document_fromstring(response.text)


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_home_has_a_form_that_needs_no_script(client: httpx.Client) -> None:
    """The home page asks by a plain form, so that no question ever stands in an address."""
    page = parse(client.get("/"))
    (form,) = page.xpath("//form[@class='ask']")
    assert (form.get("method"), form.get("action")) == ("post", "/ask")
    (area,) = form.xpath(".//textarea")
    assert area.get("name") == "question"
    assert area.get("maxlength") is None, "a browser would cut a pasted letter without a word"
    assert form.xpath(f".//label[@for='{area.get('id')}']")
    assert not page.xpath("//script")


def test_home_offers_suggestions_that_post(client: httpx.Client) -> None:
    """Suggested questions are buttons of a form that posts them."""
    (form,) = parse(client.get("/")).xpath("//form[@class='suggestions']")
    assert (form.get("method"), form.get("action")) == ("post", "/ask")
    assert form.xpath("button[@name='question']/@value") == list(Shelf.suggestions)


def test_home_says_what_the_library_covers(client: httpx.Client) -> None:
    """The home page says how many studies there are, from when, of which kinds, and how current."""
    page = parse(client.get("/"))
    covered = (
        "The library has 13 studies. They are from the years 2010 to 2020. Last updated on 22 November 2026."
    )
    assert covered in words(page)
    kinds = page.xpath("//ul[@class='kinds']/li")
    assert words(kinds[1]) == "Trial with groups chosen by chance 2"
    for kind in kinds:
        shown = parse(client.get(kind.xpath("a/@href")[0])).xpath("//ol[@class='cards']/li")
        assert str(len(shown)) == kind.xpath("string(span)")


def test_the_disclaimer_stands_before_the_first_question(client: httpx.Client) -> None:
    """On the home page the disclaimer is read before the form is reached, and only once."""
    page = words(parse(client.get("/")).find(".//main"))
    assert page.count(DISCLAIMER) == 1
    assert page.index(DISCLAIMER) < page.index("Your question")


@pytest.mark.parametrize("path", READABLE)
def test_each_page_is_whole(client: httpx.Client, path: str) -> None:
    """Each page has a language, a title, one h1 and the disclaimer, and loads nothing from elsewhere."""
    page = parse(client.get(path))
    assert page.get("lang") == "en"
    assert page.findtext(".//title")
    assert len(page.xpath("//h1")) == 1
    assert DISCLAIMER in words(page)
    for address in page.xpath("//link/@href | //script/@src | //img/@src | //form/@action"):
        assert address.startswith("/")
    assert not page.xpath("//style | //@style | //script[not(@src)] | //@*[starts-with(name(), 'on')]")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", READABLE[:-1])
def test_each_page_describes_itself(client: httpx.Client, path: str) -> None:
    """Each page has a description, one address to be found under, and headings in order."""
    page = parse(client.get(path))
    (description,) = page.xpath("//meta[@name='description']/@content")
    assert 40 <= len(description) <= 200
    assert page.xpath("//link[@rel='canonical']/@href") == [path.partition("?")[0]]
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_titles_tell_pages_apart(client: httpx.Client) -> None:
    """No two pages have the same title."""
    titles = [parse(client.get(path)).findtext(".//title") for path in (*READABLE, "/studies?design=cohort")]
    assert len(set(titles)) == len(titles)


def test_answers_are_no_business_of_search_engines(client: httpx.Client) -> None:
    """A page that holds a question may not be indexed; those that anybody may read may be."""
    answer = client.post("/ask", data={"question": "Did it help?"})
    refused = client.post("/ask", data={"question": ""})
    for page in (answer, refused, client.post("/fragment", data={"question": "Did it help?"})):
        assert page.headers["x-robots-tag"] == "noindex"
    assert "x-robots-tag" not in client.get("/").headers


@pytest.mark.parametrize(
    "query",
    [
        "design=spell",
        "from=20x4",
        "to=%ff",
        "from=2020&to=2010",
        "sort=a&sort=b",
        "people=%00",
        "finding=%F0",
    ],
)
def test_an_address_that_asks_for_nonsense_gets_a_sentence(client: httpx.Client, query: str) -> None:
    """The list answers 422 with the reason, and shows what the rest of the address chooses."""
    response = client.get(f"/studies?{query}")
    assert response.status_code == 422
    page = parse(response)
    assert words(page.xpath("//div[@role='alert']//p")[0]).startswith("The ")
    assert page.xpath("//h2[@id='list_title']")


def test_the_list_keeps_the_language(client: httpx.Client) -> None:
    """A language that was chosen goes along through links, form and picture."""
    page = parse(client.get("/studies?language=es&design=cohort"))
    assert page.xpath("//form[@class='filter']//input[@name='language']/@value") == ["es"]
    ours = page.xpath("//main//a[not(starts-with(@href, '#'))]/@href")
    assert ours
    assert not [href for href in ours if href.startswith("/") and "language=es" not in href]


def test_a_question_about_a_study_stands_ready(client: httpx.Client) -> None:
    """A study's page asks by the same plain form, with the study's name in the field."""
    page = parse(client.get("/studies/liang2010_pilot?list=design%3Dsingle_arm_trial"))
    (area,) = page.xpath("//form[@class='ask'][@method='post'][@action='/ask']//textarea")
    assert area.text.strip() == "In the Liang 2010 study of 15 people,"
    (back,) = page.xpath("//p[contains(@class, 'back')]/a/@href")
    assert parse(client.get(back)).xpath(f"//li[@id='{back.partition('#')[2]}']")


def test_about_says_who_and_what_and_how_current(client: httpx.Client) -> None:
    """The page names publisher, contact, date and versions, what is stored, and what it is made of."""
    page = words(parse(client.get("/about")))
    for part in (
        "A clinic",
        "help@clinic.example",
        "22 November 2026",
        Shelf.generation,
        Shelf.corpus_version,
    ):
        assert part in page
    for part in (
        "It holds no question",
        "Apache License 2.0",
        "WCAG",
        "No clinician has checked",
        "automatic",
    ):
        assert part in page


@pytest.mark.parametrize("path", ["/", "/studies", "/studies/wang2018", "/about"])
def test_pages_answer_head(client: httpx.Client, path: str) -> None:
    """Checkers of links may ask for the head of a page."""
    assert client.head(path).status_code == 200


def test_the_answer_page_shows_question_and_answer(client: httpx.Client) -> None:
    """The form's answer shows what was asked, the answer, and an empty form for the next question."""
    page = parse(client.post("/ask", data={"question": "Did it help the kidneys?"}))
    assert page.xpath("//article[@class='answer']/@data-outcome") == ["answered"]
    assert words(page.xpath("//p[@class='asked']")[0]) == "You asked: Did it help the kidneys?"
    assert not page.xpath("//textarea")[0].text.strip()
    assert words(page).count(DISCLAIMER) == 1
    assert "kidneys" not in page.findtext(".//title")


def test_page_and_widget_show_the_same_answer(client: httpx.Client) -> None:
    """The fragment is, character for character, a part of the answer page."""
    asked = {"question": "Did it help?"}
    assert client.post("/fragment", data=asked).text.strip() in client.post("/ask", data=asked).text


def test_the_fragment_takes_a_form_or_json(client: httpx.Client) -> None:
    """The widget may send the question as a form or as JSON and gets the same answer."""
    asked = {"question": "Is there parking?"}
    form, json = client.post("/fragment", data=asked), client.post("/fragment", json=asked)
    assert form.status_code == json.status_code == 200
    assert form.text == json.text
    assert 'data-outcome="no_evidence"' in form.text
    assert "<html" not in form.text


def test_markup_in_a_question_is_text(client: httpx.Client) -> None:
    """A question with tags and quotes is shown as it was written and does nothing."""
    page = parse(client.post("/ask", data={"question": EVIL}))
    assert not page.xpath("//script[not(@src)]")
    assert words(page.xpath("//p[@class='asked']/bdi")[0]) == EVIL
    unanswered = parse(client.post("/ask", data={"question": f"{EVIL} parking"}))
    assert unanswered.xpath("//textarea")[0].text.strip() == f"{EVIL} parking"


@pytest.mark.parametrize("question", ["", " \n\t ", "\u200b\u0000", "x" * 1001, "😀" * 1001])
def test_a_question_that_cannot_be_taken_is_kept(client: httpx.Client, question: str) -> None:
    """An empty or too long question gives 422, one plain sentence beside the field, and the text to mend."""
    response = client.post("/ask", data={"question": question})
    page = parse(response)
    assert response.status_code == 422
    (area,) = page.xpath("//textarea")
    problem = page.xpath("//p[@class='problem']")[0]
    assert area.get("aria-invalid") == "true"
    assert problem.get("id") in area.get("aria-describedby").split()
    assert words(problem).startswith("Please ")
    assert area.text.strip() == question.replace("\x00", "\ufffd").strip()


def test_a_form_without_a_question_is_refused(client: httpx.Client) -> None:
    """A form that lacks the field, or sends something else, is told to write a question."""
    assert client.post("/ask").status_code == 422
    assert client.post("/ask", data={"other": "x"}).status_code == 422
    assert client.post("/ask", files={"question": ("a.txt", b"Did it help?")}).status_code in {400, 422}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"question": 5}', b'"x"', b"[" * 10_000, b"\xff", b'{"question": "\\ud800"}']
)
def test_json_that_holds_no_question_is_refused(client: httpx.Client, body: bytes) -> None:
    """Whatever JSON the widget's address gets, the response is a plain sentence and never a crash."""
    response = client.post("/fragment", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert words(html.fragment_fromstring(response.text)) == (
        "Please write a question: there is nothing here that can be read."
    )


def test_ask_without_a_question_leads_home(client: httpx.Client) -> None:
    """Whoever opens or reloads the address of answers is led back to the form."""
    response = client.get("/ask")
    assert (response.status_code, response.headers["location"]) == (303, "/")


def test_a_study_that_is_not_there_has_a_plain_page(client: httpx.Client) -> None:
    """An unknown study, or an id that is none, is a 404 page in plain words."""
    for study_id in ("nobody1999", "..%2f..%2fetc", "<b>", "wang2018%00"):
        response = client.get(f"/studies/{study_id}")
        assert response.status_code == 404
        assert "This page does not exist" in words(parse(response))


def test_a_quote_is_marked_by_its_address(client: httpx.Client) -> None:
    """The address of a quote marks it without any script; one that fits nothing marks nothing."""
    page = parse(client.get("/studies/wang2018?quote=what-they-found:0-20"))
    assert (
        page.xpath("//mark[@id='quote']")[0].text == STUDIES["wang2018"].section("what-they-found").text[:20]
    )
    for wrong in ("what-they-found:0-20&source=abcdef", "x", "what-they-found:0-99999"):
        lost = parse(client.get(f"/studies/wang2018?quote={wrong}"))
        assert not lost.xpath("//mark")
        assert lost.xpath("//p[@id='place_note'][not(@hidden)]")


def test_the_links_of_an_answer_lead_to_their_quotes(client: httpx.Client) -> None:
    """Following each citation's link finds exactly the quoted words marked."""
    page = parse(client.post("/ask", data={"question": "Did it help?"}))
    quotes = [quote.text_content().strip() for quote in page.xpath("//blockquote")]
    links = page.xpath("//figure//a[contains(@href, 'quote=')]/@href")
    marks = [parse(client.get(link)).xpath("//mark")[0] for link in links]
    assert [mark.text_content() for mark in marks] == quotes
    assert [len(mark.xpath("strong")) for mark in marks] == [1, 0, 0]


def test_the_question_before_goes_along_unseen(client: httpx.Client) -> None:
    """The form under an answer carries the question in a hidden field, and the home page's carries none."""
    assert not parse(client.get("/")).xpath("//input[@name='previous']")
    page = parse(client.post("/ask", data={"question": EVIL}))
    assert page.xpath("//form[@class='ask']//input[@type='hidden'][@name='previous']/@value") == [EVIL]


def test_nothing_of_an_emergency_goes_along(client: httpx.Client) -> None:
    """After a screened question the form carries nothing: others may look at the same screen."""
    page = parse(client.post("/ask", data={"question": "chest pain", "previous": "Did it help?"}))
    assert not page.xpath("//form[@class='ask']//input[@name='previous']")


def test_a_question_before_that_is_too_long_is_refused_plainly(client: httpx.Client) -> None:
    """A hidden field that somebody filled with too much gives 422 and a sentence, in page and fragment."""
    asked = {"question": "and then?", "previous": "x" * 1001}
    for path in ("/ask", "/fragment"):
        response = client.post(path, data=asked)
        assert response.status_code == 422
        assert "question before this one is too long" in response.text
