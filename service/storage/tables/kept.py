"""What is kept for review where the operator lets questions be stored, and the checks that staff pin."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, LargeBinary, String, Table, Text

from service.storage.tables.base import Moment, metadata

kept_questions = Table(
    "kept_questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("answer_id", String(32), nullable=False, unique=True),
    Column("at", Moment, nullable=False, index=True),
    Column("question", Text, nullable=False),  # scrubbed
    Column("previous", Text),  # scrubbed; only where the question was read together with it
    Column("generation", String(200), nullable=False),
    Column("answer", Text, nullable=False),  # JSON, as it was given, its few words of the patient's scrubbed
    Column("best", Float),  # how sure the reader was of the best sentence
    Column("no_evidence", Boolean, nullable=False),
    Column("close", Boolean, nullable=False),
    Column("not_helpful", Boolean, nullable=False),
    Column("why", String(20), nullable=False),  # the reason that came with "not helpful"
    Column("held", Boolean, nullable=False),  # nothing speaks for a review yet; goes after a day
    Column("leader", String(32), nullable=False, index=True),  # the answer_id of who leads its group
    Column("meaning", LargeBinary),  # what it is grouped by
    Column("encoder", String(64), nullable=False),  # what that was made with
    Column("done", Moment),
    Column("done_by", String(200), nullable=False),
)

source_checks = Table(
    "source_checks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kept_id", Integer, ForeignKey("kept_questions.id", ondelete="SET NULL"), index=True),
    Column("verdict", String(20), nullable=False),
    Column("wording", Text, nullable=False),  # the question in the words of staff; outlives the patient's
    Column("note", Text, nullable=False),
    Column("place", Text, nullable=False),  # of the quote, as study#section:start-end; empty for none
    Column("quote", Text, nullable=False),  # the summary's words there
    Column("generation", String(200), nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made", Moment, nullable=False),
)
