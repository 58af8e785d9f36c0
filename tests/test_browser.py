"""The pages in a real browser: reachable, readable, usable without script, mouse or wide screen."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from starlette.types import ASGIApp

from corpus.sentences import split_sentences
from service.answers import Answer
from service.app import create_app
from tests.browser import axe_violations, open_details, open_page, overflow
from tests.shelf import ADVICE, CRISIS, EMERGENCY, STUDIES, Shelf, answered, no_evidence
from tests.studies import make_study

ServeApp = Callable[[ASGIApp], str]

ANSWERS = {
    "chest pain": EMERGENCY,
    "everyone would be better off": CRISIS,
    "parking": no_evidence(),
    "should I stop": answered(ADVICE),
}
QUOTE = "/studies/wang2018?quote=what-they-found:0-20#quote"
PATHS = ("/", "/studies", "/studies/wang2018", "/studies/liang2010_pilot", QUOTE, "/about", "/nowhere")


def choose(question: str) -> Answer:
    return next((answer for words, answer in ANSWERS.items() if words in question), answered())


@pytest.fixture
def address(serve_app: ServeApp) -> str:
    return serve_app(create_app(Shelf(choose)))


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with open_page(browser, base_url=address) as page:
        yield page


def ask(page: Page, question: str) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Search the summaries").click()
    page.wait_for_selector("article.answer")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_on_a_page(browser: Browser, address: str, path: str, scheme: str) -> None:
    """No page breaks a rule that axe knows, in light and in dark."""
    with open_page(browser, base_url=address, color_scheme=scheme) as page:
        page.goto(path)
        open_details(page)
        assert axe_violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("question", ["did it help", *ANSWERS])
def test_axe_finds_nothing_on_an_answer(browser: Browser, address: str, question: str, scheme: str) -> None:
    """No kind of answer breaks a rule that axe knows, in light and in dark."""
    with open_page(browser, base_url=address, color_scheme=scheme) as page:
        ask(page, question)
        open_details(page)
        assert axe_violations(page) == []


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_is_wider_than_a_small_screen(browser: Browser, address: str, width: int) -> None:
    """At 320 pixels (a phone, or 400% zoom) no page has to be scrolled sideways."""
    with open_page(browser, base_url=address, viewport={"width": width, "height": 640}) as page:
        for path in PATHS:
            page.goto(path)
            open_details(page)
            assert overflow(page) == 0, path
        for question in ("did it help", *ANSWERS):
            ask(page, question)
            open_details(page)
            assert overflow(page) == 0, question


def test_text_at_double_size_stays_within_the_screen(page: Page) -> None:
    """With text at twice its size nothing is cut off or pushed out sideways."""
    page.set_viewport_size({"width": 640, "height": 800})
    for path in PATHS:
        page.goto(path)
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert overflow(page) == 0, path


def test_lines_are_short_enough_to_read(page: Page) -> None:
    """On a wide screen no paragraph is wider than 70 of its characters."""
    page.set_viewport_size({"width": 1600, "height": 900})
    ask(page, "did it help")
    for path in ("", "/", "/studies/wang2018", "/about"):
        if path:
            page.goto(path)
        widest = page.eval_on_selector_all(
            "main p, main li, main dd",
            """all => Math.max(...all.filter(one => one.checkVisibility()).map(one => {
                const zero = document.createElement("span");
                zero.textContent = "0";
                one.append(zero);
                const ratio = one.clientWidth / zero.getBoundingClientRect().width;
                zero.remove();
                return ratio;
            }))""",
        )
        assert widest <= 70, path


def test_targets_are_large_enough_to_touch(page: Page) -> None:
    """Buttons, fields, summaries, menu entries and source links are at least 44 pixels high and wide."""
    for question in ("did it help", "chest pain"):
        ask(page, question)
        boxes = page.eval_on_selector_all(
            "button, textarea, summary, nav a, header.site a, figcaption a, a.call",
            "all => all.map(one => [one.outerHTML.slice(0, 80), one.offsetWidth, one.offsetHeight])",
        )
        assert boxes
        assert [box for box in boxes if min(box[1:]) < 44] == []


def test_a_question_can_be_asked_by_keyboard_alone(page: Page) -> None:
    """From the top of the page the Tab key reaches the field and the button, and the focus can be seen."""
    page.goto("/")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    page.keyboard.type("Did it help the kidneys?")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("article.answer")
    assert page.locator("blockquote").count() == 3


def test_the_skip_link_leads_to_the_content(page: Page) -> None:
    """The first Tab stop shows a link that moves on to the content."""
    page.goto("/about")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")
    assert link.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main_content"


def test_everything_works_without_javascript(browser: Browser, address: str) -> None:
    """With scripts off a question is answered, a suggestion too, and a quote is shown in its place."""
    with open_page(browser, base_url=address, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("button", name=Shelf.suggestions[0]).click()
        quote = page.locator("blockquote").first.inner_text()
        page.locator("figcaption a").first.click()
        assert page.locator("mark#quote").inner_text() == quote
        page.goto("/")
        page.get_by_label("Your question").fill("chest pain")
        page.get_by_role("button", name="Search the summaries").click()
        assert page.locator(".notice.emergency").is_visible()


def test_no_question_stands_in_an_address(page: Page) -> None:
    """Neither the form nor a suggestion puts a question into an address that a log or a history keeps."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    ask(page, "Did it help the kidneys?")
    page.goto("/")
    page.get_by_role("button", name=Shelf.suggestions[0]).click()
    page.wait_for_selector("article.answer")
    assert not [address for address in addresses if "kidney" in address or "?" in address]


