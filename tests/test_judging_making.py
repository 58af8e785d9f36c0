import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evaluation.errors import EvaluationError
from evaluation.judging import making
from evaluation.judging.documents import names_of, read_documents
from evaluation.judging.drafting import DraftError, Filled, Upload, draft_of
from evaluation.judging.making import FAULT, Draft, Making, Makings, new_pool
from evaluation.judging.pool import PooledRun, Unit
from evaluation.judging.pools import load_items, load_pools
from evaluation.judging.searching import search_library, setting_names, steps
from evaluation.runs import run_lines
from evaluation.searches import DENSE, LEXICAL, RANKS, SHIPPED, settings
from service.accounts.accounts import Member
from service.library import Library
from service.live import Live
from service.storage.database import Database
from tests.comparisons import ranked
from tests.judging import add_members
from tests.members import Rooms, open_rooms
from tests.toy import ToyEncoder

QUESTIONS = {"q1": "Did stem cells help the kidneys?", "q2": "How many people died?"}


@pytest.fixture
def library(make_toy_library: Callable[[ToyEncoder], Library]) -> Library:
    return make_toy_library(ToyEncoder())


@pytest.fixture
def rooms(tmp_path: Path, library: Library) -> Iterator[Rooms]:
    database = Database.open(f"sqlite:///{tmp_path}/desks.db")
    yield open_rooms(database, library)
    database.close()


@pytest.fixture
def member(rooms: Rooms) -> Member:
    (ada,) = add_members(rooms.database, "ada")
    return ada


def draft(library: Library, **given: object) -> Draft:
    """A draft over the toy library."""
    values: dict[str, object] = {
        "name": "Toys",
        "unit": Unit.passage,
        "depth": 3,
        "asked": "a test",
        "questions": QUESTIONS,
        "given": (),
        "settings": (SHIPPED, LEXICAL, RANKS),
        "library": library,
    }
    return Draft(**(values | given))  # type: ignore[arg-type]


def wait_for(made: Making | None) -> Making:
    assert made is not None
    deadline = time.monotonic() + 60
    while not made.has_ended:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return made


def test_a_setting_searches_as_it_is_named_and_leaves_the_library_as_it_was(library: Library) -> None:
    """While another setting searches, people are answered with the shipped one all the time."""
    fusions = []
    shipped = library.index.fusion
    run = search_library(
        library, DENSE, QUESTIONS, Unit.passage, lambda: fusions.append(library.index.fusion)
    )
    assert [*run.run] == [*QUESTIONS]
    assert fusions == [shipped, shipped]
    assert run.name == "dense"
    other = search_library(library, LEXICAL, QUESTIONS, Unit.passage)
    assert other.run != run.run
    assert library.index.fusion is shipped


def test_a_run_of_studies_has_each_study_where_its_best_passage_is(library: Library) -> None:
    """Its ids are those that `plaincite evaluate retrieval --run-out` writes."""
    passages = search_library(library, SHIPPED, QUESTIONS, Unit.passage).run["q1"]
    studies = search_library(library, SHIPPED, QUESTIONS, Unit.study).run["q1"]
    expected = list(dict.fromkeys(each.document.partition("#")[0] for each in passages))
    assert [each.document for each in studies] == expected


def test_every_setting_can_be_chosen() -> None:
    """Those of the command line first, then the others; each once."""
    names = setting_names()
    assert names[:4] == (SHIPPED, DENSE, LEXICAL, RANKS)
    assert {*names} == {*settings(), RANKS}
    assert len(names) == len({*names})
    assert [steps(name) for name in (SHIPPED, RANKS)] == [1, 2]


def test_documents_are_the_librarys_own_texts(library: Library) -> None:
    """A passage with its section's heading; a study with all of its sections."""
    passage = library.index.passages[5]
    (document,) = read_documents(library.index, Unit.passage, frozenset({passage.passage_id})).values()
    study = library.studies[passage.study_id]
    assert document.parts[0] == (study.section(passage.section).title, passage.text)
    (whole,) = read_documents(library.index, Unit.study, frozenset({study.study_id})).values()
    assert [part.text for part in whole.parts] == [section.text for section in study.sections]
    assert names_of(library.index, Unit.study) == frozenset(library.studies)


def test_a_pool_of_searches_and_files(library: Library) -> None:
    """Runs from files and from searches stand beside each other; those of one name are told apart."""
    first = library.index.passages[0].passage_id
    given = PooledRun("shipped", "a file", {"q1": ranked(first)})
    new = new_pool(draft(library, given=(given,), settings=(SHIPPED,)))
    assert [run.name for run in new.runs] == ["shipped", "shipped-2"]
    assert first in new.pooled["q1"]
    assert len(new.pooled["q1"]) in {3, 4}
    assert set(new.documents) == {name for names in new.pooled.values() for name in names}
    assert new.generation == library.generation
    assert "".join(run_lines(new.runs[0].run, "shipped")) == f"q1 Q0 {first} 1 0.9 shipped\n"


