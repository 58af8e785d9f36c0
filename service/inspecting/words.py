"""Words: what the inspector says of a way, for people who answer for the answers and write no programs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from index.known import Recalled
from service.answering import ALONE, UNANSWERED
from service.answers import Notice, NoticeKind, Outcome
from service.balance import Topic
from service.evidence import MAX_ALIKE, MAX_PER_STUDY, SPREAD, THRESHOLD
from service.inspecting.inspection import Became, Fate, Inspection, statements_of
from service.reasons import Reason
from service.understanding import Understood
from service.wording import study_reference

NEARLY = 0.1
"""How near to the threshold the surest sentence is still called close to it."""

LIKE = 0.7
"""How alike a known question must be to be told of; below, it hardly counts (index/known.py)."""

KINDS: Mapping[NoticeKind, str] = {
    NoticeKind.emergency: "somebody may be in danger now",
    NoticeKind.crisis: "somebody may want to end their life",
    NoticeKind.personal_advice: "it asks what is right for one person",
    NoticeKind.dose: "it asks how much to take",
    NoticeKind.diagnosis: "it asks what somebody has",
    NoticeKind.off_topic: "it is about something else",
    NoticeKind.abuse_or_injection: "it is abuse, or an attempt to misuse the service",
}

PATTERN = (
    "As screening_rules.yaml has it: words in braces name a list of words, | stands for “or”, and .. for up "
    "to four words between."
)

REASONS: Mapping[Reason, str] = {
    Reason.unknown_study: "the question names a study that the library does not have",
    Reason.unknown_subject: "the question asks about a drug, illness or time that no summary speaks of",
    Reason.other_people: "the question asks about people of a kind that it does not tell of",
    Reason.no_dose: "it gives no dose of what was asked about",
    Reason.off_topic: "it stands where a summary does not speak of what was asked",
    Reason.no_groups: "its study has no comparison group, and the question asks for a comparison",
    Reason.no_reason: "it does not explain what the question takes for granted",
    Reason.no_sentence: "it is a heading, a citation or a line of sources",
    Reason.unsure: f"below the threshold of {THRESHOLD:.0%}",
    Reason.behind: f"far less sure than the best one (less than {SPREAD:.0%} of its score)",
    Reason.study_full: f"its study is quoted with {MAX_PER_STUDY} better sentences already",
    Reason.said_twice: f"{MAX_ALIKE} studies say the very same already",
    Reason.repeats: "too alike: it adds nothing to what its study says already",
    Reason.enough: "the better sentences before it are enough",
    Reason.side_full: "its side of the question says enough already",
    Reason.weak_design: "a report on one or a few patients does not speak alone for the other side",
    Reason.says_something: "the question asks what sources do not say, and it says something",
    Reason.says_nothing: "it only says what the source does not say",
    Reason.weaker_study: "a stronger study of its side speaks for it",
    Reason.as_a_whole: "the question asks for everything at once; main messages answer that",
    Reason.within_another: "another quote says it already, with more",
}

FATES: Mapping[Fate, str] = {
    Fate.quoted: "Quoted: it answers",
    Fate.against: "Quoted: the other side",
    Fate.along: "Quoted along: a neighbour leans on it, or it takes the neighbour back",
    Fate.unproven: "Left out: it is not in its source, letter for letter",
}


class Line(NamedTuple):
    """Something that was found out, and what it means."""

    name: str
    value: str
    note: str = ""


def said_of(became: Became) -> str:
    """What became of a sentence, in words."""
    if became.fate is not Fate.left:
        return FATES[became.fate]
    return f"Left out: {REASONS[became.reason]}" if became.reason else "Left out"


def percent(share: float) -> str:
    """A likelihood as staff read it: never certain, never impossible."""
    if share > 0.99:  # noqa: PLR2004
        return "over 99%"
    return "under 1%" if share < 0.01 else f"{share:.0%}"  # noqa: PLR2004


def verdict(inspection: Inspection) -> str:
    """In a sentence or two, what came of the question and what decided that."""
    answer = inspection.answer
    if answer.notice and answer.notice.kind in ALONE | UNANSWERED:
        return _stopped(answer.notice)
    if answer.outcome is Outcome.answered:
        return _answered(inspection)
    return f"Our library does not say. {_missing(inspection)}"


def _stopped(notice: Notice) -> str:
    shown = (
        "The card alone is shown"
        if notice.kind in ALONE
        else "The notice is shown, with “our library does not say”"
    )
    return f"Stopped by the screening: {KINDS[notice.kind]}. {shown}, and nothing was searched."


def _answered(inspection: Inspection) -> str:
    quotes = list(statements_of(inspection.answer))
    studies = {quote.citation.study_id for quote in quotes}
    said = f"Answered with {_count(len(quotes), 'quote')} of {_count(len(studies), 'study', 'studies')}. "
    if Reason.as_a_whole in inspection.ledger:
        return (
            said
            + "The question asks for everything at once, so main messages were taken, whatever they score."
        )
    best = inspection.trace.weighed.best
    return said + (
        f"The surest sentence is {percent(best.score)} likely to answer; {THRESHOLD:.0%} is needed."
        if best
        else ""
    )


def _missing(inspection: Inspection) -> str:
    trace = inspection.trace
    asked = trace.looked.asked if trace.looked else None
    best = trace.weighed.best
    if asked and asked.unknown_names and not asked.named:
        names = ", ".join(f"“{name}”" for name in asked.unknown_names)
        return f"The question names a study that is not in the library: {names}."
    if trace.composed:
        return "None of the quotes was in its source, letter for letter, so none was sent."
    if best is None and asked and asked.presumed:
        claim = f"The question takes for granted that “{asked.presumed}”"
        return f"{claim}, and the nearest sentence does not explain it."
    if best is None:
        return "No sentence that was read speaks of what was asked."
    close = ", close to it" if best.score >= THRESHOLD - NEARLY else ""
    sure = f"The surest sentence that fits is {percent(best.score)} likely to answer"
    return f"{sure}; {THRESHOLD:.0%} is needed{close}."


def screened(inspection: Inspection) -> Iterator[Line]:
    """What the gate said: the class, and each rule that fired."""
    screening = inspection.trace.screening
    if screening.kind is None:
        yield Line("Class", "none", "No rule fired: the question goes the ordinary way.")
        return
    yield Line("Class", _plain(screening.kind), _sentence(KINDS[screening.kind]))
    yield Line("Card", screening.card, "The text in notices.yaml that is shown.")
    if not screening.fired:
        yield Line("Rule", screening.rule, "The screening itself failed, so the card that stops was shown.")
    for place, (rule, pattern) in enumerate(screening.fired):
        if place:
            yield Line("Would be as well", _plain(rule.kind), "The graver class counts.")
        yield Line("Rule", rule.rule_id, rule.why)
        yield Line("It matched", pattern, PATTERN)


def _plain(kind: NoticeKind) -> str:
    return kind.value.replace("_", " ")


def understood(inspection: Inspection) -> Iterator[Line]:
    """What was made of the question before anything was searched; nothing where it was stopped."""
    looked = inspection.trace.looked
    if looked is None:
        return
    asked = looked.asked
    yield Line("Searched for", asked.query, _rewritten(asked, inspection.question))
    for word in asked.respellings:
        yield Line("Read as another word", f"“{word.typed}” as “{word.read}”", "It was not found as typed.")
    if asked.read_with_previous:
        yield Line("Read together", "with the question before it", "It leans on that one.")
    yield from _studies(asked, inspection)
    yield _topic(asked)
    if asked.is_general:
        yield Line("In particular", "nothing", "It names a topic and nothing in particular of it.")
    if asked.presumed:
        yield Line(
            "Takes for granted", f"“{asked.presumed}”", "Only a sentence that gives a reason may answer then."
        )
    free = sorted(asked.ignored.intersection(asked.query.lower().split()))
    if free:
        yield Line(
            "Need not be matched", ", ".join(free), "Common words, or words whose medical word was added."
        )
    yield from _known(looked.recalled)


def _rewritten(asked: Understood, question: str) -> str:
    """What the query has and the question has not, and the other way round."""
    mended = {word for each in asked.respellings for word in _words(f"{each.typed} {each.read}")}
    typed, searched = (
        [word for word in _words(text) if word not in mended] for text in (question, asked.query)
    )
    added = ", ".join(word for word in searched if word not in typed)
    dropped = ", ".join(word for word in typed if word not in searched)
    told = [f"Added: {added}."] if added else []
    told += [f"Left out, since it only names a study or opens the message: {dropped}."] if dropped else []
    return " ".join(told) or "Just as it was typed."


def _words(text: str) -> Sequence[str]:
    return list(dict.fromkeys(re.findall(r"[^\W_]+", text.lower())))


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."


def _studies(asked: Understood, inspection: Inspection) -> Iterator[Line]:
    if asked.named:
        names = sorted(study_reference(inspection.library.studies[study_id]) for study_id in asked.named)
        yield Line("Names", "; ".join(names), "Only these are read, all of their sentences.")
    if asked.unknown_names:
        yield Line("Unknown names", ", ".join(asked.unknown_names), "No study in the library has them.")


def _known(recalled: Recalled) -> Iterator[Line]:
    """The known questions that are most like this one; those that hardly count are left out."""
    for place, one in enumerate(recalled.alike):
        if place and one.likeness < LIKE:
            return
        note = "" if one.is_answered else "; nothing answers it"
        name = "Known question" if one.likeness >= LIKE else "Nearest known question"
        yield Line(name, f"“{one.question}”", f"{one.likeness:.2f} alike, of at most 1{note}.")


def _topic(asked: Understood) -> Line:
    if asked.topic is Topic.effect:
        return Line("About", "effect: whether it works", "Two-sided: the other side is looked for as well.")
    if asked.topic is Topic.safety:
        return Line("About", "safety", "Two-sided: harm is shown even where it was not asked for.")
    return Line("About", "a plain fact", "It has one side.")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
