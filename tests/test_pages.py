"""Pages: the HTML routes over a real port."""

import gzip
from collections.abc import Callable, Iterator

import httpx
import pytest
from lxml import html
from lxml.html import HtmlElement
from starlette.types import ASGIApp

from service.answers import DISCLAIMER, Answer
from service.app import create_app
from service.pages import DISCLAIMER_SLOT, STYLE_SLOT, TOOLS_SLOT
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
    assert (area.get("name"), area.get("maxlength")) == ("question", "1000")
    assert form.xpath(f".//label[@for='{area.get('id')}']")
    assert not page.xpath("//script")


def test_home_offers_suggestions_that_post(client: httpx.Client) -> None:
    """Suggested questions are buttons of a form that posts them."""
    (form,) = parse(client.get("/")).xpath("//form[@class='suggestions']")
    assert (form.get("method"), form.get("action")) == ("post", "/ask")
    assert form.xpath("button[@name='question']/@value") == list(Shelf.suggestions)


def test_home_says_what_the_library_covers(client: httpx.Client) -> None:
    """The home page lists the studies, how many there are, from when, and when they were updated."""
    page = parse(client.get("/"))
    assert "13 studies, published from 2010 to 2020. Last updated on 22 November 2026." in words(page)
    assert set(page.xpath("//ul[@class='covered']//a/@href")) == {
        f"/studies/{study_id}" for study_id in STUDIES
    }


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


@pytest.mark.parametrize("path", ["/", "/studies", "/studies/wang2018", "/about"])
def test_pages_answer_head(client: httpx.Client, path: str) -> None:
    """Checkers of links may ask for the head of a page."""
    assert client.head(path).status_code == 200


def test_the_answer_page_shows_question_and_answer(client: httpx.Client) -> None:
    """The form's answer shows what was asked, the answer, and the form again with the question in it."""
    page = parse(client.post("/ask", data={"question": "Did it help the kidneys?"}))
    assert page.xpath("//article[@class='answer']/@data-outcome") == ["answered"]
    assert words(page.xpath("//p[@class='asked']")[0]) == "You asked: Did it help the kidneys?"
    assert page.xpath("//textarea")[0].text.strip() == "Did it help the kidneys?"
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
    assert page.xpath("//textarea")[0].text.strip() == EVIL


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
    links = page.xpath("//figcaption/a/@href")
    marks = [parse(client.get(link)).xpath("//mark")[0] for link in links]
    assert [mark.text_content() for mark in marks] == quotes
    assert [len(mark.xpath("strong")) for mark in marks] == [1, 0, 0]


def test_the_widget_is_one_small_file(client: httpx.Client) -> None:
    """The script carries its style and the disclaimer, is at most 20 kB gzipped, and names no other host."""
    script = client.get("/ask.js").text
    assert ".study blockquote" in script
    assert DISCLAIMER in script
    assert STYLE_SLOT not in script
    assert DISCLAIMER_SLOT not in script
    assert TOOLS_SLOT not in script
    assert len(gzip.compress(script.encode())) <= 20_000
    assert "http://" not in script
    assert script.count("https://") == script.count("https://answers.example.org") == 1


def test_the_question_before_goes_along_unseen(client: httpx.Client) -> None:
    """The form under an answer carries the question in a hidden field, and the home page's carries none."""
    assert not parse(client.get("/")).xpath("//input[@name='previous']")
    page = parse(client.post("/ask", data={"question": EVIL}))
    assert page.xpath("//form[@class='ask']//input[@type='hidden'][@name='previous']/@value") == [EVIL]


def test_nothing_of_an_emergency_goes_along(client: httpx.Client) -> None:
    """After a screened question the form carries nothing: others may look at the same screen."""
    page = parse(client.post("/ask", data={"question": "chest pain", "previous": "Did it help?"}))
    assert not page.xpath("//input[@name='previous']")


def test_a_question_before_that_is_too_long_is_refused_plainly(client: httpx.Client) -> None:
    """A hidden field that somebody filled with too much gives 422 and a sentence, in page and fragment."""
    asked = {"question": "and then?", "previous": "x" * 1001}
    for path in ("/ask", "/fragment"):
        response = client.post(path, data=asked)
        assert response.status_code == 422
        assert "question before this one is too long" in response.text
