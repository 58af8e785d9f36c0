"""verify: every quote is in its source, character for character, or it is not sent."""

import logging
from collections.abc import Iterable, Mapping
from itertools import count

from corpus.studies import Study
from service.answers import Answer, Citation, Statement

logger = logging.getLogger("plaincite.verification")


def verify(answer: Answer, studies: Mapping[str, Study]) -> Answer | None:
    """Proves each quote of an answer against the study it cites.

    A quote that does not match is dropped and logged by its place (never by its text), the rest is
    numbered anew, and cards of studies that are no longer cited go with it. A highlight that is no part of
    its quote is dropped alone: a wrong one is worse than none.

    Returns:
        The answer as it may be sent; None when a quote was dropped and no statement is left.
    """
    numbers = count(1)
    statements = _proven(answer.statements, studies, numbers)
    contrast = tuple(
        side.model_copy(update={"statements": kept})
        for side in answer.contrast
        if (kept := _proven(side.statements, studies, numbers))
    )
    if answer.statements and not statements:
        return None
    sent = [*statements, *(statement for side in contrast for statement in side.statements)]
    cited = {statement.citation.study_id for statement in sent}
    cards = tuple(card for card in answer.studies if card.study_id in cited)
    return answer.model_copy(update={"statements": statements, "contrast": contrast, "studies": cards})


def is_verbatim(statement: Statement, studies: Mapping[str, Study]) -> bool:
    """Whether the quote is exactly what the cited section has between the cited offsets."""
    citation = statement.citation
    study = studies.get(citation.study_id)
    section = (
        next((part for part in study.sections if part.name == citation.section), None) if study else None
    )
    if section is None or section.sha256 != citation.source_sha256 or citation.end > len(section.text):
        return False
    return section.text[citation.start : citation.end] == statement.text


def holds_highlight(citation: Citation, text: str) -> bool:
    """Whether the part that is marked lies within the quote and cuts no word in two.

    Args:
        citation: of a quote that is proven.
        text: of the quote.
    """
    mark = citation.highlight
    if mark is None:
        return True
    start, end = mark.start - citation.start, mark.end - citation.start
    if not 0 <= start < end <= len(text):
        return False
    edges = (text[place - 1 : place + 1] for place in (start, end) if 0 < place < len(text))
    return not any(edge.isalnum() for edge in edges)


def _proven(
    statements: Iterable[Statement], studies: Mapping[str, Study], numbers: "count[int]"
) -> tuple[Statement, ...]:
    kept = list[Statement]()
    for statement in statements:
        citation = statement.citation
        if is_verbatim(statement, studies):
            renumbered = citation.model_copy(update={"number": next(numbers)})
            if not holds_highlight(citation, statement.text):
                renumbered = renumbered.model_copy(update={"highlight": None})
                logger.error("highlight dropped: not in its quote", extra={"place": _place(citation)})
            kept.append(statement.model_copy(update={"citation": renumbered}))
        else:
            logger.error("quote dropped: not in its source", extra={"place": _place(citation)})
    return tuple(kept)


def _place(citation: Citation) -> str:
    return f"{citation.study_id}#{citation.section}:{citation.start}-{citation.end}"
