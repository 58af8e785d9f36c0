from typing import TYPE_CHECKING

from corpus.studies import Mark
from service.languages import load_languages
from service.terminal import BOLD, PLAIN, WIDTH, as_text
from tests.shelf import answered

if TYPE_CHECKING:
    from service.languages import load_languages
from service.library import Library


def test_answer_reads_in_order(library: "Library") -> None:
    """Quotes with their sources come first, the other side and the disclaimer after them."""
    answer = library.ask("did it help the kidneys?")
    text = as_text(answer)
    flat = " ".join(text.split())
    assert all(" ".join(statement.text.split()) in flat for statement in answer.statements)
    order = [
        f"[{answer.statements[0].citation.number}]",
        "The other side",
        "Questions for your doctor",
        "not medical advice",
    ]
    places = [flat.index(part) for part in order]
    assert places == sorted(places)
    assert answer.answer_id in text


def test_what_to_mind_of_a_study_comes_once_below_its_quotes(library: "Library") -> None:
    """Two quotes of one study, one after the other, do not repeat its cautions."""
    answer = library.ask("what are the risks and benefits of the Deng trial?")
    assert [statement.citation.study_id for statement in answer.statements] == ["deng2017"] * 2
    text = as_text(answer)
    caution = answer.studies[0].cautions[0][:30]
    assert text.count(f"Mind: {caution}") == 1
    assert text.index("[2]") < text.index("Mind:")


def test_lines_fit_a_terminal(library: "Library") -> None:
    """No line is wider than a terminal, but for addresses."""
    text = as_text(library.ask("is it safe?"))
    assert all(len(line) <= WIDTH or "://" in line for line in text.splitlines())


def test_the_part_that_answers_is_bold_where_a_terminal_shows_it() -> None:
    """In bold stands exactly the highlight, whatever lines it runs over; without bold no code is written."""
    answer = answered()
    citation, text = answer.statements[0].citation, answer.statements[0].text
    assert citation.highlight
    shown = as_text(answer, bold=True)
    assert shown.count(BOLD) == shown.count(PLAIN) == 1
    bold = shown.partition(BOLD)[2].partition(PLAIN)[0]
    assert " ".join(bold.split()) == text[citation.highlight.start - citation.start :]
    assert shown.replace(BOLD, "").replace(PLAIN, "").split() == as_text(answer).split()
    assert "\x1b" not in as_text(answer)


def test_each_study_is_explained() -> None:
    """What the kind and size of each cited study mean stands below the quotes."""
    flat = " ".join(as_text(answered()).split())
    for card in answered().studies:
        assert " ".join([f"{card.reference}:", *card.explained]) in flat


def test_emergency_card_comes_first(library: "Library") -> None:
    """An emergency shows its card before anything else, with whom to call."""
    text = as_text(library.ask("my chest hurts and I cant breathe"))
    assert "911" in text.split("\n\n")[0]


def test_another_language_is_told_in_it(library: "Library") -> None:
    """In Spanish every fixed word around the quotes is Spanish, and a question's own language comes first."""
    spanish = load_languages()["es"]
    text = as_text(library.ask("is it safe?", language="es"), spanish)
    assert "La otra cara." in text
    assert "Preguntas para su médico:" in text
    assert "Tenga en cuenta:" in text
    both = as_text(library.ask("ya no quiero vivir"))
    assert both.index("USTED IMPORTA") < both.index("YOU MATTER")


def test_retraction_stands_before_the_quote() -> None:
    """What a mark means, its note and its link come before what the study is quoted with."""
    mark = Mark(kind="retraction", note="Figures were made up.", link="https://example.org/notice")
    answer = answered()
    cards = tuple(card.model_copy(update={"marks": (mark,)}) for card in answer.studies)
    text = " ".join(as_text(answer.model_copy(update={"studies": cards})).split())
    told = (
        "Retraction: This paper was taken back after it came out. Its results cannot be relied on. "
        "Figures were made up. https://example.org/notice \u201c"
    )
    assert text.count(told) == len(answer.statements) + len(answer.contrast[0].statements)
