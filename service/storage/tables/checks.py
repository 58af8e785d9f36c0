"""Tables of the library's checks: what became of each link, exports of retractions, and their notices."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from service.storage.tables.base import Moment, metadata

link_checks = Table(
    "link_checks",
    metadata,
    Column("address", String(2000), primary_key=True),  # as the summary has it
    Column("outcome", String(20), nullable=False),
    Column("status", Integer),  # of the last HTTP answer; none where there was none
    Column("detail", Text, nullable=False),
    Column("checked", Moment, nullable=False),
    Column("since", Moment, nullable=False),  # when the link was first found like this, and so ever since
)

retraction_exports = Table(
    "retraction_exports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("member", String(200), nullable=False),
    Column("file", String(200), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("newest", Date),  # the day of its newest notice
    Column("matches", Integer, nullable=False),
    Column("faulty", Integer, nullable=False),
    Column("faults", Text, nullable=False),  # the first of them, a line each
    Column("papers", Text, nullable=False),  # what was compared: JSON, study id to [DOI, PubMed number]
)

retraction_notices = Table(
    "retraction_notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("study_id", String(200), nullable=False),
    Column("record", String(40), nullable=False),  # the notice's number in the register
    Column("nature", String(40)),  # none: the register uses a word that we do not know
    Column("said", Text, nullable=False),
    Column("day", Date),
    Column("paper_doi", Text),
    Column("paper_pmid", String(20)),
    Column("notice_doi", Text),
    Column("notice_pmid", String(20)),
    Column("title", Text, nullable=False),
    Column("journal", Text, nullable=False),
    Column("reasons", Text, nullable=False),  # a line each
    Column("matched_by", String(60), nullable=False),  # a line each
    Column("conflict", Text, nullable=False),
    Column("lifted", Boolean, nullable=False),
    Column("export_id", Integer, ForeignKey("retraction_exports.id"), nullable=False),  # the last to have it
    Column("decision", String(20), nullable=False),
    Column("decided_by", String(200)),
    Column("decided", Moment),
    Column("why", Text, nullable=False),
    UniqueConstraint("study_id", "record"),
)
