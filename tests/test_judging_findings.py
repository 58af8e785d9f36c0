import io
import json
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from evaluation.judging import export
from evaluation.judging.adjudication import decide, declare, is_adjudicator
from evaluation.judging.agreement import Figure
from evaluation.judging.findings import Findings, find, reading
from evaluation.judging.pools import Item, Pool, close_pool, load_pool
from evaluation.judging.settling import How
from evaluation.qrels import read_qrels
from service.accounts.accounts import Member, Role
from service.storage.database import Database
from service.storage.tables.audit import audit
from tests.judging import NOW, add_members, judge, make_pool
from tests.test_judging_pools import actions

GRADES = {"d1": 3, "d2": 1, "d3": 0, "d4": 2, "d5": 2, "d6": 0}


def of_ada(item: Item, occurrence: int) -> int:
    return GRADES[item.document] if occurrence == 1 else 0


def of_ben(item: Item, occurrence: int) -> int | None:  # noqa: ARG001
    return {"d1": 0, "d2": 2, "d6": None}.get(item.document, GRADES[item.document])


@pytest.fixture
def closed(database: Database) -> Pool:
    """A closed pool: ada graded all, ben put d6 off, and they differ on d1 (twice) and d2."""
    ada, ben = add_members(database, "ada", "ben")
    pool = make_pool(database, ada)
    judge(database, pool, ada, of_ada, note="so it seems")
    judge(database, pool, ben, of_ben)
    with database.begin() as connection:
        close_pool(connection, pool, ada, NOW)
        found = load_pool(connection, pool.id)
    assert found is not None
    return found


def findings_of(database: Database, pool: Pool) -> Findings:
    with database.begin() as connection:
        return find(connection, pool)


def test_findings_of_two_raters(database: Database, closed: Pool) -> None:
    """Agreement, who differs where, how steadily each grades, and the grade of each item."""
    findings = findings_of(database, closed)
    assert findings.raters == ("A", "B")
    assert (findings.alpha.items, len(findings.items)) == (6, 7)
    assert [(case.item.question, case.item.document, case.distance) for case in findings.cases] == [
        ("q1", "d1", 3),
        ("q2", "d1", 3),
        ("q1", "d2", 1),
    ]
    assert findings.undecided == findings.cases
    assert [(each.question, each.differing) for each in findings.by_question] == [("q1", 2), ("q2", 1)]
    settled = {
        (findings.items[n].question, findings.items[n].document): each for n, each in findings.settled.items()
    }
    assert settled["q1", "d1"] == (1, How.median)
    assert settled["q1", "d2"] == (1, How.median)
    assert settled["q2", "d4"] == (2, How.agreed)
    assert settled["q2", "d6"] == (0, How.alone)
    assert findings.unjudged == 0
    assert findings.consistency["A"] == (2, 1, 2)


def test_a_decision_takes_the_place_of_the_median_and_is_recorded(database: Database, closed: Pool) -> None:
    """Who decided, what it was before, and whether they had graded it; sent twice it counts once."""
    (cora,) = add_members(database, "cora")
    case = findings_of(database, closed).cases[0]
    with database.begin() as connection:
        assert not is_adjudicator(connection, closed, cora)
        for _ in range(2):
            declare(connection, closed, cora, NOW)
        assert is_adjudicator(connection, closed, cora)
        for grade in (3, 3, 2):
            decide(connection, closed, case.item, cora, grade=grade, note="read it twice", now=NOW)
        details = connection.execute(audit.select().where(audit.c.action == "judgment.adjudicate")).all()
    findings = findings_of(database, closed)
    assert findings.settled[case.item.id] == (2, How.adjudicated)
    assert len(findings.undecided) == 2
    decision = findings.cases[0].decision
    assert decision is not None
    assert decision[1:] == (2, "read it twice", cora.name, False, NOW)
    assert [action for _, action, _ in actions(database)][2:] == [
        "judgment.adjudicator",
        "judgment.adjudicate",
        "judgment.adjudicate",
    ]
    assert json.loads(details[-1].details) == {
        "question": "q1",
        "document": "d1",
        "grade": 2,
        "before": 3,
        "was_rater": False,
    }


