import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from service.settings import PREFIX
from service.storage.append_only import unprotect
from service.storage.audit import record
from service.storage.commands import audit, backup, restore_command
from service.storage.database import Database
from service.storage.tables import metadata
from service.storage.tables.kept import kept_questions
from tests.test_storage_backup import NOON, account, clear, everything, kept

BACKUP = "backup.zip"


@pytest.fixture
def run(
    database: Database,
    database_address: str,
    library_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> "Run":
    """Runs a command over a database with one account and two entries, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{PREFIX}DATABASE", database_address)
    monkeypatch.setenv(f"{PREFIX}CORPUS", str(library_folder))
    with database.begin() as connection:
        connection.execute(insert(metadata.tables["accounts"]).values(account(1)))
        record(connection, "ann1", "account.login", "ann1", at=NOON)
        record(
            connection, "bob", "summary.publish", "deng2017", at=NOON.replace(day=23), why="two\nlines\x1b[2J"
        )
    return Run(database)


class Run:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.commands = {"backup": backup, "restore": restore_command, "audit": audit}

    def __call__(self, *arguments: str) -> Result:
        command = self.commands[arguments[0]]
        return CliRunner().invoke(command, arguments[1:], standalone_mode=False)

    def refused(self, *arguments: str) -> str:
        """The one line of a command that has to refuse."""
        error = self(*arguments).exception
        assert error is not None
        assert hasattr(error, "format_message"), error
        message: str = error.format_message()
        assert "\n" not in message
        return message


def test_backup_and_restore(run: Run) -> None:
    """A backup says what is in it; restored, everything is as it was, and says so."""
    made = run("backup", BACKUP)
    assert re.fullmatch(
        r"backup\.zip: \d+ rows of \d+ tables, \d+ files of the library\. Keep it as safe .*\n"
        r"Questions kept for review that are in it: 0 \(PLAINCITE_KEEP_QUESTIONS is 0\)\.\n"
        r"The audit log in it ends with 2:[0-9a-f]{64}\n",
        made.output,
    )
    before = everything(run.database)
    clear(run.database)
    put = run("restore", BACKUP)
    after = everything(run.database)
    assert after | {"audit": after["audit"][:2]} == before | {"audit": before["audit"][:2]}
    assert "are as of" in put.output
    assert "The audit log is unbroken: 3 entries are in order" in put.output


def test_a_backup_is_in_the_audit_log(run: Run) -> None:
    """Who took a copy of everything is told: the operator at the keyboard."""
    run("backup", BACKUP)
    last = run("audit", "list", "--last", "1").output
    assert re.search(r"\(command line\)  database\.backup  backup\.zip  rows=\d+", last)


def test_a_restore_is_refused_in_one_line(run: Run) -> None:
    """A database with something in it, a file that is no backup: one line, and nothing is changed."""
    run("backup", BACKUP)
    before = everything(run.database)
    assert "--replace" in run.refused("restore", BACKUP)
    Path("notes.txt").write_text("no zip")
    assert "no backup" in run.refused("restore", "notes.txt", "--replace")
    assert everything(run.database) == before


def test_the_library_is_put_into_a_folder(run: Run, library_folder: Path) -> None:
    """With --library the files come too, and the next step is told."""
    run("backup", BACKUP)
    put = run("restore", BACKUP, "--replace", "--library", "shelf")
    assert "files are in shelf; now run: plaincite index build" in put.output
    assert Path("shelf/deng2017.md").read_bytes() == (library_folder / "deng2017.md").read_bytes()


def test_questions_that_may_not_be_kept_do_not_come_back(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restored where storing is off, or after their days, kept questions go at once, and that is said."""
    monkeypatch.setenv(f"{PREFIX}KEEP_QUESTIONS", "30")
    with run.database.begin() as connection:
        connection.execute(insert(kept_questions).values(kept(1, datetime.now(UTC))))
    assert "in it: 1 (PLAINCITE_KEEP_QUESTIONS is 30)" in run("backup", BACKUP).output
    assert "are gone" not in run("restore", BACKUP, "--replace").output
    assert len(everything(run.database)["kept_questions"]) == 1
    monkeypatch.setenv(f"{PREFIX}KEEP_QUESTIONS", "0")
    put = run("restore", BACKUP, "--replace")
    assert "Kept questions that were past their day, and are gone: 1." in put.output
    assert everything(run.database)["kept_questions"] == []


def test_audit_verify(run: Run) -> None:
    """A whole log is told with an anchor; taken back in, it notices an end that was cut off since."""
    whole = run("audit", "verify")
    assert whole.return_value == 0
    (anchor,) = re.findall(r"--anchor (\S+)", whole.output)
    run("backup", BACKUP)
    with run.database.begin() as connection:
        unprotect(connection)
        connection.exec_driver_sql("DELETE FROM audit WHERE number >= 2")
    assert run("audit", "verify").return_value == 0
    for known in (("--anchor", anchor), ("--backup", BACKUP)):
        cut = run("audit", "verify", *known)
        assert (cut.return_value, cut.output) == (
            1,
            "The audit log is broken: its end is cut off: there was an entry 2, and the last is 1. "
            "Before that, 1 entry is in order.\n",
        )


def test_audit_verify_refuses_what_is_no_anchor(run: Run) -> None:
    """A mistyped anchor is told, not passed over."""
    assert "an anchor is" in run.refused("audit", "verify", "--anchor", "12")


def test_audit_list(run: Run) -> None:
    """Entries are listed one a line, narrowed by who, what and day; control characters do nothing."""
    assert run("audit", "list").output.splitlines() == [
        "1  2026-11-22T12:00:00+00:00  ann1  account.login  ann1",
        "2  2026-11-23T12:00:00+00:00  bob  summary.publish  deng2017  why=two lines [2J",
    ]
    for narrowed in (("--actor", "ann1"), ("--action", "account.login"), ("--day", "2026-11-22")):
        assert run("audit", "list", *narrowed).output.startswith("1  ")
        assert run("audit", "list", *narrowed).output.count("\n") == 1
    assert "2026-11-22" in run.refused("audit", "list", "--day", "yesterday")


def test_without_a_database_there_is_nothing_to_back_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the desks switched off the commands say so."""
    monkeypatch.setenv(f"{PREFIX}DATABASE", "off")
    assert "PLAINCITE_DATABASE is off" in run.refused("backup", BACKUP)
    assert not Path(BACKUP).exists()


def test_a_database_that_does_not_answer_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nothing listens is named, without its password."""
    monkeypatch.setenv(f"{PREFIX}DATABASE", "postgresql://ann:secret@127.0.0.1:1/plaincite")
    message = run.refused("audit", "verify")
    assert "127.0.0.1:1" in message
    assert "secret" not in message
