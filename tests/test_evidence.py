from dataclasses import replace

import pytest

from corpus.glossary import Glossary, Term
from corpus.passages import Passage, split_study
from service.evidence import (
    MAX_ALIKE,
    MAX_PER_STUDY,
    MAX_STATEMENTS,
    WELL_KNOWN,
    Evidence,
    giving_reasons,
    group_by_study,
    on_dose,
    select_evidence,
)
from tests.studies import make_study

TEXT = (
    "Nine of 12 people improved. This was not seen at 12 months. Of these, two died. Costs were not reported."
)
SAYINGS = ("Apples are red.", "Pears taste sweet.", "Bread was baked.", "Water ran downhill.", "Snow fell.")
SILENT = (
    "The sources we read do not say who paid for it. Two companies paid for this trial. It had 18 people. "
    "The trial was stopped early because nobody got better."
)


def passage(text: str = TEXT, study_id: str = "doe2020") -> Passage:
    study = make_study(study_id, what_they_found=text)
    return next(p for p in split_study(study) if p.section == "what-they-found")


def evidence(number: int, score: float, of: Passage | None = None) -> Evidence:
    place = of or passage()
    span = place.sentences[number]
    return Evidence(passage=place, sentence=span, quote=span, score=score)


def test_nothing_sure_enough_gives_nothing() -> None:
    """Below the threshold there is no evidence, however many sentences there are."""
    assert select_evidence([evidence(0, 0.39), evidence(3, 0.2)], threshold=0.4) == []
    assert select_evidence([], threshold=0.4) == []


def test_most_direct_sentence_comes_first() -> None:
    """Sentences are chosen by score, whatever order they come in."""
    other = passage(study_id="roe2021")
    chosen = select_evidence([evidence(3, 0.8), evidence(0, 0.9, other)], threshold=0.4)
    assert [(item.study_id, item.score) for item in chosen] == [("roe2021", 0.9), ("doe2020", 0.8)]


def test_sentences_far_behind_the_best_are_left_out() -> None:
    """A sentence that clears the threshold but is far less sure than the best one is not shown."""
    chosen = select_evidence([evidence(0, 0.9), evidence(3, 0.42)], threshold=0.4)
    assert [item.score for item in chosen] == [0.9]


def test_one_study_does_not_fill_the_answer() -> None:
    """A study gives at most MAX_PER_STUDY quotes, so that others have room."""
    chosen = select_evidence(
        [evidence(number, 0.5, passage(" ".join(SAYINGS))) for number in range(4)], threshold=0.4
    )
    assert len(chosen) == MAX_PER_STUDY


def test_fewer_sentences_are_shown_where_they_are_surer() -> None:
    """Two are enough where the first is known to answer such questions and one of them very likely does."""
    places = [passage(text, f"doe{year}") for year, text in enumerate(SAYINGS, start=2000)]
    sure = [replace(evidence(0, 0.9, place), known=WELL_KNOWN) for place in places]
    unsure = [evidence(0, 0.5, place) for place in places]
    assert len(select_evidence(sure, threshold=0.4)) == 2
    assert len(select_evidence(unsure, threshold=0.4)) == MAX_STATEMENTS


def test_near_repeats_within_a_study_are_left_out() -> None:
    """The key message that says what the results say is not shown beside it."""
    text = (
        "Protein in the urine fell in 9 of 10 people. In 9 of 10 people protein in the urine fell. It rained."
    )
    place = passage(text)
    assert len(select_evidence([evidence(0, 0.9, place), evidence(1, 0.89, place)], threshold=0.4)) == 1


@pytest.mark.parametrize(
    ("second", "kept"),
    [
        ("Remission lasted 9 months in most people.", True),
        ("Remission lasted long in most people.", False),
        ("Protein fell by half.", True),
    ],
)
def test_second_sentence_of_a_study_must_add_something(second: str, kept: bool) -> None:
    """A further sentence of one study is kept for a new figure, or for saying something else."""
    place = passage(f"Remission was seen in most people at the end. {second}")
    chosen = select_evidence([evidence(0, 0.9, place), evidence(1, 0.85, place)], threshold=0.4)
    assert (len(chosen) == 2) is kept


def test_quotes_of_one_study_stand_together() -> None:
    """Studies come in the order of their best sentence, each with all its quotes."""
    mine, theirs = passage(), passage(study_id="roe2021")
    items = [evidence(0, 0.9, mine), evidence(0, 0.8, theirs), evidence(3, 0.7, mine)]
    assert [item.study_id for item in group_by_study(items)] == ["doe2020", "doe2020", "roe2021"]


