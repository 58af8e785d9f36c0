"""Commands: `plaincite backup`, `restore` and `audit`, for whoever runs the server.

An entry point, so settings are read here.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from service.purging import purge
from service.settings import load_settings
from service.storage.archive import BackupError
from service.storage.audit import record
from service.storage.backup import back_up
from service.storage.chain import Anchor, verify
from service.storage.entries import Entry, Wanted, read_entries
from service.storage.operator import opened, operator_name
from service.storage.restore import open_backup, restore
from service.storage.tables.kept import kept_questions

FILE = click.Path(path_type=Path, dir_okay=False)


def _anchors(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[Anchor, ...]:
    try:
        return tuple(Anchor.read(text) for text in given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _day(_: click.Context, __: click.Parameter, given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise click.BadParameter("a day is written as 2026-11-22") from error


@click.command("backup")
@click.argument("file", type=FILE, metavar="FILE.zip")
def backup(file: Path) -> None:
    """Backs up what the desks keep, and the library's files, while the service runs.

    The file holds hashes of passwords and drafts: only its owner can read it, and so it should stay. Logins
    and signing keys are not in it.
    """
    settings = load_settings()
    try:
        with opened(settings.database) as database:
            days = settings.keep_questions
            manifest = back_up(database, file, library=settings.corpus, now=_now(), keep_questions=days)
            with database.begin() as connection:
                record(connection, operator_name(), "database.backup", file.name, rows=manifest.rows)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{file}: {manifest.rows} rows of {len(manifest.tables)} tables, {len(manifest.library)} files of "
        "the library. Keep it as safe as the database: it holds hashes of passwords."
    )
    kept = manifest.tables[kept_questions.name].rows
    click.echo(f"Questions kept for review that are in it: {kept} (PLAINCITE_KEEP_QUESTIONS is {days}).")
    if manifest.audit:
        click.echo(f"The audit log in it ends with {manifest.audit}")


@click.command("restore")
@click.argument("file", type=FILE, metavar="FILE.zip")
@click.option("--replace", is_flag=True, help="Let the backup take the place of what is there.")
@click.option(
    "--library",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Also put the library's files into this folder; one that is there is moved aside.",
)
def restore_command(file: Path, replace: bool, library: Path | None) -> None:
    """Puts a backup into the database: all of it, or, where anything is wrong, nothing.

    The database may be another one than that it was made from, SQLite or PostgreSQL. Everybody has to log
    in anew.
    """
    settings = load_settings()
    try:
        with opened(settings.database) as database, open_backup(file) as found:
            restore(database, found, now=_now(), actor=operator_name(), library=library, replace=replace)
            purged = purge(database, _now(), settings.keep_questions)
            with database.reading() as connection:
                verdict = verify(connection)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    manifest = found.manifest
    click.echo(f"{manifest.rows} rows of {len(manifest.tables)} tables are as of {_shown(manifest.made_at)}.")
    if purged.questions:
        click.echo(f"Kept questions that were past their day, and are gone: {purged.questions}.")
    if library:
        click.echo(f"{len(manifest.library)} files are in {library}; now run: plaincite index build")
    click.echo(verdict.told)


@click.group("audit")
def audit() -> None:
    """The audit log of the desks: who did what when."""


@audit.command("verify")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    callback=_anchors,
    metavar="NUMBER:HASH",
    help="An entry that was noted down before; tells whether the end was cut off since.",
)
@click.option("--backup", "file", type=FILE, metavar="FILE.zip", help="Take a backup's last entry as one.")
def audit_verify(anchors: tuple[Anchor, ...], file: Path | None) -> int:
    """Checks that the audit log is whole; exit 1, and the first fault, where it is not.

    An end that was cut off shows only against an entry that was noted down elsewhere: write down the last
    line of this, or name a backup.
    """
    try:
        if file:
            with open_backup(file) as found:
                anchors = (*anchors, *([Anchor.read(found.manifest.audit)] if found.manifest.audit else []))
    except (BackupError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    with opened(load_settings().database) as database, database.reading() as connection:
        verdict = verify(connection, anchors)
    click.echo(verdict.told)
    if verdict.last and not verdict.fault:
        click.echo(f"To check later: plaincite audit verify --anchor {verdict.last}")
    return 1 if verdict.fault else 0


@audit.command("list")
@click.option("--actor", default="", metavar="NAME", help="Only what this account did.")
@click.option("--action", default="", metavar="ACTION", help="Only this, as summary.publish.")
@click.option("--day", callback=_day, metavar="DAY", help="Only on this day (UTC), as 2026-11-22.")
@click.option("--last", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many.")
def audit_list(actor: str, action: str, day: date | None, last: int) -> None:
    """Lists entries of the audit log, the newest last."""
    with opened(load_settings().database) as database, database.reading() as connection:
        entries = read_entries(connection, Wanted(actor, action, day), most=last)
    for entry in reversed(entries):
        click.echo(_line(entry))


def _line(entry: Entry) -> str:
    details = " ".join(f"{name}={value}" for name, value in entry.details.items())
    parts = (str(entry.number), entry.at, entry.actor, entry.action, entry.subject, details)
    # Whatever somebody typed: nothing in it may look like another entry, or drive the terminal.
    return "".join(letter if letter.isprintable() else " " for letter in "  ".join(filter(None, parts)))


def _now() -> datetime:
    return datetime.now(UTC)


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
