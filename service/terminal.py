"""An answer as plain text, for a terminal."""

import textwrap
from collections.abc import Iterable

from service.answers import Answer, Notice, Statement, StudyCard

WIDTH = 90


def as_text(answer: Answer) -> str:
    """An answer for reading in a terminal, in the order of the pages."""
    cards = {card.study_id: card for card in answer.studies}
    blocks: list[str] = []
    if answer.notice:
        blocks.append(_notice(answer.notice))
    blocks.append(_wrap(answer.message))
    blocks += [f"We read \u201c{word.typed}\u201d as \u201c{word.read}\u201d." for word in answer.respellings]
    blocks += [_quote(statement, cards) for statement in answer.statements]
    for side in answer.contrast:
        blocks.append(_wrap(f"The other side. {side.why}"))
        blocks += [_quote(statement, cards) for statement in side.statements]
    if answer.topics:
        blocks.append(_list("What the library does cover nearby:", (topic.label for topic in answer.topics)))
    if answer.terms:
        blocks.append(_list("Words:", (f"{term.term}: {term.meaning}" for term in answer.terms)))
    if answer.ask_your_doctor:
        blocks.append(_list("Questions for your doctor:", answer.ask_your_doctor))
    blocks.append(_wrap(answer.disclaimer))
    blocks.append(
        f"answer {answer.answer_id}, library {answer.corpus_version}, index {answer.index_generation}"
    )
    return "\n\n".join(blocks)


def _quote(statement: Statement, cards: dict[str, StudyCard]) -> str:
    card, citation = cards[statement.citation.study_id], statement.citation
    source = f"[{citation.number}] {card.label} ({card.reference}), {citation.section_title}"
    lines = [
        _wrap(f"\u201c{statement.text}\u201d", "  "),
        _wrap(f"{source}. {card.link or ''}".strip(), "  "),
    ]
    return "\n".join([*lines, *(_wrap(f"Mind: {caution}", "      ") for caution in card.cautions[:2])])


def _notice(notice: Notice) -> str:
    lines = [notice.title.upper(), _wrap(notice.text)]
    return "\n".join([*lines, *(f"  {contact.name}: {contact.number}" for contact in notice.contacts)])


def _list(title: str, items: Iterable[str]) -> str:
    return "\n".join(
        [title, *(textwrap.fill(item, WIDTH, initial_indent="- ", subsequent_indent="  ") for item in items)]
    )


def _wrap(text: str, indent: str = "") -> str:
    """Wraps each paragraph by itself; quotes keep their own words, only line breaks differ."""
    parts = text.split("\n\n")
    return "\n".join(
        textwrap.fill(part, WIDTH, initial_indent=indent, subsequent_indent=indent) for part in parts
    )
