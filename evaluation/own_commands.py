"""`plaincite evaluate` with the library's own questions: search, answers, the service, the release gate."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluation.options import (
    BASELINE,
    OWN_QUESTIONS,
    PATH,
    as_json_option,
    bar,
    index_option,
    read_settings,
    show,
)

if TYPE_CHECKING:
    from evaluation.report import Report


def own_retrieval(
    file: Path,
    *,
    split: str | None,
    setting: str,
    compare: bool,
    as_typed: bool,
    run_out: Path | None,
    qrels_out: Path | None,
    index_folder: Path | None,
    as_json: bool,
) -> "Report":
    """What `evaluate retrieval` does without a BEIR folder."""
    from evaluation.bench import open_bench
    from evaluation.own import report_own, search_own, steps
    from evaluation.qrels import write_qrels
    from evaluation.runs import write_run
    from evaluation.searches import RANKS, SLUGS, settings

    chosen = SLUGS[setting]
    others = [*settings(), RANKS] if compare else [chosen]
    library, questions, conditions = open_bench(file, read_settings(index_folder), split=split)
    with bar(steps(questions, others), "Searching", as_json) as advance:
        searched = search_own(
            questions,
            library.index,
            query=str if as_typed else library.query,
            others=others,
            progress=advance,
        )
    if run_out:
        write_run(run_out, searched.runs[chosen], f"plaincite-{setting}")
    if qrels_out:
        write_qrels(qrels_out, searched.qrels)
    return report_own(
        questions,
        searched,
        title=f"Retrieval: {file.name}",
        settings=conditions | {"index_generation": library.generation, "as_typed": as_typed},
        setting=chosen,
    )


@click.command()
@click.argument("file", type=PATH, metavar="[FILE.jsonl]", default=OWN_QUESTIONS)
@click.option("--split", metavar="NAME", help="Only these questions: tuning or held_out.")
@click.option("--without-known", is_flag=True, help="As if no question were known: the baseline.")
@index_option
@as_json_option
def answers(
    file: Path, split: str | None, without_known: bool, index_folder: Path | None, as_json: bool
) -> None:
    """Measures answers: outcomes, right study, right sentence, both sides, and when to abstain."""
    from evaluation.answers import evaluate_answers
    from evaluation.bench import open_bench

    library, questions, conditions = open_bench(file, read_settings(index_folder), split=split)
    if without_known:
        library.index.forget_known()
    known = len(library.index.known)
    settings = conditions | {"index_generation": library.generation, "known_questions": known}
    with bar(len(questions), "Answering", as_json) as advance:
        report = evaluate_answers(
            questions, library.weigh, title=f"Answers: {file.name}", settings=settings, progress=advance
        )
    show(report, as_json)


@click.command()
@click.argument("file", type=PATH, metavar="[FILE.jsonl]", default=OWN_QUESTIONS)
@click.option("--starts", type=click.IntRange(1, 50), default=5, show_default=True, help="How many starts.")
@index_option
@as_json_option
def serving(file: Path, starts: int, index_folder: Path | None, as_json: bool) -> None:
    """Measures the running service: seconds to the first answer, milliseconds an answer, memory."""
    from evaluation.lines import read_records
    from evaluation.questions import Question
    from evaluation.serving import evaluate_serving

    questions = [line.question for _, line in read_records(file, Question)]
    show(evaluate_serving(questions, starts=starts, index=read_settings(index_folder).index), as_json)


@click.command()
@click.argument("file", type=PATH, metavar="[FILE.jsonl]", default=OWN_QUESTIONS)
@click.option("--rounds", type=click.IntRange(1, 50), default=5, show_default=True, help="How often.")
@click.option("--people", type=click.IntRange(1, 64), default=4, show_default=True, help="Who ask at once.")
@as_json_option
def publishing(file: Path, rounds: int, people: int, as_json: bool) -> int:
    """Measures a service under load while a summary is published and taken back; exit 1 on a fault."""
    from evaluation.lines import read_records
    from evaluation.questions import Question
    from evaluation.releasing.measuring import evaluate_publishing

    questions = [line.question for _, line in read_records(file, Question)]
    report = evaluate_publishing(questions, read_settings(), rounds=rounds, people=people)
    show(report, as_json)
    return 1 if report.rows else 0


@click.command()
@click.argument("file", type=PATH, metavar="[FILE.jsonl]", default=OWN_QUESTIONS)
@click.option("--questions", "count", type=click.IntRange(1), default=10, show_default=True, help="How many.")
@click.option(
    "--network", "networks", multiple=True, metavar="NAME", help="Only this one; may be given again."
)
@index_option
@as_json_option
def phone(
    file: Path, count: int, networks: tuple[str, ...], index_folder: Path | None, as_json: bool
) -> None:
    """Measures the wait on a slow phone: from the press of the button to the first answer visible."""
    from evaluation.handset import NETWORKS
    from evaluation.lines import read_records
    from evaluation.phone import evaluate_phone
    from evaluation.questions import Question

    unknown = [name for name in networks if name not in NETWORKS]
    if unknown:
        raise click.UsageError(f"no network is called {unknown[0]!r}; there are: {'; '.join(NETWORKS)}")
    chosen = networks or tuple(NETWORKS)
    lines = [line for _, line in read_records(file, Question)]
    questions = [line.question for line in lines if line.outcome == "answered"][:count]
    with bar(2 * len(chosen) * len(questions), "Asking", as_json) as advance:
        report = evaluate_phone(questions, chosen, index=read_settings(index_folder).index, progress=advance)
    show(report, as_json)


@click.command()
@click.option(
    "--questions", "file", type=PATH, default=OWN_QUESTIONS, metavar="FILE", help="Other questions."
)
@click.option("--baseline", type=PATH, default=BASELINE, metavar="FILE", help="Another baseline.")
@click.option("--write-baseline", "record", is_flag=True, help="Record this run, after a review.")
@index_option
@as_json_option
def gate(file: Path, baseline: Path, record: bool, index_folder: Path | None, as_json: bool) -> int:
    """Holds the release against the recorded baseline; exit 1 where it fell, or the run is not whole."""
    from evaluation.baseline import read_baseline, write_baseline
    from evaluation.bench import open_bench
    from evaluation.errors import IncompleteRunError
    from evaluation.figures import measure, steps
    from evaluation.gate import judge, recorded
    from evaluation.screening import service_screen

    before = None if record else read_baseline(baseline)
    library, questions, conditions = open_bench(file, read_settings(index_folder), build=True)
    try:
        with bar(steps(questions), "Measuring", as_json) as advance:
            figures = measure(
                questions,
                weigh=library.weigh,
                index=library.index,
                query=library.query,
                screen=service_screen(),
                progress=advance,
            )
        if before is None:
            write_baseline(baseline, recorded(questions, figures, conditions))
            click.echo(f"{baseline}: {len(figures)} measures of {len(questions)} questions recorded")
            return 0
    except IncompleteRunError as error:
        return _shut(f"{error}. Mend that and run it again")
    judgement = judge(figures, before, conditions)
    click.echo(json.dumps(judgement.to_json(), indent=2) if as_json else judgement.to_text())
    return 0 if judgement.is_open else _shut(judgement.problem())


def _shut(problem: str) -> int:
    """Tells why the gate stays shut, and gives the exit code for it."""
    click.echo(f"plaincite: the gate stays shut: {problem}", err=True)
    return 1
