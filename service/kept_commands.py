"""Commands: `plaincite questions`, for whoever runs the server; an entry point, so settings are read here."""

from datetime import UTC, datetime

import click

from service.purging import purge
from service.settings import load_settings
from service.storage.operator import opened


@click.group()
def questions() -> None:
    """The scrubbed questions that are kept for the review queue."""


@questions.command("purge")
@click.option("--all", "every", is_flag=True, help="All of them, not only those whose days are over.")
def purge_now(every: bool) -> None:
    """Deletes what has been kept long enough, as the service itself does every hour."""
    settings = load_settings()
    with opened(settings.database) as database:
        purged = purge(database, datetime.now(UTC), 0 if every else settings.keep_questions)
    went = "1 question was" if purged.questions == 1 else f"{purged.questions} questions were"
    click.echo(f"{went} deleted.")
    if not purged.is_clean:
        raise click.ClickException(
            "their bytes are still in the write-ahead log, which somebody reads just now; run this again"
        )
