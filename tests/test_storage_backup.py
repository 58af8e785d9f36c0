import base64
import hashlib
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import Column, MetaData, Numeric, RootTransaction, Table, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from corpus.errors import LibraryError
from corpus.fingerprint import corpus_sha256
from corpus.studies import LIBRARY
from service.figures import Kind, add
from service.storage import backup
from service.storage import database as databases
from service.storage.append_only import REFUSAL, unprotect
from service.storage.archive import BackupError, kind_of
from service.storage.audit import record
from service.storage.backup import LEFT_OUT, back_up, backed_up, read_library
from service.storage.chain import Anchor, last_anchor, verify
from service.storage.database import Database
from service.storage.restore import open_backup, restore
from service.storage.tables import metadata
from tests.postgres import Postgres

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASEL = timezone(timedelta(hours=1))

accounts = metadata.tables["accounts"]


def account(number: int, **given: object) -> dict[str, object]:
    return {
        "id": number,
        "name": f"ann{number}",
        "role": "staff",
        "password": "$argon2id$v=19$x",
        "created": NOON.replace(microsecond=123456),
        "last_login": datetime(2026, 11, 22, 13, tzinfo=BASEL),
        **given,
    }


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with something of every kind of value in it."""
    with database.begin() as connection:
        connection.execute(
            insert(accounts), [account(1), account(7, name="né “x”\n", disabled=True, locked_until=NOON)]
        )
        connection.execute(insert(metadata.tables["secrets"]).values(name="signing", value=b"\x00sign"))
        session = {"key": "k" * 64, "account_id": 1, "created": NOON, "seen": NOON}
        connection.execute(insert(metadata.tables["sessions"]).values(session))
        content = {"sha256": "c" * 64, "content": bytes(range(256))}
        connection.execute(insert(metadata.tables["library_contents"]).values(content))
        add(connection, {(NOON.date(), Kind.outcome, "answered"): 3})
        for number in range(3):
            record(connection, "ann1", "summary.publish", f"study{number}", at=NOON, text="né")
    return database


def kept(number: int, at: datetime, **given: object) -> dict[str, object]:
    return {
        "id": number,
        "answer_id": f"{number:06}",
        "at": at,
        "question": f"marked-question-{number}",
        "generation": "20261122-1",
        "answer": "{}",
        "no_evidence": True,
        "close": False,
        "not_helpful": False,
        "why": "",
        "held": False,
        "leader": f"{number:06}",
        "meaning": b"\x01",
        "encoder": "",
        "done_by": "",
        **given,
    }


def plant(database: Database) -> None:
    """A kept question of yesterday, one of too long ago, one that was held for a day; a check of each."""
    check = {"verdict": "right", "note": "", "place": "", "quote": "", "generation": "", "made_by": "ann1"}
    rows = [
        kept(1, NOON - timedelta(days=1)),
        kept(2, NOON - timedelta(days=31)),
        kept(3, NOON - timedelta(days=2), held=True),
    ]
    checks = [
        {"id": number, "kept_id": number, "wording": "in the words of staff", "made": NOON, **check}
        for number in (1, 2, 3)
    ]
    with database.begin() as connection:
        connection.execute(insert(metadata.tables["kept_questions"]), rows)
        connection.execute(insert(metadata.tables["source_checks"]), checks)


@pytest.fixture
def shelf(library_folder: Path, tmp_path: Path) -> Path:
    """A copy of the library."""
    return Path(shutil.copytree(library_folder, tmp_path / "shelf"))


@pytest.fixture
def file(filled: Database, shelf: Path, tmp_path: Path) -> Path:
    """A backup of the filled database."""
    back_up(filled, tmp_path / "backup.zip", library=shelf, now=NOON)
    return tmp_path / "backup.zip"


def everything(database: Database) -> dict[str, list[dict[str, object]]]:
    """All rows of all tables that are in a backup."""
    with database.reading() as connection:
        return {
            table.name: [
                row._asdict() for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in backed_up()
        }


@contextmanager
def opened(address: str) -> Iterator[Database]:
    database = Database.open(address)
    yield database
    database.close()


def clear(database: Database) -> None:
    """Makes a database as it is at first."""
    with database.begin() as connection:
        unprotect(connection)
        metadata.drop_all(connection)
        connection.execute(text("DELETE FROM alembic_version"))
    database.migrate()


def put_back(database: Database, file: Path, **given: object) -> None:
    with open_backup(file) as found:
        restore(database, found, now=NOON, actor="root", **given)  # type: ignore[arg-type]


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None], *, honest: bool = False) -> Path:
    """A backup with other contents; an honest one has hashes that fit them."""
    with ZipFile(file) as source:
        files = {name: source.read(name) for name in source.namelist()}
    change(files)
    if honest:
        manifest = json.loads(files["manifest.json"])
        for name, table in manifest["tables"].items():
            table["sha256"] = hashlib.sha256(files[f"tables/{name}.jsonl"]).hexdigest()
        files["manifest.json"] = json.dumps(manifest).encode()
    path = file.with_name("rewritten.zip")
    with ZipFile(path, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return path


def manifest_with(file: Path, **given: object) -> Path:
    def change(files: dict[str, bytes]) -> None:
        files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]) | given).encode()

    return rewritten(file, change)


def test_every_table_can_be_backed_up() -> None:
    """Each column of each table is of a kind that a backup knows, or its table is left out by name."""
    assert {table.name for table in backed_up()} | LEFT_OUT == set(metadata.tables)
    assert all(kind_of(column) for table in backed_up() for column in table.columns)


def test_a_column_of_an_unknown_kind_is_not_passed_over() -> None:
    """A type that nobody has thought of is refused when it is backed up, not written somehow."""
    with pytest.raises(TypeError, match="cannot be backed up yet"):
        kind_of(Table("t", MetaData(), Column("n", Numeric)).c.n)


def test_a_backup_comes_back_as_it_was(
    filled: Database, file: Path, postgres: Postgres, tmp_path: Path
) -> None:
    """From each database into each other one: every value of every row is what it was, to the microsecond."""
    before = everything(filled)
    name = postgres.make_database()
    for address in (f"sqlite:///{tmp_path}/other.db", postgres.address(name)):
        with opened(address) as other:
            put_back(other, file)
            after = everything(other)
            (told,) = after["audit"][3:]
            assert after | {"audit": after["audit"][:3]} == before
            assert (told["actor"], told["action"]) == ("root", "database.restore")
    postgres.drop_database(name)


def test_what_comes_after_a_restore_goes_on_from_there(database: Database, file: Path) -> None:
    """The next account gets the next number, the log stays one chain, and cannot be changed."""
    put_back(database, file, replace=True)
    with database.begin() as connection:
        values = {name: value for name, value in account(0, name="next").items() if name != "id"}
        connection.execute(insert(accounts).values(values))
        assert connection.execute(select(func.max(accounts.c.id))).scalar_one() == 8
        assert verify(connection) == verify(connection, [last_anchor(connection) or Anchor(9, "")])
        assert verify(connection).entries == 4
    with pytest.raises(DBAPIError, match=REFUSAL), database.begin() as connection:
        connection.execute(text("DELETE FROM audit"))


def test_logins_and_keys_are_not_in_a_backup(file: Path) -> None:
    """No session nor signing key is in the file; hashes of passwords are, and its owner alone reads it."""
    with ZipFile(file) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
        assert not {f"tables/{name}.jsonl" for name in LEFT_OUT} & {*archive.namelist()}
    assert b"kkkk" not in whole
    assert base64.b64encode(b"\x00sign") not in whole
    assert b"$argon2id$" in whole
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_library_is_in_a_backup(file: Path, shelf: Path) -> None:
    """The Markdown files, the glossary and the suggestions are in it, byte for byte, and nothing else."""
    with ZipFile(file) as archive:
        names = {name.removeprefix("library/") for name in archive.namelist() if name.startswith("library/")}
        assert {"deng2017.md", "glossary.yaml", "suggestions.txt"} < names
        assert all(archive.read(f"library/{name}") == (shelf / name).read_bytes() for name in names)
    assert "README.md" not in names


def test_questions_are_in_no_backup_while_storing_is_off(
    filled: Database, shelf: Path, tmp_path: Path
) -> None:
    """Whatever is in the table still, a backup has none of it; the checks that staff made stay."""
    plant(filled)
    back_up(filled, tmp_path / "off.zip", library=shelf, now=NOON)
    with ZipFile(tmp_path / "off.zip") as found:
        whole = b"".join(found.read(name) for name in found.namelist())
    assert b"marked-question" not in whole
    assert b"in the words of staff" in whole


def test_questions_past_their_day_are_in_no_backup(filled: Database, shelf: Path, tmp_path: Path) -> None:
    """Of what is kept for 30 days, only that goes into a backup, and checks refer to nothing else."""
    plant(filled)
    path = tmp_path / "on.zip"
    back_up(filled, path, library=shelf, now=NOON, keep_questions=30)
    put_back(filled, path, replace=True)
    after = everything(filled)
    assert [row["id"] for row in after["kept_questions"]] == [1]
    assert [(row["id"], row["kept_id"]) for row in after["source_checks"]] == [(1, 1), (2, None), (3, None)]


def test_a_backup_is_of_one_moment(filled: Database, shelf: Path, tmp_path: Path) -> None:
    """While somebody adds accounts, each with its entry, a backup has as many of the one as of the other."""
    stop, begun = threading.Event(), threading.Event()
    added = 0

    def work() -> None:
        nonlocal added
        while not stop.is_set():
            with filled.begin() as connection:
                connection.execute(insert(accounts).values(account(100 + added)))
                record(connection, "root", "account.add", f"ann{100 + added}")
            added += 1
            begun.set()

    writer = threading.Thread(target=work)
    writer.start()
    begun.wait()
    before = added
    for number in range(3):
        tables = back_up(filled, tmp_path / f"{number}.zip", library=shelf, now=NOON).tables
        assert tables["audit"].rows - tables["accounts"].rows == 3 - 2
    stop.set()
    writer.join()
    assert added > before


def test_no_backup_is_written_over(filled: Database, file: Path, shelf: Path) -> None:
    """A file that is there already stays as it is."""
    before = file.read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        back_up(filled, file, library=shelf, now=NOON)
    assert file.read_bytes() == before


def test_a_backup_that_fails_leaves_nothing(filled: Database, tmp_path: Path) -> None:
    """Where the library cannot be read there is no file, not even a part of one."""
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(LibraryError):
        back_up(filled, folder / "backup.zip", library=tmp_path / "nowhere", now=NOON)
    assert list(folder.iterdir()) == []


def test_a_library_that_keeps_changing_is_not_taken_half(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that change while they are read are read again; where that does not end, there is no backup."""
    read = corpus_sha256

    def read_and_change(folder: Path) -> str:
        (folder / "deng2017.md").write_text(f"{time.monotonic_ns()}", encoding="utf-8")
        return read(folder)

    monkeypatch.setattr(backup, "corpus_sha256", read_and_change)
    with pytest.raises(BackupError, match="is being changed"):
        read_library(shelf)


