"""Operator: who runs a command at the server, and the database that the settings name."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import DBAPIError

from service.storage.database import Database, DatabaseError


def operator_name() -> str:
    """The operator as the audit log shows it; no account can have such a name."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError):  # a container's user may have no name
        return "command line"


@contextmanager
def opened(address: str) -> Iterator[Database]:
    """The database at an address, for one command.

    Raises:
        ClickException: there is none, or it cannot be used; one line says why.
    """
    if address == "off":
        raise click.ClickException("PLAINCITE_DATABASE is off, so the desks keep nothing")
    try:
        database = Database.open(address)
        try:
            yield database
        finally:
            database.close()
    except DatabaseError as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())[:200]
        raise click.ClickException(f"the database did not do as it should: {reason}") from error
