"""Cases: notices about papers of the library, each with its summary and where it stands."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from corpus.errors import StudyFileError
from corpus.studies import Study, parse_study
from service.proposals import Proposal, Standing, list_proposals, standing
from service.publishing.versions import Version, text_of

ORDER = list(Standing)


class Case(NamedTuple):
    """A notice.

    Attributes:
        study: the summary as it stands in the library folder; None where there is none that can be read.
        standing: where the notice stands.
    """

    proposal: Proposal
    study: Study | None
    standing: Standing

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided, or what they decided is not done."""
        return self.standing is Standing.open


def list_cases(
    connection: Connection,
    *,
    studies: Mapping[str, Study],
    names: Iterable[str],
    drafts: Mapping[str, Version],
) -> list[Case]:
    """Every notice, the most urgent first.

    Args:
        connection: the transaction.
        studies: the summaries that can be read, by id.
        names: the ids of all summaries that there are.
        drafts: what is being worked on, by the name of its file.
    """
    there = set(names)
    cases = []
    for proposal in list_proposals(connection):
        study_id = proposal.study_id
        draft = drafts.get(f"{study_id}.md")
        written = _study_of(connection, draft) if draft else None
        is_there = study_id in there or draft is not None
        place = standing(proposal, studies.get(study_id), written, is_there=is_there)
        cases.append(Case(proposal, studies.get(study_id), place))
    return sorted(cases, key=lambda case: (ORDER.index(case.standing), not case.proposal.is_grave))


def _study_of(connection: Connection, draft: Version) -> Study | None:
    try:
        return parse_study(text_of(connection, draft), Path(draft.name))
    except StudyFileError:
        return None