def test_a_database_with_something_in_it_is_not_replaced_unasked(database: Database, file: Path) -> None:
    """Without --replace what is there stays, and is told."""
    before = everything(database)
    with pytest.raises(BackupError, match=r"2 of accounts.*--replace"):
        put_back(database, file)
    assert everything(database) == before


def test_a_signing_key_alone_is_no_reason_to_refuse(database: Database, file: Path) -> None:
    """A service that was started once and used by nobody may be restored into as it is."""
    clear(database)
    with database.begin() as connection:
        connection.execute(insert(metadata.tables["secrets"]).values(name="signing", value=b"x"))
    put_back(database, file)
    assert len(everything(database)["accounts"]) == 2


def test_replacing_is_all_or_nothing(database: Database, file: Path) -> None:
    """A backup that contradicts itself, found out midway, changes nothing: no row, no trigger."""

    def change(files: dict[str, bytes]) -> None:
        line = files["tables/accounts.jsonl"].splitlines(keepends=True)[0]
        files["tables/accounts.jsonl"] += line.replace(b'"id":1', b'"id":99')  # the same name twice

    with database.begin() as connection:
        record(connection, "ann", "account.login")
    before = everything(database)
    with pytest.raises(BackupError, match="accounts cannot be restored"):
        put_back(database, rewritten(file, change, honest=True), replace=True)
    assert everything(database) == before
    with pytest.raises(DBAPIError, match=REFUSAL), database.begin() as connection:
        connection.execute(text("DELETE FROM audit"))