def test_only_our_own_server_is_asked(page: Page, address: str) -> None:
    """No page makes a request to another host."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    for path in PATHS:
        page.goto(path)
    ask(page, "did it help")
    assert not [asked for asked in addresses if not asked.startswith(address)]


def test_every_sentence_is_marked_exactly_by_its_fragment(page: Page) -> None:
    """For each sentence of each study, #section:start-end marks its characters and nothing else."""
    for study in STUDIES.values():
        page.goto(f"/studies/{study.study_id}")
        for section in study.sections:
            spans = split_sentences(section.text)
            marked = page.evaluate(
                """async places => {
                    const found = [];
                    for (const place of places) {
                        const changed = new Promise(
                            done => addEventListener("hashchange", done, {once: true}));
                        location.hash = place;
                        await changed;
                        found.push([...document.querySelectorAll("mark")].map(mark => mark.textContent));
                    }
                    return found;
                }""",
                [f"{section.name}:{span.start}-{span.end}" for span in spans],
            )
            assert marked == [[section.text[span.start : span.end]] for span in spans]


def test_a_character_counts_once_whatever_its_size(browser: Browser, serve_app: ServeApp) -> None:
    """Offsets count characters as citations do, also where JavaScript counts two, and in list items."""
    text = "One 😀 two. Three \U0001d4b3 &amp; <b>four</b>.\n\nA list:\n- five 👩‍⚕️ six\n- seven"
    study = make_study(what_they_found=text)
    section = study.section("what-they-found")
    with open_page(browser, base_url=serve_app(create_app(Shelf(answered(), [study])))) as page:
        for span in split_sentences(section.text):
            page.goto("/about")
            page.goto(f"/studies/{study.study_id}#{section.name}:{span.start}-{span.end}")
            assert page.locator("mark").all_text_contents() == [section.text[span.start : span.end]]


