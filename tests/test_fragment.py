"""Fragment: the answer as people read it, from records and as HTML."""

from collections.abc import Mapping
from datetime import date

import pytest
from lxml import html
from lxml.html import HtmlElement

from corpus.sentences import split_sentences
from corpus.studies import Mark, Study
from service.answers import Answer, Contact, Highlight, NoticeKind, Statement, Term
from service.explaining import load_explanations
from service.feedback import Reason
from service.fragment import Fragment, dial, paper_of, web
from service.rendering import render
from service.visit import Visit
from service.wording import study_card
from tests.shelf import ADVICE, CRISIS, EMERGENCY, STUDIES, Shelf, answered, no_evidence, notice, screened
from tests.studies import make_study


def show(answer: Answer, studies: Mapping[str, Study] = STUDIES) -> HtmlElement:
    return html.fragment_fromstring(render(Fragment.of(answer, studies), Visit()))


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
    """Each quote's number opens what stands below it, with a link to the very offsets in the study."""
    answer = answered()
    shown = show(answer)
    numbers = shown.xpath("//figcaption/details[@class='source'][not(@open)]/summary/span[@class='number']")
    assert [words(number) for number in numbers] == ["1", "2", "3"]
    citation = answer.statements[1].citation
    place = f"/studies/wang2018?quote={citation.section}:{citation.start}-{citation.end}&source="
    links = shown.xpath("//figcaption//a[@class='whole']/@href")
    assert links[1] == f"{place}{citation.source_sha256[:16]}#quote"


def test_the_source_in_place_is_the_summary_letter_by_letter() -> None:
    """Below each quote stand paragraphs of its section as they are, and what is marked is the quote."""
    answer = answered()
    given = [*answer.statements, *(part for side in answer.contrast for part in side.statements)]
    places = show(answer).xpath("//div[@class='place']")
    assert len(places) == len(given)
    for place, statement in zip(places, given, strict=True):
        section = STUDIES[statement.citation.study_id].section(statement.citation.section)
        paragraphs = [part.text_content() for part in place.xpath(".//div[@class='text']/p")]
        assert "\n\n".join(paragraphs) in section.text
        assert [mark.text_content() for mark in place.xpath(".//mark")] == [statement.text]


def test_the_source_in_place_tells_of_which_study_it_is() -> None:
    """Study, kind, size, year, section, paper and whole summary are told where a source opens."""
    card = study_card(STUDIES["wang2018"])
    place = show(answered()).xpath("//div[@class='place']")[0]
    rows = {words(row.find("dt")): words(row.find("dd")) for row in place.xpath("dl/div")}
    assert rows == {
        "Study": f"{card.label} ({card.reference})",
        "Kind": card.design_label,
        "People": "81",
        "Year": "2018",
    }
    assert "under “What they found”" in words(place)
    assert place.xpath(".//a/@href")[1:] == [f"https://doi.org/{card.doi}"]


def test_every_sentence_opens_with_what_is_said_around_it() -> None:
    """For each sentence of each study, the one before and the one after stand where the source opens."""
    for study in STUDIES.values():
        for section in study.sections:
            spans = split_sentences(section.text)
            for place, span in enumerate(spans):
                given = answered().statements[1]
                citation = given.citation.model_copy(
                    update={
                        "study_id": study.study_id,
                        "section": section.name,
                        "start": span.start,
                        "end": span.end,
                        "source_sha256": section.sha256,
                    }
                )
                quote = given.model_copy(update={"text": section.text[slice(*span)], "citation": citation})
                answer = with_statement(quote).model_copy(update={"studies": (study_card(study),)})
                (shown,) = Fragment.of(answer, STUDIES).quoted[0].quotes
                runs = [run for paragraph in shown.source for run in paragraph.runs]
                assert "".join(run.text for run in runs if run.marked) == quote.text
                around = "".join(run.text for run in runs)
                for neighbour in spans[max(place - 1, 0) : place + 2]:
                    assert section.text[slice(*neighbour)] in around


