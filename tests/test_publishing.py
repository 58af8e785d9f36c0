"""Releases of real files through a real index and database: publishing, going back, being cut off."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

import index.staging
from index.encoder import Progress, TokenVectors
from index.staging import staging
from index.store import kept_generations
from service.library import check_current
from service.publishing import folder as folders
from service.publishing import switching
from service.publishing.considerate import ConsiderateEncoder
from service.publishing.failures import BusyError, FaultsError, FolderChangedError, StoppedError, told
from service.publishing.folder import read_files, state_of
from service.publishing.register import changed_outside
from service.publishing.releases import Reason, State, files_of
from service.publishing.switching import KEPT_RELEASES, MARKER, Settled, Switch, settle
from service.publishing.versions import OUTSIDE, Kind, draft_of, keep_draft, versions_of
from service.serving import _load
from service.settings import Settings
from service.storage.database import Database
from service.storage.tables.audit import audit
from tests.conftest import ROOT
from tests.publishing import FILES, MENDED, OTHER, WHO, Shop, build, open_shop
from tests.summaries import SUMMARY
from tests.toy import Floats, ToyEncoder

RETIRED = SUMMARY.replace("status: published", "status: retired")


class Waiting(ToyEncoder):
    """A toy encoder that waits at a text, until it is let go on."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def encode_with_tokens(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> tuple[Floats, list[TokenVectors]]:
        if any(self.at in text for text in texts):
            self.reached.set()
            assert self.go_on.wait(60)
        return super().encode_with_tokens(texts, progress)


@pytest.fixture
def shop(tmp_path: Path, database: Database) -> Iterator[Shop]:
    shop = open_shop(tmp_path, database)
    yield shop
    shop.press.close()


@pytest.fixture
def quick_shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop on SQLite alone, for what does not depend on the database."""
    database = Database.open(f"sqlite:///{tmp_path}/desks.db")
    shop = open_shop(tmp_path, database)
    yield shop
    shop.press.close()
    database.close()


def test_publishing_changes_file_index_and_answers_together(shop: Shop) -> None:
    """What was published stands in the file, in the generation in use, and in what is answered from."""
    before = shop.live.library
    release = shop.publish({"doe2020.md": MENDED})
    assert (release.state, release.problem, release.member, release.why) == (
        State.live,
        "",
        WHO,
        "a better word",
    )
    assert shop.text() == MENDED
    assert "small and short" in shop.quoted()
    assert shop.live.library is not before
    assert shop.live.library.generation == release.generation
    check_current(shop.index, shop.corpus)
    assert not (shop.index / MARKER).exists()


def test_only_what_changed_is_encoded(tmp_path: Path) -> None:
    """A publication encodes the new sentence and its passage, and the question that tries the result."""
    database = Database.open(f"sqlite:///{tmp_path}/desks.db")
    encoder = ToyEncoder()
    shop = open_shop(tmp_path, database, encoder)
    encoder.encoded = 0
    assert shop.publish({"doe2020.md": MENDED}).state is State.live
    assert encoder.encoded <= 4
    database.close()


def test_a_request_in_flight_keeps_its_library(shop: Shop) -> None:
    """Who holds the library from before is answered from it, whole, after the switch."""
    held = shop.live.library
    shop.publish({"doe2020.md": MENDED})
    answer = held.ask("What was small about the trial?")
    assert answer.corpus_version == held.corpus_version != shop.live.library.corpus_version
    assert held.studies["doe2020"].section("what-to-keep-in-mind").text in SUMMARY


def test_going_back_brings_files_and_generation_back(shop: Shop) -> None:
    """A rollback restores every file and returns to the generation that was kept, without building."""
    first = shop.live.library.generation
    shop.publish({"doe2020.md": MENDED})
    release = shop.roll_back(1)
    assert (release.state, release.kind, release.generation) == (State.live, Reason.rollback, first)
    assert {name: shop.text(name) for name in FILES} == FILES
    assert shop.quoted() in SUMMARY
    assert [one.state for one in shop.releases()] == [State.live, State.rolled_back, State.past]
    assert shop.roll_back(2).state is State.live, "and forward again"
    assert shop.text() == MENDED
    check_current(shop.index, shop.corpus)


def test_going_back_builds_where_the_generation_is_gone(quick_shop: Shop) -> None:
    """A release whose generation is no longer kept is built from its files."""
    first = quick_shop.live.library.generation
    for word in ("brief", "short", "quick", "hasty", "early")[:KEPT_RELEASES]:
        assert quick_shop.publish({"doe2020.md": MENDED.replace("short", word)}).state is State.live
    assert len(kept_generations(quick_shop.index)) == KEPT_RELEASES
    assert first not in [kept.name for kept in kept_generations(quick_shop.index)]
    release = quick_shop.roll_back(1)
    assert release.state is State.live
    assert release.generation != first
    assert quick_shop.text() == SUMMARY


def test_a_damaged_kept_generation_is_told(quick_shop: Shop) -> None:
    """A kept generation that is not as it was written is no way back; the one in use stays."""
    first = kept_generations(quick_shop.index)[0]
    quick_shop.publish({"doe2020.md": MENDED})
    (first / "studies.json").write_text("[]")
    release = quick_shop.roll_back(1)
    assert release.state is State.failed
    assert "studies.json" in release.problem
    assert quick_shop.text() == MENDED
    check_current(quick_shop.index, quick_shop.corpus)


def test_a_release_that_never_answered_is_no_way_back(quick_shop: Shop) -> None:
    """Neither a failed release nor a number that does not exist can be gone back to."""
    with pytest.raises(LookupError):
        quick_shop.roll_back(9)
    quick_shop.publish({"doe2020.md": RETIRED, "roe2021.md": None})
    with pytest.raises(LookupError):
        quick_shop.roll_back(2)


def test_retiring_takes_a_study_out_of_the_answers(shop: Shop) -> None:
    """A retired study's file stays, and nothing is answered from it."""
    release = shop.wait_for(shop.press.begin(shop.order({"doe2020.md": RETIRED}, Reason.retire)))
    assert release.state is State.live
    assert set(shop.live.library.studies) == {"roe2021"}
    assert shop.text() == RETIRED
    with shop.database.reading() as connection:
        assert versions_of(connection, "doe2020.md")[0].kind is Kind.retired


