"""ImportReport: what an import wrote, what it refused, and what a person should look at."""

from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import CorpusError
from corpus.importers.records import PageFooter


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that was written."""

    study_id: str
    path: Path
    title: str


@dataclass(slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        drafts: the drafts written, in order.
        refused: files and records that could not be read or written; each prints as one line.
        skipped: a line for each study that is there already, in this import or in the folder.
        notes: a line for each thing that was inferred, left out or renamed.
        pages: publisher and disclaimer of each research page.
    """

    drafts: list[Draft] = field(default_factory=list)
    refused: list[CorpusError] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pages: list[PageFooter] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0: all was read; 1: some was refused; 2: nothing could be used."""
        if not self.refused:
            return 0
        return 1 if self.drafts or self.skipped else 2


def format_report(report: ImportReport) -> str:
    """The report as lines to print: drafts, pages, notes, what was skipped, a sum; refusals go to stderr."""
    lines = [f"{draft.path}: {draft.title}" for draft in report.drafts]
    for page in report.pages:
        lines.append(f"{page.path}: brought by: {page.publisher or 'the page does not say'}")
        lines.append(f"{page.path}: disclaimer: {page.disclaimer or 'the page has none'}")
    lines += [f"note: {note}" for note in report.notes]
    lines += [f"skipped: {line}" for line in report.skipped]
    counts = f"drafts: {len(report.drafts)}, skipped: {len(report.skipped)}, refused: {len(report.refused)}"
    return "\n".join([*lines, counts])
