"""The spine: a question in, a cited answer out."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from corpus.glossary import Glossary
from index.search import PassageIndex
from service.answers import Answer, Contact, Notice, NoticeKind
from service.balance import balance, on_topic, topic_of
from service.evidence import read_passages, select_evidence
from service.notices import notice_for
from service.overview import is_general, overview
from service.restriction import name_words, named_studies, restrict
from service.screening import Screen, Screening, screen_safely
from service.verification import verify
from service.wording import Reference, abstain, compose_answer, only_notice

CANDIDATES = 100
"""Passages that are read for evidence: all of a small library, the nearest of a large one."""


ALONE = frozenset({NoticeKind.emergency, NoticeKind.crisis})
"""Classes whose card stands alone: nothing beside it may take up a second of attention."""

UNANSWERED = frozenset({NoticeKind.diagnosis, NoticeKind.off_topic, NoticeKind.abuse_or_injection})
"""Classes that no study can answer: the notice stands beside an abstention."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What questions are answered from: loaded once, shared by all of them."""

    index: PassageIndex
    screen: Screen
    glossary: Glossary
    emergency_number: str
    crisis: Contact


def answer_question(
    question: str, sources: Sources, *, new_id: Callable[[], str] = lambda: uuid4().hex[:12]
) -> Answer:
    """Answers a question: screened, searched, read, balanced, worded, proven.

    Args:
        question: what was asked, trimmed, at most 1,000 characters.
        sources: the library and the gate.
        new_id: makes the answer's id; it must say nothing of the question.
    """
    index = sources.index
    reference = Reference(new_id(), index.manifest.corpus_version, index.manifest.generation)
    screening = screen_safely(sources.screen, question)
    notice = _notice(screening, sources)
    if notice and notice.kind in ALONE:
        return only_notice(notice, reference)
    if notice and notice.kind in UNANSWERED:
        return abstain([], index.studies, notice, reference)

    query = sources.glossary.expand(question)
    vector, tokens = index.encoder.encode_question(query)
    hits = index.search_vector(vector, query, CANDIDATES)
    named = named_studies(question, index.studies.values())
    explained = _explained(question, sources.glossary) | name_words(index.studies[study] for study in named)
    candidates = read_passages(restrict(hits, index, named), index, vector, tokens, explained)
    if notice and notice.kind is NoticeKind.dose:
        candidates = [item for item in candidates if "dose" in item.text.lower()]
    topic = topic_of(question)
    if topic and not named and is_general(question, topic, index.studies.values()):
        statements, contrast = overview(index.passages, index.studies, topic)
    else:
        evidence = select_evidence(on_topic(candidates, topic))
        statements, contrast = balance(evidence, candidates, index.studies, topic)
    if not statements:
        return abstain(hits, index.studies, notice, reference)
    answer = compose_answer(
        statements,
        contrast,
        studies=index.studies,
        glossary=sources.glossary,
        topic=topic,
        notice=notice,
        reference=reference,
    )
    return verify(answer, index.studies) or abstain(hits, index.studies, notice, reference)


def _explained(question: str, glossary: Glossary) -> frozenset[str]:
    """The everyday words of a question for which `Glossary.expand` adds the library's own word."""
    plain = {span for _, span in glossary.find(question)}
    lay = {span for _, span in glossary.find(question, lay=True)} - plain
    return frozenset(word for start, end in lay for word in question[start:end].lower().split())


def _notice(screening: Screening, sources: Sources) -> Notice | None:
    if screening.kind is None:
        return None
    return notice_for(screening.kind, sources.emergency_number, sources.crisis, card=screening.card)
