"""Holdings: the summaries of the library as the desk lists them, with what needs somebody's attention."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from corpus.rules import MAX_GRADE
from corpus.studies import Mark, Status, Study
from service.inventory import Holding
from service.linkcheck import Outcome
from service.linkrounds import LinkState, states_of
from service.proposals import Proposal
from service.publishing.versions import Version
from service.wording import DESIGN_LABELS, MARK_LABELS, study_reference

OLD = timedelta(days=365)
"""A summary that nobody has looked at for longer should be looked at."""


class Need(StrEnum):
    """Why a summary needs attention, the most urgent first."""

    notice = "notice"
    fault = "fault"
    link = "link"
    age = "age"


class Stage(StrEnum):
    """Where a summary stands."""

    published = "published"
    draft = "draft"
    retired = "retired"
    unreadable = "unreadable"


NEEDS = {
    Need.notice: "A notice to look at",
    Need.fault: "Faults to mend",
    Need.link: "A link that no longer answers",
    Need.age: "Not checked for a year",
}
LINK_WORDS = {
    Outcome.gone: "dead",
    Outcome.inside: "internal",
    Outcome.unreached: "not reached",
    Outcome.untold: "could not be told",
    None: "not checked",
    Outcome.answers: "good",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A summary in the list.

    Attributes:
        holding: the file as it was read; None for a new summary that is in no file yet.
        draft: the version that somebody works on.
        is_answered: whether answers come from it now.
        links: what is known of each of its links.
        notices: what a register says of its paper and nobody has decided about.
        needs: why it needs attention, the most urgent first.
    """

    study_id: str
    holding: Holding | None
    draft: Version | None
    is_answered: bool
    links: Mapping[str, LinkState | None] = field(default_factory=dict)
    notices: tuple[Proposal, ...] = ()
    needs: tuple[Need, ...] = ()
    checked: date | None = None

    @property
    def study(self) -> Study | None:
        """The study, where its file can be read."""
        return self.holding.study if self.holding else None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if self.holding is None:
            return Stage.draft
        return Stage(self.study.status.value) if self.study else Stage.unreadable

    @property
    def reference(self) -> str:
        """Who and when; the id where nobody knows."""
        return study_reference(self.study) if self.study and self.study.authors else self.study_id

    @property
    def title(self) -> str:
        """The paper's title."""
        return self.study.title if self.study else ""

    @property
    def errors(self) -> int:
        """Faults that keep it from being published."""
        return sum(fault.level == "error" for fault in self.holding.faults) if self.holding else 0

    @property
    def todos(self) -> int:
        """What is left to do."""
        return sum(fault.level == "todo" for fault in self.holding.faults) if self.holding else 0

    @property
    def grade(self) -> float | None:
        """The reading grade."""
        return self.holding.grade if self.holding else None

    @property
    def is_hard(self) -> bool:
        """Whether it is harder to read than it may be."""
        return self.grade is not None and round(self.grade, 1) > MAX_GRADE

    @property
    def dead(self) -> tuple[LinkState, ...]:
        """Its links that no longer answer."""
        return tuple(state for state in self.links.values() if state and state.is_dead)

    @property
    def links_told(self) -> tuple[str, ...]:
        """What is known of its links, by number, what somebody has to look at first."""
        found = Counter(state.result.outcome if state else None for state in self.links.values())
        return tuple(f"{found[outcome]} {words}" for outcome, words in LINK_WORDS.items() if found[outcome])

    @property
    def is_reviewed(self) -> bool:
        """Whether a clinician has checked it."""
        return self.study is not None and self.study.reviewed_on is not None

    @property
    def marks(self) -> tuple[tuple[str, Mark], ...]:
        """Its marks, each with what it is called."""
        return tuple((MARK_LABELS[mark.kind], mark) for mark in self.study.marks) if self.study else ()

    @property
    def design(self) -> str:
        """The kind of study; empty where it is not known."""
        design = self.study.design if self.study else None
        return DESIGN_LABELS[design] if design else ""

    @property
    def is_old(self) -> bool:
        """Whether it was last checked too long ago."""
        return Need.age in self.needs


def list_entries(
    holdings: Iterable[Holding],
    *,
    drafts: Mapping[str, Version],
    answered: Iterable[str],
    links: Mapping[str, LinkState],
    notices: Iterable[Proposal],
    today: date,
) -> list[Entry]:
    """Every summary, those that are only drafts of somebody's as well.

    Args:
        holdings: the files.
        drafts: what is being worked on, by the name of its file.
        answered: the ids of the studies that answers come from.
        links: what is known of links.
        notices: those that nobody has decided about.
        today: the day.
    """
    live = set(answered)
    waiting: dict[str, list[Proposal]] = {}
    for proposal in notices:
        waiting.setdefault(proposal.study_id, []).append(proposal)
    files = {holding.study_id: holding for holding in holdings}
    begun = {name.removesuffix(".md"): draft for name, draft in drafts.items() if name.endswith(".md")}
    entries = []
    for study_id in sorted(files.keys() | begun.keys()):
        holding = files.get(study_id)
        study = holding.study if holding else None
        entry = Entry(
            study_id=study_id,
            holding=holding,
            draft=begun.get(study_id),
            is_answered=study_id in live,
            links=states_of(study, links) if study else {},
            notices=tuple(waiting.get(study_id, ())),
            checked=_checked(study) if study else None,
        )
        entries.append(replace(entry, needs=tuple(_needs(entry, today))))
    return entries


def _checked(study: Study) -> date | None:
    """When somebody last looked at a summary, as its front matter says."""
    return max(filter(None, (study.reviewed_on, study.updated)), default=None)


def _needs(entry: Entry, today: date) -> Iterator[Need]:
    if entry.notices:
        yield Need.notice
    if entry.errors:
        yield Need.fault
    if entry.study is None or entry.study.status is not Status.published:
        return  # nobody is served an old text or a dead link of it
    if entry.dead:
        yield Need.link
    if entry.checked is None or today - entry.checked > OLD:
        yield Need.age
