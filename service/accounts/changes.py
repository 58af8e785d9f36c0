"""Changes to accounts by whoever looks after them; each is recorded, and ends the sessions that it should."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from service.accounts.accounts import Account, AccountError, Role
from service.accounts.passwords import hash_password
from service.accounts.sessions import end_sessions
from service.accounts.strength import check_strength
from service.storage.audit import record
from service.storage.tables.accounts import accounts


def set_password(
    connection: Connection, account: Account, password: str, *, now: datetime, actor: str
) -> None:
    """Gives an account another password, and ends its sessions: whoever had the old one is out.

    Raises:
        AccountError: it has none here.
        WeakPasswordError: the password is easily guessed.
    """
    if account.single_sign_on:
        raise AccountError(f"{account.name} logs in by single sign-on and has no password here.")
    check_strength(password, account.name)
    _change(connection, account, password=hash_password(password), failures=0, locked_until=None)
    end_sessions(connection, account.id)
    record(connection, actor, "account.password", account.name, at=now)


def set_role(connection: Connection, account: Account, role: Role, *, now: datetime, actor: str) -> None:
    """Gives an account another role, and ends its sessions.

    Raises:
        AccountError: it is the last admin.
    """
    if role is account.role:
        return
    if role is not Role.admin:
        _check_admin_stays(connection, account)
    _change(connection, account, role=role.value)
    end_sessions(connection, account.id)
    record(connection, actor, "account.role", account.name, at=now, role=role.value, was=account.role.value)


def disable(connection: Connection, account: Account, *, now: datetime, actor: str) -> None:
    """Keeps an account out from now on; what it did stays under its name.

    Raises:
        AccountError: it is the last admin.
    """
    _check_admin_stays(connection, account)
    _change(connection, account, disabled=True)
    end_sessions(connection, account.id)
    record(connection, actor, "account.disable", account.name, at=now)


def enable(connection: Connection, account: Account, *, now: datetime, actor: str) -> None:
    """Lets a disabled account in again."""
    _change(connection, account, disabled=False, failures=0, locked_until=None)
    record(connection, actor, "account.enable", account.name, at=now)


def unlock(connection: Connection, account: Account, *, now: datetime, actor: str) -> None:
    """Ends the pause after wrong passwords."""
    _change(connection, account, failures=0, locked_until=None)
    record(connection, actor, "account.unlock", account.name, at=now)


def unbind(connection: Connection, account: Account, *, now: datetime, actor: str) -> None:
    """Forgets who at the provider an account belongs to: the next login by its e-mail address tells.

    Raises:
        AccountError: it does not log in there.
    """
    if not account.single_sign_on:
        raise AccountError(f"{account.name} logs in with a password, not by single sign-on.")
    _change(connection, account, subject=None)
    end_sessions(connection, account.id)
    record(connection, actor, "account.unbind", account.name, at=now)


def log_out(connection: Connection, account: Account, *, now: datetime, actor: str) -> None:
    """Ends all sessions of an account."""
    end_sessions(connection, account.id)
    record(connection, actor, "account.end_sessions", account.name, at=now)


def _change(connection: Connection, account: Account, **values: object) -> None:
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(values))


def _check_admin_stays(connection: Connection, account: Account) -> None:
    # Locked, so that two admins who disable each other at the same moment do not both succeed.
    admins = select(accounts.c.id).where((accounts.c.role == Role.admin.value) & ~accounts.c.disabled)
    if set(connection.execute(admins.with_for_update()).scalars()) == {account.id}:
        raise AccountError(f"{account.name} is the last admin: make somebody else one first.")
