from typing import TYPE_CHECKING

import pytest

from corpus.sentences import Span
from index.encoder import Encoder
from service.answering import answer_question
from service.answers import Answer, Outcome
from service.evidence import Evidence
from service.highlight import choose_clause, clauses, mark_answers
from service.verification import holds_highlight
from tests.toy import ToyEncoder

if TYPE_CHECKING:
    from service.library import Library

ALIVE = "At 12 months, 77 of 81 people (95%, or so) were alive and 4 of them had died of other causes."


def parts(sentence: str) -> list[str]:
    return [sentence[slice(*span)] for span in clauses(sentence)]


def chosen(sentence: str, question: str, *, figure: bool = False) -> str | None:
    """What the toy encoder, to which only equal words are alike, would mark."""
    encoder = ToyEncoder(4096)
    (own,) = encoder.encode_tokens([sentence])
    (asked,) = encoder.encode_tokens([question])
    spans = encoder.token_spans(sentence)
    clause = choose_clause(sentence, spans, own.vectors, asked.vectors, figure=figure)
    return sentence[slice(*clause)] if clause else None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (ALIVE, [ALIVE[: ALIVE.index(" and")], "4 of them had died of other causes"]),
        (
            "Protein fell, albumin was higher; nobody died.",
            ["Protein fell", "albumin was higher", "nobody died"],
        ),
        ("It rose at first but it fell later.", ["It rose at first", "it fell later"]),
        ("Protein rose while albumin was lower.", ["Protein rose", "while albumin was lower"]),
        ("Albumin, C3 and C4 were higher.", ["Albumin, C3 and C4 were higher"]),
        ("It was lower at 3, 6 and 12 months.", ["It was lower at 3, 6 and 12 months"]),
        ("C3, which is often low, was higher.", ["C3, which is often low, was higher"]),
        (
            "Of the 37 people who had improved, 9 had a relapse.",
            ["Of the 37 people who had improved, 9 had a relapse"],
        ),
        ("Most had joint pain - nobody had died.", ["Most had joint pain", "nobody had died"]),
        ("Signals called Th1 and Th2 were normal.", ["Signals called Th1 and Th2 were normal"]),
        ("One word", ["One word"]),
    ],
)
def test_clauses_are_what_says_something(sentence: str, expected: list[str]) -> None:
    """A sentence is cut where a new clause begins; lists, relative clauses and openings stay with theirs."""
    assert parts(sentence) == expected


@pytest.mark.parametrize(
    "sentence", ["", " ", "...", "(a, b", "and, but; or: so", "\u00e9\u0301, ß and 🙂 had"]
)
def test_any_text_has_clauses_within_it(sentence: str) -> None:
    """Whatever the text, clauses are parts of it in order."""
    found = clauses(sentence)
    assert all(0 <= span.start <= span.end <= len(sentence) for span in found)
    assert found == sorted(found)


def test_clause_that_matches_is_chosen() -> None:
    """The clause with the question's words is marked."""
    assert chosen(ALIVE, "died causes") == "4 of them had died of other causes"
    assert chosen(ALIVE, "alive") == ALIVE[: ALIVE.index(" and")]


def test_short_sentence_has_no_highlight() -> None:
    """A sentence of up to 12 words is read at a glance."""
    assert chosen("77 people were alive and 4 had died of other causes.", "died causes") is None


def test_doubt_means_no_highlight() -> None:
    """Where two clauses match alike, or no word of the question is left, nothing is marked."""
    assert chosen(ALIVE, "weather") is None
    assert chosen(ALIVE, "alive died") is None
    assert chosen(ALIVE, "") is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Stem cells may help some people with hard-to-treat lupus, but this is not proven so far.",
        "Stem cells may help some people with hard-to-treat lupus, although this is not proven so far.",
        "While stem cells may help some people with hard-to-treat lupus, this is not proven so far.",
    ],
)
def test_clause_that_is_taken_back_is_never_marked(sentence: str) -> None:
    """Half of a "..., but ..." would say what the sentence does not."""
    assert chosen(sentence, "help people lupus cells") is None


def test_figure_that_is_asked_for_decides() -> None:
    """Where a number is asked for, only a clause with a number can be the answer."""
    sentence = "All in all 13 people of that study had died, and no death was blamed on the cells."
    assert chosen(sentence, "death") == "no death was blamed on the cells"
    assert chosen(sentence, "death", figure=True) == "All in all 13 people of that study had died"


def test_vectors_that_do_not_fit_the_words_mark_nothing() -> None:
    """A sentence longer than what the model reads has fewer vectors than words, so nothing can be told."""
    encoder = ToyEncoder()
    (own,), (asked,) = encoder.encode_tokens([ALIVE]), encoder.encode_tokens(["died"])
    spans = encoder.token_spans(ALIVE)
    assert choose_clause(ALIVE, spans, own.vectors[:-1], asked.vectors, figure=False) is None


def quotes(answer: Answer) -> list[str]:
    every = [*answer.statements, *(statement for side in answer.contrast for statement in side.statements)]
    assert all(holds_highlight(statement.citation, statement.text) for statement in every)
    return [
        statement.text[mark.start - statement.citation.start : mark.end - statement.citation.start]
        for statement in every
        if (mark := statement.citation.highlight)
    ]


def test_real_answer_marks_the_clause_that_answers(library: "Library") -> None:
    """Of a sentence on two people the clause on the one that was asked for is marked."""
    answer = answer_question("were there patients who got water in the abdomen", library.sources)
    assert answer.outcome is Outcome.answered
    assert quotes(answer)[:1] == ["one had fluid in the belly (ascites)"]


def test_every_sentence_of_the_library_can_be_marked(library: "Library") -> None:
    """For the words of any clause of any sentence, what is marked lies within the sentence, whole words."""
    index = library.index
    encoder: Encoder = index.encoder
    for passage in index.passages[::4]:
        for span in passage.sentences:
            item = Evidence(passage=passage, sentence=span, quote=span, score=0.9)
            part = clauses(item.text)[-1]
            _, tokens = encoder.encode_question(item.text[slice(*part)])
            (marked,) = mark_answers([item], item.text, tokens, index)
            if marked.highlight:
                text = item.text[marked.highlight.start - span.start : marked.highlight.end - span.start]
                assert text.strip() == text != item.text
                assert Span(*marked.highlight) in [
                    Span(span.start + one.start, span.start + one.end) for one in clauses(item.text)
                ]
