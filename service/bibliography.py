"""Bibliography: a study as a list of references names it, so that it can be found without a link."""

from corpus.studies import Study

MOST_AUTHORS = 6
"""Authors that are named before "et al." (ICMJE's sample references)."""


def full_reference(study: Study) -> str:
    """Authors, title, journal and year, as far as they are known: "Doe J. Cells. J Cells 1:2 (2020)."."""
    known = [author for author in study.authors if author != "et al."]
    named = known[:MOST_AUTHORS] + (
        ["et al."] if len(known) > MOST_AUTHORS or len(known) < len(study.authors) else []
    )
    parts = [", ".join(named).rstrip("."), study.title.rstrip("."), _place(study)]
    return " ".join(f"{part}." for part in parts if part)


def _place(study: Study) -> str:
    """Where and when; a journal line that already says the year is left as it is."""
    if study.year is None or str(study.year) in (study.journal or ""):
        return (study.journal or "").rstrip(".")
    return f"{study.journal} ({study.year})" if study.journal else str(study.year)
