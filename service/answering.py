"""The spine: a question in, a cited answer out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from corpus.glossary import Glossary
from corpus.passages import Passage
from index.search import PassageIndex
from service.answers import Answer, Contact, Notice, NoticeKind
from service.balance import Topic, balance, on_topic, topic_of
from service.evidence import Evidence, read_passages, select_evidence
from service.notices import notice_for
from service.overview import COMMON_WORDS, is_general, main_messages, overview
from service.restriction import named_studies, restrict, without_names
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

    named = named_studies(question, index.studies.values())
    asked = without_names(question, (index.studies[study_id] for study_id in named)) if named else question
    query = sources.glossary.expand(asked)
    vector, tokens = index.encoder.encode_question(query)
    hits = index.search_vector(vector, query, CANDIDATES)
    passages = restrict(hits, index, named)
    ignored = _explained(asked, sources.glossary) | COMMON_WORDS
    candidates = read_passages(passages, index, vector, tokens, ignored)
    if notice and notice.kind is NoticeKind.dose:
        candidates = [item for item in candidates if "dose" in item.text.lower()]
    topic = topic_of(asked)
    statements, contrast = _choose(asked, topic, passages, candidates, index=index, is_named=bool(named))
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


def _choose(
    asked: str,
    topic: Topic | None,
    passages: Sequence[Passage],
    candidates: Sequence[Evidence],
    *,
    index: PassageIndex,
    is_named: bool,
) -> tuple[list[Evidence], list[Evidence]]:
    """What is quoted, and what stands against it; a named study is answered from alone."""
    general = is_general(asked, index.studies.values())
    if is_named:
        return main_messages(passages, topic) if general else select_evidence(on_topic(candidates, topic)), []
    if topic and general:
        return overview(index.passages, index.studies, topic)
    return balance(select_evidence(on_topic(candidates, topic)), candidates, index.studies, topic)


def _explained(question: str, glossary: Glossary) -> frozenset[str]:
    """The everyday words of a question for which `Glossary.expand` adds the library's own word."""
    plain = {span for _, span in glossary.find(question)}
    lay = {span for _, span in glossary.find(question, lay=True)} - plain
    return frozenset(word for start, end in lay for word in question[start:end].lower().split())


def _notice(screening: Screening, sources: Sources) -> Notice | None:
    if screening.kind is None:
        return None
    return notice_for(screening.kind, sources.emergency_number, sources.crisis, card=screening.card)