def test_the_last_study_cannot_be_retired(quick_shop: Shop) -> None:
    """A library without a study answers nothing: it is refused in words, and all stays as it was."""
    order = quick_shop.order({"doe2020.md": RETIRED, "roe2021.md": None}, Reason.retire)
    release = quick_shop.wait_for(quick_shop.press.begin(order))
    assert release.state is State.failed
    assert "no published study" in release.problem
    assert quick_shop.text() == SUMMARY
    assert quick_shop.text("roe2021.md") == OTHER


def test_faults_keep_a_summary_from_being_published(quick_shop: Shop) -> None:
    """The rules of `plaincite corpus check` hold; each fault has its line."""
    wrong = SUMMARY.replace("Nine of 12 people (75%)", "Nine of 13 people (75%)")
    with pytest.raises(FaultsError) as caught:
        quick_shop.press.begin(quick_shop.order({"doe2020.md": wrong}))
    (fault,) = caught.value.proof.errors
    assert "'13' is in no fact" in fault.message
    assert wrong.splitlines()[(fault.line or 0) - 1].startswith("The cells did not help")
    assert len(quick_shop.releases()) == 1


def test_one_release_at_a_time(tmp_path: Path) -> None:
    """While one is being built, a second is refused in words; questions go on from the one before."""
    database = Database.open(f"sqlite:///{tmp_path}/desks.db")
    encoder = Waiting("small and short")
    shop = open_shop(tmp_path, database, encoder)
    number = shop.press.begin(shop.order({"doe2020.md": MENDED}))
    assert encoder.reached.wait(60)
    with pytest.raises(BusyError, match="Another release"):
        shop.press.begin(shop.order({"roe2021.md": OTHER}))
    assert shop.live.library.ask("What was small?").corpus_version == shop.live.library.corpus_version
    assert [release.state for release in shop.releases()] == [State.building, State.live]
    encoder.go_on.set()
    assert shop.wait_for(number).state is State.live
    database.close()


