import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from service.accounts import attempts, changes, passwords
from service.accounts.accounts import Account, AccountError, Role, account_named, add_account
from service.accounts.attempts import FREE_FAILURES, LONGEST_PAUSE, pause_after
from service.accounts.commands import users
from service.accounts.strength import WeakPasswordError, check_strength
from service.storage.database import Database
from service.storage.tables import accounts as tables
from service.storage.tables.audit import audit
from tests.conftest import ROOT
from tests.members import PASSWORD, Clock

NOW = Clock()()

AT_A_TERMINAL = (
    "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "from service.accounts.commands import users; users()"
)
"""A program that takes the terminal as its own, as a shell's does, before it asks for anything."""


@pytest.fixture(autouse=True)
def _quick_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed login takes its time by the clock, which tells these tests nothing."""
    monkeypatch.setattr(attempts, "FAILURE_TAKES", 0.0)


class Counting(PasswordHasher):
    """Real argon2 with less work, which remembers what was checked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.checked: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        self.checked.append(hash)
        return super().verify(hash, password)


@pytest.fixture(autouse=True)
def hasher(monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting()
    monkeypatch.setattr(passwords, "hasher", counting)
    monkeypatch.setattr(passwords, "NOBODY", counting.hash("nobody has this password"))
    return counting


def add(
    database: Database, name: str = "eva", role: Role = Role.staff, password: str | None = PASSWORD
) -> None:
    with database.begin() as connection:
        add_account(connection, name, role, password, now=NOW)


def account(database: Database, name: str = "eva") -> Account:
    with database.reading() as connection:
        return account_named(connection, name)


def entries(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as connection:
        rows = connection.execute(
            select(audit.c.actor, audit.c.action, audit.c.subject).order_by(audit.c.number)
        )
        return [tuple(row) for row in rows]


def test_password_is_kept_as_argon2id_and_nothing_else(database: Database) -> None:
    """The table holds argon2id's text with its salt; two accounts with one password have two texts."""
    add(database, "eva")
    add(database, "max")
    with database.reading() as connection:
        kept = list(connection.execute(select(tables.accounts.c.password)).scalars())
    assert len(set(kept)) == 2
    assert all(text.startswith("$argon2id$v=19$") and PASSWORD not in text for text in kept)


def test_same_name_in_other_capitals_is_the_same_account(database: Database) -> None:
    """Capitals and spaces around a name do not count, neither when it is added nor at the login."""
    add(database, " Eva@Clinic.example ")
    with pytest.raises(AccountError, match=r"There is an account eva@clinic\.example already"):
        add(database, "eva@clinic.EXAMPLE")
    assert attempts.log_in(database, "EVA@clinic.example ", PASSWORD, NOW)


@pytest.mark.parametrize("name", ["", "two words", "a/b", "<script>", "eva@", "-eva", "x" * 300, "eva\nmax"])
def test_name_that_could_be_mistaken_is_refused(database: Database, name: str) -> None:
    """A name is one plain word or an e-mail address."""
    with pytest.raises(AccountError, match="A name is an e-mail address or a short word"):
        add(database, name)


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Passw0rd!2345",
        "P@ssw0rdP@ssw0rd",
        "123456789012",
        "987654321098",
        "qwertyuiop123",
        "1q2w3e4r5t6y",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "iloveyouiloveyou",
        "Summer2026!!",
        "eva.schmidt2026",
        "schmidtschmidt1",
    ],
)
def test_what_guessers_try_first_is_refused(password: str) -> None:
    """Common words, rows of keys, repetitions, years and the own name make no password, however mixed."""
    with pytest.raises(WeakPasswordError, match="easily guessed"):
        check_strength(password, "eva.schmidt@clinic.example")


@pytest.mark.parametrize(
    "password",
    [
        "blue heron by the river",
        "xk7!mw2qzr9p",
        "correct horse battery staple",
        "Ünïcödé wörds",
        "十二個字元以上的一句話呢",
    ],
)
def test_words_that_do_not_belong_together_need_no_digits(password: str) -> None:
    """There are no rules on capitals, digits and signs, and any script will do."""
    check_strength(password, "eva")


