"""Building beside the generation in use: kills, full disks and other builds leave that one as it was."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import index.staging
from index.build import build_index
from index.errors import BuildFailedError, BuildRunningError, MissingIndexError
from index.manifest import Manifest
from index.search import PassageIndex
from index.staging import staging
from index.store import open_generation
from tests.studies import make_study
from tests.toy import ToyEncoder

ROOT = Path(__file__).resolve().parents[1]
SHA = "5a" * 32

BUILD = textwrap.dedent(
    """
    import resource, sys
    from pathlib import Path
    import index.build
    from index.errors import PlainIndexError
    from tests.studies import make_study
    from tests.toy import ToyEncoder

    folder, count, begin = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    limits = [int(limit) for limit in sys.argv[4:]]
    words = "kidney cell drip pain joint skin blood urine protein relapse placebo steroid".split()
    studies = [
        make_study(f"s{n}", what_they_found=" ".join(f"The {a} {b} {n} fell." for a in words for b in words))
        for n in range(count)
    ]

    def limited(step, limit):
        def run(*arguments, **named):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            return step(*arguments, **named)

        return run

    def build():
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        try:
            index.build.build_index(
                studies, folder, ToyEncoder(), drafts=False, corpus_sha256="0" * 64, progress=False
            )
        except PlainIndexError as error:
            sys.stderr.write(f"{error}\\n")

    step = getattr(index.build, begin)
    for limit in limits:
        setattr(index.build, begin, limited(step, limit))
        build()
    if not limits:
        build()
    """
)


def start_build(folder: Path, studies: int, *limits: int, begin: str = "_embed") -> "subprocess.Popen[str]":
    """A real build in a process of its own.

    With limits, it builds once for each: from the step `begin` on no file may have more bytes than that.
    """
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(folder), str(studies), begin, *map(str, limits)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: "subprocess.Popen[str]") -> tuple[int, list[str]]:
    """Waits for a build; its exit code and the lines it wrote to stderr."""
    errors = process.communicate(timeout=120)[1]
    return process.returncode, errors.splitlines()


def build(folder: Path) -> Manifest:
    return build_index([make_study()], folder, ToyEncoder(), drafts=False, corpus_sha256=SHA, progress=False)


def answers(folder: Path) -> bool:
    """Whether the index can be opened and finds something."""
    return bool(PassageIndex.load(folder, ToyEncoder()).search("protein in the urine", 3))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def size(folder: Path, name: str) -> int:
    return max((path.stat().st_size for path in folder.glob(f"building-*/{name}")), default=-1)


STAGES: dict[str, Callable[[Path], bool]] = {
    "just begun": lambda folder: size(folder, "") >= 0,
    "passages embedded": lambda folder: size(folder, "embedding-keys.npy") > 0,
    "some sentences written": lambda folder: size(folder, "sentences/tokens.npy") > 100_000,
    "sentences done": lambda folder: size(folder, "sentences/keys.npy") > 0,
    "records written": lambda folder: size(folder, "studies.json") > 0,
    "lexical index begun": lambda folder: size(folder, "lexical/meta.json") > 0,
    "manifest written": lambda folder: size(folder, "manifest.json") > 0,
    "about to switch": lambda folder: len(names(folder / "generations")) > 1,
}


def test_a_kill_at_any_moment_leaves_the_old_generation(tmp_path: Path) -> None:
    """SIGKILL at each stage of a real build: an index opens and answers; the next build cleans up."""
    folder = tmp_path / "index"
    old = build(folder)
    for stage, reached in STAGES.items():
        process = start_build(folder, 12)
        while not reached(folder) and process.poll() is None:
            time.sleep(0.0005)
        process.kill()
        assert finish(process)[0] == -signal.SIGKILL, f"{stage}: the build was over before it could be killed"
        current = open_generation(folder, encoder=ToyEncoder()).manifest
        # Only a kill at the very end may come after the switch, and then the new generation is whole.
        assert current == old or (stage == "about to switch" and current.counts.studies == 12), stage
        assert answers(folder)
    last = build(folder)
    assert open_generation(folder).manifest == last
    assert names(folder) == {"current", "generations", "lock"}
    assert len(names(folder / "generations")) == 2


def test_a_generation_never_switched_to_is_removed(tmp_path: Path) -> None:
    """A kill between the two renames leaves a whole generation that nothing points to; it goes."""
    folder = tmp_path / "index"
    build(folder)
    pointer = (folder / "current").read_text()
    orphan = build(folder).generation
    (folder / "current").write_text(pointer)
    last = build(folder)
    assert orphan not in names(folder / "generations")
    assert open_generation(folder).manifest == last


def test_a_full_disk_leaves_the_old_generation(tmp_path: Path) -> None:
    """A write refused in any file: one line, the old generation goes on, nothing is left behind.

    A limit on the size of files stands in for the full disk: each write past it fails the same way.
    """
    folder = tmp_path / "index"
    old = build(folder)
    before = names(folder), names(folder / "generations")
    big = tmp_path / "big"
    assert finish(start_build(big, 3)) == (0, [])
    files = open_generation(big).manifest.files
    limits = {
        "_embed_sentences": {0, 200, *(stamp.bytes - 1 for stamp in files.values() if stamp.bytes > 5_000)},
        "_write_records": {0, 5_000, files["passages.jsonl"].bytes - 1},
        "_write_searches": {
            0,
            100,
            500,
            files["dense.faiss"].bytes - 1,
            files["lexical/meta.json"].bytes - 1,
        },
        "publish": {0, 30},
    }
    lines = []
    for step, sizes in limits.items():
        code, errors = finish(start_build(folder, 3, *sizes, begin=step))
        assert (code, len(errors)) == (0, len(sizes)), f"{step}: {errors}"
        lines += errors
    for line in lines:
        assert f"{folder}: the index could not be built: " in line  # FAISS may mutter something before it
    assert (names(folder), names(folder / "generations")) == before
    assert open_generation(folder).manifest == old
    assert answers(folder)


def test_a_first_build_that_fails_leaves_no_index(tmp_path: Path) -> None:
    """Without a generation from before, a failed build leaves none either."""
    folder = tmp_path / "index"
    (line,) = finish(start_build(folder, 1, 500))[1]
    assert "could not be built" in line
    assert names(folder) == {"lock"}
    with pytest.raises(MissingIndexError):
        open_generation(folder)


def test_an_index_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "index").write_text("no folder")
    with pytest.raises(BuildFailedError, match="could not be built: File exists") as caught:
        build(tmp_path / "index")
    assert "\n" not in str(caught.value)


def test_an_error_in_between_leaves_nothing(tmp_path: Path) -> None:
    """Whatever goes wrong inside, the folder under construction is removed and the error comes through."""

    def fail() -> None:
        with staging(tmp_path) as folder:
            (folder / "file").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(tmp_path) == {"lock"}


def test_a_second_build_is_refused(tmp_path: Path) -> None:
    """While a build runs another one is refused, naming the process; afterwards it may build."""
    folder = tmp_path / "index"
    with staging(folder), pytest.raises(BuildRunningError) as caught:
        build(folder)
    assert caught.value.pid == os.getpid()
    assert f"(process {os.getpid()})" in str(caught.value)
    assert "\n" not in str(caught.value)
    build(folder)


def test_two_processes_cannot_build_at_once(tmp_path: Path) -> None:
    """Of two real builds started together one may be refused, never both, and the index is whole."""
    folder = tmp_path / "index"
    processes = [start_build(folder, 12) for _ in range(3)]
    refused = [line for process in processes for line in finish(process)[1]]
    assert len(refused) < len(processes)
    assert all("another build is running (process" in line for line in refused)
    assert answers(folder)
    assert names(folder) == {"current", "generations", "lock"}


def test_readers_see_one_generation_or_the_other(tmp_path: Path) -> None:
    """While builds follow each other, opening the index always gives a whole generation."""
    folder = tmp_path / "index"
    seen = {build(folder).generation}
    process = start_build(folder, 3)
    while process.poll() is None:
        seen.add(open_generation(folder).manifest.generation)
    assert finish(process) == (0, [])
    seen.add(open_generation(folder).manifest.generation)
    assert len(seen) == 2


def test_everything_is_on_the_disk_before_the_switch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file and folder of a generation is synced before `current` names it."""
    folder = tmp_path / "index"
    synced: list[Path] = []
    sync = index.staging._sync

    def record(path: Path) -> None:
        assert not (folder / "current").exists() or path == folder
        synced.append(path)
        sync(path)

    monkeypatch.setattr(index.staging, "_sync", record)
    manifest = build(folder)
    staged = {path for path in synced if "building-" in str(path)}
    relative = {path.relative_to(folder).as_posix().partition("/")[2] for path in staged}
    assert {*manifest.files, "manifest.json", "", "lexical", "sentences"} <= relative
    assert synced[-3:] == [folder / "generations", folder / "building-current", folder]