def test_a_fragment_that_fits_nothing_marks_nothing(page: Page) -> None:
    """A place outside the text, or none at all, leaves the text unmarked and shows a polite note."""
    for wrong in (
        "what-they-found:0-99999",
        "what-they-found:9-9",
        "nowhere:0-5",
        "what-they-found:x",
        "%:%",
    ):
        page.goto("/about")
        page.goto(f"/studies/wang2018#{wrong}")
        assert page.locator("mark").count() == 0
        assert page.locator("#place_note").is_visible()
    page.goto("/about")
    page.goto("/studies/wang2018#key-messages")
    assert page.locator("#place_note").is_hidden()


@pytest.mark.parametrize("change", ["one.textContent = 'Otro.'", "one.innerHTML = `<i>${one.innerHTML}</i>`"])
def test_a_text_changed_in_the_browser_is_not_marked(page: Page, change: str) -> None:
    """Where a translator or an extension has changed the text, its offsets mean nothing any more."""
    page.goto("/studies/wang2018")
    page.locator("#what-they-found_1").evaluate(f"one => {{ {change} }}")
    page.evaluate("location.hash = 'what-they-found:0-20'")
    page.locator("#place_note").wait_for()
    assert page.locator("mark").count() == 0


def test_a_marked_quote_is_in_sight_with_its_neighbours(page: Page) -> None:
    """The quote is scrolled into view by either form of its address, and the text around it is untouched."""
    section = STUDIES["wang2018"].section("what-to-keep-in-mind")
    last = split_sentences(section.text)[-1]
    place = f"{section.name}:{last.start}-{last.end}"
    for address in (f"/studies/wang2018#{place}", f"/studies/wang2018?quote={place}#quote"):
        page.goto("/about")
        page.goto(address)
        mark = page.locator("mark#quote")
        assert mark.inner_text() == section.text[last.start : last.end]
        top = mark.bounding_box()["y"]
        assert 0 <= top <= page.viewport_size["height"]
        paragraphs = page.locator(f"#{section.name} p").evaluate_all("all => all.map(one => one.textContent)")
        assert "\n\n".join(paragraphs) == section.text


def test_the_print_shows_where_links_lead(page: Page) -> None:
    """On paper the addresses of papers can be read, details are open, and the form is gone."""
    ask(page, "did it help")
    page.emulate_media(media="print")
    assert page.locator(".paper a").first.inner_text() == "doi.org/10.1016/j.stemcr.2018.01.029"
    assert page.locator(".ask").last.is_hidden()
    assert page.locator(".terms dd").first.is_visible()
    page.goto("/studies/liang2010_pilot")
    link = page.locator(".facts dd a").first
    assert link.inner_text() == link.get_attribute("href")


@pytest.mark.parametrize(("paper", "width"), [("A4", 673), ("Letter", 695)])
def test_a_printed_answer_is_whole(page: Page, paper: str, width: int) -> None:
    """On A4 and on Letter all of the answer is there, written out, and nothing that only a screen can use."""
    ask(page, "did it help the kidneys?")
    page.emulate_media(media="print", color_scheme="light")
    page.set_viewport_size({"width": width, "height": 900})
    printed = " ".join(page.locator("body").inner_text().split())
    answer = answered()
    sides = [*answer.statements, *(part for side in answer.contrast for part in side.statements)]
    parts = ["You asked: did it help the kidneys?", answer.disclaimer, answer.answer_id, "Answered on "]
    parts += [statement.text for statement in sides]
    parts += [text for term in answer.terms for text in (term.term, term.meaning)]
    parts += answer.ask_your_doctor
    for card in answer.studies:
        parts += [card.full_reference, f"doi.org/{card.doi}", f"/studies/{card.study_id}", card.review]
        parts += [*card.explained, *card.cautions]
    assert [part for part in parts if " ".join(part.split()) not in printed] == []
    for unseen in ("button", "nav", "textarea", ".words", ".on-screen"):
        assert not [one for one in page.locator(unseen).all() if one.is_visible()], unseen
    assert overflow(page) == 0
    pages = page.pdf(format=paper).count(b"/Type /Page\n")
    assert 1 < pages <= 6


