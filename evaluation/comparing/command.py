"""`plaincite evaluate compare`: runs and judgments in, findings as text, JSON or a page out."""

import json
from pathlib import Path

import click

from evaluation.options import PATH, as_json_option


@click.command()
@click.argument("runs", type=PATH, nargs=-1, required=True, metavar="RUN_A RUN_B [RUN_C ...]")
@click.option("--qrels", type=PATH, metavar="FILE", help="Judgments, in TREC's format or BEIR's.")
@click.option("--corpus", type=PATH, metavar="FILE", help="BEIR's corpus.jsonl: shows what passages say.")
@click.option("--queries", type=PATH, metavar="FILE", help="BEIR's queries.jsonl: shows what was asked.")
@click.option("--beir", type=PATH, metavar="DIR", help="A BEIR folder with all three, instead of them.")
@click.option("--split", metavar="NAME", help="Names the judgments of a BEIR folder: qrels/NAME.tsv.")
@click.option("--baseline", metavar="NAME", help="What the others are compared with; else the first run.")
@click.option("--measure", default="nDCG@10", show_default=True, help="The measure that is tested.")
@click.option("--show", type=click.IntRange(0), default=10, show_default=True, help="Wins and losses shown.")
@click.option("--html", type=PATH, metavar="FILE", help="Also write a page with plots.")
@as_json_option
def compare(
    runs: tuple[Path, ...],
    qrels: Path | None,
    corpus: Path | None,
    queries: Path | None,
    beir: Path | None,
    split: str | None,
    baseline: str | None,
    measure: str,
    show: int,
    html: Path | None,
    as_json: bool,
) -> None:
    """Compares TREC runs: intervals, significance, what each wins and loses."""
    from evaluation.comparing import comparison_report, findings

    if len(runs) == 1:
        raise click.UsageError("give at least two runs to compare")
    if qrels and not (beir or split):
        inputs = findings.Inputs(qrels, corpus, queries)
    elif beir and split and not (qrels or corpus or queries):
        inputs = findings.beir_inputs(beir, split)
    else:
        raise click.UsageError("give --qrels FILE (with --corpus and --queries), or --beir DIR --split NAME")
    if html:
        findings.check_page_path(html, runs, inputs)
    found = findings.compare_files(runs, inputs, baseline=baseline, leading=measure, show=show)
    if html:
        from evaluation.comparing import comparison_page

        comparison_page.write_page(html, comparison_page.render_page(found))
    if as_json:
        click.echo(json.dumps(comparison_report.as_json(found), indent=2))
    else:
        click.echo(comparison_report.as_text(found, with_examples=html is None))
