"""Rendering: pages in the language that is asked for, over a real port."""

import re

import httpx
import pytest
from lxml import html
from lxml.html import HtmlElement

from service.answers import DISCLAIMER
from service.languages import load_languages
from tests.test_pages import client as client  # noqa: PLC0414  # a fixture is found by its name
from tests.test_pages import parse, words

SPANISH = load_languages()["es"]
IN_SPANISH = {"language": "es"}
PAGES = ("/", "/studies", "/studies/wang2018?quote=key-messages:0-10", "/about", "/nowhere")


@pytest.mark.parametrize("path", PAGES)
def test_each_page_speaks_the_chosen_language(client: httpx.Client, path: str) -> None:
    """`language=es` gives the page in Spanish: it says so to browsers and caches, and offers English."""
    response = client.get(path, params={**httpx.URL(path).params, **IN_SPANISH})
    page = parse(response)
    assert (page.get("lang"), page.get("dir")) == ("es", "ltr")
    assert response.headers["content-language"] == "es"
    assert "accept-language" in response.headers["vary"].lower()
    assert SPANISH.gettext(DISCLAIMER) in words(page)
    assert DISCLAIMER not in words(page)
    (other,) = page.xpath("//*[contains(@class, 'languages')]//a")
    assert (other.text, other.get("lang"), other.get("hreflang")) == ("English", "en", "en")
    assert parse(client.get(path.partition("?")[0] + other.get("href"))).get("lang") == "en"


@pytest.mark.parametrize("path", PAGES)
def test_every_link_keeps_the_chosen_language(client: httpx.Client, path: str) -> None:
    """From a page in Spanish, every link and form of ours leads to a page in Spanish."""
    page = parse(client.get(path, params={**httpx.URL(path).params, **IN_SPANISH}))
    assert_kept(page)


@pytest.mark.parametrize("question", ["Did it help the kidneys?", "Is there parking?", "my chest hurts", ""])
def test_an_answer_keeps_the_chosen_language(client: httpx.Client, question: str) -> None:
    """The form's field or the address sets the language of an answer, and its links keep it."""
    page = parse(client.post("/ask?language=es", data={"question": question}))
    assert page.get("lang") == "es"
    assert page.xpath("//article/@lang") in ([], ["es"])
    assert_kept(page)
    english = client.post("/ask?language=es", data={"question": question, "language": "en"})
    assert parse(english).get("lang") == "en"


def assert_kept(page: HtmlElement) -> None:
    main = page.xpath("//*[not(ancestor-or-self::*[contains(@class, 'languages')])]")
    for element in main:
        for name in ("href", "action"):
            address = element.get(name, "")
            if not address.startswith("/") or element.tag == "link" or address.startswith("/static/"):
                continue
            fields = element.xpath(".//input[@type='hidden'][@name='language']/@value")
            assert "language=es" in address or fields == ["es"], html.tostring(element)[:200]


def test_the_browsers_wish_counts_and_leaves_addresses_alone(client: httpx.Client) -> None:
    """Without a choice the browser's language is taken, and no address carries it."""
    page = parse(client.get("/", headers={"Accept-Language": "es-MX,es;q=0.9"}))
    assert page.get("lang") == "es"
    assert not re.search("language=es", html.tostring(page).decode())
    assert parse(client.get("/", headers={"Accept-Language": "fr"})).get("lang") == "en"
    assert parse(client.get("/?language=fr")).get("lang") == "en"


def test_the_switch_asks_the_same_again(client: httpx.Client) -> None:
    """On an answer, which has no address, the switch is a form that sends the question once more."""
    page = parse(client.post("/ask", data={"question": "Did it help?", "previous": "Who took part?"}))
    (form,) = page.xpath("//form[contains(@class, 'languages')]")
    sent = {field.get("name"): field.get("value") for field in form.xpath(".//input | .//button")}
    assert sent == {"question": "Did it help?", "previous": "Who took part?", "language": "es"}
    assert form.xpath(".//button/@lang") == ["es"]
    assert parse(client.post(form.get("action"), data=sent)).get("lang") == "es"


def test_a_page_of_thanks_is_not_sent_twice(client: httpx.Client) -> None:
    """Where a form was counted there is no switch, since it would count it again."""
    sent = {"reference": "0" * 12, "helpful": "yes"}
    response = client.post("/feedback?language=es", data=sent, headers={"Accept": "text/html"})
    assert not parse(response).xpath("//*[contains(@class, 'languages')]//button")


def test_the_summaries_are_said_to_be_in_english_once(client: httpx.Client) -> None:
    """Pages with text of the library say in Spanish that it is English; an emergency card stands alone."""
    said = SPANISH.gettext("The summaries in our library are in English.")
    for path in ("/", "/studies", "/studies/wang2018"):
        assert words(parse(client.get(path, params=IN_SPANISH))).count(said) == 1
        assert said not in words(parse(client.get(path)))
    for question, times in (("Did it help?", 1), ("my chest hurts", 0)):
        page = parse(client.post("/ask", data={"question": question, **IN_SPANISH}))
        assert words(page).count(said) == times


def test_quotes_stay_english(client: httpx.Client) -> None:
    """What is the library's own is marked as English, so that it is read out rightly."""
    page = parse(client.post("/ask", data={"question": "Did it help?", **IN_SPANISH}))
    assert set(page.xpath("//blockquote/@lang")) == {"en"}
    study = parse(client.get("/studies/wang2018", params=IN_SPANISH))
    paragraphs = study.xpath("//p[@data-section]")
    assert paragraphs
    assert {part.xpath("ancestor-or-self::*[@lang][1]/@lang")[0] for part in paragraphs} == {"en"}


def test_the_fragment_speaks_the_widgets_language(client: httpx.Client) -> None:
    """The widget names its language in a field, in a form as in JSON, and gets a fragment in it."""
    asked = {"question": "Did it help?", **IN_SPANISH}
    for response in (client.post("/fragment", data=asked), client.post("/fragment", json=asked)):
        assert response.headers["content-language"] == "es"
        fragment = html.fragment_fromstring(response.text)
        assert (fragment.get("lang"), fragment.get("dir")) == ("es", "ltr")
    refused = client.post("/fragment", data={"question": "", **IN_SPANISH})
    assert "Por favor, escriba una pregunta" in refused.text


def test_problems_are_told_in_the_language(client: httpx.Client) -> None:
    """An error, and a question that cannot be taken, are told in Spanish with their values."""
    assert "Esta página no existe" in words(parse(client.get("/nowhere", params=IN_SPANISH)))
    assert "No hay nada en esta dirección." in words(parse(client.get("/nowhere", params=IN_SPANISH)))
    long = parse(client.post("/ask", data={"question": "x" * 1001, **IN_SPANISH}))
    assert "tiene 1,001 caracteres y se pueden leer como máximo 1,000" in words(long)


def test_the_address_of_a_switch_cannot_leave_the_service(client: httpx.Client) -> None:
    """A path that begins with two slashes does not make the switch a link to another host."""
    page = parse(client.get("//example.org/", headers={"Accept": "text/html"}))
    assert all(href.startswith("?") for href in page.xpath("//*[contains(@class, 'languages')]//a/@href"))