@pytest.mark.parametrize("limit", [1, 2, 4, 5])
def test_limit_holds(limit: int) -> None:
    """Never more sentences than the limit."""
    places = [passage(text, f"doe{year}") for year, text in enumerate(SAYINGS, start=2000)]
    items = [evidence(0, 0.9, place) for place in places]
    assert len(select_evidence(items, threshold=0.4, limit=limit)) == limit


def test_the_same_sentence_is_not_quoted_from_every_study() -> None:
    """Where many studies say the very same sentence, two of them stand for all."""
    items = [evidence(0, 0.5, passage(study_id=f"doe{year}")) for year in range(2000, 2005)]
    assert len(select_evidence(items, threshold=0.4, limit=5)) == MAX_ALIKE


def test_what_a_source_does_not_say_comes_last() -> None:
    """A sentence that only says what is not known makes room for one that answers, however sure it is."""
    place = passage(SILENT)
    items = [evidence(0, 0.95, place), evidence(1, 0.6, place)]
    assert [item.score for item in select_evidence(items, question="who paid?", threshold=0.4)] == [0.6, 0.95]


def test_what_a_source_does_not_say_is_an_answer_where_nothing_else_is() -> None:
    """It is quoted alone where no other sentence is sure, and first where that is what was asked."""
    place = passage(SILENT)
    alone = [evidence(0, 0.95, place), evidence(2, 0.3, place)]
    assert [item.score for item in select_evidence(alone, question="who paid?", threshold=0.4)] == [0.95]
    both = [evidence(0, 0.95, place), evidence(1, 0.9, place)]
    known = select_evidence(both, question="is it known who paid?", threshold=0.4)
    assert [item.score for item in known] == [0.95, 0.9]


def test_what_sources_do_not_say_is_said_once() -> None:
    """A second study's silence tells nothing new, unless what is known is what was asked."""
    mine, theirs = passage(SILENT), passage(SILENT.replace("paid for it", "funded this one"), "roe2021")
    silent = [evidence(0, 0.95, mine), evidence(0, 0.94, theirs)]
    assert [item.score for item in select_evidence(silent, question="who paid?", threshold=0.4)] == [0.95]
    known = select_evidence(silent, question="is it known who paid?", threshold=0.4)
    assert [item.score for item in known] == [0.95, 0.94]


def test_headings_and_references_are_never_quoted() -> None:
    """What is no sentence of its own does not answer, however near it comes."""
    for text in ("Sources:", "What they found", "PMID: 28478399."):
        assert select_evidence([evidence(0, 0.99, passage(text))], threshold=0.4) == []


def test_dose_of_another_drug_is_no_answer() -> None:
    """Only sentences on doses answer, and where a drug is named only those on that drug."""
    drugs = [Term(term=name, meaning="A drug.", drug=True) for name in ("prednisone", "mycophenolate")]
    place = passage("The dose was 2 cells. The dose of prednisone was 5 mg. Everyone took prednisone.")
    items = [evidence(number, 0.9, place) for number in range(3)]
    assert on_dose(items, "what dose was used?", Glossary(drugs)) == items[:2]
    assert on_dose(items, "what dose of prednisone?", Glossary(drugs)) == items[1:2]
    assert on_dose(items, "how much mycophenolate may I take?", Glossary(drugs)) == []


def test_question_why_gets_the_reason_first() -> None:
    """Of what is sure enough, a sentence that gives a reason is the more direct answer to "why"."""
    place = passage(SILENT)
    items = [evidence(1, 0.95, place), evidence(3, 0.9, place)]
    why = select_evidence(items, question="why was it stopped?", threshold=0.4)
    assert [item.score for item in why] == [0.9, 0.95]
    when = select_evidence(items, question="when was it stopped?", threshold=0.4)
    assert [item.score for item in when] == [0.95, 0.9]


def test_what_is_taken_for_granted_is_answered_by_reasons_alone() -> None:
    """Only where the surest sentence gives a reason do reasons answer, not those for something else."""
    place = passage(SILENT)
    because = evidence(3, 0.9, place)
    assert giving_reasons([evidence(1, 0.8, place), because, evidence(2, 0.7, place)]) == [because]
    assert giving_reasons([evidence(1, 0.95, place), because]) == []
    assert giving_reasons([]) == []
