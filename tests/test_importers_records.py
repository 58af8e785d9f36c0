"""Records become draft studies; what a study cannot hold is left out and said."""

from typing import Any

import pytest

from corpus.importers.authors import Author
from corpus.importers.records import Part, Record, plain_title, study_id_of, study_of
from corpus.studies import Status


def _record(**fields: Any) -> Record:
    return Record(**{"label": "1", "origin": "a.ris (RIS, record 1)", "title": "A trial", **fields})


@pytest.mark.parametrize(
    ("authors", "year", "study_id"),
    [
        ((Author("Deng", "D"),), 2017, "deng2017"),
        ((Author("Lü", "Z"),), 2017, "lu2017"),
        ((Author("van der Berg", "J"), Author("Deng", "D")), 2001, "vanderberg2001"),
        ((Author("Farge-Bancel", "D"),), 2019, "fargebancel2019"),
        ((Author("O'Neil", "P"),), None, "oneil_undated"),
        ((Author("白", ""),), 2017, "study2017"),
        ((), 2017, "study2017"),
        ((Author("A very long name of a group of investigators who met"),), 2000, None),
    ],
)
def test_ids(authors: tuple[Author, ...], year: int | None, study_id: str | None) -> None:
    """An id is the first author's family name in a to z and the year, and always a valid one."""
    record = _record(authors=authors, year=year)
    assert study_id is None or study_id_of(record) == study_id
    assert study_of(record, study_id_of(record))[0].study_id == study_id_of(record)


def test_a_draft_holds_what_the_source_gave_and_no_more() -> None:
    """Bibliography and text are taken over; finding, people and the like stay empty."""
    record = _record(
        authors=(Author("Deng", "D"),), year=2017, doi="10.1000/1", parts=(Part("Abstract", "One."),)
    )
    study, problems = study_of(record, "deng2017")
    assert study.status is Status.draft
    assert study.authors == ("Deng D",)
    assert study.sections[0].text == "One."
    assert study.imported_from == "a.ris (RIS, record 1)"
    assert (study.finding, study.people, study.who, study.design, study.reviewed_by) == (None,) * 5
    assert problems == ()


def test_values_that_do_not_fit_are_left_out_and_said() -> None:
    """A DOI that is none, a number too long and an odd link are left out with a line each."""
    record = _record(doi="doi-less", pmid="123456789012", link="ftp://x", authors=(Author("Deng"),))
    study, problems = study_of(record, "deng_undated")
    assert (study.doi, study.pmid, study.link) == (None, None, None)
    assert [problem.split()[0] for problem in problems] == ["the", "doi", "pmid", "link"]
    assert problems[0] == "the source gives no year"


def test_without_a_title_there_is_no_draft() -> None:
    """A record whose title is only white space cannot be drafted."""
    with pytest.raises(ValueError, match="title"):
        study_of(_record(title=" \u200b "), "deng2017")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("RETRACTED: A trial", "retraction"),
        ("Retracted Article: A trial", "retraction"),
        ("[RETRACTED] A trial", None),
        ("WITHDRAWN: A trial", "withdrawal"),
        ("Retracted teeth in mice", None),
    ],
)
def test_titles_carry_marks(title: str, kind: str | None) -> None:
    """A title that begins with RETRACTED: or the like marks the study, and the title stays as given."""
    study, _ = study_of(_record(title=title), "deng2017")
    assert study.title == title
    assert [mark.kind for mark in study.marks] == ([kind] if kind else [])


def test_titles_are_compared_by_their_letters() -> None:
    """Case, punctuation and a retraction's prefix do not make another title."""
    assert plain_title("RETRACTED: A Trial, of X.") == plain_title("a trial of x")
