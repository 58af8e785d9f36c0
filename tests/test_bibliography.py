"""Bibliography: full references."""

import pytest

from corpus.studies import LIBRARY, load_studies
from service.bibliography import full_reference
from tests.studies import make_study


@pytest.mark.parametrize(
    ("fields", "reference"),
    [
        (
            {"authors": "[Doe J, Roe R]", "journal": "J Cells 1(2):3-4"},
            "Doe J, Roe R. A study of cells. J Cells 1(2):3-4 (2020).",
        ),
        ({"authors": "[Doe J]"}, "Doe J. A study of cells. 2020."),
        ({"authors": "[]", "title": "Cells."}, "Cells. 2020."),
        (
            {"authors": "[A B, C D, E F, G H, I J, K L, M N]"},
            "A B, C D, E F, G H, I J, K L, et al. A study of cells. 2020.",
        ),
        ({"authors": "[Doe J, et al., Roe R]"}, "Doe J, Roe R, et al. A study of cells. 2020."),
        ({"journal": "Cells, 2020, article 5"}, "A study of cells. Cells, 2020, article 5."),
    ],
)
def test_what_is_known_is_named_once(fields: dict[str, str], reference: str) -> None:
    """Authors (six at most), title, journal and year, each once, and nothing for what is not known."""
    assert full_reference(make_study(**fields)) == reference


def test_every_shipped_study_has_a_full_reference() -> None:
    """Each reference of the library has the first author, the title and the year."""
    for study in load_studies(LIBRARY):
        reference = full_reference(study)
        for part in (study.authors[0], study.title, str(study.year)):
            assert part in reference
