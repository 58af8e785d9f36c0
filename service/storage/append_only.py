"""Append-only: triggers by which the database itself refuses to change or delete an entry of the audit log.

They stop slips, and whoever can only send statements. Who owns the database can drop a trigger; that is what
the chain of hashes is for (`service/storage/chain.py`).
"""

from sqlalchemy import Connection

REFUSAL = "the audit log is append-only"

SQLITE = (
    f"""CREATE TRIGGER audit_update BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_delete BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    # INSERT OR REPLACE deletes what it replaces without a word to the trigger above.
    f"""CREATE TRIGGER audit_insert BEFORE INSERT ON audit
        WHEN EXISTS (SELECT 1 FROM audit WHERE number >= NEW.number)
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",  # noqa: S608  # a constant of ours
)
POSTGRESQL = (
    f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    """CREATE TRIGGER audit_change BEFORE UPDATE OR DELETE ON audit
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)
UNDONE = {
    "sqlite": ("DROP TRIGGER audit_update", "DROP TRIGGER audit_delete", "DROP TRIGGER audit_insert"),
    "postgresql": (
        "DROP TRIGGER audit_change ON audit",
        "DROP TRIGGER audit_truncate ON audit",
        "DROP FUNCTION audit_refuse()",
    ),
}


def protect(connection: Connection) -> None:
    """Makes the audit log append-only."""
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)


def unprotect(connection: Connection) -> None:
    """Undoes that, for a transaction that puts a backup in the log's place and then protects it again."""
    for statement in UNDONE[connection.dialect.name]:
        connection.exec_driver_sql(statement)