def cut(files: dict[str, bytes]) -> None:
    files["tables/accounts.jsonl"] = files["tables/accounts.jsonl"][:-9]


def without_a_table(files: dict[str, bytes]) -> None:
    del files["tables/audit.jsonl"]


def with_a_stranger(files: dict[str, bytes]) -> None:
    files["tables/../../evil.sh"] = b"#!/bin/sh"


def without_manifest(files: dict[str, bytes]) -> None:
    del files["manifest.json"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (cut, "tables/accounts.jsonl is not as it was written"),
        (without_a_table, "tables/audit.jsonl is missing"),
        (with_a_stranger, "evil.sh is missing, or does not belong there"),
        (without_manifest, "no backup of plaincite"),
    ],
)
def test_a_damaged_backup_is_refused(
    database: Database, file: Path, change: Callable[[dict[str, bytes]], None], says: str
) -> None:
    """A file of it that is cut, missing or strange is named, and nothing is changed, --replace or not."""
    before = everything(database)
    with pytest.raises(BackupError, match=says):
        put_back(database, rewritten(file, change), replace=True)
    assert everything(database) == before


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_cut_off_file_is_refused(file: Path, share: float) -> None:
    """A download that broke off is no backup, wherever it did."""
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupError, match="no whole zip file"), open_backup(file):
        pass


