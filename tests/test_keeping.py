"""Keeping: what is worth a review is scrubbed and kept, and nothing else."""

from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from service.answers import Answer, NoticeKind, Outcome, Respelling
from service.app import create_app
from service.feedback import Reason
from service.keeping import Worth, find, worth_of
from service.library import Library
from service.storage.database import Database
from service.storage.tables.kept import kept_questions
from tests.kept import NOW, asked, keep, rated, sure
from tests.shelf import ADVICE, CRISIS, EMERGENCY, Shelf, answered, no_evidence, notice, screened


def _rows(database: Database) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(kept_questions).order_by(kept_questions.c.id)))


@pytest.mark.parametrize(
    ("answer", "best", "worth"),
    [
        (no_evidence(), 0.2, Worth(no_evidence=True, close=False)),
        (no_evidence(), 0.65, Worth(no_evidence=True, close=True)),
        (no_evidence(ADVICE), None, Worth(no_evidence=True, close=False)),
        (answered(), 0.72, Worth(no_evidence=False, close=True)),
        (answered(), 0.85, Worth(no_evidence=False, close=False)),
        (no_evidence(notice(NoticeKind.off_topic, "t", "x")), None, Worth(no_evidence=False, close=False)),
        (no_evidence(notice(NoticeKind.abuse_or_injection, "t", "x")), None, None),
        (CRISIS, None, None),
        (EMERGENCY, None, None),
    ],
)
def test_what_speaks_for_a_review(answer: Answer, best: float | None, worth: Worth | None) -> None:
    """No answer, or one on the edge; a question that was not searched only waits; emergencies never count."""
    assert worth_of(answer, best) == worth


def test_a_question_is_scrubbed_before_it_is_written(database: Database, library: Library) -> None:
    """The row has marks where names and numbers were."""
    keep(database, library, [asked("My name is Tamsin Okafor, does insurance pay? t.okafor@mail.example")])
    (row,) = _rows(database)
    assert row.question == "My name is [name], does insurance pay? [email]"
    assert row.at == NOW
    assert (row.no_evidence, row.close, row.not_helpful, row.held) == (True, False, False, False)


@pytest.mark.parametrize(
    "answer", [CRISIS, EMERGENCY, screened(NoticeKind.abuse_or_injection)], ids=lambda each: each.notice.kind
)
def test_nothing_is_kept_of_emergencies_and_crises(
    database: Database, library: Library, answer: Answer
) -> None:
    """Not even where somebody says that the card did not help."""
    keep(database, library, [asked("I cannot go on", answer=answer, best=None), rated()])
    assert _rows(database) == []


def test_a_good_answer_is_held_until_it_is_known_whether_it_helped(
    database: Database, library: Library
) -> None:
    """What helped goes at once, what did not comes into the queue, the rest is held."""
    keep(database, library, [sure("how many people died", number) for number in (1, 2, 3)])
    assert [row.held for row in _rows(database)] == [True, True, True]
    assert all(row.meaning is None for row in _rows(database))
    keep(database, library, [rated(1, reason=None), rated(2, reason=Reason.hard)])
    bad, waiting = _rows(database)
    assert (bad.not_helpful, bad.why, bad.held) == (True, "hard", False)
    assert bad.meaning is not None
    assert waiting.held


def test_feedback_on_what_is_not_kept_changes_nothing(database: Database, library: Library) -> None:
    """An unknown reference is nobody's, and no trouble."""
    keep(database, library, [asked("does it hurt", 1), rated(7), rated(8, reason=None)])
    assert [row.not_helpful for row in _rows(database)] == [False]


def test_what_helped_stays_where_something_else_spoke_for_a_review(
    database: Database, library: Library
) -> None:
    """A question without an answer stays in the queue although somebody was content with that."""
    keep(database, library, [asked("does it hurt"), rated(reason=None)])
    assert len(_rows(database)) == 1


def test_an_answer_can_be_found_by_its_reference(database: Database, library: Library) -> None:
    """With the generation and the answer as it was given; None for any other reference."""
    keep(database, library, [sure("what about infections", 5)])
    with database.reading() as connection:
        kept = find(connection, f"{5:012x}")
        assert find(connection, f"{6:012x}") is None
    assert kept is not None
    assert kept.answer.statements == answered().statements
    assert (kept.generation, kept.outcome, kept.notice, kept.language) == (
        answered().index_generation,
        Outcome.answered.value,
        "",
        "en",
    )
    first = answered().statements[0].citation
    assert kept.quotes[0] == f"{first.study_id}#{first.section}:{first.start}-{first.end}"


def test_what_an_answer_repeats_of_a_question_is_scrubbed_as_well(
    database: Database, library: Library
) -> None:
    """The message names studies that were asked for, and respellings show what was typed."""
    answer = no_evidence().model_copy(
        update={
            "message": "Our library has no study of “Siobhan Castleton”.",
            "respellings": (
                Respelling(typed="Castletun", read="castle"),
                Respelling(typed="remmision", read="remission"),
            ),
        }
    )
    keep(database, library, [asked("what did it find", answer=answer)])
    (row,) = _rows(database)
    assert "Castlet" not in row.answer
    assert "Siobhan" not in row.answer
    assert "remmision" in row.answer


def test_the_question_before_is_kept_only_where_it_was_needed(database: Database, library: Library) -> None:
    """Scrubbed, and only where both were read together."""
    needed = no_evidence().model_copy(update={"read_with_previous": True})
    before = "my daughter Yevgenia has it, does it help the skin?"
    keep(
        database,
        library,
        [
            asked("and the joints?", 1, answer=needed, previous=before),
            asked("does it hurt", 2, previous=before),
        ],
    )
    assert [row.previous for row in _rows(database)] == [
        "my daughter [name] has it, does it help the skin?",
        None,
    ]


def test_questions_that_ask_the_same_have_one_leader(database: Database, library: Library) -> None:
    """Whether they came together or one after the other; names in them play no part."""
    keep(
        database, library, [asked("how many infusions are needed", 1), asked("does medicare pay for this", 2)]
    )
    keep(database, library, [asked("my name is Tamsin. do I need more than one infusion", 3)])
    assert [row.leader for row in _rows(database)] == [f"{1:012x}", f"{2:012x}", f"{1:012x}"]


def test_a_question_of_nothing_but_names_is_no_trouble(database: Database, library: Library) -> None:
    """There is nothing to compare it by, so that it leads a group of its own."""
    keep(database, library, [asked("Siobhan", 1), asked("???", 2), asked("Siobhan", 3)])
    assert [row.leader for row in _rows(database)] == [f"{number:012x}" for number in (1, 2, 3)]


@pytest.mark.parametrize("days", [0, 1, 14])
def test_patients_are_told_what_is_kept(days: int) -> None:
    """Each page says in its foot whether questions may be kept, the page about the service how long."""

    class Storing(Shelf):
        keep_questions = days

    client = TestClient(create_app(Storing(answered())))
    home, about = client.get("/").text, client.get("/about").text
    assert ("your questions are not stored" in home) == (days == 0)
    assert ("Questions may be kept for some days" in home) == (days > 0)
    assert ("Nobody reads your question" in about) == (days == 0)
    assert ("Nothing that you write." in about) == (days == 0)
    assert ("are kept for one day. Then" in about) == (days == 1)
    assert ("are kept for 14 days. Then" in about) == (days == 14)
    spanish = client.get("/about?language=es").text
    assert ("Ningún programa lo encuentra todo" in spanish) == (days > 0)
