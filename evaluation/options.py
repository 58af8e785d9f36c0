"""Options that several `plaincite evaluate` commands share, and what their commands have in common."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from evaluation.report import Report
    from index.encoder import OnnxEncoder
    from service.settings import Settings

DATA = Path(__file__).parent / "data"
OWN_QUESTIONS = DATA / "questions.jsonl"
BASELINE = DATA / "baseline.json"

PATH = click.Path(path_type=Path)
as_json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")
index_option = click.option(
    "--index", "index_folder", type=PATH, metavar="DIR", help="Folder of index generations."
)


def read_settings(index_folder: Path | None = None) -> "Settings":
    """The settings of the environment, with the index that the command line names."""
    from service.settings import load_settings

    return load_settings(**({"index": index_folder} if index_folder else {}))


def load_encoder() -> "OnnxEncoder":
    """The encoder that the settings name."""
    from index.encoder import ensure_encoder

    settings = read_settings()
    return ensure_encoder(settings.model, settings.encoders)


def show(report: "Report", as_json: bool) -> None:
    """Prints a report."""
    click.echo(json.dumps(report.to_json(), indent=2) if as_json else report.to_text())


@contextmanager
def bar(total: int, name: str, as_json: bool) -> Iterator[Callable[[], object]]:
    """A progress bar, where somebody sits at a terminal; gives what is called after each step."""
    from tqdm import tqdm

    # None: tqdm looks for itself whether stderr is a terminal.
    with tqdm(total=total, unit="q", desc=name, disable=True if as_json else None) as shown:
        yield shown.update