def test_stopping_gives_up_what_is_being_built(tmp_path: Path) -> None:
    """A service that is told to stop does not wait for a build; it is recorded as given up."""
    database = Database.open(f"sqlite:///{tmp_path}/desks.db")
    encoder = Waiting("small and short")
    shop = open_shop(tmp_path, database, encoder)
    number = shop.press.begin(shop.order({"doe2020.md": MENDED}))
    assert encoder.reached.wait(60)
    closing = threading.Thread(target=shop.press.close)
    closing.start()
    encoder.go_on.set()
    closing.join(60)
    release = shop.wait_for(number)
    assert (release.state, shop.text()) == (State.failed, SUMMARY)
    assert "do it again" in release.problem
    database.close()


def test_another_build_is_told_and_nothing_changes(quick_shop: Shop) -> None:
    """Somebody builds on the command line: the release fails with what to do."""
    with staging(quick_shop.index):
        release = quick_shop.publish({"doe2020.md": MENDED})
    assert release.state is State.failed
    assert "another build is running" in release.problem
    assert quick_shop.text() == SUMMARY
    assert quick_shop.publish({"doe2020.md": MENDED}).state is State.live


def test_a_change_meanwhile_is_not_overwritten(quick_shop: Shop) -> None:
    """Whoever ordered a release saw another folder than there is now: nothing is done."""
    order = quick_shop.order({"doe2020.md": MENDED})
    (quick_shop.corpus / "roe2021.md").write_text(OTHER.replace("small", "tiny"))
    with pytest.raises(FolderChangedError):
        quick_shop.press.begin(order)
    assert quick_shop.text() == SUMMARY


def test_a_change_during_the_build_is_not_overwritten(tmp_path: Path) -> None:
    """A file that changes while the index is built stays as it is, and the release is given up."""
    database = Database.open(f"sqlite:///{tmp_path}/desks.db")
    encoder = Waiting("small and short")
    shop = open_shop(tmp_path, database, encoder)
    number = shop.press.begin(shop.order({"doe2020.md": MENDED}))
    assert encoder.reached.wait(60)
    theirs = SUMMARY.replace("small", "tiny")
    (shop.corpus / "doe2020.md").write_text(theirs)
    encoder.go_on.set()
    release = shop.wait_for(number)
    assert (release.state, shop.text()) == (State.failed, theirs)
    assert "Somebody changed files" in release.problem
    database.close()


def test_changes_outside_the_desk_are_noticed_and_go_along(shop: Shop) -> None:
    """A file that git changed is told as a difference, becomes a version, and is in the next release."""
    theirs = OTHER.replace("The trial was small.", "The trial was tiny.")
    (shop.corpus / "roe2021.md").write_text(theirs)
    with shop.database.reading() as connection:
        (difference,) = changed_outside(connection, read_files(shop.corpus))
    assert (difference.name, difference.after) == ("roe2021.md", theirs.encode())
    assert shop.publish({"doe2020.md": MENDED}).state is State.live
    assert "tiny" in shop.quoted("roe2021")
    with shop.database.reading() as connection:
        version = versions_of(connection, "roe2021.md")[0]
        assert changed_outside(connection, read_files(shop.corpus)) == []
    assert (version.kind, version.member) == (Kind.outside, OUTSIDE)


def test_every_act_is_in_the_audit_log(shop: Shop) -> None:
    """Who published and who went back stands in the log, with the file or the release."""
    shop.publish({"doe2020.md": MENDED})
    shop.roll_back(1)
    with shop.database.reading() as connection:
        entries = connection.execute(select(audit.c.actor, audit.c.action, audit.c.subject)).all()
    assert (WHO, "summary.publish", "doe2020.md") in entries
    assert (WHO, "library.rollback", "1") in entries
    assert [entry.action for entry in entries].count("library.switch") == 2


def test_a_published_draft_is_done_with(shop: Shop) -> None:
    """The draft that was published is no draft any more; one that was saved later is."""
    with shop.database.begin() as connection:
        keep_draft(
            connection,
            "doe2020.md",
            MENDED.encode(),
            began_from=None,
            member=WHO,
            at=shop.clock(),
            why="",
        )
    assert shop.publish({"doe2020.md": MENDED}).state is State.live
    with shop.database.reading() as connection:
        assert draft_of(connection, "doe2020.md") is None
        assert [version.kind for version in versions_of(connection, "doe2020.md")] == [
            Kind.published,
            Kind.draft,
            Kind.found,
        ]


