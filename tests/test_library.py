"""The summaries that come with plaincite, held against the facts that they were written from."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.check import check_library
from corpus.studies import LIBRARY, Design, Finding, Status, Study, load_studies

SOURCES = Path(__file__).resolve().parents[2] / "shared" / "library"
UNCONTROLLED = {Design.single_arm_trial, Design.cohort, Design.case_series, Design.case_report}
STUDIES = load_studies(LIBRARY)
each_study = pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.study_id)
with_sources = pytest.mark.skipif(
    not SOURCES.is_dir(), reason="the facts that the summaries were written from are not beside the project"
)


@pytest.fixture(scope="module")
def records() -> dict[str, dict[str, Any]]:
    """The facts' records by study id."""
    read = json.loads((SOURCES / "studies-facts.json").read_text(encoding="utf-8"))
    return {record["id"]: record for record in read}


@pytest.fixture(scope="module")
def notes() -> str:
    return (SOURCES / "editor-notes.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> str:
    return (SOURCES / "research-page.txt").read_text(encoding="utf-8")


def test_all_thirteen_studies_are_published() -> None:
    """The library holds 13 studies, all of them published, none of them marked as checked by a clinician."""
    assert len(STUDIES) == 13
    assert {study.status for study in STUDIES} == {Status.published}
    assert {study.reviewed_by for study in STUDIES} == {None}


@with_sources
def test_ids_are_those_of_the_facts(records: dict[str, dict[str, Any]]) -> None:
    """There is a summary for each record of the facts and for nothing else."""
    assert {study.study_id for study in STUDIES} == set(records)


@with_sources
@each_study
def test_bibliography_equals_the_facts(study: Study, records: dict[str, dict[str, Any]]) -> None:
    """Title, authors, year and numbers of the paper are the facts' own, and unknown ones stay unknown."""
    record = records[study.study_id]
    assert study.title == record["title"]
    assert list(study.authors) == record["authors"]
    assert study.year == record["year"]
    assert (study.doi, study.pmid, study.pmcid) == (record["doi"], record["pmid"], record["pmcid"])
    registration = re.search(r"NCT\d{8}", record["trial_registration"] or "")
    assert study.registration == (registration.group() if registration else None)


@with_sources
@each_study
def test_number_of_people_is_stated_not_summed(study: Study, records: dict[str, dict[str, Any]]) -> None:
    """The number of people is one that the facts state for the whole study, or it stays unknown."""
    stated = records[study.study_id]["n"]["value"]
    if isinstance(stated, dict):
        stated = next((stated[key] for key in ("total", "enrolled", "patients") if key in stated), None)
    assert study.people == stated


@with_sources
@each_study
def test_unknown_stays_unknown(study: Study, records: dict[str, dict[str, Any]]) -> None:
    """What is null in the facts is not filled in: side effects, conclusions, outcomes without a result."""
    record = records[study.study_id]
    safety = study.section("side-effects-and-safety").text
    assert ("do not give side effects" in safety) == (record["safety"]["value"] is None)
    if record["authors_conclusion"]["value"] is None:
        assert not re.search(r"authors (conclude|think|argue|see|say|wrote)", _body(study))
        assert "Authors' conclusion" not in {fact.name for fact in study.facts}
    for outcome in record["outcomes"]:
        if outcome["result"] is None:
            assert outcome["measure"] not in {fact.name for fact in study.facts}
    paid = any("Paid for" in limit for limit in record["limitations"]["value"])
    assert (study.funding is not None) == paid
    assert ("do not say who paid" in study.section("what-to-keep-in-mind").text) == (not paid)


@with_sources
@each_study
def test_no_figure_is_invented(study: Study, records: dict[str, dict[str, Any]], notes: str) -> None:
    """Every figure in a study's facts stands in its record or in the editor's notes."""
    known = set(_figures(json.dumps(records[study.study_id], ensure_ascii=False) + notes))
    assert study.facts
    for fact in study.facts:
        assert set(_figures(fact.value)) <= known, fact.name


@with_sources
@each_study
def test_sources_of_facts_are_real(study: Study, records: dict[str, dict[str, Any]], notes: str) -> None:
    """Every source is an address of the study's record, a sentence of the page on it, or a numbered note."""
    record = json.dumps(records[study.study_id], ensure_ascii=False)
    sentences = {sentence["id"] for sentence in records[study.study_id]["seed_sentences"]}
    named = {"editor-notes:evidence-map", "editor-notes:source-quality"}
    for source in (source for fact in study.facts for source in fact.sources):
        kind, _, rest = source.partition(":")
        if kind == "page":
            assert rest in sentences, source
        elif kind == "editor-notes":
            assert source in named or f"\n{rest}. **" in notes, source
        else:
            assert source in record, source


@with_sources
@each_study
def test_words_are_our_own(study: Study, page: str) -> None:
    """No run of eight words is shared with the customer's page, the study's title apart."""
    shared = set(_runs(page)) - set(_runs(study.title))
    texts = [section.text for section in study.sections]
    texts += [fact.value for fact in study.facts] + list(study.cautions)
    texts += [study.who or "", study.comparison or "", study.follow_up or "", study.design_note or ""]
    for text in texts:
        assert not shared & set(_runs(text)), text


def test_check_finds_no_fault() -> None:
    """The library's own check passes: sections, ids, figures borne out, hard words, reading grade."""
    report = check_library(LIBRARY, today=date(2100, 1, 1))
    assert report.errors == ()
    assert {grade.study_id for grade in report.grades} == {study.study_id for study in STUDIES}
    assert max(grade.grade or 99 for grade in report.grades) <= 8


@pytest.mark.parametrize(
    "study", [study for study in STUDIES if study.design in UNCONTROLLED], ids=lambda study: study.study_id
)
def test_missing_comparison_group_is_said(study: Study) -> None:
    """A study without a comparison group says so where its limits stand and among its cautions."""
    assert "no comparison group" in study.section("what-to-keep-in-mind").text.lower()
    assert any("no comparison group" in caution.lower() for caution in study.cautions)


@each_study
def test_safe_never_stands_alone(study: Study) -> None:
    """The summaries call nothing safe: the word occurs only where something is not proven safe."""
    found = re.findall(r"(\w+ )safe(?:ly)?\b", " ".join([_body(study), *study.cautions]))
    assert set(found) <= {"proven "}


def test_deng_tells_of_the_early_stop_and_the_death() -> None:
    """The placebo-controlled trial tells of its early stop, of the death and of no difference, up front."""
    deng = _study("deng2017")
    assert deng.finding is Finding.no_difference
    key, safety = deng.section("key-messages").text, deng.section("side-effects-and-safety").text
    assert "stopped early, after 18 people" in key
    assert "9 of 12 people (75%)" in key
    assert "5 of 6 people (83%)" in key
    for text in (key, safety):
        assert "One of the 12 people in the stem cell group died of severe pneumonia" in text
    assert any("Stopped early" in caution for caution in deng.cautions)


def test_wang_gives_deaths_and_denominators() -> None:
    """The five-year study tells of the 13 deaths and keeps remission (of 81) and relapse (of 37) apart."""
    key = _study("wang2018").section("key-messages").text
    assert "13 of 81 people died" in key
    assert "28 of 81 people (34%)" in key
    assert "Of the 37 people who had reached remission at some point, 9 (24%)" in key


def test_zhou_tells_what_was_no_longer_clear() -> None:
    """The pooled review is mixed: two of four trials without benefit, nothing clear at 12 months."""
    zhou = _study("zhou2020")
    assert zhou.finding is Finding.mixed
    key = zhou.section("key-messages").text
    assert "Two of the four randomized trials did not find a benefit" in key
    assert "By 12 months, urine protein no longer clearly differed" in key


def test_wen_words_no_link_as_advice() -> None:
    """Each sentence that links remission with an earlier drug says that this is no reason to stop it."""
    wen = _study("wen2019")
    sentences = [
        sentence
        for section in wen.sections
        for sentence in re.split(r"(?<=\.)\s+", section.text)
        if re.search(r"cyclophosphamide|hydroxychloroquine", sentence)
    ]
    assert len(sentences) == 3
    assert all(
        re.search(r"no reason to stop it|not mean that anyone should stop", text) for text in sentences
    )


def test_yang_is_a_pointer_without_numbers() -> None:
    """The trial that was never read reports no finding and no number of people."""
    yang = _study("yang2014")
    assert yang.finding is Finding.not_reported
    assert yang.people is None
    assert "We have no numbers from it" in yang.section("key-messages").text


def test_liang_pilot_carries_its_erratum() -> None:
    """The pilot's erratum is marked, and the text says that its content was not seen."""
    pilot = _study("liang2010_pilot")
    assert [mark.kind for mark in pilot.marks] == ["erratum"]
    assert "We have not seen the correction" in pilot.section("what-to-keep-in-mind").text


def _study(study_id: str) -> Study:
    return next(study for study in STUDIES if study.study_id == study_id)


def _body(study: Study) -> str:
    return "\n\n".join(section.text for section in study.sections)


def _figures(text: str) -> Iterator[float]:
    """The numbers in a text, as values: 2,505 is 2505.0."""
    for figure in re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)):
        yield float(figure)


def _runs(text: str, length: int = 8) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    for start in range(len(words) - length + 1):
        yield tuple(words[start : start + length])
