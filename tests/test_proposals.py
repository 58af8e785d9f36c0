import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from corpus.notices import Nature
from corpus.retractions import find_retractions
from corpus.studies import Study
from service.proposals import (
    Decision,
    Proposal,
    Standing,
    decide,
    keep_findings,
    list_exports,
    list_proposals,
    not_compared,
    standing,
)
from service.storage.database import Database
from service.storage.tables.audit import audit
from tests.registers import export
from tests.studies import make_study

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
STUDY = make_study(doi="10.1000/xyz.1", pmid='"12345678"')
OTHER = make_study("roe2021", doi="10.1000/other", pmid='"87654321"')


def take(database: Database, *rows: dict[str, str], file: str = "export.csv", days: int = 0) -> int:
    studies = [STUDY, OTHER]
    findings = find_retractions(studies, io.BytesIO(export(*rows)), Path(file))
    with database.begin() as connection:
        at = AT + timedelta(days=days)
        return keep_findings(connection, findings, studies, file=file, member="ada", at=at)


def proposals(database: Database) -> list[Proposal]:
    with database.begin() as connection:
        return list_proposals(connection)


def settle(database: Database, decision: Decision, why: str = "Another paper.") -> None:
    (one,) = proposals(database)
    with database.begin() as connection:
        decide(connection, one, decision, member="bo", at=AT + timedelta(hours=1), why=why)


def test_import_is_kept_with_what_it_says_of_the_library(database: Database) -> None:
    """The notices about our papers alone, each as the register has it; the import itself; the audit entry."""
    elsewhere = {"OriginalPaperDOI": "10.1000/none", "OriginalPaperPubMedID": "0"}
    take(database, {}, elsewhere, {"RetractionDate": "x", "Record ID": "7"})
    assert [(one.notice.record, one.notice.day) for one in proposals(database)] == [
        ("7", None),
        ("4036", date(2010, 2, 6)),
    ]
    with database.begin() as connection:
        (kept,) = list_exports(connection)
        entry = connection.execute(audit.select()).one()
    assert (kept.at, kept.member, kept.file, kept.rows, kept.newest) == (
        AT,
        "ada",
        "export.csv",
        3,
        date(2010, 2, 6),
    )
    assert (kept.matches, kept.faulty) == (2, 1)
    assert kept.faults == ("line 4 (record 7): RetractionDate is 'x', which is no month/day/year",)
    assert (entry.actor, entry.action, entry.subject) == ("ada", "retractions.import", "export.csv")


def test_notice_comes_back_as_it_was_read(database: Database) -> None:
    """Every field of it, so that its mark is the same."""
    take(database, {})
    (one,) = proposals(database)
    (match,) = find_retractions([STUDY], io.BytesIO(export({})), Path("x")).matches
    fields = {name: getattr(match.notice, name) for name in match.notice.__slots__ if name != "line"}
    assert {name: getattr(one.notice, name) for name in fields} == fields
    assert one.notice.mark == match.notice.mark
    assert (one.study_id, one.by, one.conflict, one.lifted) == ("doe2020", match.by, "", False)
    assert (one.decision, one.decided_by, one.decided, one.why) == (Decision.none, None, None, "")


def test_same_import_again_asks_about_nothing_twice(database: Database) -> None:
    """A notice is kept once, under the last import that had it; what was decided stays."""
    take(database, {})
    settle(database, Decision.dismissed)
    last = take(database, {}, days=1)
    (one,) = proposals(database)
    assert (one.decision, one.decided_by, one.why, one.export) == (
        Decision.dismissed,
        "bo",
        "Another paper.",
        last,
    )
    with database.begin() as connection:
        assert [found.id for found in list_exports(connection)] == [last, last - 1]


