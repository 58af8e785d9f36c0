"""Contenders: the runs of a comparison, each with its name and with what is odd about its file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import EvaluationError, InputFileError
from evaluation.qrels import Qrels
from evaluation.runs import Run, TaggedRun, read_tagged_run

DEPTH = 100
"""Hits a question that R@100 looks at."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A run that is compared.

    Attributes:
        name: tells it from the others; short, and printable whatever its file is called.
        path: its file.
        tag: what the file calls it.
        run: judged questions only, documents best first.
        oddities: what a reader of the figures must know about the file, a sentence each.
    """

    name: str
    path: Path
    tag: str
    run: Run
    oddities: tuple[str, ...]


def read_contenders(paths: Sequence[Path], qrels: Qrels) -> list[Contender]:
    """Reads the runs of a comparison.

    Raises:
        EvaluationError: a file is given twice.
        InputFileError: a run cannot be read, or has no judged question.
    """
    if len({path.resolve() for path in paths}) < len(paths):
        raise EvaluationError("a run is given twice; give different files")
    named = zip(names(paths), paths, strict=True)
    return [_contender(name, path, read_tagged_run(path), qrels) for name, path in named]


def names(paths: Sequence[Path]) -> list[str]:
    """A name for each file: its stem, or as much more of its path as tells the files apart."""
    rules: list[Callable[[Path], str]] = [lambda path: path.stem, lambda path: path.name]
    rules += [lambda path: f"{path.parent.name}/{path.stem}", str]
    for rule in rules:
        found = [printable(rule(path)) for path in paths]
        if len(set(found)) == len(found):
            return found
    return [f"{number} {name}" for number, name in enumerate(found, start=1)]


def printable(text: str) -> str:
    """The text with a mark for each character that would steer a terminal or turn the line round."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 question`, `1,200 questions`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _contender(name: str, path: Path, file: TaggedRun, qrels: Qrels) -> Contender:
    run = {question: file.run[question] for question in qrels if question in file.run}
    if not run:
        asked = counted(len(file.run), "question")
        problem = f"not one of its {asked} is judged; are run and qrels of one collection?"
        raise InputFileError(path, problem)
    return Contender(name, path, printable(file.tag), run, tuple(_oddities(file, run, qrels)))


def _oddities(file: TaggedRun, run: Run, qrels: Qrels) -> Iterator[str]:
    unjudged = [question for question in file.run if question not in qrels]
    if unjudged:
        yield f"{counted(len(unjudged), 'question')} of the run not judged: left out{first_of(unjudged)}"
    missing = [question for question in qrels if question not in run]
    if missing:
        yield f"{counted(len(missing), 'judged question')} without hits: counted 0{first_of(missing)}"
    if file.contradictions:
        where = counted(file.contradictions, "question")
        yield f"ranks contradict scores in {where}: the score decided, higher first, as in trec_eval"
    if not file.is_ended:
        yield "the last line has no line end: check that the file is whole"
    yield from _depth_oddities(file.run)
    own = [question for question, found in run.items() if any(item.document == question for item in found)]
    if own:
        where = f"{counted(len(own), 'question')}{first_of(own)}"
        yield f"{where} found a document with the question's own id: counted, BEIR would leave it out"


def _depth_oddities(run: Run) -> Iterator[str]:
    *others, last = (len(found) for found in run.values())
    if others and min(others) == max(others) > last:
        yield f"the last question has {counted(last, 'hit')}, every other one {others[0]}: is the file cut?"
    deepest = max([*others, last])
    if deepest < DEPTH:
        yield f"at most {counted(deepest, 'hit')} a question: recall beyond that depth cannot rise"


def first_of(ids: Sequence[str]) -> str:
    """Names one of several ids, in brackets."""
    return f" (the first is {ids[0]})"