@pytest.mark.parametrize("change", ["text", "offsets", "study"])
def test_a_quote_that_cannot_be_proven_is_not_marked_in_a_source(change: str) -> None:
    """Where the studies at hand have another text, the quote has a link and no source in place."""
    given = answered().statements[1]
    studies: dict[str, Study] = {**STUDIES}
    if change == "text":
        given = given.model_copy(update={"text": given.text + " And more."})
    elif change == "offsets":
        moved = given.citation.model_copy(update={"start": given.citation.start + 1})
        given = given.model_copy(update={"citation": moved})
    else:
        studies["wang2018"] = make_study("wang2018")
    shown = show(with_statement(given), studies)
    assert not shown.xpath("//div[@class='place'] | //mark")
    assert shown.xpath("//figcaption/a[@class='source whole']/@href")


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
    assert not shown.xpath("//blockquote//mark | //div[@class='text']//strong")
    assert shown.xpath("//blockquote")[0].text_content().strip() == given.text


def test_a_highlight_leads_on_to_the_summary() -> None:
    """The link of a quote carries the part that answers, so that the summary shows it too."""
    statement = answered().statements[0]
    highlight = statement.citation.highlight
    assert highlight
    (link, *others) = show(answered()).xpath("//figcaption//a[@class='whole']/@href")
    assert f"&highlight={highlight.start}-{highlight.end}#quote" in link
    assert not [other for other in others if "highlight" in other]


def test_each_hard_word_is_explained_once_where_it_comes_first() -> None:
    """Under a quote stand the hard words that it is the first to use, as it writes them, with meanings."""
    rows = [
        [(words(word), words(word.getnext())) for word in figure.xpath(".//details[@class='words']//dt")]
        for figure in show(answered()).xpath("//figure")
    ]
    assert rows == [
        [("complete remission", "full remission: No sign is left."), ("remission", "The illness is quiet.")],
        [],
        [("placebo", "A dummy treatment.")],
    ]
    whole = show(answered()).xpath("//details[@class='terms']//dt")
    assert [words(word) for word in whole] == [term.term for term in answered().terms]


def test_meanings_stay_out_of_the_quote() -> None:
    """A quote holds its own words and its mark alone: nothing to press, nothing that is read out between."""
    for quote in show(answered()).iter("blockquote"):
        assert {part.tag for part in quote.iterdescendants()} <= {"p", "mark"}


def test_hard_words_open_without_a_script() -> None:
    """The hard words of a quote are the summary of a details element, opened by a touch or a key."""
    opened = show(answered()).xpath("//figure/details[@class='words'][not(@open)]/summary")
    assert [words(part) for part in opened] == [
        "Hard words: complete remission, remission",
        "Hard words: placebo",
    ]


def test_what_a_study_can_show_stands_beside_its_quotes() -> None:
    """Each study's kind and size are explained in its own section, in the card's sentences."""
    for section, study_id in zip(
        show(answered()).xpath("//section[@class='study']"), ("wang2018", "deng2017"), strict=True
    ):
        explained = study_card(STUDIES[study_id]).explained
        assert explained
        shown = [words(part) for part in section.xpath(".//details[@class='about']//li")]
        assert tuple(shown[-len(explained) :]) == explained


def test_questions_for_the_doctor_wait_behind_a_click() -> None:
    """After an answer the questions are folded; all of them are there."""
    answer = answered()
    (section,) = show(answer).xpath("//details[@class='doctor'][not(@open)]")
    assert tuple(words(item) for item in section.xpath(".//li")) == answer.ask_your_doctor


def test_a_sheet_of_paper_tells_day_and_place() -> None:
    """What a printed answer needs is in it: the day, where the summaries are, the full references."""
    fragment = Fragment.of(answered(), STUDIES, made_on=date(2026, 11, 22), host="answers.example.org")
    shown = words(html.fragment_fromstring(render(fragment, Visit())))
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


def test_feedback_is_a_form_of_fixed_choices() -> None:
    """One press says that it helped, one more why not; nothing can be written, or asked beside a card."""
    yes, no = show(answered()).xpath("//div[@class='feedback']//form")
    for form in (yes, no):
        assert (form.get("method"), form.get("action")) == ("post", "/feedback")
        assert form.xpath("input[@name='reference']/@value") == [answered().answer_id]
        assert not form.xpath(".//textarea | .//input[not(@type='hidden')]")
    assert yes.xpath("button[@name='helpful']/@value") == ["yes"]
    assert no.xpath("input[@name='helpful']/@value") == ["no"]
    assert no.xpath("button[@name='reason']/@value") == list(Reason)
    assert show(no_evidence()).xpath("//div[@class='feedback']")
    assert not show(CRISIS).xpath("//div[@class='feedback']")