def test_length_is_bounded_on_both_sides() -> None:
    """Eleven characters are too few, and more than 1,024 bytes too many."""
    with pytest.raises(WeakPasswordError, match="at least 12"):
        check_strength("xk7!mw2qzr9", "eva")
    check_strength(PASSWORD + "".join(map(chr, range(400, 900))), "eva")
    with pytest.raises(WeakPasswordError, match="1,024 bytes"):
        check_strength("é" * 513, "eva")


def test_letters_that_look_the_same_are_the_same(database: Database) -> None:
    """A password typed on another keyboard, with letters put together of two signs, is the same one."""
    add(database, "eva", Role.staff, "Zürich heron river")
    assert attempts.log_in(database, "eva", "Zu\u0308rich heron river", NOW)


@pytest.mark.parametrize("case", ["unknown", "wrong", "disabled", "paused", "single sign-on"])
def test_one_password_is_checked_whatever_is_wrong(database: Database, hasher: Counting, case: str) -> None:
    """An unknown name, a wrong password, a disabled and a paused account cost one check each; all say no."""
    add(database, "boss", Role.admin)
    add(database, "eva@clinic.example", password=None if case == "single sign-on" else PASSWORD)
    with database.begin() as connection:
        if case == "disabled":
            eva = account_named(connection, "eva@clinic.example")
            changes.disable(connection, eva, now=NOW, actor="boss")
        if case == "paused":
            until = {"locked_until": NOW + timedelta(minutes=1), "failures": 9}
            connection.execute(update(tables.accounts).values(until))
    name = "nobody" if case == "unknown" else "eva@clinic.example"
    password = "a wrong password" if case in {"unknown", "wrong"} else PASSWORD
    assert attempts.log_in(database, name, password, NOW) is None
    assert len(hasher.checked) == 1
    assert (hasher.checked[0] == passwords.NOBODY) is (case != "wrong")


def test_pauses_grow_and_stay_bounded() -> None:
    """Four wrong passwords cost nothing; from the fifth on each pause is twice as long, up to 15 minutes."""
    assert [pause_after(number) for number in range(FREE_FAILURES)] == [None] * FREE_FAILURES
    seconds = [pause.total_seconds() for number in range(5, 14) if (pause := pause_after(number))]
    assert seconds == [15, 30, 60, 120, 240, 480, 900, 900, 900]
    assert pause_after(10**6) == LONGEST_PAUSE


def test_right_password_waits_for_the_end_of_the_pause(database: Database) -> None:
    """After five wrong passwords the right one is refused as well; when the pause is over it counts again."""
    add(database)
    for _ in range(FREE_FAILURES):
        assert attempts.log_in(database, "eva", "a wrong password", NOW) is None
    assert attempts.log_in(database, "eva", PASSWORD, NOW + timedelta(seconds=14)) is None
    assert attempts.log_in(database, "eva", PASSWORD, NOW + timedelta(seconds=16))
    assert account(database).locked_until is None


def test_attempts_in_a_pause_do_not_make_it_longer(database: Database) -> None:
    """Who goes on trying during a pause keeps nobody out for longer than the pause itself."""
    add(database)
    for _ in range(FREE_FAILURES + 50):
        attempts.log_in(database, "eva", "a wrong password", NOW)
    assert account(database).locked_until == NOW + timedelta(seconds=15)
    assert attempts.log_in(database, "eva", PASSWORD, NOW + timedelta(seconds=15))


