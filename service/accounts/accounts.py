"""Account: somebody who may use the desks, in one role."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Row, func, insert, select

from service.accounts.passwords import hash_password
from service.accounts.strength import check_strength
from service.storage.audit import SYSTEM, record
from service.storage.tables.accounts import accounts

NAME = re.compile(r"[a-z0-9][a-z0-9._+'-]{0,63}(?:@[a-z0-9.-]{1,120}\.[a-z]{2,60})?")


class AccountError(ValueError):
    """What was asked for cannot be done with this account; the text is a sentence."""


class Role(StrEnum):
    """What an account may do: staff look after the library, evaluators judge, admins may all of it."""

    staff = "staff"
    evaluator = "evaluator"
    admin = "admin"


class Member(NamedTuple):
    """Who is logged in."""

    id: int
    name: str
    role: Role

    def may(self, *roles: Role) -> bool:
        """Whether one of these roles is the member's; an admin has them all."""
        return self.role is Role.admin or self.role in roles


class Account(NamedTuple):
    """An account as those who look after it see it.

    Attributes:
        id: its number.
        name: an e-mail address or a short name.
        role: what it may do.
        single_sign_on: whether it logs in at the organisation's provider, and not with a password here.
        is_bound: whether it is known who at the provider it belongs to.
        disabled: whether it is kept out.
        locked_until: until when it is kept out because of wrong passwords; None where it never was.
        created: since when there is such an account.
        last_login: when somebody last came in.
    """

    id: int
    name: str
    role: Role
    single_sign_on: bool
    is_bound: bool
    disabled: bool
    locked_until: datetime | None
    created: datetime
    last_login: datetime | None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The account in a row of the table."""
        return cls(
            row.id,
            row.name,
            Role(row.role),
            row.single_sign_on,
            row.subject is not None,
            row.disabled,
            row.locked_until,
            row.created,
            row.last_login,
        )

    def is_locked(self, now: datetime) -> bool:
        """Whether wrong passwords keep it out at this moment."""
        return self.locked_until is not None and self.locked_until > now


def add_account(
    connection: Connection,
    name: str,
    role: Role,
    password: str | None,
    *,
    now: datetime,
    actor: str = SYSTEM,
) -> Member:
    """Adds an account.

    Args:
        connection: the transaction.
        name: an e-mail address or a short name; capitals do not count.
        role: what it may do.
        password: for logging in here; None for an account that comes by single sign-on.
        now: the time.
        actor: who adds it.

    Raises:
        AccountError: the name cannot be used, or is taken.
        WeakPasswordError: the password is easily guessed.
    """
    name = clean_name(name)
    if password is None and "@" not in name:
        raise AccountError("An account for single sign-on is named by its e-mail address.")
    if connection.execute(select(accounts.c.id).where(accounts.c.name == name)).first():
        raise AccountError(f"There is an account {name} already.")
    if password is not None:
        check_strength(password, name)
    values = {
        "name": name,
        "role": role.value,
        "password": hash_password(password) if password is not None else None,
        "single_sign_on": password is None,
        "created": now,
    }
    number = connection.execute(insert(accounts).values(values).returning(accounts.c.id)).scalar_one()
    record(connection, actor, "account.add", name, at=now, role=role.value, single_sign_on=password is None)
    return Member(number, name, role)


def clean_name(name: str) -> str:
    """A name as it is kept.

    Raises:
        AccountError: it cannot be one.
    """
    name = name.strip().lower()
    if not NAME.fullmatch(name):
        raise AccountError("A name is an e-mail address or a short word of letters, digits, dots and dashes.")
    return name


def account_named(connection: Connection, name: str) -> Account:
    """The account of a name.

    Raises:
        AccountError: there is none.
    """
    found = connection.execute(select(accounts).where(accounts.c.name == name.strip().lower())).one_or_none()
    if found is None:
        raise AccountError(f"There is no account {name.strip()[:60]}.")
    return Account.of(found)


def account_numbered(connection: Connection, number: int) -> Account | None:
    """The account with a number; None where there is none."""
    found = connection.execute(select(accounts).where(accounts.c.id == number)).one_or_none()
    return Account.of(found) if found else None


def list_accounts(connection: Connection) -> list[Account]:
    """All accounts, by name."""
    return [Account.of(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]


def count_accounts(connection: Connection) -> int:
    """How many accounts there are."""
    return connection.execute(select(func.count()).select_from(accounts)).scalar_one()
