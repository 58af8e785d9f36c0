"""The `plaincite` command: the one place that may import from all four packages.

Exit codes: 0 done, 1 a check found something, 2 wrong usage or unusable input (one line on stderr).
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from evaluation.commands import evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from service.desks.desks import OtherDesk
    from service.library import Library
    from service.settings import Settings

FOLDER = click.Path(path_type=Path)


def main() -> None:
    """Runs the command line; whatever goes wrong ends in one line and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Runs one command.

    Returns:
        The exit code.
    """
    from corpus.errors import CorpusError

    try:
        return _invoke(arguments)
    except click.ClickException as error:
        return _refuse(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # Who read our output went away (`| head`). What is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if not isinstance(error, (CorpusError, OSError, *_known_errors())):
            raise
        return _refuse(str(error))


def _invoke(arguments: list[str]) -> int:
    try:
        with cli.make_context("plaincite", arguments) as context:
            return cli.invoke(context) or 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2


def _known_errors() -> tuple[type[Exception], ...]:
    """The error families of rooms that have been loaded; asking must not load them."""
    families = {"index.errors": "PlainIndexError", "evaluation.errors": "EvaluationError"}
    families |= {"service.settings": "SettingsError", "service.schemas": "QuestionError"}
    families |= {"service.rules": "RulesError", "service.notices": "NoticesError"}
    families |= {"service.storage.database": "DatabaseError", "service.storage.archive": "BackupError"}
    families |= {"service.explaining": "ExplanationsError", "service.catalogue": "CatalogueError"}
    loaded = [(sys.modules[module], name) for module, name in families.items() if module in sys.modules]
    return tuple(getattr(module, name) for module, name in loaded)


def _refuse(message: str) -> int:
    click.echo(f"plaincite: {' '.join(message.split())}", err=True)
    return 2


def _settings(**given: Any) -> "Settings":
    from service.settings import load_settings

    return load_settings(**{name: value for name, value in given.items() if value is not None})


def _library(index: Path | None) -> "Library":
    from service.library import Library

    # An index named on the command line is taken as it is, whichever summaries it was built from.
    return Library.open(_settings(index=index), any_corpus=index is not None)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


LATE = {
    "audit": "service.storage.commands:audit",
    "backup": "service.storage.commands:backup",
    "questions": "service.kept_commands:questions",
    "restore": "service.storage.commands:restore_command",
    "users": "service.accounts.commands:users",
}
"""Commands that are imported when they are named, each as "module:command": they bring the database along."""


class Commands(click.Group):
    """The commands, those of LATE among them."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted([*super().list_commands(context), *LATE])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """A command by its name."""
        if name not in LATE:
            return super().get_command(context, name)
        module, _, command = LATE[name].partition(":")
        found: click.Command = getattr(import_module(module), command)
        return found


@click.group(cls=Commands)
@click.version_option(package_name="plaincite")
def cli() -> None:
    """Answers plain questions with the cited sentences of medical study summaries."""


@cli.group()
def corpus() -> None:
    """The study summaries: check them, import records."""


@corpus.command("check")
@click.argument("folder", type=FOLDER, required=False, metavar="[DIR]")
def corpus_check(folder: Path | None) -> int:
    """Checks summaries: schema, sections, figures, glossary, reading grade; exit 1 on a fault."""
    from datetime import UTC, datetime

    from corpus.check import check_library, format_report

    report = check_library(folder or _settings().corpus, today=datetime.now(UTC).date())
    click.echo(format_report(report))
    return 1 if report.errors else 0


@corpus.command("import")
@click.argument("files", nargs=-1, required=True, type=FOLDER, metavar="FILE...")
@click.option("--out", type=FOLDER, required=True, metavar="DIR", help="Folder for the draft files.")
@click.option(
    "--format",
    "source_format",
    type=click.Choice(["page", "pubmed", "nbib", "ris", "jats", "auto"]),
    default="auto",
    show_default=True,
)
def corpus_import(files: tuple[Path, ...], out: Path, source_format: str) -> int:
    """Turns records into draft study files; says what could not be read and goes on with the rest."""
    from corpus.importers import format_report, import_files

    report = import_files(files, out, source_format)
    for refusal in report.refused:
        click.echo(f"plaincite: {refusal}", err=True)
    click.echo(format_report(report))
    return report.exit_code


@corpus.command("retractions")
@click.argument("file", type=click.File("rb"), metavar="FILE.csv")
@click.option("--corpus", "folder", type=FOLDER, metavar="DIR", help="Folder of study summaries.")
def corpus_retractions(file: BinaryIO, folder: Path | None) -> int:
    """Holds the summaries against an export of the Retraction Watch database; exit 1 on a new match."""
    from corpus.retractions import find_retractions, format_findings
    from corpus.studies import load_studies

    studies = load_studies(folder or _settings().corpus)
    findings = find_retractions(studies, file, Path(file.name))
    click.echo(format_findings(findings, len(studies)))
    return 1 if findings.new else 0


@cli.group()
def index() -> None:
    """The search index: build it, look at it."""


@index.command("build")
@click.option("--corpus", "folder", type=FOLDER, metavar="DIR", help="Folder of study summaries.")
@click.option("--index", "index_folder", type=FOLDER, metavar="DIR", help="Folder of index generations.")
@click.option("--drafts", is_flag=True, help="Include drafts, not only published summaries.")
def index_build(folder: Path | None, index_folder: Path | None, drafts: bool) -> None:
    """Builds a new generation beside the old one and switches to it; unchanged embeddings are reused."""
    from index.build import build_library

    settings = _settings(corpus=folder, index=index_folder)
    manifest = build_library(
        settings.corpus, settings.index, settings.model, settings.encoders, drafts=drafts, progress=True
    )
    counts, reused = manifest.counts, manifest.reused
    click.echo(
        f"{settings.index}: generation {manifest.generation}: {counts.studies} studies, "
        f"{counts.passages} passages ({reused.passages} unchanged), {counts.sentences} sentences"
    )


@index.command("info")
@click.option("--index", "index_folder", type=FOLDER, metavar="DIR", help="Folder of index generations.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def index_info(index_folder: Path | None, as_json: bool) -> None:
    """Says what the current generation holds."""
    from index.store import index_info as info

    found = info(_settings(index=index_folder).index)
    if as_json:
        _print_json(found)
    else:
        click.echo("\n".join(f"{name}: {value}" for name, value in found.items()))


@cli.command()
@click.argument("question")
@click.option(
    "-k", "depth", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many hits."
)
@click.option("--index", "index_folder", type=FOLDER, metavar="DIR", help="Folder of index generations.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def search(question: str, depth: int, index_folder: Path | None, as_json: bool) -> None:
    """Shows the passages nearest to a question, with their scores."""
    hits = _library(index_folder).search(question, depth)
    rows = [
        {
            "rank": hit.rank,
            "passage_id": hit.passage.passage_id,
            "study_id": hit.passage.study_id,
            "section": hit.passage.section,
            "score": hit.score,
            "dense": hit.dense,
            "lexical": hit.lexical,
            "text": hit.passage.text,
        }
        for hit in hits
    ]
    if as_json:
        _print_json(rows)
        return
    for hit in hits:
        scores = f"{hit.score:.3f} (dense {hit.dense:.3f}, lexical {hit.lexical:.2f})"
        click.echo(f"{hit.rank:3} {scores} {hit.passage.passage_id} {hit.passage.section}")
        click.echo(f"      {' '.join(hit.passage.text.split())[:160]}")


@cli.command()
@click.argument("question", required=False)
@click.option("--index", "index_folder", type=FOLDER, metavar="DIR", help="Folder of index generations.")
@click.option("--json", "as_json", is_flag=True, help="The answer as the API gives it.")
@click.option("--after", metavar="QUESTION", help='The question before it, for one like "and after a year?".')
@click.option("--language", default="en", metavar="CODE", help="What the fixed words of the answer are in.")
@click.option(
    "--batch",
    type=FOLDER,
    metavar="FILE.jsonl",
    help='One {"question": ...} a line, "previous" too where there is one; one answer a line.',
)
def ask(
    question: str | None,
    index_folder: Path | None,
    as_json: bool,
    after: str | None,
    language: str,
    batch: Path | None,
) -> None:
    """Answers a question."""
    from functools import partial

    from service.batch import batch_answers
    from service.languages import load_languages, named
    from service.schemas import clean_question
    from service.terminal import as_text

    if (question is None) == (batch is None):
        raise click.UsageError("give a question, or --batch with a file of questions")
    if batch is not None and after is not None:
        raise click.UsageError('--after goes with a question; in a --batch file write "previous"')
    spoken = named(load_languages(), language)
    if spoken is None:
        raise click.UsageError(f"--language: there is no {language}, only {', '.join(load_languages())}")
    library = _library(index_folder)
    answer_in = partial(library.ask, language=spoken.code)
    if batch is not None:
        for line in batch_answers(batch, answer_in):
            click.echo(line)
        return
    answer = answer_in(clean_question(question or ""), after)
    as_plain = partial(as_text, answer, spoken, bold=sys.stdout.isatty())
    click.echo(answer.model_dump_json(indent=2) if as_json else as_plain())


@cli.command()
@click.option("--update", "is_update", is_flag=True, help="Add what is missing, empty; drop the unused.")
def strings(is_update: bool) -> int:
    """Holds each language's catalogue against the fixed words in use; exit 1 where one lacks any."""
    from service.languages import CATALOGUES
    from service.strings import compare, format_comparison, strings_in_use, update

    in_use, is_whole = strings_in_use(), True
    for path in sorted(CATALOGUES.glob("*.po")):
        if is_update:
            update(path, in_use)
        found = compare(path, in_use)
        click.echo(format_comparison(found))
        is_whole &= found.is_whole
    return 0 if is_whole else 1