def test_a_pool_that_nobody_could_judge_is_not_made(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither one without documents nor one with too many."""
    with pytest.raises(EvaluationError, match="found nothing for any of these questions"):
        new_pool(draft(library, settings=(), given=(PooledRun("r", "", {}),)))
    monkeypatch.setattr(making, "MOST_ITEMS", 5)
    with pytest.raises(EvaluationError, match="documents to judge, and 5 are the most"):
        new_pool(draft(library))


def test_a_pool_is_made_in_the_background(rooms: Rooms, library: Library, member: Member) -> None:
    """Its searches are counted; at the end it is there, with an entry in the audit log."""
    makings = Makings()
    found = wait_for(makings.find(makings.begin(draft(library), rooms.desks, member)))
    assert (found.fault, found.done, found.total) == ("", 8, 8)
    with rooms.database.begin() as connection:
        (pool,) = load_pools(connection)
        assert pool.id == found.pool_id
        assert load_items(connection, pool.id)
    assert makings.find("another key") is None


def test_a_making_that_fails_says_so_and_keeps_nothing(
    rooms: Rooms, library: Library, member: Member, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be foreseen is in the log by its kind alone, without the question."""
    makings = Makings()
    marked = {"q1": "zebrafish marker"}
    broken = PooledRun("broken", "", {"q1": ranked("no such passage")})
    found = wait_for(
        makings.find(makings.begin(draft(library, questions=marked, given=(broken,)), rooms.desks, member))
    )
    assert found.fault == FAULT
    nothing = draft(library, settings=(), given=(PooledRun("r", "", {}),))
    assert "found nothing" in wait_for(makings.find(makings.begin(nothing, rooms.desks, member))).fault
    with rooms.database.begin() as connection:
        assert load_pools(connection) == []
    assert "pool failed" in caplog.text
    assert "zebrafish" not in caplog.text


def test_the_library_may_change_while_a_pool_is_made(rooms: Rooms, library: Library, member: Member) -> None:
    """The pool is made from the one that its run files were held against."""
    gate, makings = threading.Event(), Makings()
    slow = draft(library)
    whole = library.query

    def query(question: str) -> str:
        gate.wait(30)
        return whole(question)

    library.query = query  # type: ignore[method-assign]
    key = makings.begin(slow, rooms.desks, member)
    live: Live = rooms.desks.live
    live.library = None  # type: ignore[assignment]
    gate.set()
    assert wait_for(makings.find(key)).pool_id is not None


def filled(**given: object) -> Filled:
    return Filled(**({"name": "Spring", "count": "3"} | given))  # type: ignore[arg-type]


def test_a_form_becomes_a_draft(library: Library) -> None:
    """Own questions drawn by chance, the settings in their order, an uploaded run."""
    line = f"q1 Q0 {library.index.passages[0].passage_id} 1 0.5 mine\n"
    form = filled(
        source="given",
        pasted="q1\tDid it help the kidneys?",
        settings=(LEXICAL, SHIPPED, "no such setting"),
        run_files=(Upload("folder\\../mine.run", line.encode()),),
    )
    made = draft_of(form, library)
    assert (made.name, made.unit, made.depth) == ("Spring", Unit.passage, 10)
    assert made.settings == (SHIPPED, LEXICAL)
    assert made.questions == {"q1": "Did it help the kidneys?"}
    assert made.asked == "1 questions from the pasted questions"
    assert [run.run["q1"][0].score for run in made.given] == [0.5]
    assert len(draft_of(filled(), library).questions) == 3
    assert len(draft_of(filled(count=""), library).questions) > 200


@pytest.mark.parametrize(
    ("form", "field", "says"),
    [
        ({"name": " "}, "name", "Give the pool a name"),
        ({"name": "x" * 101}, "name", "Give the pool a name"),
        ({"depth": "0"}, "depth", "from 1 to 100"),
        ({"depth": "ten"}, "depth", "from 1 to 100"),
        ({"count": "-3"}, "count", "whole number"),
        ({"split": "nowhere"}, "source", "questions.jsonl: no question has the split 'nowhere'"),
        ({"settings": ()}, "runs", "Choose at least one search"),
        ({"source": "given"}, "pasted", "Paste questions here"),
        (
            {"source": "given", "pasted": "q1 no tab"},
            "pasted",
            "the pasted questions, line 1: there is no tab",
        ),
        (
            {"source": "given", "pasted": "q1\tWhy?", "question_file": Upload("q.tsv", b"q1\tWhy?")},
            "pasted",
            "not both",
        ),
        (
            {"source": "given", "question_file": Upload("q.jsonl", b'{"_id": "q1"')},
            "pasted",
            "q.jsonl, line 1: not a whole line of JSON",
        ),
        (
            {
                "source": "given",
                "pasted": "q1\tWhy?",
                "run_files": (Upload("a.run", b"q1 Q0 gone#9 1 0.5 t\n"),),
            },
            "runs",
            "a.run, line 1: gone#9 is no passage of the library",
        ),
        (
            {"source": "given", "pasted": "q1\tWhy?", "run_files": (Upload("a.run", b"\xff\xfe"),)},
            "runs",
            "a.run, line 1: it is no UTF-8 text",
        ),
    ],
)
def test_what_is_wrong_with_a_form_is_told_by_field(
    library: Library, form: dict[str, object], field: str, says: str
) -> None:
    """All of it at once, where it was typed; nothing is made."""
    with pytest.raises(DraftError) as caught:
        draft_of(filled(**form), library)
    assert says in " ".join(caught.value.faults[field])


def test_several_faults_are_told_together(library: Library) -> None:
    """Two bad files and a bad depth need one look, not three."""
    bad = (Upload("a.run", b"x\n"), Upload("b.run", b""))
    with pytest.raises(DraftError) as caught:
        draft_of(filled(depth="", source="given", pasted="q1\tWhy?", run_files=bad), library)
    assert set(caught.value.faults) == {"depth", "runs"}
    assert len(caught.value.faults["runs"]) == 2
