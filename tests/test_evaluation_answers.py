"""Measuring answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.sentences import split_sentences
from corpus.studies import Study
from evaluation.answers import evaluate_answers
from evaluation.errors import InputFileError
from service.answers import DISCLAIMER, Answer, Citation, Contrast, Outcome, Statement
from service.wording import study_card
from tests.studies import make_study

STUDIES = {"doe2020": make_study("doe2020"), "poe2021": make_study("poe2021", finding="no_difference")}
FELL = "Protein in the urine fell in 9 of 10 people."
DIED = "Nobody died."
LEAKED = "Kidneys leaked less protein after treatment."


def statement(number: int, study: Study, sentence: str, *, before: int = 0) -> Statement:
    """A sentence of a study as it is quoted, with the sentence before it where `before` is 1."""
    for section in study.sections:
        spans = split_sentences(section.text)
        for place, span in enumerate(spans):
            if section.text[span.start : span.end] == sentence:
                start = spans[place - before].start
                citation = Citation(
                    number=number,
                    study_id=study.study_id,
                    section=section.name,
                    section_title=section.title,
                    start=start,
                    end=span.end,
                    source_sha256=section.sha256,
                )
                return Statement(text=section.text[start : span.end], citation=citation)
    raise AssertionError(sentence)


def answer(*quotes: Statement, other_side: tuple[Statement, ...] = ()) -> Answer:
    cited = dict.fromkeys(quote.citation.study_id for quote in (*quotes, *other_side))
    contrast = (
        (Contrast(study_id="poe2021", why="Another result.", statements=other_side),) if other_side else ()
    )
    return Answer(
        outcome=Outcome.answered if quotes else Outcome.no_evidence,
        message="A message.",
        statements=quotes,
        studies=tuple(study_card(STUDIES[study_id]) for study_id in cited),
        contrast=contrast,
        disclaimer=DISCLAIMER,
        answer_id="a",
        corpus_version="c",
        index_generation="g",
    )


def write(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in lines))
    return path


def test_measures_by_hand(tmp_path: Path) -> None:
    """An abstention counts 0 for its sentence and study; the other side of an answer counts as shown."""
    wanted = {"outcome": "answered", "studies": ["doe2020"], "sentences": [FELL]}
    path = write(
        tmp_path / "questions.jsonl",
        {"question": "first", **wanted},
        {"question": "second", **wanted},
        {"question": "contrast", **wanted, "studies": ["poe2021"]},
        {"question": "abstains", **wanted},
        {"question": "near miss", "outcome": "no_evidence"},
        {"question": "wrongly answered", "outcome": "no_evidence"},
    )
    doe, poe = STUDIES["doe2020"], STUDIES["poe2021"]
    given = {
        "first": answer(statement(1, doe, FELL)),
        "second": answer(statement(1, doe, DIED), statement(2, doe, FELL)),
        "contrast": answer(statement(1, doe, DIED), other_side=(statement(2, poe, FELL),)),
        "abstains": answer(),
        "near miss": answer(),
        "wrongly answered": answer(statement(1, doe, DIED)),
    }
    told: list[None] = []
    report = evaluate_answers(
        path, given.__getitem__, STUDIES, settings={"model": "toy"}, progress=lambda: told.append(None)
    )
    assert report.measures == {
        "outcome accuracy": pytest.approx(4 / 6),
        "answered": 0.75,
        "abstained": 0.5,
        "right sentence first": 0.25,
        "right sentence shown": 0.75,
        "right study shown": 0.75,
    }
    assert report.counts["questions"] == len(told) == 6
    assert report.counts["behind right sentence first"] == 4
    assert report.rows[3]["outcome"] == "no_evidence"
    assert report.rows[4]["sentence_first"] is None


def test_a_quote_may_bring_the_sentence_before_along(tmp_path: Path) -> None:
    """The right sentence is found in a quote that holds more, and across a line break of the source."""
    broken = make_study("doe2020", what_they_found=FELL.replace("urine fell", "urine\nfell"))
    path = write(
        tmp_path / "questions.jsonl",
        {"question": "leaning", "outcome": "answered", "sentences": [LEAKED]},
        {"question": "broken", "outcome": "answered", "sentences": [FELL]},
    )
    given = {
        "leaning": answer(statement(1, STUDIES["doe2020"], LEAKED, before=1)),
        "broken": answer(statement(1, broken, FELL.replace("urine fell", "urine\nfell"))),
    }
    assert given["leaning"].statements[0].text != LEAKED
    report = evaluate_answers(path, given.__getitem__, {"doe2020": broken}, settings={})
    assert report.measures["right sentence first"] == 1.0
    assert report.measures["right study shown"] is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"studies": ["doe2019"]}, "the library has no study doe2019"),
        ({"sentences": ["Everybody lived."]}, "no study of the library has the sentence"),
        ({"outcome": "no_evidence", "studies": ["doe2020"]}, "studies and sentences belong to a question"),
        ({"outcome": "perhaps"}, "outcome: Input should be 'answered', 'no_evidence' or 'screened'"),
        ({"expected": "doe2020"}, "expected: Extra inputs are not permitted"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, change: dict[str, Any], problem: str) -> None:
    """What the library does not have, and what does not fit together, is refused: it could never be right."""
    good = {"question": "q", "outcome": "answered", "sentences": [FELL]}
    path = write(tmp_path / "questions.jsonl", good, good | change)
    with pytest.raises(InputFileError) as caught:
        evaluate_answers(path, lambda _: answer(), STUDIES, settings={})
    assert caught.value.line == 2
    assert caught.value.problem.startswith(problem)
