"""The pages in a real browser: reachable, readable, usable without script, mouse or wide screen."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp

from corpus.sentences import split_sentences
from service.answers import Answer
from service.app import create_app
from service.feedback import Reason
from service.wording import study_card
from tests.browser import axe_violations, open_details, open_page, overflow, wait_for_answer
from tests.shelf import ADVICE, CRISIS, EMERGENCY, STUDIES, Shelf, answered, cite, no_evidence
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


RUNS_LEFT_TO_RIGHT = """element => {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), range = document.createRange();
    let node = walk.nextNode();
    while (node && !/\\p{L}{2}/u.test(node.data)) node = walk.nextNode();
    const at = node.data.search(/\\p{L}{2}/u);
    const left = place => {
        range.setStart(node, place);
        range.setEnd(node, place + 1);
        return range.getBoundingClientRect().left;
    };
    return left(at) < left(at + 1);
}"""
"""Whether an element's first two letters stand as they are read, on the screen too."""


def choose(question: str) -> Answer:
    return next((answer for words, answer in ANSWERS.items() if words in question), answered())


@pytest.fixture
def app() -> FastAPI:
    return create_app(Shelf(choose))


@pytest.fixture
def address(serve_app: ServeApp, app: FastAPI) -> str:
    return serve_app(app)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with open_page(browser, base_url=address) as page:
        yield page


def ask(page: Page, question: str) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Search the summaries").click()
    wait_for_answer(page)


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
    for question in ("did it help", "parking", "chest pain"):
        ask(page, question)
        open_details(page)
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
        wait_for_answer(page)
        quote = page.locator("blockquote").first.inner_text()
        page.locator("figcaption summary").first.click()
        assert page.locator(".place mark").first.inner_text() == quote
        with page.expect_popup() as opened:
            page.locator("figcaption a.whole").first.click()
        assert opened.value.locator("mark#quote").inner_text() == quote
        page.goto("/")
        page.get_by_label("Your question").fill("chest pain")
        page.get_by_role("button", name="Search the summaries").click()
        expect(page.locator(".notice.emergency")).to_be_visible()


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
    assert page.locator(".about dd a").first.inner_text() == "doi.org/10.1016/j.stemcr.2018.01.029"
    expect(page.locator(".ask").last).to_be_hidden()
    expect(page.locator(".terms dd").first).to_be_visible()
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
    for unseen in ("button", "nav", "textarea", ".words", ".place", ".feedback", ".on-screen"):
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
    """What is copied is text with question, numbered quotes, addresses, meanings, disclaimer and day."""
    with open_page(browser, base_url=address, permissions=["clipboard-read", "clipboard-write"]) as page:
        ask(page, "did it help the kidneys?")
        copy = page.get_by_role("button", name="Copy this answer")
        copy.wait_for()  # the script shows it
        before = page.locator("article.answer").inner_html()
        copy.click()
        page.get_by_role("status").get_by_text("Copied.").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        answer = answered()
        parts = ["You asked: did it help the kidneys?", *answer.ask_your_doctor, answer.disclaimer]
        parts += [f"\u201c{part.text}\u201d" for part in answer.statements]
        parts += ["[1]", "[3]", "From our summary: What they found", "Answered on ", answer.answer_id]
        parts += [text for card in answer.studies for text in (card.full_reference, f"doi.org/{card.doi}")]
        parts += [
            f"{address.removeprefix('http://')}/studies/wang2018",
            *(term.meaning for term in answer.terms),
        ]
        assert [part for part in parts if part not in copied] == []
        for unseen in ("Print this answer", "Did this help?", "Read the whole summary", "Source:"):
            assert unseen not in copied
        page.get_by_role("status").get_by_text("Copied.").evaluate("one => { one.textContent = '' }")
        assert page.locator("article.answer").inner_html() == before