def test_many_attempts_at_once_get_no_more_guesses(database: Database, hasher: Counting) -> None:
    """An attempt counts before its password is checked, so that twenty at once are five guesses as well."""
    add(database)
    hasher.checked.clear()
    threads = [
        threading.Thread(target=attempts.log_in, args=(database, "eva", f"a wrong password {number}", NOW))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(kept != passwords.NOBODY for kept in hasher.checked) == FREE_FAILURES


def test_pause_is_in_the_audit_log_and_unlock_ends_it(database: Database) -> None:
    """Who looks after the accounts sees that a password was guessed at, and can let the person in at once."""
    add(database)
    for _ in range(FREE_FAILURES):
        attempts.log_in(database, "eva", "a wrong password", NOW)
    assert entries(database)[-1] == ("plaincite", "account.pause", "eva")
    with database.begin() as connection:
        changes.unlock(connection, account_named(connection, "eva"), now=NOW, actor="boss")
    assert attempts.log_in(database, "eva", PASSWORD, NOW)


def test_account_disabled_while_its_password_was_checked_stays_out(
    database: Database, hasher: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an admin decides during the check counts."""
    add(database)

    def disable_meanwhile(kept: str | None, password: str) -> bool:
        with database.begin() as connection:
            changes.disable(connection, account_named(connection, "eva"), now=NOW, actor="boss")
        return passwords.is_right(kept, password)

    monkeypatch.setattr(attempts, "is_right", disable_meanwhile)
    assert attempts.log_in(database, "eva", PASSWORD, NOW) is None
    assert len(hasher.checked) == 1


def test_old_hash_becomes_one_of_today_at_the_login(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When argon2's parameters have changed, who logs in gets a new hash, and who fails does not."""

    def kept() -> str:
        with database.reading() as connection:
            return str(connection.execute(select(tables.accounts.c.password)).scalar_one())

    add(database)
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    attempts.log_in(database, "eva", "a wrong password", NOW)
    assert "t=1" in kept()
    assert attempts.log_in(database, "eva", PASSWORD, NOW)
    assert "t=2" in kept()
    assert attempts.log_in(database, "eva", PASSWORD, NOW)


def test_more_checks_at_once_than_there_is_room_for_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each check takes much memory, so that a flood of logins waits in line and then is told to come back."""
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    turns = [passwords._turn() for _ in range(passwords.AT_ONCE)]
    for turn in turns:
        turn.__enter__()
    with pytest.raises(passwords.BusyError):
        passwords.is_right(None, PASSWORD)
    for turn in turns:
        turn.__exit__(None, None, None)
    assert not passwords.is_right(None, PASSWORD)


def test_last_admin_stays_one(database: Database) -> None:
    """The last admin can neither be disabled nor get another role; a disabled admin does not count."""
    add(database, "boss", Role.admin)
    add(database, "deputy", Role.admin)
    with database.begin() as connection:
        changes.disable(connection, account_named(connection, "deputy"), now=NOW, actor="boss")
        boss = account_named(connection, "boss")
        with pytest.raises(AccountError, match="last admin"):
            changes.disable(connection, boss, now=NOW, actor="boss")
        with pytest.raises(AccountError, match="last admin"):
            changes.set_role(connection, boss, Role.staff, now=NOW, actor="boss")
        changes.enable(connection, account_named(connection, "deputy"), now=NOW, actor="boss")
        changes.set_role(connection, boss, Role.staff, now=NOW, actor="deputy")
    assert account(database, "boss").role is Role.staff


def test_every_change_is_in_the_audit_log(database: Database) -> None:
    """Each change is recorded with who made it; the password is in none of the entries."""
    add(database, "boss", Role.admin)
    add(database)
    with database.begin() as connection:
        eva = account_named(connection, "eva")
        changes.set_password(connection, eva, "another heron by the lake", now=NOW, actor="boss")
        changes.set_role(connection, eva, Role.evaluator, now=NOW, actor="boss")
        changes.set_role(connection, eva._replace(role=Role.evaluator), Role.evaluator, now=NOW, actor="boss")
        changes.disable(connection, eva, now=NOW, actor="boss")
        changes.enable(connection, eva, now=NOW, actor="boss")
        changes.unlock(connection, eva, now=NOW, actor="boss")
        changes.log_out(connection, eva, now=NOW, actor="boss")
        details = " ".join(connection.execute(select(audit.c.details)).scalars())
    assert [action for _, action, _ in entries(database)[2:]] == [
        "account.password",
        "account.role",
        "account.disable",
        "account.enable",
        "account.unlock",
        "account.end_sessions",
    ]
    assert {actor for actor, _, _ in entries(database)[2:]} == {"boss"}
    assert "heron" not in details


@pytest.fixture
def command(database_address: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `plaincite users` on a database of its own."""
    monkeypatch.setenv("PLAINCITE_DATABASE", database_address)

    def run(*arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(users, arguments, input=stdin)

    return run


def test_commands_add_and_change_accounts(command: Callable[..., Result], database: Database) -> None:
    """What the commands do, the database has; the audit log says that it was done on the command line."""
    added = command("add", "Eva", "--role", "admin", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (added.exit_code, added.output) == (0, "eva was added as admin.\n")
    command("add", "max@clinic.example", "--role", "evaluator", "--sso")
    command("role", "max@clinic.example", "staff")
    command("disable", "max@clinic.example")
    command("password", "eva", "--password-stdin", stdin="another heron by the lake\n")
    assert attempts.log_in(database, "eva", "another heron by the lake", NOW)
    found = {one["name"]: one for one in json.loads(command("list", "--json").output)}
    assert found["max@clinic.example"]["role"] == "staff"
    assert found["max@clinic.example"]["disabled"]
    assert found["eva"]["last_login"].startswith("2026-11-23T09:00")
    assert [action for actor, action, _ in entries(database) if actor.endswith("command line)")] == [
        "account.add",
        "account.add",
        "account.role",
        "account.disable",
        "account.password",
    ]


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (("add", "max", "--role", "staff"), "", "use --password-stdin"),
        (("add", "max", "--role", "staff", "--password-stdin"), "short\n", "at least 12 characters"),
        (("add", "max", "--role", "staff", "--password-stdin"), "", "at least 12 characters"),
        (("add", "max", "--role", "boss", "--password-stdin"), "x", "'boss' is not one of"),
        (("add", "max", "--role", "staff", "--sso"), "", "named by its e-mail address"),
        (("add", "max@a.example", "--role", "staff", "--sso", "--password-stdin"), "", "no password here"),
        (("add", "eva", "--role", "staff", "--password-stdin"), PASSWORD, "There is an account eva already."),
        (("role", "eva", "staff"), "", "last admin"),
        (("disable", "eva"), "", "last admin"),
        (("unlock", "nobody"), "", "There is no account nobody."),
        (("unbind", "eva"), "", "logs in with a password"),
    ],
)
def test_commands_refuse_in_one_line(
    command: Callable[..., Result], database: Database, arguments: tuple[str, ...], stdin: str, says: str
) -> None:
    """What cannot be done changes nothing and is said in one line."""
    add(database, "eva", Role.admin)
    before = entries(database)
    refused = command(*arguments, stdin=stdin)
    assert refused.exit_code > 0
    assert says in refused.output
    assert PASSWORD not in refused.output
    assert entries(database) == before


def test_password_is_asked_for_twice_without_showing_it(tmp_path: Path) -> None:
    """At a terminal the password is asked for, a weak or unlike one again, and never shown."""
    master, slave = pty.openpty()
    environment = {**os.environ, "PLAINCITE_DATABASE": f"sqlite:///{tmp_path}/plaincite.db"}
    command = [sys.executable, "-c", AT_A_TERMINAL, "add", "eva", "--role", "staff"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    ) as process:
        os.close(slave)
        seen = ""
        for prompt, answer in (
            ("Password for eva: ", "password1234"),
            ("Password for eva: ", PASSWORD),
            ("The same again: ", "something else"),
            ("Password for eva: ", PASSWORD),
            ("The same again: ", PASSWORD),
        ):
            seen += _read_until(master, prompt)
            os.write(master, f"{answer}\n".encode())
        seen += _read_until(master, "was added")
        assert process.wait(timeout=20) == 0
    os.close(master)
    assert "easily guessed" in seen
    assert "heron" not in seen
    assert "password1234" not in seen


def _read_until(terminal: int, text: str) -> str:
    seen = ""
    while text not in seen:
        seen += os.read(terminal, 1024).decode()
    return seen