def test_a_flipped_bit_is_noticed(file: Path) -> None:
    """A bit that a disk lost is told as damage, wherever in the tables it is."""
    with ZipFile(file) as archive:
        place = archive.getinfo("tables/audit.jsonl").header_offset + 80
    whole = bytearray(file.read_bytes())
    whole[place] ^= 4
    file.write_bytes(whole)
    with pytest.raises(BackupError, match="damaged"), open_backup(file):
        pass


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"format": "another"}, r"no backup that this plaincite can read \(manifest.json: format\)"),
        ({"version": 2}, "version"),
        ({"revision": "9999"}, "newer plaincite .*9999.*update plaincite first"),
        ({"library": {"../evil.md": "a" * 64}}, "library"),
        ({"tables": {"../evil": {"columns": {}, "rows": 0, "sha256": "a" * 64}}}, "tables"),
    ],
)
def test_a_foreign_backup_is_refused(file: Path, given: dict[str, object], says: str) -> None:
    """What is another program's or a newer plaincite's, or leads out of a folder, is refused and says why."""
    with pytest.raises(BackupError, match=says), open_backup(manifest_with(file, **given)):
        pass


def test_what_is_no_zip_file_is_refused(tmp_path: Path) -> None:
    """Any other file is told to be none of ours; one that is not there is named."""
    path = tmp_path / "notes.txt"
    path.write_text("no zip")
    with pytest.raises(BackupError, match="no backup of plaincite"), open_backup(path):
        pass
    with pytest.raises(FileNotFoundError, match="nowhere"), open_backup(tmp_path / "nowhere.zip"):
        pass


