import logging

import pytest

from corpus.studies import Study
from service.answers import DISCLAIMER, Answer, Citation, Contrast, Highlight, Outcome, Statement
from service.verification import holds_highlight, is_verbatim, verify
from service.wording import study_card
from tests.studies import make_study

STUDY = make_study("doe2020")
OTHER = make_study("poe2017", finding="no_difference")
STUDIES = {study.study_id: study for study in (STUDY, OTHER)}


def statement(
    study: Study = STUDY,
    *,
    start: int = 0,
    end: int = 44,
    text: str | None = None,
    number: int = 1,
    **cite: str,
) -> Statement:
    section = study.section("what-they-found")
    given = {"study_id": study.study_id, "section": section.name, "source_sha256": section.sha256, **cite}
    citation = Citation(number=number, section_title=section.title, start=start, end=end, **given)
    return Statement(text=section.text[start:end] if text is None else text, citation=citation)


def answer(statements: list[Statement], contrast: list[Statement] | None = None) -> Answer:
    sides = (
        (Contrast(study_id="poe2017", why="It found no difference.", statements=tuple(contrast)),)
        if contrast
        else ()
    )
    return Answer(
        outcome=Outcome.answered,
        message="This is what the studies say.",
        statements=tuple(statements),
        contrast=sides,
        studies=(study_card(STUDY), study_card(OTHER)),
        disclaimer=DISCLAIMER,
        answer_id="a",
        corpus_version="c",
        index_generation="g",
    )


def test_exact_quote_is_proven() -> None:
    """The section's own characters at the cited offsets are proof."""
    assert is_verbatim(statement(), STUDIES)


@pytest.mark.parametrize(
    "bad",
    [
        statement(text="Protein in the urine fell in 8 of 10 people."),
        statement(start=1, text=STUDY.section("what-they-found").text[0:44]),
        statement(end=10_000, text=STUDY.section("what-they-found").text),
        statement(study_id="nobody1999"),
        statement(section="no-such-section"),
        statement(source_sha256="0" * 64),
        statement(text=STUDY.section("what-they-found").text[0:44].replace(" ", "\u00a0", 1)),
    ],
)
def test_anything_else_is_not(bad: Statement) -> None:
    """Another number, shifted offsets, an unknown source or another version of it are no proof."""
    assert not is_verbatim(bad, STUDIES)


def test_unproven_quote_is_dropped_and_the_rest_renumbered(caplog: pytest.LogCaptureFixture) -> None:
    """What cannot be proven is not sent; the rest counts on from 1 and only its studies are listed."""
    with caplog.at_level(logging.ERROR):
        sent = verify(
            answer(
                [statement(text="Made up."), statement(number=2)], [statement(OTHER, number=3, text="No.")]
            ),
            STUDIES,
        )
    assert sent is not None
    assert [(s.text, s.citation.number) for s in sent.statements] == [(statement().text, 1)]
    assert sent.contrast == ()
    assert [card.study_id for card in sent.studies] == ["doe2020"]
    assert "Made up" not in caplog.text
    assert len(caplog.records) == 2


def test_answer_without_a_proven_quote_is_not_sent() -> None:
    """When no statement is left there is no answer, not an empty one."""
    assert verify(answer([statement(text="Made up.")], [statement(OTHER)]), STUDIES) is None


def test_good_answer_is_sent_as_it_is() -> None:
    """Proof changes nothing in an answer that is right."""
    good = answer([statement()], [statement(OTHER, number=2)])
    assert verify(good, STUDIES) == good


def marked(start: int, end: int) -> Statement:
    """The first 44 characters, "Protein in the urine fell in 9 of 10 people.", with a part marked."""
    plain = statement()
    citation = plain.citation.model_copy(update={"highlight": Highlight(start=start, end=end)})
    return plain.model_copy(update={"citation": citation})


@pytest.mark.parametrize(("start", "end"), [(0, 44), (0, 7), (26, 43), (43, 44)])
def test_highlight_within_its_quote_is_kept(start: int, end: int) -> None:
    """A part of the quote that begins and ends between words may be marked."""
    given = marked(start, end)
    assert holds_highlight(given.citation, given.text)
    sent = verify(answer([given]), STUDIES)
    assert sent is not None
    assert sent.statements[0].citation.highlight == Highlight(start=start, end=end)


@pytest.mark.parametrize(("start", "end"), [(0, 45), (40, 100), (7, 7), (9, 3), (1, 7), (0, 5)])
def test_wrong_highlight_is_dropped_and_the_quote_kept(
    start: int, end: int, caplog: pytest.LogCaptureFixture
) -> None:
    """What lies outside the quote, is empty or cuts a word in two is not marked; the quote is sent."""
    with caplog.at_level(logging.ERROR):
        sent = verify(answer([marked(start, end)]), STUDIES)
    assert sent is not None
    assert sent.statements[0].text == statement().text
    assert sent.statements[0].citation.highlight is None
    assert len(caplog.records) == 1
    assert "Protein" not in caplog.text


def test_highlight_counts_in_the_section() -> None:
    """Its offsets are the section's, also where the quote begins further on."""
    text = STUDY.section("what-they-found").text
    given = statement(start=45, end=len(text))
    citation = given.citation.model_copy(update={"highlight": Highlight(start=45, end=49)})
    assert holds_highlight(citation, given.text)
    early = given.citation.model_copy(update={"highlight": Highlight(start=0, end=7)})
    assert not holds_highlight(early, given.text)