class _WithSettings(click.Command):
    """A command whose help ends with the settings that the environment may give."""

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the settings as they stand in the code."""
        from service.settings import settings_help

        with formatter.section("Settings, from the environment"):
            formatter.write(settings_help())


@cli.command(cls=_WithSettings)
@click.option("--host", help="Address to listen on, before PLAINCITE_HOST.")
@click.option("--port", type=int, help="Port to listen on, before PLAINCITE_PORT; 0 takes a free one.")
@click.option("--build", is_flag=True, help="Build the index first when it is missing, stale or damaged.")
def serve(host: str | None, port: int | None, build: bool) -> None:
    """Serves the pages, the API and the widget until it is told to stop."""
    from service.serving import serve as run_service

    run_service(_settings(host=host, port=port), build=build, others=_desks_of_other_rooms)


def _desks_of_other_rooms() -> "Sequence[OtherDesk]":
    """The judging desk: evaluation stands above service, so that only the command may bring them together."""
    from evaluation.judging.routes import JUDGING_DESK

    return [JUDGING_DESK]


def _embedded_address(_: click.Context, parameter: click.Parameter, given: str | None) -> str | None:
    """A service's or a page's address, as browsers write it."""
    from service.embedding import clean_server
    from service.sites import clean_origin

    try:
        return given and (clean_server if parameter.name == "server" else clean_origin)(given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@cli.command()
@click.option("--server", metavar="URL", callback=_embedded_address, help="Where people find the service.")
@click.option("--origin", metavar="URL", callback=_embedded_address, help="Where the page is; may it ask?")
@click.option("--mode", type=click.Choice(["inline", "floating"]), default="inline", show_default=True)
@click.option("--language", metavar="CODE", help="What the widget speaks; else the page's language.")
@click.option("--site", metavar="ID", default="", help="The page's public id in PLAINCITE_SITES.")
@click.option("--check", is_flag=True, help="Also look at the running service, over the network.")
def embed(
    server: str | None, origin: str | None, mode: str, language: str | None, site: str, check: bool
) -> int:
    """Prints the lines that put the widget on a page, and what the page's policy needs; exit 1 on a fault."""
    from service.deployment import faults_of
    from service.embedding import Embedding, obstacles, own_address, remarks
    from service.languages import load_languages, named
    from service.library import load_suggestions
    from service.script import load_script
    from service.sites import Sites

    settings, languages = _settings(), load_languages()
    spoken = named(languages, language) if language else None
    if language and not spoken:
        raise click.UsageError(f"--language: there is no {language}, only {', '.join(languages)}")
    address = server or own_address(settings.host, settings.port)
    script = load_script(load_suggestions(settings.corpus), tuple(languages.values()))
    click.echo(Embedding(address, script, mode, spoken, site).told())
    faults = list(obstacles(address, origin, Sites.of(settings.origins, settings.sites), site))
    faults += faults_of(address, script, origin) if check else ()
    for line in (*remarks(address, origin), *faults):
        click.echo(line)
    if not faults and (origin or check):
        click.echo(f"{origin} may ask." if origin else f"{address} sends this script.")
    return 1 if faults else 0


cli.add_command(evaluate)


if __name__ == "__main__":
    main()
