"""Findings: all that is told of a comparison of run files, as text, JSON and page alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from evaluation.beir import read_collection
from evaluation.comparing.comparison import LEADING, SEED, Comparison, compare_runs
from evaluation.comparing.contenders import Contender, counted, first_of, printable, read_contenders
from evaluation.comparing.curves import RiskCurve, recall_by_depth, risk_coverage
from evaluation.comparing.examples import Examples, examples
from evaluation.comparing.texts import Texts, gaps, read_texts
from evaluation.errors import EvaluationError, InputFileError
from evaluation.measures import RESAMPLES, RETRIEVAL
from evaluation.qrels import Qrels, read_qrels
from evaluation.report import Plain, file_sha256
from evaluation.significance import ALPHA, ASSIGNMENTS, POWER


class Inputs(NamedTuple):
    """The files beside the runs.

    Attributes:
        qrels: judgments, TREC's or BEIR's.
        corpus: BEIR's corpus.jsonl, or None.
        queries: BEIR's queries.jsonl, or None.
    """

    qrels: Path
    corpus: Path | None = None
    queries: Path | None = None


class Source(NamedTuple):
    """A file that the figures rest on.

    Attributes:
        role: what it is here.
        name: of the file, without its folder, which is nobody else's business.
        holds: what was read from it, counted.
        changed: when the file was last changed, UTC.
        sha256: of its bytes.
    """

    role: str
    name: str
    holds: str
    changed: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Findings:
    """A comparison with what it rests on and what it looks like.

    Attributes:
        comparison: the figures.
        sources: the files.
        remarks: what must be known before the figures are believed.
        examples: by the name of each run but the baseline.
        recall: by run, by depth.
        risk: by run; None where its scores say nothing across questions.
        settings: what a repetition must keep the same.
    """

    comparison: Comparison
    sources: Sequence[Source]
    remarks: Sequence[str]
    examples: Mapping[str, Examples]
    recall: Mapping[str, Mapping[int, float]]
    risk: Mapping[str, RiskCurve | None]
    settings: Mapping[str, Plain]

    @property
    def title(self) -> str:
        """What was compared."""
        comparison = self.comparison
        return (
            f"Comparison: {counted(len(comparison.standings), 'run')}, "
            f"{counted(len(comparison.qrels), 'judged question')}"
        )


def beir_inputs(folder: Path, split: str) -> Inputs:
    """The files of a BEIR folder.

    Raises:
        InputFileError: one of them cannot be used, or they do not fit each other.
    """
    read_collection(folder, split)
    return Inputs(folder / "qrels" / f"{split}.tsv", folder / "corpus.jsonl", folder / "queries.jsonl")


def check_page_path(path: Path, runs: Sequence[Path], inputs: Inputs) -> None:
    """Finds out before any work whether a page can be written there.

    Raises:
        InputFileError: its folder is missing, or it would replace one of the files that are compared.
    """
    if not path.parent.is_dir():
        raise InputFileError(path, f"it cannot be written: there is no folder {path.parent}")
    read = [file.resolve() for file in (*runs, *inputs) if file]
    if path.is_dir() or path.resolve() in read:
        raise InputFileError(
            path, "it is a folder or one of the files that are compared; name another for the page"
        )


def compare_files(
    runs: Sequence[Path],
    inputs: Inputs,
    *,
    baseline: str | None = None,
    leading: str = LEADING,
    show: int = 10,
) -> Findings:
    """Reads runs and judgments and compares each run with the baseline.

    Args:
        runs: TREC runs, at least two.
        inputs: judgments, and texts where there are any.
        baseline: the name of a run or its file as given; the first run where None.
        leading: the measure that is tested.
        show: how many wins and losses are shown of each run.

    Raises:
        EvaluationError: no run has the baseline's name, there is no such measure, or a run is given twice.
        InputFileError: a file cannot be used.
    """
    if leading not in RETRIEVAL:
        raise EvaluationError(
            f"there is no measure {leading!r} to test; the measures are: {', '.join(RETRIEVAL)}"
        )
    qrels = read_qrels(inputs.qrels)
    contenders = _baseline_first(read_contenders(runs, qrels), baseline)
    texts = _texts(inputs, contenders, qrels)
    comparison = compare_runs(contenders, qrels, leading=leading)
    risk = {
        item.name: risk_coverage(item.contender.run, item.values[leading]) for item in comparison.standings
    }
    return Findings(
        comparison=comparison,
        sources=list(_sources(contenders, qrels, inputs, texts)),
        remarks=[*_remarks(contenders, qrels), *_incomparable(risk), *gaps(texts, contenders, qrels)],
        examples={item.name: examples(comparison, item, texts, most=show) for item in comparison.differences},
        recall={item.name: recall_by_depth(qrels, item.run) for item in contenders},
        risk=risk,
        settings={
            "baseline": contenders[0].name,
            "leading_measure": leading,
            "bootstrap_resamples": RESAMPLES,
            "randomisation_assignments": ASSIGNMENTS,
            "alpha": ALPHA,
            "power": POWER,
            "seed": SEED,
        },
    )


def _baseline_first(contenders: list[Contender], baseline: str | None) -> list[Contender]:
    if baseline is None:
        return contenders
    for place, contender in enumerate(contenders):
        if baseline in {contender.name, str(contender.path)}:
            return [contender, *contenders[:place], *contenders[place + 1 :]]
    known = ", ".join(contender.name for contender in contenders)
    raise EvaluationError(f"there is no run {baseline!r} to be the baseline; the runs are: {known}")


def _texts(inputs: Inputs, contenders: Sequence[Contender], qrels: Qrels) -> Texts:
    hits = {item.document for contender in contenders for found in contender.run.values() for item in found}
    judged = {document for documents in qrels.values() for document in documents}
    return read_texts(inputs.corpus, inputs.queries, documents=hits | judged, questions=qrels.keys())


def _remarks(contenders: Sequence[Contender], qrels: Qrels) -> Iterator[str]:
    barren = [
        question for question, judged in qrels.items() if not any(grade > 0 for grade in judged.values())
    ]
    if barren:
        where = f"{counted(len(barren), 'judged question')} without a relevant document"
        yield f"{where}: 0 for every run, whatever it finds{first_of(barren)}"
    for contender in contenders:
        for oddity in contender.oddities:
            yield f"{contender.name}: {oddity}"


def _incomparable(risk: Mapping[str, RiskCurve | None]) -> Iterator[str]:
    left_out = [name for name, curve in risk.items() if curve is None]
    if left_out:
        yield (
            f"{', '.join(left_out)}: no risk-coverage curve, because most questions have (nearly) the same "
            f"top score, as when each question's scores were brought to one scale: they say nothing across "
            f"questions"
        )


def _sources(contenders: Sequence[Contender], qrels: Qrels, inputs: Inputs, texts: Texts) -> Iterator[Source]:
    for number, contender in enumerate(contenders):
        hits = sum(map(len, contender.run.values()))
        holds = (
            f"{counted(len(contender.run), 'judged question')}, {counted(hits, 'hit')}, tag {contender.tag}"
        )
        yield _source("run" if number else "baseline", contender.path, holds)
    judged = sum(map(len, qrels.values()))
    yield _source(
        "judgments", inputs.qrels, f"{counted(len(qrels), 'question')}, {counted(judged, 'judgment')}"
    )
    if inputs.corpus:
        yield _source(
            "documents",
            inputs.corpus,
            f"{counted(len(texts.documents or {}), 'document')} of runs and judgments",
        )
    if inputs.queries:
        yield _source(
            "questions", inputs.queries, f"{counted(len(texts.questions or {}), 'judged question')}"
        )


def _source(role: str, path: Path, holds: str) -> Source:
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Source(role, printable(path.name), holds, f"{changed:%Y-%m-%d %H:%M} UTC", file_sha256(path))
