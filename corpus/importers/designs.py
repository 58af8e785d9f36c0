"""Study design from publication types, where they leave no choice."""

from collections.abc import Iterable

from corpus.studies import Design

# NLM's publication types (https://www.nlm.nih.gov/mesh/pubtypes.html) that mean one design and no other.
# "Systematic Review", "Clinical Trial" and "Observational Study" are left out: each covers several.
_DESIGNS = {
    "meta-analysis": Design.meta_analysis,
    "network meta-analysis": Design.meta_analysis,
    "randomized controlled trial": Design.randomized_trial,
    "controlled clinical trial": Design.controlled_study,
    "case reports": Design.case_report,
}


def design_of(types: Iterable[str]) -> tuple[Design | None, str | None]:
    """The design that publication types state.

    Returns:
        The design, or None where none or several are stated; and a remark in the latter case. A randomized
        trial that is also called a controlled one is a randomized trial.
    """
    stated = {_DESIGNS[name.casefold()] for name in types if name.casefold() in _DESIGNS}
    if Design.randomized_trial in stated:
        stated.discard(Design.controlled_study)
    if len(stated) > 1:
        names = ", ".join(sorted(stated))
        return None, f"the publication types name several designs ({names}); choose one"
    return (next(iter(stated)) if stated else None), None