@pytest.mark.parametrize(
    "change",
    [
        {"RetractionDate": "2/7/2010 0:00"},
        {"RetractionNature": "Expression of concern"},
        {"OriginalPaperPubMedID": "999"},
        {"RetractionDOI": "10.1000/notice.2"},
    ],
)
def test_notice_that_changed_is_asked_about_again(database: Database, change: dict[str, str]) -> None:
    """Whoever decided did so on what it said then."""
    take(database, {})
    settle(database, Decision.dismissed)
    take(database, change, days=1)
    (one,) = proposals(database)
    assert (one.decision, one.decided_by, one.why) == (Decision.none, None, "")


def test_notice_that_a_later_export_lacks_stays(database: Database) -> None:
    """A smaller file does not make a retraction vanish."""
    first = take(database, {})
    take(database, {"OriginalPaperDOI": "10.1000/none", "OriginalPaperPubMedID": "0"}, days=1)
    assert [one.export for one in proposals(database)] == [first]


def test_decision_is_recorded_with_its_reason(database: Database) -> None:
    """Who, what and why stand in the audit log; a decision can be taken back."""
    take(database, {})
    settle(database, Decision.marked, "Taken back.")
    settle(database, Decision.none, "")
    (one,) = proposals(database)
    assert one.decision is Decision.none
    with database.begin() as connection:
        rows = connection.execute(audit.select().order_by(audit.c.number)).all()
    assert [(row.actor, row.action, row.subject) for row in rows[1:]] == [
        ("bo", "retractions.mark", "doe2020"),
        ("bo", "retractions.reopen", "doe2020"),
    ]
    assert '"why": "Taken back."' in rows[1].details


def with_retraction(study: Study) -> Study:
    return make_study(study.study_id, doi="10.1000/xyz.1", marks="[{kind: retraction, note: Known}]")


def test_standing_is_told_from_what_files_and_drafts_say(database: Database) -> None:
    """A decision alone marks nothing: what counts is the summary as it stands."""
    take(database, {})
    (one,) = proposals(database)
    marked = with_retraction(STUDY)
    assert standing(one, STUDY, None, is_there=True) is Standing.open
    assert standing(one, None, None, is_there=True) is Standing.open
    assert standing(one, STUDY, marked, is_there=True) is Standing.drafted
    assert standing(one, marked, STUDY, is_there=True) is Standing.marked
    assert standing(one, None, None, is_there=False) is Standing.gone
    settle(database, Decision.marked)
    assert standing(proposals(database)[0], STUDY, None, is_there=True) is Standing.open
    settle(database, Decision.dismissed)
    assert standing(proposals(database)[0], STUDY, None, is_there=True) is Standing.dismissed


@pytest.mark.parametrize(
    ("change", "grave"),
    [
        ({}, True),
        ({"RetractionNature": "Expression of concern"}, True),
        ({"RetractionNature": "Something new"}, True),
        ({"RetractionNature": "Correction"}, False),
        ({"RetractionNature": "Reinstatement"}, False),
    ],
)
def test_what_takes_a_paper_back_or_doubts_it_is_grave(
    database: Database, change: dict[str, str], grave: bool
) -> None:
    """A word that we do not know may mean the worst."""
    take(database, change)
    assert [one.is_grave for one in proposals(database)] == [grave]


def test_lifted_retraction_is_not_grave(database: Database) -> None:
    """The later notice takes the edge off; both still wait for a person."""
    later = {"Record ID": "2", "RetractionNature": "Reinstatement", "RetractionDate": "2/6/2012 0:00"}
    take(database, {}, later)
    assert [(one.notice.nature, one.is_grave) for one in proposals(database)] == [
        (Nature.retraction, False),
        (Nature.reinstatement, False),
    ]


def test_summaries_that_were_not_compared_are_known(database: Database) -> None:
    """A new summary, and one whose DOI has changed since."""
    take(database, {})
    changed = make_study("roe2021", doi="10.1000/another", pmid='"87654321"')
    with database.begin() as connection:
        (last,) = list_exports(connection)
    assert not_compared(last, [STUDY, OTHER]) == []
    assert not_compared(last, [STUDY, changed, make_study("zoe2022")]) == ["roe2021", "zoe2022"]