def test_an_index_built_without_the_desk_is_a_release_of_its_own(quick_shop: Shop, tmp_path: Path) -> None:
    """`plaincite index build` and a start: the list says so, and the way back is open."""
    (quick_shop.corpus / "doe2020.md").write_text(MENDED)
    build(quick_shop.corpus, quick_shop.index, ToyEncoder())
    again = open_shop(tmp_path, quick_shop.database)
    newest = again.releases()[0]
    assert (newest.number, newest.kind, newest.state, newest.member) == (2, Reason.found, State.live, OUTSIDE)
    assert again.roll_back(1).state is State.live
    assert again.text() == SUMMARY


def test_a_database_that_went_away_is_told_later(quick_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch was made, but could not be recorded: answers are right, and the next release records it."""

    def fail(*_: object) -> None:
        raise ConnectionError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr("service.publishing.press.conclude", fail)
        release = quick_shop.publish({"doe2020.md": MENDED})
    assert release.state is State.switching
    assert quick_shop.live.library.generation == release.generation
    assert quick_shop.publish({"roe2021.md": OTHER.replace("small", "tiny")}).state is State.live
    assert [one.state for one in quick_shop.releases()] == [State.live, State.past, State.past]


def full_at(place: str) -> Callable[..., None]:
    """A step at which the disk is full."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", place)

    return refuse


