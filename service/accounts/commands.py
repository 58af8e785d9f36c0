"""Commands: `plaincite users`, for whoever runs the server; the same changes as on the accounts page.

An entry point, so settings are read here. A password is asked for, or read from stdin, and never an argument:
those stand in the shell's history and in the list of processes.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy import Connection

from service.accounts import changes
from service.accounts.accounts import (
    Account,
    AccountError,
    Role,
    account_named,
    add_account,
    clean_name,
    list_accounts,
)
from service.accounts.strength import WeakPasswordError, check_strength
from service.settings import load_settings
from service.storage.database import Database
from service.storage.operator import opened, operator_name

Change = Callable[[Connection, Account], None]

ROLE = click.Choice([role.value for role in Role])

from_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from stdin, one line.")


@click.group()
def users() -> None:
    """The accounts of staff, evaluators and admins: add them, change them."""


@users.command("add")
@click.argument("name")
@click.option("--role", type=ROLE, required=True, help="What the account may do; an admin may do all.")
@click.option("--sso", is_flag=True, help="It logs in by OpenID Connect; NAME is its e-mail address there.")
@from_stdin
def add(name: str, role: str, sso: bool, password_stdin: bool) -> None:
    """Adds an account; asks for its password."""
    with _refusals(), _database() as database:
        if sso and password_stdin:
            raise click.UsageError("an account for single sign-on has no password here")
        name = clean_name(name)
        password = None if sso else _new_password(name, from_stdin=password_stdin)
        with database.begin() as connection:
            add_account(connection, name, Role(role), password, now=_now(), actor=operator_name())
    click.echo(f"{name} was added as {role}.")


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show(as_json: bool) -> None:
    """Lists the accounts."""
    with _refusals(), _database() as database, database.reading() as connection:
        found = list_accounts(connection)
    if as_json:
        click.echo(json.dumps([_as_values(account) for account in found], indent=2))
        return
    rows = [("name", "role", "logs in by", "state", "last login"), *map(_row, found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@users.command("password")
@click.argument("name")
@from_stdin
def password(name: str, password_stdin: bool) -> None:
    """Gives an account another password and ends its sessions."""
    with _refusals(), _database() as database:
        with database.begin() as connection:
            account = account_named(connection, name)
        if account.single_sign_on:
            raise AccountError(f"{account.name} logs in by single sign-on and has no password here.")
        given = _new_password(account.name, from_stdin=password_stdin)
        with database.begin() as connection:
            changes.set_password(connection, account, given, now=_now(), actor=operator_name())
    click.echo(f"{account.name} has another password, and has to log in anew.")


@users.command("role")
@click.argument("name")
@click.argument("role", type=ROLE)
def role(name: str, role: str) -> None:
    """Gives an account another role and ends its sessions."""
    account = _change(
        name, lambda on, account: changes.set_role(on, account, Role(role), now=_now(), actor=operator_name())
    )
    click.echo(f"{account.name} is {role} now.")


@users.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """Keeps an account out; what it did stays under its name."""
    account = _change(
        name, lambda on, account: changes.disable(on, account, now=_now(), actor=operator_name())
    )
    click.echo(f"{account.name} is disabled.")


@users.command("enable")
@click.argument("name")
def enable(name: str) -> None:
    """Lets a disabled account in again."""
    account = _change(
        name, lambda on, account: changes.enable(on, account, now=_now(), actor=operator_name())
    )
    click.echo(f"{account.name} may log in.")


@users.command("unlock")
@click.argument("name")
def unlock(name: str) -> None:
    """Ends the pause after wrong passwords."""
    account = _change(
        name, lambda on, account: changes.unlock(on, account, now=_now(), actor=operator_name())
    )
    click.echo(f"{account.name} may try again at once.")


@users.command("unbind")
@click.argument("name")
def unbind(name: str) -> None:
    """Forgets who at the provider a single sign-on account is; the next login binds it anew."""
    account = _change(
        name, lambda on, account: changes.unbind(on, account, now=_now(), actor=operator_name())
    )
    click.echo(f"{account.name} is bound anew at its next login.")


def _change(name: str, change: Change) -> Account:
    with _refusals(), _database() as database, database.begin() as connection:
        account = account_named(connection, name)
        change(connection, account)
    return account


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (AccountError, WeakPasswordError) as error:
        raise click.ClickException(str(error)) from error


def _database() -> AbstractContextManager[Database]:
    return opened(load_settings().database)


def _new_password(name: str, *, from_stdin: bool) -> str:
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
        check_strength(given, name)
        return given
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask for the password; use --password-stdin")

    def check(given: str) -> str:
        try:
            check_strength(given, name)
        except WeakPasswordError as error:
            raise click.UsageError(str(error)) from error
        return given

    asked: str = click.prompt(
        f"Password for {name}",
        hide_input=True,
        confirmation_prompt="The same again",
        value_proc=check,
        err=True,
    )
    return asked


def _row(account: Account) -> tuple[str, ...]:
    way = "password"
    if account.single_sign_on:
        way = "single sign-on" if account.is_bound else "single sign-on, not yet bound"
    last = account.last_login
    return (
        account.name,
        account.role.value,
        way,
        _state(account),
        f"{last:%Y-%m-%d %H:%M} UTC" if last else "never",
    )


def _state(account: Account) -> str:
    if account.disabled:
        return "disabled"
    if account.is_locked(_now()) and account.locked_until:
        return f"has to wait until {account.locked_until:%H:%M:%S} UTC"
    return "open"


def _as_values(account: Account) -> dict[str, object]:
    moments = {"locked_until", "created", "last_login"}
    values = account._asdict()
    return values | {name: values[name] and values[name].isoformat() for name in moments}


def _now() -> datetime:
    return datetime.now(UTC)