def test_the_library_comes_back(database: Database, file: Path, shelf: Path, tmp_path: Path) -> None:
    """With a folder given, the files are put there, byte for byte, whether the folder is there or not."""
    put_back(database, file, replace=True, library=tmp_path / "new" / "library")
    assert read_library(tmp_path / "new" / "library") == read_library(shelf)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["library"]


def test_a_library_that_is_there_is_moved_aside(database: Database, file: Path, shelf: Path) -> None:
    """A folder with something in it is refused, and with --replace moved aside as it is, never deleted."""
    (shelf / "deng2017.md").write_text("newer")
    (shelf / ".git").mkdir()
    (shelf / ".git" / "HEAD").write_text("ref")
    with database.begin() as connection:
        connection.execute(delete(accounts))
    before = everything(database)
    with pytest.raises(BackupError, match="database holds something"):
        put_back(database, file, library=shelf)
    put_back(database, file, library=shelf, replace=True)
    aside = shelf.with_name("shelf-before-20261122T120000Z")
    assert (aside / "deng2017.md").read_text() == "newer"
    assert (aside / ".git" / "HEAD").exists()
    assert (shelf / "deng2017.md").read_bytes() == (LIBRARY / "deng2017.md").read_bytes()
    assert everything(database) != before


def test_a_library_that_cannot_be_put_back_changes_nothing(
    database: Database, file: Path, tmp_path: Path
) -> None:
    """Where the folder cannot be written, the database stays as it was as well."""
    (tmp_path / "file").write_text("no folder")
    before = everything(database)
    with pytest.raises(OSError, match="file"):
        put_back(database, file, replace=True, library=tmp_path / "file" / "library")
    assert everything(database) == before


def test_a_full_folder_is_not_touched_unasked(database: Database, file: Path, shelf: Path) -> None:
    """Where the folder has files, nothing is restored, not even into an empty database."""
    clear(database)
    (shelf / "deng2017.md").write_text("newer")
    with pytest.raises(BackupError, match=r"shelf is not empty.*--replace"):
        put_back(database, file, library=shelf)
    assert (shelf / "deng2017.md").read_text() == "newer"
    assert everything(database)["accounts"] == []


def test_a_database_that_fails_at_the_end_leaves_the_library(
    database: Database, file: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the last step of the database fails, the folder is what it was before."""

    def fail(_: object) -> None:
        raise OSError("power cut")

    (shelf / "deng2017.md").write_text("newer")
    before = everything(database)
    monkeypatch.setattr(RootTransaction, "commit", fail)
    with pytest.raises(OSError, match="power cut"):
        put_back(database, file, replace=True, library=shelf)
    monkeypatch.undo()
    assert (shelf / "deng2017.md").read_text() == "newer"
    assert [
        path.name for path in shelf.parent.iterdir() if "before" in path.name or ".part" in path.name
    ] == []
    assert everything(database) == before


NEXT = """
from alembic import op
from sqlalchemy import Column, String
revision = "0002"
down_revision = "0001"
def upgrade():
    op.add_column("accounts", Column("colour", String(20), server_default="blue", nullable=False))
"""


def test_a_backup_of_an_older_plaincite_is_brought_up_to_date(
    database: Database, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was backed up before a change of the tables is restored, and changed with them."""
    later = Path(shutil.copytree(databases.MIGRATIONS, tmp_path / "migrations"))
    (later / "versions" / "0002_colour.py").write_text(NEXT)
    monkeypatch.setattr(databases, "MIGRATIONS", later)
    database.migrate()
    put_back(database, file, replace=True)
    with database.reading() as connection:
        assert connection.execute(text("SELECT name, colour FROM accounts ORDER BY id")).all() == [
            ("ann1", "blue"),
            ("né “x”\n", "blue"),
        ]
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [("0002",)]