@pytest.mark.parametrize(
    "step",
    [
        "service.publishing.switching.begin",
        "service.publishing.folder._write_synced",
        "service.publishing.folder._sync_folder",
        "index.staging._point_at",
    ],
)
def test_a_full_disk_leaves_everything_as_it_was(
    quick_shop: Shop, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Wherever the disk refuses: files, index and answers are those of before, and it is told what to do."""
    generation = quick_shop.live.library.generation
    used: list[str] = []
    real = folders._sync_folder

    def once(*given: object, **named: object) -> None:
        if not used:
            used.append(step)
            full_at(step)()
        real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(step, once if step.endswith("_sync_folder") else full_at(step))
    release = quick_shop.publish({"doe2020.md": MENDED})
    monkeypatch.undo()
    assert release.state is State.failed
    assert "No space left on device" in release.problem
    assert "disk" in release.problem
    assert quick_shop.text() == SUMMARY
    assert quick_shop.live.library.generation == generation
    assert not (quick_shop.index / MARKER).exists()
    assert sorted(path.name for path in quick_shop.corpus.iterdir()) == sorted(FILES)
    check_current(quick_shop.index, quick_shop.corpus)
    assert quick_shop.publish({"doe2020.md": MENDED}).state is State.live


KILLED = """
import os, pathlib, signal, sys
from pathlib import Path
import index.staging
import service.publishing.press as press
from service.publishing import folder, switching
from service.storage.database import Database
from tests.publishing import MENDED, OTHER, open_shop

place, step, when = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def cut(module, name):
    real = getattr(module, name)
    def run(*given, **named):
        if when == "before":
            die()
        result = real(*given, **named)
        die()
        return result
    setattr(module, name, run)

class CutPath(type(place)):
    def replace(self, target):
        result = super().replace(target)
        if str(target).endswith(".md"):
            die()
        return result

shop = open_shop(place, Database.open(f"sqlite:///{place}/desks.db"))
if step == "one of two files":
    shop.press.corpus = CutPath(shop.corpus)
else:
    where = {"index.staging": index.staging, "press": press, "switching": switching}
    module, _, name = step.rpartition(".")
    cut(where[module], name)
order = shop.order({"doe2020.md": MENDED, "roe2021.md": OTHER.replace("small", "tiny")})
shop.press.begin(order)
shop.press.wait()
"""

CUTS = [
    ("press.make_generation", "before", False),
    ("switching.begin", "before", False),
    ("switching.begin", "after", False),
    ("one of two files", "after", True),
    ("index.staging._point_at", "after", True),
    ("press.conclude", "after", True),
]
"""Where the service is killed, and whether the release answers after the next start."""


@pytest.mark.parametrize(("step", "when", "answers"), CUTS)
def test_a_kill_at_any_step_leaves_a_service_that_starts(
    tmp_path: Path, step: str, when: str, answers: bool
) -> None:
    """SIGKILL: the next start has files and index that fit, one live release, and can publish again."""
    database = Database.open(f"sqlite:///{tmp_path}/desks.db")
    open_shop(tmp_path, database)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), step, when],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    settle(tmp_path / "library", tmp_path / "index")
    check_current(tmp_path / "index", tmp_path / "library")
    shop = open_shop(tmp_path, database)
    assert [release.state for release in shop.releases()] == (
        [State.live, State.past] if answers else [State.failed, State.live]
    )
    assert (shop.text() == MENDED) is answers
    assert ("tiny" in shop.text("roe2021.md")) is answers
    assert ("small and short" in shop.quoted()) is answers
    assert sorted(path.name for path in shop.corpus.iterdir()) == sorted(FILES)
    again = shop.roll_back(1) if answers else shop.publish({"doe2020.md": MENDED})
    assert again.state is State.live
    database.close()


def test_a_cut_off_switch_is_undone_where_the_new_generation_is_gone(
    quick_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files changed, index not, and nothing to switch to: the files become what the index was built from."""
    monkeypatch.setattr("service.publishing.switching.undo", lambda *_: None)
    monkeypatch.setattr(index.staging, "_point_at", full_at("current"))
    quick_shop.publish({"doe2020.md": MENDED})
    monkeypatch.undo()
    assert quick_shop.text() == MENDED
    assert settle(quick_shop.corpus, quick_shop.index) is Settled.undone
    assert quick_shop.text() == SUMMARY
    assert settle(quick_shop.corpus, quick_shop.index) is None


def test_a_cut_off_switch_leaves_what_somebody_changed_since(
    quick_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is neither what it was nor what it was to be is somebody's work: nothing is overwritten."""
    monkeypatch.setattr("service.publishing.switching.undo", lambda *_: None)
    monkeypatch.setattr(index.staging, "_point_at", full_at("current"))
    quick_shop.publish({"doe2020.md": MENDED})
    monkeypatch.undo()
    theirs = SUMMARY.replace("small", "tiny")
    (quick_shop.corpus / "doe2020.md").write_text(theirs)
    assert settle(quick_shop.corpus, quick_shop.index) is Settled.left
    assert quick_shop.text() == theirs


def test_the_releases_know_every_file(shop: Shop) -> None:
    """A release keeps its files byte for byte, whatever happens to the folder later."""
    shop.publish({"doe2020.md": MENDED})
    with shop.database.reading() as connection:
        kept = files_of(connection, 1)
    assert {name: content.decode() for name, content in kept.items()} == FILES
    assert state_of(kept) != state_of(read_files(shop.corpus))


def test_a_considerate_encoder_gives_the_same_and_can_be_stopped() -> None:
    """It encodes a few texts at a time, to the same vectors, and gives up when told to."""
    stop, toy = threading.Event(), ToyEncoder()
    texts = [f"text {number} on lupus" for number in range(11)]
    encoder = ConsiderateEncoder(toy, stop)
    vectors, tokens = encoder.encode_with_tokens(texts)
    expected, expected_tokens = toy.encode_with_tokens(texts)
    np.testing.assert_array_equal(vectors, expected)
    assert [own.tokens for own in tokens] == [own.tokens for own in expected_tokens]
    stop.set()
    with pytest.raises(StoppedError):
        encoder.encode(texts)


def test_a_failure_that_nobody_expected_is_told_without_its_words() -> None:
    """The text of an unknown error might say anything; only its kind is shown."""
    assert "KeyError" in told(KeyError("a patient's words"))
    assert "patient" not in told(KeyError("a patient's words"))


def test_the_service_settles_a_cut_off_switch_before_it_loads(
    tmp_path: Path, settings: Settings, library_folder: Path
) -> None:
    """A start of the real service: files that were changed without their generation are put back first."""
    corpus, index_folder = tmp_path / "library", tmp_path / "index"
    shutil.copytree(library_folder, corpus)
    shutil.copytree(settings.index, index_folder)
    before = (corpus / "bai2017.md").read_bytes()
    after = before.replace(b"status: published", b"status: retired")
    switching.begin(
        index_folder, Switch("20261123T000000Z-00000000", {"bai2017.md": before}, {"bai2017.md": after})
    )
    there = settings.model_copy(update={"corpus": corpus, "index": index_folder})
    (corpus / "bai2017.md").write_bytes(after)
    loaded = _load(there, build=False)
    assert "bai2017" in loaded.studies
    assert (corpus / "bai2017.md").read_bytes() == before
    assert not (index_folder / MARKER).exists()
