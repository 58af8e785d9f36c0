"""The report of an import as lines, and its exit code."""

from pathlib import Path

import pytest

from corpus.errors import ImportRefusedError
from corpus.importers.records import PageFooter
from corpus.importers.report import Draft, ImportReport, format_report

DRAFT = Draft("deng2017", Path("out/deng2017.md"), "A trial")
REFUSED = ImportRefusedError(Path("b.ris"), "is empty")


def test_lines() -> None:
    """Each draft, page, note, skipped study and refusal is one line, and the last line sums up."""
    page = PageFooter(path=Path("p.html"), publisher="A. Doe", disclaimer=None)
    report = ImportReport([DRAFT], [REFUSED], ["c.ris: record 1: the same"], ["a.ris: a note"], [page])
    assert format_report(report).split("\n") == [
        "out/deng2017.md: A trial",
        "p.html: brought by: A. Doe",
        "p.html: disclaimer: the page has none",
        "note: a.ris: a note",
        "skipped: c.ris: record 1: the same",
        "drafts: 1, skipped: 1, refused: 1",
    ]


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (ImportReport(), 0),
        (ImportReport(drafts=[DRAFT]), 0),
        (ImportReport(skipped=["a"]), 0),
        (ImportReport(drafts=[DRAFT], refused=[REFUSED]), 1),
        (ImportReport(skipped=["a"], refused=[REFUSED]), 1),
        (ImportReport(refused=[REFUSED]), 2),
    ],
)
def test_exit_codes(report: ImportReport, code: int) -> None:
    """0 when all was read, 1 when some was refused, 2 when nothing could be used."""
    assert report.exit_code == code
