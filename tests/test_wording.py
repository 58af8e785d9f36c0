import pytest

from corpus.studies import LIBRARY, Study, load_studies
from service.wording import (
    DESIGN_LABELS,
    FINDING_LABELS,
    review_line,
    study_card,
    study_label,
    study_reference,
)
from tests.studies import make_study


@pytest.mark.parametrize(
    ("study", "label"),
    [
        (make_study(design="cohort", year="2018", people="81"), "A 2018 follow-up study of 81 people"),
        (make_study(design="randomized_trial", people="18"), "A 2020 randomized trial of 18 people"),
        (make_study(design="case_report", people="1"), "A 2020 report of one person"),
        (make_study(design="meta_analysis", people="null"), "A 2020 pooled review"),
        (make_study(design="other", people="null"), "A 2020 study"),
    ],
)
def test_label_is_plain(study: Study, label: str) -> None:
    """A study is named by year, design and size, and by what is known of them only."""
    assert study_label(study) == label


@pytest.mark.parametrize(
    ("authors", "reference"),
    [
        ("[Doe J, Roe R, Poe P]", "Doe et al., 2020"),
        ("[Doe J]", "Doe, 2020"),
        ("[Farge-Bancel D, Roe R]", "Farge-Bancel et al., 2020"),
        ("[van der Berg A, Roe R]", "van der Berg et al., 2020"),
        ("[]", "A study of cells"),
    ],
)
def test_reference_names_first_author_and_year(authors: str, reference: str) -> None:
    """The first author's family name stands for the paper; without authors its title does."""
    assert study_reference(make_study(authors=authors)) == reference


def test_review_is_said_honestly() -> None:
    """A summary that nobody has checked says so; one that was says who and when."""
    assert review_line(make_study()) == "Not yet checked by a clinician"
    checked = make_study(reviewed_by="Dr Doe", reviewed_on="2026-11-01")
    assert review_line(checked) == "Checked by Dr Doe on 01 November 2026"


def test_every_shipped_study_has_a_full_card() -> None:
    """Each card of the shipped library has label, design, finding and a link in words."""
    for study in load_studies(LIBRARY):
        card = study_card(study)
        assert card.label.startswith(f"A {study.year} ")
        assert card.design_label in DESIGN_LABELS.values()
        assert card.finding_label in FINDING_LABELS.values()
        assert card.link
