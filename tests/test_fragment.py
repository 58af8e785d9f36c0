"""Fragment: the answer as people read it, from records and as HTML."""

from datetime import date

import pytest
from lxml import html
from lxml.html import HtmlElement

from corpus.studies import Mark
from service.answers import Answer, Contact, Highlight, NoticeKind, Statement, Term
from service.explaining import load_explanations
from service.fragment import Fragment, dial, paper_of, web
from service.pages import render
from service.wording import study_card
from tests.shelf import ADVICE, CRISIS, EMERGENCY, STUDIES, answered, no_evidence, notice, screened


def show(answer: Answer) -> HtmlElement:
    return html.fragment_fromstring(render(Fragment.of(answer)))


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def with_statement(statement: Statement) -> Answer:
    return answered().model_copy(update={"statements": (statement,), "contrast": ()})


def test_each_quote_is_shown_letter_by_letter() -> None:
    """What stands in the blockquotes is exactly the statements' text, in order, contrast after the rest."""
    answer = answered()
    given = [*answer.statements, *(part for side in answer.contrast for part in side.statements)]
    assert [quote.text_content().strip() for quote in show(answer).iter("blockquote")] == [
        statement.text for statement in given
    ]


def test_each_quote_has_its_number_and_leads_to_its_place() -> None:
    """Beside each quote stand its number and a link to the very offsets in the study."""
    answer = answered()
    links = show(answer).xpath("//figcaption/a")
    assert [words(link.find("span")) for link in links] == ["1", "2", "3"]
    citation = answer.statements[1].citation
    place = f"/studies/wang2018?quote={citation.section}:{citation.start}-{citation.end}&source="
    assert links[1].get("href") == f"{place}{citation.source_sha256[:16]}#quote"


def test_only_the_part_that_answers_is_marked() -> None:
    """Of a quote with context, the mark holds the citation's highlight and nothing else."""
    statement = answered().statements[0]
    highlight = statement.citation.highlight
    assert highlight
    marks = show(answered()).xpath("//blockquote//mark")
    assert [mark.text for mark in marks] == [statement.text[highlight.start - statement.citation.start :]]


def test_a_highlight_outside_its_quote_marks_nothing() -> None:
    """A highlight that does not lie within the quote is left out; the quote is still whole."""
    given = answered().statements[0]
    wrong = given.citation.model_copy(update={"highlight": Highlight(start=0, end=100_000)})
    shown = show(with_statement(given.model_copy(update={"citation": wrong})))
    assert not shown.xpath("//mark")
    assert shown.xpath("//blockquote")[0].text_content().strip() == given.text


def test_a_highlight_leads_on_to_the_summary() -> None:
    """The link of a quote carries the part that answers, so that the summary shows it too."""
    statement = answered().statements[0]
    highlight = statement.citation.highlight
    assert highlight
    (link, *others) = show(answered()).xpath("//figcaption/a/@href")
    assert f"&highlight={highlight.start}-{highlight.end}#quote" in link
    assert not [other for other in others if "highlight" in other]


def test_hard_words_are_explained_beside_each_quote() -> None:
    """Under each quote stand its own hard words, as it writes them, longest first, with their meanings."""
    figures = show(answered()).xpath("//figure")
    rows = [figure.xpath(".//div[@class='words']//details") for figure in figures]
    assert [[tuple(map(words, part)) for part in row] for row in rows] == [
        [("complete remission", "full remission: No sign is left."), ("remission", "The illness is quiet.")],
        [],
        [("remission", "The illness is quiet."), ("placebo", "A dummy treatment.")],
    ]


def test_meanings_stay_out_of_the_quote() -> None:
    """A quote holds its own words and its mark alone: nothing to press, nothing that is read out between."""
    for quote in show(answered()).iter("blockquote"):
        assert {part.tag for part in quote.iterdescendants()} <= {"p", "mark"}


def test_a_hard_word_opens_without_a_script() -> None:
    """Each hard word is the summary of a details element, which browsers open by touch and by keyboard."""
    shown = show(answered())
    assert len(shown.xpath("//div[@class='words']//li")) == 4
    assert len(shown.xpath("//div[@class='words']//li/details[not(@open)]/summary")) == 4