def test_a_rater_who_decides_is_told_as_one(database: Database, closed: Pool) -> None:
    """It stands beside the decision that it was not an outsider's."""
    case = findings_of(database, closed).cases[-1]
    with database.begin() as connection:
        ada = Member(1, closed.made_by, Role.evaluator)
        decide(connection, closed, case.item, ada, grade=1, note="", now=NOW)
    decision = findings_of(database, closed).cases[-1].decision
    assert decision is not None
    assert decision.was_rater


def test_the_export_is_read_by_plaincite_itself(database: Database, closed: Pool, tmp_path: Path) -> None:
    """Qrels in TREC's format, and a folder in BEIR's with the same grades, the texts and the runs."""
    findings = findings_of(database, closed)
    with database.begin() as connection:
        packed = export.folder_of(connection, closed, findings)
    with ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "spring"
    wanted = {"q1": {"d1": 1, "d2": 1, "d3": 0, "d5": 2}, "q2": {"d1": 1, "d4": 2, "d6": 0}}
    assert read_qrels(folder / "qrels.txt") == wanted
    assert read_qrels(folder / "qrels" / "judged.tsv") == wanted
    assert {path.name for path in (folder / "runs").iterdir()} == {"one.run", "other.run"}
    assert len((folder / "corpus.jsonl").read_text().splitlines()) == 6


def test_the_account_names_no_rater(database: Database, closed: Pool) -> None:
    """Raters are letters; guidelines, rule, runs, agreement and every judgment are there."""
    findings = findings_of(database, closed)
    with database.begin() as connection:
        account = export.account(connection, closed, findings)
    told = json.dumps(account)
    assert "clinic.example" not in told
    assert "so it seems" not in told
    assert account["counts"] == {
        "questions": 2,
        "documents": 7,
        "unjudged": 0,
        "disagreements": 3,
        "undecided": 3,
        "adjudicated": 0,
        "agreed": 3,
        "median": 3,
        "one rater": 1,
    }
    assert account["guidelines"]["version"] == closed.guidelines.version  # type: ignore[index]
    assert account["agreement"]["pairs"][0]["same"] == 3  # type: ignore[index]
    assert account["agreement"]["raters"]["B"]["graded"] == 6  # type: ignore[index]
    assert account["judgments"][0] == {  # type: ignore[index]
        "question": "q1",
        "document": "d1",
        "grades": {"A": 3, "B": 0},
        "grade": 1,
        "rests_on": "median",
    }


def test_what_nobody_judged_is_left_out(database: Database) -> None:
    """A pool without raters has no grades, and says why it has no agreement."""
    (ada,) = add_members(database, "ada")
    pool = make_pool(database, ada)
    findings = findings_of(database, pool)
    assert (findings.unjudged, dict(findings.settled), findings.pairs, findings.cases) == (7, {}, (), ())
    assert reading(findings.alpha) == "Not defined: no passage has been judged by two raters."


@pytest.mark.parametrize(
    ("value", "says"),
    [(0.8, "rely on the grades"), (0.7, "tentative"), (0.3, "Too little"), (0.0, "No better than chance")],
)
def test_an_alpha_is_read_in_words(value: float, says: str) -> None:
    """By Krippendorff's own bounds."""
    assert says in reading(Figure(value, "", 50))


def test_a_pool_whose_name_is_no_file_name_gets_one(closed: Pool) -> None:
    """Whatever an evaluator calls it."""
    assert export.slug(replace(closed, name="Kidneys, spring / 2026")) == "kidneys-spring-2026"
    assert export.slug(replace(closed, name="../..")) == f"pool-{closed.id}"
    assert export.slug(replace(closed, name="Нефрит")) == f"pool-{closed.id}"
