"""`plaincite evaluate`: an entry point, so settings are read and parts are put together here."""

from functools import partial
from pathlib import Path

import click

from evaluation import own_commands
from evaluation.comparing.command import compare as compare_runs
from evaluation.options import OWN_QUESTIONS, PATH, as_json_option, bar, index_option, load_encoder, show

CACHE = Path("var/evaluation")

SETTINGS = ("shipped", "dense", "bm25", "ranks")
"""The names in evaluation.searches, which would load the model runtime for `plaincite --help`."""


@click.group()
def evaluate() -> None:
    """Measures: retrieval, choice of evidence, answers, screening; and the release gate."""


for command in (
    own_commands.answers,
    own_commands.serving,
    own_commands.phone,
    own_commands.publishing,
    own_commands.gate,
    compare_runs,
):
    evaluate.add_command(command)


@evaluate.command()
@click.argument("folder", type=PATH, metavar="[BEIR_DIR]", required=False)
@click.option("--split", metavar="NAME", help="Judgments qrels/NAME.tsv; own questions: tuning or held_out.")
@click.option("--questions", type=PATH, metavar="FILE", help="Others than the library's own questions.")
@click.option(
    "--setting", type=click.Choice(SETTINGS), default=SETTINGS[0], show_default=True, help="What searches."
)
@click.option("--as-typed", is_flag=True, help="Own questions: neither spelling nor glossary.")
@click.option("--run-out", type=PATH, metavar="FILE", help="Also write the run, in TREC format.")
@click.option("--qrels-out", type=PATH, metavar="FILE", help="Own questions: also write the judgments.")
@click.option("--cache", type=PATH, default=CACHE, show_default=True, help="Where indexes are kept.")
@click.option("--compare", is_flag=True, help="Compare settings of search, one by one.")
@index_option
@as_json_option
def retrieval(
    folder: Path | None,
    split: str | None,
    questions: Path | None,
    setting: str,
    as_typed: bool,
    run_out: Path | None,
    qrels_out: Path | None,
    cache: Path,
    compare: bool,
    index_folder: Path | None,
    as_json: bool,
) -> None:
    """Measures search: on a BEIR folder, or with the library's own questions on the library itself."""
    if compare and setting != SETTINGS[0]:
        raise click.UsageError("--compare measures every setting; leave it out to choose one with --setting")
    if folder is None:
        report = own_commands.own_retrieval(
            questions or OWN_QUESTIONS,
            split=split,
            setting=setting,
            compare=compare,
            as_typed=as_typed,
            run_out=run_out,
            qrels_out=qrels_out,
            index_folder=index_folder,
            as_json=as_json,
        )
    elif split is None or questions or qrels_out or index_folder or as_typed:
        raise click.UsageError("a BEIR folder needs --split NAME; it has its own questions and judgments")
    elif compare and run_out:
        raise click.UsageError("--compare makes many runs; leave it out to write one with --run-out")
    elif compare:
        from evaluation.tuning import compare_settings

        announce = _announce if not as_json else lambda _: None
        report = compare_settings(folder, split, load_encoder(), cache, progress=announce)
    else:
        from evaluation.retrieval import evaluate_retrieval
        from evaluation.runs import write_run
        from evaluation.searches import SLUGS

        report, run = evaluate_retrieval(
            folder,
            split,
            load_encoder(),
            cache,
            setting=SLUGS[setting],
            progress=not as_json,
        )
        if run_out:
            write_run(run_out, run, f"plaincite-{setting}")
    show(report, as_json)


@evaluate.command()
@click.argument("file", type=PATH, metavar="FILE.jsonl")
@click.option("--plain", is_flag=True, help="Measure plain similarity instead: the baseline.")
@as_json_option
def evidence(file: Path, plain: bool, as_json: bool) -> None:
    """Measures the choice of sentences: P@1, MAP, and AUC of answerable against unanswerable."""
    from evaluation.evidence import cosine, evaluate_evidence
    from index.reader import read_texts

    encoder = load_encoder()
    reader = cosine(encoder) if plain else partial(read_texts, encoder)
    settings = {"model_sha256": encoder.sha256, "scorer": "cosine" if plain else "reader"}
    with file.open("rb") as lines:
        total = sum(1 for _ in lines)
    with bar(total, file.name, as_json) as advance:
        report = evaluate_evidence(file, reader, settings=settings, progress=advance)
    show(report, as_json)


@evaluate.command()
@click.argument("folder", type=PATH, metavar="[LIBRARIES]", required=False)
@as_json_option
def known(folder: Path | None, as_json: bool) -> None:
    """Measures what known questions bring: small libraries read without them and with."""
    from evaluation.known import evaluate_known
    from evaluation.libraries import LIBRARIES

    paths = sorted((folder or LIBRARIES).glob("*.json"))
    encoder = load_encoder()
    settings = {"model_sha256": encoder.sha256}
    with bar(len(paths), "Reading libraries", as_json) as advance:
        report = evaluate_known(paths, encoder, settings=settings, progress=advance)
    show(report, as_json)


@evaluate.command()
@click.argument("file", type=PATH, metavar="FILE.jsonl")
@as_json_option
def screening(file: Path, as_json: bool) -> None:
    """Measures the screening: recall and false alarms of each class."""
    from evaluation.report import file_sha256
    from evaluation.screening import CLASSES, evaluate_screening, service_screen
    from service.rules import RULES

    settings = {"rules_sha256": file_sha256(RULES)}
    show(evaluate_screening(file, service_screen(), classes=CLASSES, settings=settings), as_json)


def _announce(name: str) -> None:
    click.echo(f"measuring: {name}", err=True)
