"""Run files: runs that an evaluator gives, held against the library before anything is made of them."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from evaluation.errors import InputFileError
from evaluation.judging.pool import PooledRun, Unit
from evaluation.lines import read_lines
from evaluation.runs import Run, TaggedRun, read_tagged_run

UNTOLD = re.compile(r"[^\w.+-]+")
"""What the name of a run, which is also its tag, has not."""

OTHER = {Unit.passage: Unit.study, Unit.study: Unit.passage}

DOCUMENT = 2
"""The column of a document's id."""


def read_run_file(
    path: Path, questions: Collection[str], known: Mapping[Unit, Collection[str]], unit: Unit
) -> PooledRun:
    """Reads a TREC run.

    Args:
        path: the file.
        questions: of the pool; what the run says of others is left out, and that is told.
        known: the ids of the library's documents, by what they are.
        unit: what the pool judges.

    Raises:
        InputFileError: the file cannot be used, has none of the questions, or names a document that the
            library does not have.
    """
    file = read_tagged_run(path)
    run = {question: file.run[question] for question in questions if question in file.run}
    if not run:
        problem = f"not one of its {len(file.run):,} questions is among those of the pool"
        raise InputFileError(path, problem)
    _check_documents(path, run, known, unit)
    told = "; ".join((f"file {path.name}, tag {file.tag}", *_remarks(file, run, questions)))
    return PooledRun(UNTOLD.sub("-", path.stem).strip("-") or "run", told, run)


def _check_documents(path: Path, run: Run, known: Mapping[Unit, Collection[str]], unit: Unit) -> None:
    unknown = {item.document for found in run.values() for item in found} - set(known[unit])
    if not unknown:
        return
    lines = [number for number, line in read_lines(path) if line.split()[DOCUMENT] in unknown]
    number, document = next(
        (number, line.split()[DOCUMENT]) for number, line in read_lines(path) if number == lines[0]
    )
    kind = f"a {OTHER[unit]}, not a {unit}" if document in known[OTHER[unit]] else f"no {unit} of the library"
    more = f" (so are {len(lines) - 1:,} more lines)" if len(lines) > 1 else ""
    raise InputFileError(path, f"{document[:100]} is {kind}{more}", line=number)


def _remarks(file: TaggedRun, run: Run, questions: Collection[str]) -> Iterator[str]:
    """What a reader of the pool must know about the file."""
    others = len(file.run) - len(run)
    if others:
        yield f"{others:,} questions that are not in the pool left out"
    missing = len(questions) - len(run)
    if missing:
        yield f"nothing found for {missing:,} of the pool's questions"
    if file.contradictions:
        yield f"ranks contradict scores in {file.contradictions:,} questions: the score decided"
    if not file.is_ended:
        yield "its last line has no line end"
