"""`plaincite evaluate`: an entry point, so settings are read and parts are put together here."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from evaluation.report import Report
    from index.encoder import OnnxEncoder

OWN_QUESTIONS = Path(__file__).parent / "data" / "first_questions.jsonl"
CACHE = Path("var/evaluation")

PATH = click.Path(path_type=Path)
as_json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")
index_option = click.option(
    "--index", "index_folder", type=PATH, metavar="DIR", help="Folder of index generations."
)


@click.group()
def evaluate() -> None:
    """Measures: retrieval, choice of evidence, answers, screening."""


@evaluate.command()
@click.argument("folder", type=PATH, metavar="BEIR_DIR")
@click.option("--split", required=True, help="Names the judgments: qrels/NAME.tsv.", metavar="NAME")
@click.option("--run-out", type=PATH, metavar="FILE", help="Also write the run, in TREC format.")
@click.option("--cache", type=PATH, default=CACHE, show_default=True, help="Where indexes are kept.")
@click.option("--compare", is_flag=True, help="Compare settings of search instead, one by one.")
@as_json_option
def retrieval(
    folder: Path, split: str, run_out: Path | None, cache: Path, compare: bool, as_json: bool
) -> None:
    """Measures search on a BEIR folder: nDCG@10, R@100, RR@10, P@1."""
    if compare:
        from evaluation.tuning import compare_settings

        announce = _announce if not as_json else lambda _: None
        _show(compare_settings(folder, split, _encoder(), cache, progress=announce), as_json)
        return
    from evaluation.retrieval import evaluate_retrieval
    from evaluation.runs import write_run

    measured = evaluate_retrieval(folder, split, _encoder(), cache, progress=True)
    if run_out:
        write_run(run_out, measured.run, "plaincite")
    _show(measured.report, as_json)


@evaluate.command()
@click.argument("file", type=PATH, metavar="FILE.jsonl")
@click.option("--plain", is_flag=True, help="Measure plain similarity instead: the baseline.")
@as_json_option
def evidence(file: Path, plain: bool, as_json: bool) -> None:
    """Measures the choice of sentences: P@1, MAP, and AUC of answerable against unanswerable."""
    from evaluation.evidence import cosine, evaluate_evidence
    from index.reader import read_texts

    encoder = _encoder()
    reader = cosine(encoder) if plain else lambda question, texts: read_texts(encoder, question, texts).scores
    settings = {"model_sha256": encoder.sha256, "scorer": "cosine" if plain else "reader"}
    with _bar(file) as advance:
        report = evaluate_evidence(file, reader, settings=settings, progress=advance)
    _show(report, as_json)


@evaluate.command()
@click.argument("file", type=PATH, metavar="[FILE.jsonl]", default=OWN_QUESTIONS)
@index_option
@as_json_option
def answers(file: Path, index_folder: Path | None, as_json: bool) -> None:
    """Measures answers: outcomes, right study, right sentence first and shown."""
    from evaluation.answers import evaluate_answers
    from service.library import Library
    from service.settings import load_settings

    library = Library.open(load_settings(**({"index": index_folder} if index_folder else {})))
    settings = {"corpus_version": library.corpus_version, "index_generation": library.generation}
    with _bar(file) as advance:
        report = evaluate_answers(file, library.ask, library.studies, settings=settings, progress=advance)
    _show(report, as_json)


@evaluate.command()
@click.argument("file", type=PATH, metavar="FILE.jsonl")
@as_json_option
def screening(file: Path, as_json: bool) -> None:
    """Measures the gate: recall and false alarms of each class."""
    from evaluation.report import file_sha256
    from evaluation.screening import evaluate_screening
    from service.answers import NoticeKind
    from service.rules import RULES
    from service.screening import load_screen, screen_safely

    screen = load_screen()

    def kind_of(question: str) -> str:
        kind = screen_safely(screen, question).kind
        return kind.value if kind else "none"

    classes = [*(kind.value for kind in NoticeKind), "none"]
    settings = {"rules_sha256": file_sha256(RULES), "seed": None}
    _show(evaluate_screening(file, kind_of, classes=classes, settings=settings), as_json)


@evaluate.command()
@click.argument("file", type=PATH, metavar="[FILE.jsonl]", default=OWN_QUESTIONS)
@click.option("--starts", type=click.IntRange(1, 50), default=5, show_default=True, help="How many starts.")
@index_option
@as_json_option
def serving(file: Path, starts: int, index_folder: Path | None, as_json: bool) -> None:
    """Measures the running service: seconds to the first answer, milliseconds an answer, memory."""
    from evaluation.answers import Line
    from evaluation.lines import read_records
    from evaluation.serving import evaluate_serving
    from service.settings import load_settings

    questions = [line.question for _, line in read_records(file, Line)]
    settings = load_settings(**({"index": index_folder} if index_folder else {}))
    _show(evaluate_serving(questions, starts=starts, index=settings.index), as_json)


def _encoder() -> "OnnxEncoder":
    from index.encoder import ensure_encoder
    from service.settings import load_settings

    settings = load_settings()
    return ensure_encoder(settings.model, settings.encoders)


def _show(report: "Report", as_json: bool) -> None:
    click.echo(json.dumps(report.to_json(), indent=2) if as_json else report.to_text())


def _announce(name: str) -> None:
    click.echo(f"measuring: {name}", err=True)


@contextmanager
def _bar(file: Path) -> Iterator[Callable[[], object]]:
    """A progress bar over a file's lines, on stderr; gives what is called after each line."""
    from tqdm import tqdm

    with file.open("rb") as lines:
        total = sum(1 for _ in lines)
    with tqdm(total=total, unit="line", desc=file.name) as bar:
        yield bar.update
