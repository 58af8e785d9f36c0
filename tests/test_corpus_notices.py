import io
from pathlib import Path

import pytest

from corpus.retraction_watch import read_notices
from corpus.studies import Mark
from tests.registers import export


def mark(**row: str) -> Mark | None:
    (found,) = read_notices(io.BytesIO(export(row)), Path("x.csv"))
    assert found.notice is not None
    return found.notice.mark


@pytest.mark.parametrize(
    ("nature", "kind", "before"),
    [
        ("Retraction", "retraction", ""),
        ("Expression of concern", "expression_of_concern", ""),
        ("Correction", "correction", ""),
        ("Reinstatement", "update", "This paper had been taken back, and was put in force again. "),
    ],
)
def test_notice_becomes_a_mark(nature: str, kind: str, before: str) -> None:
    """The mark says what happened and when, where that was read, and leads to the notice."""
    found = mark(RetractionNature=nature)
    assert found is not None
    assert found.kind == kind
    source = "Source: Retraction Watch database, record 4036."
    assert found.note == f"{before}Notice of 6 February 2010. {source}"
    assert found.link == "https://doi.org/10.1000/notice.1"


def test_mark_says_only_what_is_known() -> None:
    """Without a day there is none in the note; without a DOI the link is PubMed's; without both, none."""
    found = mark(RetractionDate="", RetractionDOI="unavailable")
    assert found is not None
    assert found.note == "Source: Retraction Watch database, record 4036."
    assert found.link == "https://pubmed.ncbi.nlm.nih.gov/20137807/"
    bare = mark(RetractionDOI="", RetractionPubMedID="0")
    assert bare is not None
    assert bare.link is None