def test_what_has_an_answer_is_offered_where_there_is_none() -> None:
    """An abstention offers the answer's suggestions as buttons that ask; an answer offers none."""
    (form,) = show(no_evidence()).xpath("//form[@class='suggestions']")
    assert (form.get("method"), form.get("action")) == ("post", "/ask")
    assert form.xpath("button[@name='question']/@value") == list(Shelf.suggestions)
    assert not show(answered()).xpath("//form[@class='suggestions']")


def test_the_reference_says_what_it_is_for() -> None:
    """At the end stands the answer's id, for the staff; what only staff needs beside it is on paper alone."""
    (line,) = show(answered()).xpath("//p[@class='reference']")
    (more,) = line.xpath("span[@class='on-paper']")
    assert answered().index_generation in words(more)
    assert words(line).removesuffix(words(more)).strip() == (
        f"Reference: {answered().answer_id}. Give it to the clinic\u2019s staff if something seems wrong."
    )


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
    (section,) = show(answer).xpath("//section[@class='study']")
    seen = [words(item) for item in section.xpath("div[@class='cautions']//li")]
    assert len(seen) == beside
    rest = [words(item) for item in section.xpath("details[@class='about']//li")]
    assert tuple([*seen, *rest][:count]) == cautions
    summary = words(section.xpath("details[@class='about']/summary")[0])
    assert (str(count - beside) in summary) == (count > beside)


def test_the_other_side_is_visible_without_a_click() -> None:
    """Studies that say something different have a plain heading and stand outside every details element."""
    (contrast,) = show(answered()).xpath("//section[@class='contrast']")
    assert words(contrast.find("h3")) == "Other studies say something different"
    assert "found no difference" in words(contrast)
    assert not contrast.xpath("ancestor::details")
    assert contrast.xpath(".//blockquote")


def test_an_emergency_shows_the_card_and_nothing_that_competes() -> None:
    """The card stands first, its number right below its heading; no quote, button or form is beside it."""
    shown = show(EMERGENCY)
    assert shown[0].get("class") == "notice emergency"
    assert [part.tag for part in shown[0]][:2] == ["h2", "ul"]
    assert shown.xpath("//a[@class='call']/@href") == ["tel:911"]
    assert not shown.xpath("//blockquote | //section[@class='study'] | //form | //button | //details")


def test_a_card_is_known_by_words_and_sign_not_by_colour() -> None:
    """A safety card has a sign and a heading in words; a number is named, and called by a link."""
    for card in (EMERGENCY, CRISIS):
        (section,) = show(card).xpath("//section[starts-with(@class, 'notice')]")
        assert card.notice
        assert words(section.find("h2")) == card.notice.title
        assert section.xpath("h2/*[local-name()='svg'][@aria-hidden='true']")
        assert [words(part) for part in section.xpath("p")] == card.notice.text.split("\n\n")


def test_a_crisis_card_names_the_line_to_call() -> None:
    """The crisis line is shown by name and can be called with one touch."""
    shown = show(CRISIS)
    assert "988 Suicide & Crisis Lifeline: 988" in words(shown)
    assert shown.xpath("//a[@class='call']/@href") == ["tel:988"]


def test_advice_stands_before_what_the_studies_say() -> None:
    """A notice beside an answer comes first, then the message that labels the quotes, then the quotes."""
    tops = [(part.tag, part.get("class")) for part in show(answered(ADVICE))][:4]
    assert tops == [
        ("section", "notice personal_advice"),
        ("h2", "message"),
        ("p", "sides"),
        ("section", "study"),
    ]


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
    assert words(shown) == (
        "Retraction: This paper was taken back after it came out. Its results cannot be relied on. "
        "Figures were made up. Read the notice"
    )
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
    paths = (
        "blockquote/p",
        "section[@class='study']/h3",
        "div[@class='cautions']/ul",
        "div[@class='text']/p",
    )
    for path in [f"//{path}" for path in (*paths, "details[@class='terms']//dd")]:
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
