"""An answer as plain text, for a terminal."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from corpus.studies import Mark
from service.answers import Answer, Notice, Statement, StudyCard
from service.languages import ENGLISH, Language, fixed
from service.wording import MARK_LABELS, MARK_MEANINGS

WIDTH = 90

READ_TOGETHER = fixed("We read this together with your question before it.")
READ_AS = fixed("We read “{typed}” as “{read}”.")
OTHER_SIDE = fixed("The other side. {why}")
NEARBY = fixed("What the library does cover nearby:")
STUDIES_SHOW = fixed("What studies like these can show:")
WORDS = fixed("Words:")
FOR_DOCTOR = fixed("Questions for your doctor:")
MIND = fixed("Mind: {caution}")
NAMED = fixed("answer {answer}, library {library}, index {index}")

BOLD, PLAIN = "\x1b[1m", "\x1b[22m"
"""What turns bold letters on and off in a terminal (ECMA-48, SGR 1 and 22)."""

_BEGIN, _END = "\ue000", "\ue001"
"""Stand for BOLD and PLAIN while lines are broken, being of one character each; in no text (private use)."""


def as_text(answer: Answer, language: Language = ENGLISH, *, bold: bool = False) -> str:
    """An answer for reading in a terminal, in the order of the pages.

    Args:
        answer: what to write.
        language: what the answer is in.
        bold: shows the part of each quote that answers in bold letters, where one is told.
    """
    cards = {card.study_id: card for card in answer.studies}
    say, blocks = language.gettext, list[str]()
    if answer.translation:
        blocks += [_notice(answer.translation.notice)] if answer.translation.notice else []
        blocks.append(_wrap(answer.translation.message))
    if answer.notice:
        blocks.append(_notice(answer.notice))
    blocks.append(_wrap(answer.message))
    if answer.read_with_previous:
        blocks.append(say(READ_TOGETHER))
    blocks += [say(READ_AS, typed=word.typed, read=word.read) for word in answer.respellings]
    blocks += _quotes(answer.statements, cards, language, bold=bold)
    for side in answer.contrast:
        blocks.append(_wrap(say(OTHER_SIDE, why=side.why)))
        blocks += _quotes(side.statements, cards, language, bold=bold)
    if answer.topics:
        blocks.append(_list(say(NEARBY), (f"{topic.label}: {topic.title}" for topic in answer.topics)))
    if answer.studies:
        blocks.append(_list(say(STUDIES_SHOW), map(_explained, answer.studies)))
    if answer.terms:
        blocks.append(_list(say(WORDS), (f"{term.term}: {term.meaning}" for term in answer.terms)))
    if answer.ask_your_doctor:
        blocks.append(_list(say(FOR_DOCTOR), answer.ask_your_doctor))
    blocks.append(_wrap(answer.disclaimer))
    names = {"library": answer.corpus_version, "index": answer.index_generation}
    blocks.append(say(NAMED, answer=answer.answer_id, **names))
    return "\n\n".join(blocks)


def _quotes(
    statements: Sequence[Statement], cards: dict[str, StudyCard], language: Language, *, bold: bool
) -> Iterator[str]:
    """Each quote; what to mind of a study comes once, below the last of its quotes that stand together."""
    for statement, following in zip_longest(statements, statements[1:]):
        card = cards[statement.citation.study_id]
        quote = _quote(statement, card, language, bold=bold)
        if following and following.citation.study_id == card.study_id:
            yield quote
        else:
            cautions = (language.gettext(MIND, caution=caution) for caution in card.cautions[:2])
            yield "\n".join([quote, *(_wrap(caution, "      ") for caution in cautions)])


def _quote(statement: Statement, card: StudyCard, language: Language, *, bold: bool) -> str:
    citation = statement.citation
    source = f"[{citation.number}] {card.label} ({card.reference}), {citation.section_title}"
    lines = [
        *(_wrap(_mark(mark, language), "  ") for mark in card.marks),
        _wrap(f"\u201c{_emphasized(statement) if bold else statement.text}\u201d", "  ")
        .replace(_BEGIN, BOLD)
        .replace(_END, PLAIN),
        _wrap(f"{source}. {card.link or ''}".strip(), "  "),
    ]
    return "\n".join(lines)


def _mark(mark: Mark, language: Language) -> str:
    """A retraction or the like, in words: it stands before what the study is quoted with."""
    label, meaning = language.gettext(MARK_LABELS[mark.kind]), MARK_MEANINGS.get(mark.kind)
    told = [f"{label}:", language.gettext(meaning) if meaning else "", mark.note, mark.link or ""]
    return " ".join(filter(None, told))


def _emphasized(statement: Statement) -> str:
    citation, text, mark = statement.citation, statement.text, statement.citation.highlight
    if mark is None or not citation.start <= mark.start < mark.end <= citation.end:
        return text
    first, last = mark.start - citation.start, mark.end - citation.start
    return f"{text[:first]}{_BEGIN}{text[first:last]}{_END}{text[last:]}"


def _explained(card: StudyCard) -> str:
    return " ".join([f"{card.reference}:", *card.explained])


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
