"""Tables of the library desk: texts as they were, versions and drafts of files, releases of the library."""

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from service.storage.tables.base import Moment, metadata

library_contents = Table(
    "library_contents",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),  # bytes, so that a file comes back exactly as it was
)

library_versions = Table(
    "library_versions",
    metadata,
    Column("name", String(200), primary_key=True),  # of the file: bai2017.md, glossary.yaml
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1, without a gap
    Column("sha256", String(64), ForeignKey("library_contents.sha256")),  # none: the file is gone
    Column("kind", String(40), nullable=False),
    Column("member", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("why", Text, nullable=False),
)

library_drafts = Table(
    "library_drafts",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("number", Integer, nullable=False),  # the version that is the draft
    Column("began_from", String(64)),  # the hash of the file that was there then; none: it is new
    ForeignKeyConstraint(["name", "number"], ["library_versions.name", "library_versions.number"]),
)

releases = Table(
    "library_releases",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1, without a gap
    Column("kind", String(20), nullable=False),
    Column("subject", String(200), nullable=False),  # the file, or the number of the release gone back to
    Column("state", String(20), nullable=False, index=True),
    Column("member", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("why", Text, nullable=False),
    Column("generation", String(40)),  # none until it is built
    Column("problem", Text, nullable=False),  # why it failed, and what to do
    Column("finished", Moment),
)

release_files = Table(
    "library_release_files",
    metadata,
    Column("release", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("sha256", String(64), ForeignKey("library_contents.sha256"), nullable=False),
    UniqueConstraint("release", "name"),
    ForeignKeyConstraint(["release"], ["library_releases.number"]),
)
