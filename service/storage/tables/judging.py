"""Pools, who judges them, their grades, and what was decided where raters differ."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from service.storage.tables.base import Moment, metadata


def _of(table: str) -> Column[int]:
    """The row of another table that a row belongs to, and goes with."""
    name = f"{table.removesuffix('s').rsplit('_', 1)[-1]}_id"
    return Column(name, Integer, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False, index=True)


pools = Table(
    "pools",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("unit", String(20), nullable=False),  # what a document is: passage or study
    Column("depth", Integer, nullable=False),
    Column("seed", String(64), nullable=False),  # of every rater's order
    Column("asked", Text, nullable=False),  # where the questions came from, in words
    Column("guidelines", Text, nullable=False),  # as they were when judging began, JSON
    Column("corpus_version", String(200), nullable=False),
    Column("generation", String(200), nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made", Moment, nullable=False),
    Column("closed_by", String(200)),
    Column("closed", Moment),
)

questions = Table(
    "pool_questions",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("pools"),
    Column("name", String(200), nullable=False),  # its id in runs and qrels
    Column("text", Text, nullable=False),
    UniqueConstraint("pool_id", "name"),
)

documents = Table(
    "pool_documents",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("pools"),
    Column("name", String(200), nullable=False),  # its id in runs and qrels
    Column("title", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("parts", Text, nullable=False),  # headings with texts, as they were when the pool was made; JSON
    UniqueConstraint("pool_id", "name"),
)

items = Table(
    "pool_items",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("pools"),
    _of("pool_questions"),
    _of("pool_documents"),
    UniqueConstraint("question_id", "document_id"),
)

runs = Table(
    "pool_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("pools"),
    Column("name", String(200), nullable=False),
    Column("source", Text, nullable=False),  # where it came from, in words
    Column("content", Text, nullable=False),  # in TREC's format
    Column("brought", Integer, nullable=False),  # items of the pool that it found
    Column("alone", Integer, nullable=False),  # of these, those that no other run found
    UniqueConstraint("pool_id", "name"),
)

raters = Table(
    "raters",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("pools"),
    Column("account_id", Integer, ForeignKey("accounts.id", ondelete="SET NULL"), index=True),
    Column("letter", String(8), nullable=False),  # what others call the rater
    Column("joined", Moment, nullable=False),
    UniqueConstraint("pool_id", "account_id", name="uq_raters_account"),
    UniqueConstraint("pool_id", "letter", name="uq_raters_letter"),
)

judgments = Table(
    "judgments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item_id", Integer, ForeignKey("pool_items.id", ondelete="CASCADE"), nullable=False, index=True),
    _of("raters"),
    Column("occurrence", Integer, nullable=False),  # 2: the rater sees it once more, to be held against 1
    Column("grade", Integer),  # none: put off
    Column("note", Text, nullable=False),
    Column("saves", Integer, nullable=False),  # how often it was saved: tells an old page from a fresh one
    Column("first", Moment, nullable=False),
    Column("last", Moment, nullable=False),
    UniqueConstraint("rater_id", "item_id", "occurrence"),
)

adjudicators = Table(
    "adjudicators",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("pools"),
    Column("account_id", Integer, ForeignKey("accounts.id", ondelete="SET NULL"), index=True),
    Column("declared", Moment, nullable=False),  # when the evaluator said so
    UniqueConstraint("pool_id", "account_id"),
)

adjudications = Table(
    "adjudications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item_id", Integer, ForeignKey("pool_items.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("grade", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("was_rater", Boolean, nullable=False),  # whether who decided had graded it too
    Column("decided", Moment, nullable=False),
)