def test_what_a_study_can_show_stands_beside_its_quotes() -> None:
    """Each study's kind and size are explained in its own section, in the card's sentences."""
    for section, study_id in zip(
        show(answered()).xpath("//section[@class='study']"), ("wang2018", "deng2017"), strict=True
    ):
        explained = study_card(STUDIES[study_id]).explained
        assert explained
        shown = section.xpath(".//details[@class='explained']//li")
        assert tuple(words(part) for part in shown) == explained


def test_questions_for_the_doctor_wait_behind_a_click() -> None:
    """After an answer the questions are folded; all of them are there."""
    answer = answered()
    (section,) = show(answer).xpath("//details[@class='doctor'][not(@open)]")
    assert tuple(words(item) for item in section.xpath(".//li")) == answer.ask_your_doctor


def test_a_sheet_of_paper_tells_day_and_place() -> None:
    """What a printed answer needs is in it: the day, where the summaries are, the full references."""
    fragment = Fragment.of(answered(), made_on=date(2026, 11, 22), host="answers.example.org")
    shown = words(html.fragment_fromstring(render(fragment)))
    assert "Answered on 22 November 2026." in shown
    assert "answers.example.org/studies/deng2017" in shown
    for card in answered().studies:
        assert card.full_reference in shown
    assert load_explanations().version in shown
    assert "Answered on" not in words(show(answered()))


def test_nothing_is_printed_from_a_safety_card() -> None:
    """Print and copy stand on answers and abstentions, never on a card that asks for help at once."""
    for answer, buttons in ((answered(), 2), (no_evidence(), 2), (EMERGENCY, 0), (CRISIS, 0)):
        assert len(show(answer).xpath("//div[@class='tools']/button[@hidden]")) == buttons


def test_quotes_of_one_study_stand_under_one_heading() -> None:
    """Quotes of the same study that follow each other share its label."""
    shown = show(answered())
    headings = [words(part) for part in shown.xpath("//section[@class='study']/*[self::h3 or self::h4]")]
    assert headings == [study_card(STUDIES[study_id]).label for study_id in ("wang2018", "deng2017")]


@pytest.mark.parametrize(("count", "beside"), [(0, 0), (1, 1), (3, 3), (4, 2), (7, 2)])
def test_the_first_cautions_stand_beside_the_quote(count: int, beside: int) -> None:
    """All cautions of a study are with its quote, in order; of many, the first are seen without a click."""
    cautions = tuple(f"Caution {number}" for number in range(count))
    card = study_card(STUDIES["wang2018"]).model_copy(update={"cautions": cautions})
    answer = with_statement(answered().statements[0]).model_copy(update={"studies": (card,)})
    items = show(answer).xpath("//div[@class='cautions']//li")
    assert tuple(words(item) for item in items) == cautions
    assert len([item for item in items if not item.xpath("ancestor::details")]) == beside


def test_the_other_side_is_visible_without_a_click() -> None:
    """Studies that say something different have a plain heading and stand outside every details element."""
    (contrast,) = show(answered()).xpath("//section[@class='contrast']")
    assert words(contrast.find("h3")) == "Other studies say something different"
    assert "found no difference" in words(contrast)
    assert not contrast.xpath("ancestor::details")
    assert contrast.xpath(".//blockquote")


def test_an_emergency_shows_the_card_and_no_quote() -> None:
    """The card stands first, can be called with one touch, and nothing of a study is beside it."""
    shown = show(EMERGENCY)
    assert shown[0].get("class") == "notice emergency"
    assert shown.xpath("//a[@class='call']/@href") == ["tel:911"]
    assert not shown.xpath("//blockquote | //section[@class='study']")


def test_a_crisis_card_names_the_line_to_call() -> None:
    """The crisis line is shown by name and can be called with one touch."""
    shown = show(CRISIS)
    assert "988 Suicide & Crisis Lifeline: 988" in words(shown)
    assert shown.xpath("//a[@class='call']/@href") == ["tel:988"]


def test_advice_stands_before_what_the_studies_say() -> None:
    """A notice beside an answer comes first, then the message that labels the quotes, then the quotes."""
    tops = [(part.tag, part.get("class")) for part in show(answered(ADVICE))][:3]
    assert tops == [("section", "notice personal_advice"), ("h2", "message"), ("section", "study")]