def test_print_asks_the_browser_to_print(page: Page) -> None:
    """The button prints, and what is folded is open while the browser does so, and folded after it."""
    page.add_init_script("window.print = () => { window.printed = (window.printed ?? 0) + 1 }")
    ask(page, "did it help")
    page.get_by_role("button", name="Print this answer").click()
    assert page.evaluate("window.printed") == 1
    folded = page.locator("details:not([open])")
    before = folded.count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() == before > 0


def test_copy_takes_all_of_the_answer(browser: Browser, address: str) -> None:
    """What is copied holds question, quotes, questions for the doctor, meanings and disclaimer as text."""
    with open_page(browser, base_url=address, permissions=["clipboard-read", "clipboard-write"]) as page:
        ask(page, "did it help the kidneys?")
        page.get_by_role("button", name="Copy this answer").click()
        page.get_by_role("status").get_by_text("Copied.").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        answer = answered()
        parts = ["You asked: did it help the kidneys?", *answer.ask_your_doctor, answer.disclaimer]
        parts += [statement.text for statement in answer.statements]
        parts += [card.full_reference for card in answer.studies]
        parts += [term.meaning for term in answer.terms]
        assert [part for part in parts if part not in copied] == []
        assert "Print this answer" not in copied
        assert page.locator(".words summary").first.is_visible()


def test_a_hard_word_is_explained_by_keyboard_and_without_a_script(browser: Browser, address: str) -> None:
    """Enter on a hard word shows its meaning, scripts or none, and the quote stays as it is."""
    for script in (True, False):
        with open_page(browser, base_url=address, java_script_enabled=script) as page:
            page.goto("/")
            page.get_by_role("button", name=Shelf.suggestions[0]).click()
            quote = page.locator("blockquote").first
            text = quote.inner_text()
            meaning = page.locator(".words p").get_by_text("No sign is left.")
            assert meaning.is_hidden()
            page.locator(".words summary").first.press("Enter")
            assert meaning.is_visible()
            assert quote.inner_text() == text == answered().statements[0].text
            assert page.get_by_role("button", name="Print this answer").is_visible() is script


def test_the_summary_shows_what_answers_within_the_quote(page: Page) -> None:
    """Followed to its summary, a quote is marked whole, and the part that answers more than the rest."""
    ask(page, "did it help")
    quote = page.locator("blockquote").first.inner_text()
    answer = page.locator("blockquote mark").first.inner_text()
    page.locator("figcaption a").first.click()
    assert page.locator("mark#quote").inner_text() == quote
    assert page.locator("mark#quote strong").inner_text() == answer
    colours = page.locator("mark, mark strong").evaluate_all(
        "all => all.map(one => getComputedStyle(one).backgroundColor)"
    )
    assert len(set(colours)) == 2
    place = "what-they-found:0-20"
    page.evaluate("place => { location.hash = place }", place)
    page.locator("mark strong").wait_for(state="detached")
    assert page.locator("mark").all_text_contents() == [
        STUDIES["wang2018"].section("what-they-found").text[:20]
    ]


def test_a_motion_averse_reader_sees_no_motion(browser: Browser, address: str) -> None:
    """Where less motion is asked for, nothing moves."""
    with open_page(browser, base_url=address, reduced_motion="reduce") as page:
        page.goto("/")
        moving = """all => all.filter(one => getComputedStyle(one).transitionDuration !== '0s'
                                           || getComputedStyle(one).animationName !== 'none').length"""
        assert page.eval_on_selector_all("*", moving) == 0


def test_cards_keep_their_edges_in_forced_colors(browser: Browser, address: str) -> None:
    """Where the reader's own colours are forced, the emergency card still has its frame."""
    with open_page(browser, base_url=address, forced_colors="active") as page:
        ask(page, "chest pain")
        width = page.locator(".notice.emergency").evaluate("one => getComputedStyle(one).borderTopWidth")
        assert width == "4px"
        assert page.locator("a.call").is_visible()
