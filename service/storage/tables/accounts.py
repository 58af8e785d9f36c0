"""Accounts, their sessions, and the keys that sign cookies."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from service.storage.tables.base import Moment, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),  # lower case; an e-mail address or a short name
    Column("role", String(20), nullable=False),
    Column("password", Text),  # argon2's own text; none for who comes by OpenID Connect
    Column("single_sign_on", Boolean, nullable=False, default=False),
    Column("subject", Text, unique=True),  # "issuer|sub", bound at the first login
    Column("disabled", Boolean, nullable=False, default=False),
    Column("failures", Integer, nullable=False, default=0),  # wrong passwords since the last right one
    Column("locked_until", Moment),
    Column("created", Moment, nullable=False),
    Column("last_login", Moment),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", String(64), primary_key=True),  # SHA-256 of the random key in the cookie
    Column(
        "account_id",
        Integer,
        ForeignKey("accounts.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
