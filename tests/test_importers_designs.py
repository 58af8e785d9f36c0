"""Publication types become a design only where they leave no choice."""

import pytest

from corpus.importers.designs import design_of
from corpus.studies import Design


@pytest.mark.parametrize(
    ("types", "design"),
    [
        (["Journal Article", "Meta-Analysis", "Review", "Systematic Review"], Design.meta_analysis),
        (["Randomized Controlled Trial", "Controlled Clinical Trial"], Design.randomized_trial),
        (["Controlled Clinical Trial"], Design.controlled_study),
        (["Case Reports"], Design.case_report),
        (["Clinical Trial", "Multicenter Study"], None),
        (["Observational Study"], None),
        (["Systematic Review"], None),
        ([], None),
    ],
)
def test_designs(types: list[str], design: Design | None) -> None:
    """Types that mean one design give it; types that cover several give none."""
    assert design_of(types) == (design, None)


def test_two_designs_give_none() -> None:
    """A record that names two designs gets none, and a remark."""
    design, remark = design_of(["Meta-Analysis", "Randomized Controlled Trial"])
    assert design is None
    assert "meta_analysis, randomized_trial" in (remark or "")