def test_an_abstention_says_so_and_offers_what_there_is() -> None:
    """Without evidence there is no quote, but the nearest studies and questions for the doctor."""
    shown = show(no_evidence())
    assert words(shown.xpath("//h2")[0]) == no_evidence().message
    assert shown.xpath("//section[@class='topics']//a/@href") == ["/studies/zhou2020", "/studies/wen2019"]
    assert shown.xpath("//details[@class='doctor'][@open]//li")
    assert not shown.xpath("//blockquote")


def test_every_outcome_carries_disclaimer_and_reference() -> None:
    """Whatever the outcome, the disclaimer is there in full and the answer can be named to staff."""
    for answer in (answered(), no_evidence(), EMERGENCY, CRISIS, screened(NoticeKind.off_topic)):
        shown = show(answer)
        assert words(shown.xpath("//p[@class='disclaimer']")[0]) == answer.disclaimer
        reference = words(shown.xpath("//p[@class='reference']")[0])
        assert answer.answer_id in reference
        assert answer.corpus_version in reference
        assert answer.index_generation in reference


def test_a_retraction_stands_beside_the_quote() -> None:
    """A mark on a study, such as a retraction, is shown where the study is quoted, before its words."""
    mark = Mark(kind="retraction", note="Figures were made up.", link="https://example.org/notice")
    answer = answered()
    cards = tuple(card.model_copy(update={"marks": (mark,)}) for card in answer.studies)
    section = show(answer.model_copy(update={"studies": cards})).xpath("//section[@class='study']")[0]
    (shown,) = section.xpath("p[@class='mark retraction']")
    assert words(shown) == "Retraction: Figures were made up. Read the notice"
    assert section.index(shown) < section.index(section.find("figure"))


def test_markup_in_a_record_is_text() -> None:
    """Tags, quotes and entities in any text of an answer come out as the characters they are."""
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;"
    given = answered().statements[0]
    citation = given.citation.model_copy(update={"section_title": evil, "highlight": None})
    statement = given.model_copy(update={"text": evil, "citation": citation})
    changes = dict.fromkeys(
        ("label", "reference", "title", "who", "funding", "design_label", "full_reference"), evil
    )
    lists = dict.fromkeys(("cautions", "explained"), (evil,))
    card = study_card(STUDIES["wang2018"]).model_copy(update={**changes, **lists})
    contact = Contact(name=evil, number=evil)
    changed = with_statement(statement).model_copy(
        update={
            "message": evil,
            "studies": (card,),
            "ask_your_doctor": (evil,),
            "terms": (Term(term=evil, meaning=evil, words=("script",)),),
            "notice": notice(NoticeKind.diagnosis, evil, evil, contact),
        }
    )
    shown = show(changed)
    assert not shown.xpath("//script | //img | //@onerror")
    assert shown.xpath("//blockquote")[0].text_content().strip() == evil
    assert words(shown.xpath("//h2[@class='message']")[0]) == evil


def test_text_that_turns_its_direction_stays_in_its_element() -> None:
    """Quotes, labels and notes are isolated, so that a right-to-left override cannot turn the page around."""
    shown = show(answered(ADVICE))
    for path in ("//blockquote/p", "//section[@class='study']/h3", "//div[@class='cautions']//li", "//dd[1]"):
        assert {part.get("dir") for part in shown.xpath(path)} == {"auto"}


def test_only_web_addresses_become_links() -> None:
    """A link that is no http or https address is never an href."""
    assert web("https://example.org/a?b=1") == "https://example.org/a?b=1"
    for wrong in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https:// x",
        "ftp://example.org",
        "",
    ):
        assert web(wrong) is None
    card = study_card(STUDIES["wang2018"]).model_copy(update={"doi": None, "link": "javascript:alert(1)"})
    assert paper_of(card) is None


def test_a_doi_is_written_as_an_address() -> None:
    """Characters of a DOI that have a meaning in addresses are encoded."""
    card = study_card(STUDIES["wang2018"]).model_copy(update={"doi": "10.1000/a<b>#c?d"})
    paper = paper_of(card)
    assert paper
    assert paper.href == "https://doi.org/10.1000/a%3Cb%3E%23c%3Fd"


def test_only_numbers_can_be_dialled() -> None:
    """A number with spaces or dashes is dialled without them; words are shown but never dialled."""
    assert dial("+1 (800) 273-8255") == "tel:+18002738255"
    assert dial("988") == "tel:988"
    for wrong in ("Text HOME to 741741", "", "+", "javascript:1"):
        assert dial(wrong) is None
