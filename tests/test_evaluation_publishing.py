from pathlib import Path

import pytest

from evaluation.releasing.crowd import Asked
from evaluation.releasing.editor import Window
from evaluation.releasing.measuring import Made, evaluate_publishing, faults_of, is_stale
from index.errors import BuildFailedError
from service.settings import Settings
from tests.conftest import ENCODERS
from tests.studies import make_study

STUDY = make_study()
VERSIONS = {"old": {"doe2020": STUDY}}
FOUND = STUDY.section("what-they-found")
CITATION = {
    "study_id": "doe2020",
    "section": "what-they-found",
    "start": 0,
    "end": 12,
    "source_sha256": FOUND.sha256,
}
QUOTE = {"text": FOUND.text[:12], "citation": CITATION}


def asked(
    *statements: dict[str, object], version: str = "old", status: int = 200, at: tuple[float, float] = (0, 1)
) -> Asked:
    return Asked(*at, status, {"corpus_version": version, "statements": [*statements], "contrast": []})


def test_nobody_who_asks_notices_a_release(settings: Settings) -> None:
    """A real service under load while a summary is published and taken back: every response is right."""
    questions = ["Did it help the kidneys?", "How many people died?", "Was sleep measured?"]
    report = evaluate_publishing(questions, settings, rounds=1, people=2, quiet=0.3)
    assert report.rows == []
    assert report.measures["failed or wrong responses"] == 0
    assert report.measures["answers from a release before, after the switch was told"] == 0
    assert report.counts["releases"] == 2
    assert 0 < report.counts["responses during a release"] <= report.counts["responses"]
    assert 0 < report.counts["answers"] < report.counts["responses"]


def test_a_service_that_does_not_start_is_an_error(tmp_path: Path) -> None:
    """There is nothing to measure over a library without a study."""
    (tmp_path / "library").mkdir()
    nothing = Settings(corpus=tmp_path / "library", index=tmp_path / "index", encoders=ENCODERS)
    with pytest.raises(BuildFailedError, match="no published study"):
        evaluate_publishing(["is it safe?"], nothing, rounds=1, people=1)


def test_a_right_response_has_no_fault() -> None:
    """Its quotes stand in the version that it names."""
    assert faults_of(asked(QUOTE), VERSIONS) == []
    assert faults_of(Asked(0, 1, 200, {}), VERSIONS) == [], "a page"


def test_every_kind_of_wrong_response_is_told() -> None:
    """A refusal, no response, a version that never was, a quote of another version or another place."""
    moved = {**QUOTE, "citation": {**CITATION, "start": 1, "end": 13}}
    changed = {**QUOTE, "citation": {**CITATION, "source_sha256": "0" * 64}}
    gone = {**QUOTE, "citation": {**CITATION, "study_id": "roe2021"}}
    for wrong in (
        asked(QUOTE, status=503),
        Asked(0, 1, 0, {}),
        asked(QUOTE, version="new"),
        asked(moved),
        asked(changed),
        asked(QUOTE, gone),
    ):
        assert len(faults_of(wrong, VERSIONS)) == 1


def test_an_answer_from_before_the_switch_is_stale_only_after_it_was_told() -> None:
    """During a release either version is right; once the new one is told to answer, no other is."""
    made = [Made("publish", Window(10, 20), "new", {}), Made("rollback", Window(30, 40), "old", {})]
    assert not is_stale(asked(version="old", at=(5, 6)), made)
    assert not is_stale(asked(version="old", at=(15, 25)), made)
    assert not is_stale(asked(version="new", at=(21, 22)), made)
    assert is_stale(asked(version="old", at=(21, 22)), made)
    assert not is_stale(asked(version="old", at=(25, 35)), made), "the next release had begun"
    assert is_stale(asked(version="new", at=(41, 42)), made)
