import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text

from service.storage.database import Database, DatabaseError
from service.storage.tables import metadata


def test_migrations_lead_to_the_tables_of_the_code(database: Database) -> None:
    """What the migrations make of an empty database is, type by type, what the code expects."""
    with database.begin() as connection:
        thorough = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=thorough)
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_opening_twice_changes_nothing(database: Database, database_address: str) -> None:
    """A database that is up to date is opened as it is, with what is in it."""
    with database.begin() as connection:
        connection.execute(insert(metadata.tables["secrets"]).values(name="signing", value=b"\x00\xff"))
    Database.open(database_address).close()
    with database.reading() as connection:
        assert connection.execute(select(metadata.tables["secrets"].c.value)).scalar_one() == b"\x00\xff"


def test_database_of_a_newer_plaincite_is_refused(database: Database, database_address: str) -> None:
    """Tables at a revision that nobody here knows are left alone, in one line that says what to do."""
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match=r"newer plaincite .*9999.*update plaincite"):
        Database.open(database_address)
