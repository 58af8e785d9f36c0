"""The audit log: who did what when, each entry chained to the one before."""

from sqlalchemy import Column, Integer, String, Table, Text

from service.storage.tables.base import metadata

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1, without a gap
    Column("at", String(40), nullable=False),  # ISO 8601 in UTC, as text: it is part of what is hashed
    Column("actor", String(200), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", Text, nullable=False),  # JSON with sorted keys
    Column("previous", String(64), nullable=False),  # the hash of the entry before; zeros for the first
    Column("hash", String(64), nullable=False, unique=True),
)
