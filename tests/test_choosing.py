from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from service.choosing import choose_sides, fitting_sentences
from service.evidence import Evidence, read_passages
from service.naming import lift_naming
from service.restriction import restrict
from service.understanding import Understood, understand

if TYPE_CHECKING:
    from service.library import Library

Read = Callable[[str], tuple[Understood, list[Evidence]]]
Choose = Callable[[str], tuple[list[Evidence], list[Evidence]]]


@pytest.fixture(scope="module")
def read(library: "Library") -> Read:
    """Understands a question and scores the sentences of the library for it."""
    sources, index = library.sources, library.index

    def read_for(question: str) -> tuple[Understood, list[Evidence]]:
        asked = understand(question, index, sources.glossary, sources.speller)
        vector, tokens = index.encoder.encode_question(asked.query)
        hits = index.search_vector(vector, tokens.vectors, asked.query, 100)
        passages = restrict(hits, index, asked.named)
        read = read_passages(passages, index, tokens, asked.ignored)
        return asked, lift_naming(read, asked.query, sources.glossary, index.studies.values()).sentences

    return read_for


@pytest.fixture(scope="module")
def choose(library: "Library", read: Read) -> Choose:
    """What is chosen for a question."""

    def choose_for(question: str) -> tuple[list[Evidence], list[Evidence]]:
        asked, candidates = read(question)
        passages = [item.passage for item in candidates]
        fitting = fitting_sentences(asked, candidates, library.studies)
        return choose_sides(asked, passages, fitting, library.index)

    return choose_for


def test_study_that_the_library_has_not_is_not_answered_from_others(library: "Library", read: Read) -> None:
    """Where only an unknown study is named, no sentence fits, however near it is."""
    asked, candidates = read("what did the Smith 2015 trial find about remission?")
    assert candidates
    assert fitting_sentences(asked, candidates, library.studies) == []


def test_dose_is_that_of_what_was_asked(library: "Library", read: Read) -> None:
    """Of a question how much of a drug to take no sentence on the dose of cells is left."""
    asked, candidates = read("how much mycophenolate should I take?")
    glossary = library.sources.glossary
    assert fitting_sentences(asked, candidates, library.studies, glossary) == []
    cells, candidates = read("what dose of stem cells was given?")
    doses = fitting_sentences(cells, candidates, library.studies, glossary)
    assert doses
    assert all("dose" in item.text.lower() for item in doses)


def test_effect_is_looked_for_where_results_stand(library: "Library", read: Read) -> None:
    """What a study was about is no answer to whether it helped."""
    asked, candidates = read("did it help the kidneys?")
    sections = {item.passage.section for item in fitting_sentences(asked, candidates, library.studies)}
    assert sections == {"what-they-found", "key-messages"}


@pytest.mark.parametrize("question", ["does the Deng trial show that it works?", "is it safe, in Deng 2017?"])
def test_named_study_has_no_other_side(choose: Choose, question: str) -> None:
    """A question about one study is answered from it alone, even on effect and safety."""
    statements, contrast = choose(question)
    assert {item.study_id for item in statements} == {"deng2017"}
    assert contrast == []


@pytest.mark.parametrize(
    "question",
    [
        "four-year study and five-year study side by side: how many in remission?",
        "relapses in Sun 2010 compared to Wang 2013",
    ],
)
def test_each_of_several_named_studies_is_heard(choose: Choose, question: str) -> None:
    """A comparison of two studies quotes both, even where one alone has all the surest sentences."""
    statements, contrast = choose(question)
    studies = {item.study_id for item in statements}
    assert len(studies) == 2
    assert "wang2013" in studies
    assert contrast == []
    assert [item.score for item in statements] == sorted((item.score for item in statements), reverse=True)


def test_more_studies_than_fit_are_heard_by_how_well_they_answer(library: "Library", read: Read) -> None:
    """Of eight studies from one place the surest sentence comes first, whichever study has it."""
    asked, candidates = read("how many died in the Nanjing studies within five years?")
    assert len(asked.apart) > 3
    last = max(candidates, key=lambda item: item.study_id)
    scored = [replace(item, score=0.99 if item is last else 0.5) for item in candidates]
    statements, _ = choose_sides(asked, [item.passage for item in scored], scored, library.index)
    assert statements[0].text == last.text


def test_silence_comes_after_what_is_said(library: "Library", read: Read) -> None:
    """Of a named study, too, what its sources do not say stands last, however sure it is."""
    asked, candidates = read("were there side effects in Gu 2014 and Wen 2019?")
    silent = next(item for item in candidates if item.is_silent)
    says = next(item for item in candidates if not item.is_silent and item.study_id == silent.study_id)
    scored = [replace(silent, score=0.95), replace(says, score=0.75)]
    statements, _ = choose_sides(asked, [item.passage for item in scored], scored, library.index)
    assert [item.text for item in statements] == [says.text, silent.text]


def test_one_thing_asked_of_a_named_study_is_not_its_main_message(choose: Choose) -> None:
    """How, when and where are answered by a sentence that says so; where none does, by nothing."""
    given, _ = choose("how were the cells given in the Sun study?")
    assert any("through a drip into a vein" in item.text for item in given)
    when, _ = choose("when was the Gu study done")
    assert "from 2007 to 2010" in when[0].text
    assert choose("where was the Deng trial done") == ([], [])
    long, _ = choose("for how long were they followed in the Wang 2018 study?")
    assert {item.passage.section for item in long} != {"key-messages"}
    against, _ = choose("was there a comparison in the Gu study?")
    assert "no comparison group" in against[0].text
    whole, _ = choose("what happened in the Deng trial?")
    assert {item.passage.section for item in whole} == {"key-messages"}
    both, _ = choose("compare Deng 2017 and Gu 2014")
    assert [item.passage.passage_id for item in both] == ["deng2017#0", "gu2014#0"]


def test_question_which_studies_are_silent_gets_those(choose: Choose) -> None:
    """Several studies speak, each with what its sources do not say, and none against them."""
    statements, contrast = choose("in which of the studies are we simply not told about side effects?")
    assert len({item.study_id for item in statements}) > 1
    assert all(item.is_silent for item in statements)
    assert contrast == []
    found, _ = choose("which study did not report that protein in the urine fell or improved?")
    assert not any(item.is_silent for item in found)


def test_named_study_that_is_silent_says_so(choose: Choose) -> None:
    """Where a named study does not tell of harm, its own words on that are the answer."""
    statements, _ = choose("were there side effects in Wen 2019?")
    assert {item.study_id for item in statements} == {"wen2019"}
    assert all(item.is_silent and "side effects" in item.text for item in statements)


def test_nothing_fitting_gives_nothing(library: "Library", read: Read) -> None:
    """Without a sentence that fits not even a general question is answered."""
    asked, _ = read("does it work?")
    assert choose_sides(asked, library.index.passages, [], library.index) == ([], [])