@pytest.mark.parametrize("script", [True, False])
def test_a_citation_opens_its_source_in_place(browser: Browser, address: str, script: bool) -> None:
    """Enter on a citation shows the quote marked within the summary's own text, and hides it again."""
    with open_page(browser, base_url=address, java_script_enabled=script) as page:
        page.goto("/")
        page.get_by_role("button", name=Shelf.suggestions[0]).click()
        wait_for_answer(page)
        quotes = page.locator("blockquote").all_inner_texts()
        assert page.locator(".number").all_inner_texts() == ["1", "2", "3"]
        for number, quote in enumerate(quotes):
            place = page.locator(".place").nth(number)
            opener = page.locator("figcaption summary").nth(number)
            assert place.is_hidden()
            opener.press("Enter")
            assert place.locator("mark").inner_text() == quote
            assert place.bounding_box()["y"] >= page.locator("blockquote").nth(number).bounding_box()["y"]
        shown = page.locator(".place .text").first.locator("p").all_text_contents()
        assert "\n\n".join(shown) in STUDIES["wang2018"].section("what-they-found").text
        page.locator("figcaption summary").first.press("Enter")
        assert page.locator(".place").first.is_hidden()
        assert page.url.endswith("/ask")


@pytest.mark.parametrize("script", [True, False])
def test_a_hard_word_is_explained_below_its_quote(browser: Browser, address: str, script: bool) -> None:
    """Enter on the hard words shows their meanings below the quote, which stays as it is and in sight."""
    phone = {"width": 360, "height": 740}
    with open_page(browser, base_url=address, java_script_enabled=script, viewport=phone) as page:
        page.goto("/")
        page.get_by_role("button", name=Shelf.suggestions[0]).click()
        wait_for_answer(page)
        quote, meaning = page.locator("blockquote").first, page.locator(".words dl").first
        text, box = quote.inner_text(), quote.bounding_box()
        assert meaning.is_hidden()
        page.locator(".words summary").first.press("Enter")
        assert "No sign is left." in meaning.inner_text()
        assert quote.inner_text() == text == answered().statements[0].text
        assert meaning.bounding_box()["y"] >= quote.bounding_box()["y"] + box["height"]
        assert page.locator(".words").count() == 2, "each term stands once"
        assert page.get_by_role("button", name="Print this answer").is_visible() is script


def test_an_answer_that_helped_is_counted(browser: Browser, app: FastAPI, address: str) -> None:
    """One press says so without leaving the answer; who uses a screen reader or the keyboard is told."""
    with open_page(browser, base_url=address) as page:
        ask(page, "did it help the kidneys?")
        with page.expect_request("**/feedback") as sent:
            page.get_by_role("button", name="Yes, it helped").click()
        thanks = page.locator(".feedback [role=status]")
        thanks.get_by_text("Thank you.").wait_for()
        assert parse_qs(sent.value.post_data or "") == {
            "reference": [answered().answer_id],
            "helpful": ["yes"],
        }
        assert thanks.evaluate("one => one === document.activeElement")
        assert page.locator(".feedback button").count() == 0
        assert page.locator("blockquote").count() == 3
        assert app.state.feedback == {None: 1}


def test_an_answer_that_did_not_help_gets_a_reason(browser: Browser, app: FastAPI, address: str) -> None:
    """By keyboard: "no" opens the reasons, and a reason sends itself; what fails can be tried again."""
    with open_page(browser, base_url=address) as page:
        ask(page, "did it help the kidneys?")
        page.locator(".feedback summary").press("Enter")
        reason = page.get_by_role("button", name="It is hard to understand")
        page.route("**/feedback", lambda route: route.abort())
        reason.press("Enter")
        page.get_by_text("This could not be sent.").wait_for()
        page.unroute("**/feedback")
        reason.press("Enter")
        page.get_by_text("Thank you.").wait_for()
        assert app.state.feedback == {Reason.hard: 1}


def test_feedback_needs_no_script(browser: Browser, app: FastAPI, address: str) -> None:
    """As a plain form it leads to a page of thanks beside the answer, which stays open."""
    with open_page(browser, base_url=address, java_script_enabled=False) as page:
        ask(page, "parking")
        with page.context.expect_page() as opened:
            page.get_by_role("button", name="Yes, it helped").click()
        opened.value.get_by_role("heading", name="Thank you").wait_for()
        page.locator(".feedback summary").click()
        with page.context.expect_page() as opened:
            page.get_by_role("button", name="Something is missing").click()
        opened.value.get_by_role("heading", name="Thank you").wait_for()
        assert page.locator("article.answer").is_visible()
    assert app.state.feedback == {None: 1, Reason.missing: 1}


