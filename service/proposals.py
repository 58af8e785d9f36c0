"""Proposals: what a register of retractions says of the library, and what staff decided about it.

An import changes no summary. Each notice that seems to be about a paper of the library waits for a person,
who has it marked or says why not; that decision holds for later imports of the same notice.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, Row, insert, select, update

from corpus.notices import Nature, Notice
from corpus.retractions import Findings, Match, Paper, is_marked
from corpus.studies import Study
from service.storage.audit import record
from service.storage.tables.checks import retraction_exports, retraction_notices

MOST_EXPORTS = 10
"""Imports that a page lists."""

_PLAIN = ("record", "said", "day", "paper_doi", "paper_pmid", "notice_doi", "notice_pmid", "title", "journal")
"""What of a notice is kept as it is."""


class Decision(StrEnum):
    """What staff made of a notice."""

    none = "none"
    marked = "marked"
    dismissed = "dismissed"


class Standing(StrEnum):
    """Where a notice stands, the most urgent first."""

    open = "open"
    drafted = "drafted"
    marked = "marked"
    dismissed = "dismissed"
    gone = "gone"


class Export(NamedTuple):
    """An import of a register.

    Attributes:
        rows: how many notices it had.
        newest: the day of the newest of them.
        faulty: how much of it could not be read.
        faults: the first of that, in words.
        papers: what was compared: DOI and PubMed number by study id.
    """

    id: int
    at: datetime
    member: str
    file: str
    rows: int
    newest: date | None
    matches: int
    faulty: int
    faults: tuple[str, ...]
    papers: Mapping[str, Paper]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A notice that seems to be about a paper of the library.

    Attributes:
        by: the identifiers that agree.
        conflict: a sentence where another one disagrees; else empty.
        lifted: a later notice puts the paper in force again.
        export: the last import that had it.
        decided_by, decided: who decided, and when; None where nobody has.
        why: the reason that was given.
    """

    id: int
    study_id: str
    notice: Notice
    by: tuple[str, ...]
    conflict: str
    lifted: bool
    export: int
    decision: Decision
    decided_by: str | None
    decided: datetime | None
    why: str

    @property
    def is_grave(self) -> bool:
        """Whether it takes a paper back or casts doubt on it, as far as anybody can tell."""
        return not self.lifted and self.notice.nature in {None, Nature.retraction, Nature.concern}


def keep_findings(
    connection: Connection,
    findings: Findings,
    studies: Iterable[Study],
    *,
    file: str,
    member: str,
    at: datetime,
) -> int:
    """Keeps what an export says of the library; decisions on notices that have not changed stay.

    Args:
        connection: the transaction.
        findings: the matches.
        studies: those that were compared.
        file: what the export is called.
        member: who imports it.
        at: the time.

    Returns:
        The import's number.
    """
    record(
        connection,
        member,
        "retractions.import",
        file,
        at=at,
        notices=findings.rows,
        matches=len(findings.matches),
    )
    values = {
        "at": at,
        "member": member,
        "file": file,
        "rows": findings.rows,
        "newest": findings.newest,
        "matches": len(findings.matches),
        "faulty": findings.faulty,
        "faults": "\n".join(map(str, findings.faults)),
        "papers": json.dumps({study.study_id: Paper.of(study) for study in studies}),
    }
    made = connection.execute(insert(retraction_exports).values(values).returning(retraction_exports.c.id))
    number: int = made.scalar_one()
    for match in findings.matches:
        _keep(connection, match, number)
    return number


def list_exports(connection: Connection) -> list[Export]:
    """The last imports, the newest first."""
    found = select(retraction_exports).order_by(retraction_exports.c.id.desc()).limit(MOST_EXPORTS)
    return [_export(row) for row in connection.execute(found)]


def list_proposals(connection: Connection) -> list[Proposal]:
    """Every notice that an import matched to a summary, by study and day."""
    found = [_proposal(row) for row in connection.execute(select(retraction_notices))]
    return sorted(found, key=lambda one: (one.study_id, one.notice.day or date.min, one.id))


def decide(
    connection: Connection, proposal: Proposal, decision: Decision, *, member: str, at: datetime, why: str
) -> None:
    """Records what somebody decided about a notice; they may decide otherwise later."""
    action = {Decision.none: "retractions.reopen", Decision.marked: "retractions.mark"}
    record(
        connection,
        member,
        action.get(decision, "retractions.dismiss"),
        proposal.study_id,
        at=at,
        register_record=proposal.notice.record,
        why=why,
    )
    connection.execute(
        update(retraction_notices)
        .where(retraction_notices.c.id == proposal.id)
        .values(decision=decision.value, decided_by=member, decided=at, why=why)
    )


def standing(proposal: Proposal, study: Study | None, draft: Study | None, *, is_there: bool) -> Standing:
    """Where a notice stands.

    Args:
        proposal: the notice.
        study: the summary as it stands in the library folder; None where there is none that can be read.
        draft: the same as somebody works on it; None where nobody does.
        is_there: whether the library has such a summary at all.
    """
    if not is_there:
        return Standing.gone
    if study and is_marked(study, proposal.notice):
        return Standing.marked
    if draft and is_marked(draft, proposal.notice):
        return Standing.drafted
    return Standing.dismissed if proposal.decision is Decision.dismissed else Standing.open


def not_compared(export: Export, studies: Iterable[Study]) -> list[str]:
    """The summaries that are new since an import, or whose paper has other identifiers now."""
    return [
        study.study_id for study in studies if export.papers.get(study.study_id) != tuple(Paper.of(study))
    ]


def _keep(connection: Connection, match: Match, export: int) -> None:
    notice = match.notice
    table = retraction_notices
    values = {
        **{name: getattr(notice, name) for name in _PLAIN},
        "nature": notice.nature.value if notice.nature else None,
        "reasons": "\n".join(notice.reasons),
        "matched_by": "\n".join(match.by),
        "conflict": match.conflict,
        "lifted": match.lifted,
    }
    key = (table.c.study_id == match.study.study_id) & (table.c.record == notice.record)
    known = connection.execute(select(table).where(key)).one_or_none()
    undecided = {"decision": Decision.none.value, "decided_by": None, "decided": None, "why": ""}
    if known is None:
        owner = {"study_id": match.study.study_id, "export_id": export}
        connection.execute(insert(table).values(values | undecided | owner))
        return
    # Whoever decided did so on what the notice said then.
    same = all(known._mapping[name] == value for name, value in values.items())
    connection.execute(
        update(table).where(key).values(**values, **({} if same else undecided), export_id=export)
    )


def _export(row: Row[tuple[object, ...]]) -> Export:
    fields = row._asdict()
    papers = {study_id: Paper(*known) for study_id, known in json.loads(fields["papers"]).items()}
    return Export(**fields | {"faults": tuple(fields["faults"].splitlines()), "papers": papers})


def _proposal(row: Row[tuple[object, ...]]) -> Proposal:
    fields = row._asdict()
    notice = Notice(
        line=0,
        nature=Nature(fields["nature"]) if fields["nature"] else None,
        reasons=tuple(fields["reasons"].splitlines()),
        **{name: fields[name] for name in _PLAIN},
    )
    return Proposal(
        id=fields["id"],
        study_id=fields["study_id"],
        notice=notice,
        by=tuple(fields["matched_by"].splitlines()),
        conflict=fields["conflict"],
        lifted=fields["lifted"],
        export=fields["export_id"],
        decision=Decision(fields["decision"]),
        decided_by=fields["decided_by"],
        decided=fields["decided"],
        why=fields["why"],
    )
