"""Does anybody who asks notice a release: a service under load while a summary comes and goes."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from corpus.fingerprint import corpus_sha256
from corpus.studies import Status, Study, load_studies
from evaluation.errors import EvaluationError
from evaluation.releasing.crowd import OK, Asked, asking
from evaluation.releasing.editor import Editor, Window, begin_session
from evaluation.report import Plain, Report
from evaluation.serving import memory_of, running
from index.build import build_library
from index.errors import PlainIndexError
from service.library import check_current
from service.settings import Settings

WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ADDED = "This sentence was put in while people were asking, for the {} time."
"""What is published; no figure and no hard word, so that the checks of every library let it pass."""

QUIET = 3.0
"""Seconds of load before the first release and after the last, to compare with."""


class Made(NamedTuple):
    """A release that was made under load.

    Attributes:
        version: the library's that answers came from afterwards.
        studies: its studies by their ids.
    """

    kind: str
    window: Window
    version: str
    studies: dict[str, Study]


def evaluate_publishing(
    questions: Sequence[str], settings: Settings, *, rounds: int, people: int, quiet: float = QUIET
) -> Report:
    """Publishes and takes back, over and over, while people ask; on copies of the library and the index.

    Args:
        questions: what they ask.
        settings: which library, and which model.
        rounds: how often it is published, and how often taken back.
        people: how many ask at the same time, each as quickly as they are answered.
        quiet: seconds of load before and after.

    Raises:
        EvaluationError: the service does not start, or a release fails.
    """
    with TemporaryDirectory(prefix="plaincite-") as folder:
        corpus, index, database = _copies(Path(folder), settings)
        first, session = _state(corpus), begin_session(database)
        names = {"CORPUS": str(corpus), "DATABASE": database, "ENCODERS": str(settings.encoders)}
        with running(index, MODEL=settings.model, **names) as service:
            editor = Editor(service.address, session)
            editor.wait_until_open()
            before = memory_of(service.process.pid)
            study_id = _study_to_change(first[1])
            pages = ("/", f"/studies/{study_id}", "/ask.js", "/studies", "/readyz")
            with asking(service.address, questions, pages, people) as asked:
                time.sleep(quiet)
                made = list(_releases(editor, corpus, study_id, rounds))
                time.sleep(quiet)
            after = memory_of(service.process.pid)
    versions = dict([first, *((each.version, each.studies) for each in made)])
    wanted: dict[str, Plain] = {"people": people, "rounds": rounds, "cores": os.cpu_count()}
    memory = {"memory before, MB": before, "memory after, MB": after}
    return _report(asked, made, versions, memory, wanted)


def faults_of(asked: Asked, versions: dict[str, dict[str, Study]]) -> list[str]:
    """What is wrong with one response: a refusal, a version that never was, a quote of another version."""
    if asked.status != OK:
        return [f"status {asked.status}"]
    answer = asked.answer
    if not answer:
        return []
    studies = versions.get(answer["corpus_version"])
    if studies is None:
        return [f"corpus_version {answer['corpus_version']} was never released"]
    quoted = [*answer["statements"], *(one for side in answer["contrast"] for one in side["statements"])]
    return [
        f"a quote of {statement['citation']['study_id']} is not in version {answer['corpus_version']}"
        for statement in quoted
        if not _is_in(statement["text"], statement["citation"], studies)
    ]


def _is_in(text: str, citation: dict[str, str | int], studies: dict[str, Study]) -> bool:
    study = studies.get(str(citation["study_id"]))
    if study is None or citation["section"] not in [section.name for section in study.sections]:
        return False
    section = study.section(str(citation["section"]))
    place = slice(int(citation["start"]), int(citation["end"]))
    return section.sha256 == citation["source_sha256"] and section.text[place] == text


def _copies(folder: Path, settings: Settings) -> tuple[Path, Path, str]:
    """A library folder, an index and the address of a database, all of them for this measurement alone."""
    corpus, index = folder / "library", folder / "index"
    corpus.mkdir()
    for path in settings.corpus.iterdir():
        if path.is_file():
            shutil.copy(path, corpus)
    try:
        check_current(settings.index, settings.corpus)
        shutil.copytree(settings.index, index)
    except PlainIndexError:
        build_library(corpus, index, settings.model, settings.encoders, drafts=False, progress=False)
    return corpus, index, f"sqlite:///{folder}/desks.db"


def _releases(editor: Editor, corpus: Path, study_id: str, rounds: int) -> Iterator[Made]:
    path = corpus / f"{study_id}.md"
    text = path.read_text(encoding="utf-8").rstrip()
    for number in range(rounds):
        added = ADDED.format(WORDS[number % len(WORDS)])
        yield Made("publish", editor.publish(study_id, f"{text}\n\n{added}\n"), *_state(corpus))
        yield Made("rollback", editor.roll_back(1), *_state(corpus))


def _state(corpus: Path) -> tuple[str, dict[str, Study]]:
    """The version of the library folder as it is, and what can be quoted in it."""
    studies = {study.study_id: study for study in load_studies(corpus)}
    return corpus_sha256(corpus)[:12], studies


def _study_to_change(studies: dict[str, Study]) -> str:
    published = [name for name, study in studies.items() if study.status is Status.published]
    if not published:
        raise EvaluationError("the library has no published summary")
    return published[0]


def _report(
    asked: Sequence[Asked],
    made: Sequence[Made],
    versions: dict[str, dict[str, Study]],
    memory: dict[str, float | None],
    settings: dict[str, Plain],
) -> Report:
    faults = [fault for one in asked for fault in faults_of(one, versions)]
    stale = [one for one in asked if is_stale(one, made)]
    during = [one for one in asked if any(_overlap(one, each.window) for each in made)]
    beside = [one for one in asked if not any(_overlap(one, each.window) for each in made)]
    if not during or not beside:
        raise EvaluationError("nobody asked during a release, or nobody beside one; raise --people")
    seconds = {
        kind: [w.ended - w.began for k, w, *_ in made if k == kind] for kind in ("publish", "rollback")
    }
    return Report(
        title="Publishing: a service under load while a summary is published and taken back",
        measures={
            "failed or wrong responses": len({id(one) for one in asked if faults_of(one, versions)}),
            "answers from a release before, after the switch was told": len(stale),
            "publish, s, median": float(np.median(seconds["publish"])),
            "rollback, s, median": float(np.median(seconds["rollback"])),
            **memory,
        },
        counts={
            "responses": len(asked),
            "answers": sum(bool(one.answer) for one in asked),
            "responses during a release": len(during),
            "releases": len(made),
        },
        settings=settings,
        timings={
            f"{name}, p{q} ms": float(np.percentile([one.milliseconds for one in group], q))
            for name, group in (("during a release", during), ("beside", beside))
            for q in (50, 95, 100)
        },
        rows=[{"fault": fault} for fault in dict.fromkeys(faults)],
    )


def _overlap(asked: Asked, window: Window) -> bool:
    return asked.began < window.ended and asked.ended > window.began


def is_stale(asked: Asked, made: Sequence[Made]) -> bool:
    """Whether a question that was asked between two releases was answered from neither of them."""
    told = [each for each in made if each.window.ended < asked.began]
    begun = [each for each in made if each.window.began < asked.ended]
    if not asked.answer or not told:
        return False
    possible = {told[-1].version, *(each.version for each in begun[len(told) :])}
    return asked.answer["corpus_version"] not in possible