def test_axe_finds_nothing_on_the_page_of_thanks(page: Page) -> None:
    """The page after feedback breaks no rule that axe knows, and has no question in its address."""
    ask(page, "did it help")
    # A form that a script submits passes by the handler that would send it in place.
    page.locator(".feedback form").first.evaluate(
        """form => {
            const choice = Object.assign(document.createElement("input"), { name: "helpful", value: "yes" });
            form.append(choice);
            form.target = "";
            form.submit();
        }"""
    )
    page.get_by_role("heading", name="Thank you").wait_for()
    assert page.url.endswith("/feedback")
    assert axe_violations(page) == []


def test_an_emergency_card_has_the_number_in_the_first_screen(browser: Browser, address: str) -> None:
    """On a small phone the call link is wide, in sight without scrolling, and the first thing to tab to."""
    for question, number in (("chest pain", "911"), ("everyone would be better off", "988")):
        with open_page(browser, base_url=address, viewport={"width": 320, "height": 568}) as page:
            ask(page, question)
            link = page.locator("main a").first
            assert link.get_attribute("href") == f"tel:{number}"
            box = link.bounding_box()
            assert box["height"] >= 44
            assert box["width"] >= 200
            assert box["y"] + box["height"] <= 568
            assert page.locator("main :is(button, textarea, summary)").count() == 0
            assert page.title().startswith(page.locator(".notice h2").inner_text())


def test_hostile_text_neither_runs_nor_turns_the_page(browser: Browser, serve_app: ServeApp) -> None:
    """Tags and right-to-left overrides in a study and in a question stay text, each in its own place."""
    evil = "\u202e</script><img src=x onerror=alert(1)>\u202e \u05d0\u05d1"
    study = make_study(
        "wang2018", title=f"'{evil}'", who=f"'{evil}'", what_they_found=f"{evil} One. {evil} Two."
    )
    card = study_card(study)
    given = cite(1, study, "what-they-found")
    parts = {"statements": (given,), "contrast": (), "studies": (card,), "terms": ()}
    app = create_app(Shelf(answered().model_copy(update=parts), [study]))
    with open_page(browser, base_url=serve_app(app)) as page:
        ask(page, evil)
        open_details(page)
        assert page.locator("blockquote p").text_content() == given.text
        assert page.locator(".place mark").text_content() == given.text
        assert "</script><img src=x onerror=alert(1)>" in page.locator(".asked bdi").inner_text()
        assert page.locator("main script, main img").count() == 0
        for plain in (
            ".message",
            ".source > summary .on-screen",
            ".part",
            ".head",
            ".disclaimer",
            ".reference",
        ):
            assert page.locator(plain).first.evaluate(RUNS_LEFT_TO_RIGHT), plain
        page.goto("/studies/wang2018")
        assert page.locator("h2").last.evaluate(RUNS_LEFT_TO_RIGHT)


def test_an_answer_fits_from_right_to_left(browser: Browser, address: str) -> None:
    """In a page written from right to left nothing sticks out, and quotes are ruled on the right."""
    with open_page(browser, base_url=address, viewport={"width": 320, "height": 640}) as page:
        ask(page, "did it help")
        page.eval_on_selector_all("html, article", "all => all.forEach(one => { one.dir = 'rtl' })")
        open_details(page)
        assert overflow(page) == 0
        widths = page.locator("blockquote").first.evaluate(
            "one => [getComputedStyle(one).borderLeftWidth, getComputedStyle(one).borderRightWidth]"
        )
        assert widths == ["0px", "4px"]


def test_the_summary_shows_what_answers_within_the_quote(page: Page) -> None:
    """Followed to its summary, a quote is marked whole, and the part that answers more than the rest."""
    ask(page, "did it help")
    quote = page.locator("blockquote").first.inner_text()
    answer = page.locator("blockquote mark").first.inner_text()
    page.locator("figcaption summary").first.click()
    with page.expect_popup() as opened:
        page.locator("figcaption a.whole").first.click()
    summary = opened.value
    assert summary.locator("mark#quote").inner_text() == quote
    assert summary.locator("mark#quote strong").inner_text() == answer
    colours = summary.locator("mark, mark strong").evaluate_all(
        "all => all.map(one => getComputedStyle(one).backgroundColor)"
    )
    assert len(set(colours)) == 2
    place = "what-they-found:0-20"
    summary.evaluate("place => { location.hash = place }", place)
    summary.locator("mark strong").wait_for(state="detached")
    assert summary.locator("mark").all_text_contents() == [
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
