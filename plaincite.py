"""The `plaincite` command: the one place that may import from all four packages.

Exit codes: 0 done, 1 a check found something, 2 wrong usage or unusable input (one line on stderr).
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
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
        return cli.main(arguments, prog_name="plaincite", standalone_mode=False) or 0
    except click.ClickException as error:
        return _refuse(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away; nothing is left to say
        return 0
    except (CorpusError, OSError) as error:
        return _refuse(str(error))
    except Exception as error:
        if isinstance(error, _known_errors()):
            return _refuse(str(error))
        raise


def _known_errors() -> tuple[type[Exception], ...]:
    """The error families of rooms that have been loaded; asking must not load them."""
    families = {"index.errors": "PlainIndexError", "evaluation.errors": "EvaluationError"}
    families["service.settings"] = "SettingsError"
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

    return Library.open(_settings(index=index))


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@click.group()
@click.version_option(package_name="plaincite")
def cli() -> None:
    """Answers plain questions with the cited sentences of medical study summaries."""


@cli.group()
def corpus() -> None:
    """The study summaries: check them, import records."""
