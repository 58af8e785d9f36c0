"""The spine: a question in, a cited answer out."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from corpus.glossary import Glossary
from index.search import PassageIndex
from service.answers import Answer, Contact
from service.balance import balance, on_topic, topic_of
from service.evidence import read_passages, select_evidence
from service.overview import is_general, overview
from service.restriction import name_words, named_studies, restrict
from service.screening import Screen, screen_safely
try:
    from service.screening import notice_for
except ImportError:
    def notice_for(kind, *a, **k):
        from service.answers import Notice
        return Notice(kind=kind, title="Temporary", text="Temporary text", version="0", reviewed="no")
from service.verification import verify
from service.wording import Reference, abstain, compose_answer, only_notice

CANDIDATES = 100
"""Passages that are read for evidence: all of a small library, the nearest of a large one."""


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
    notice = screening.kind and notice_for(screening.kind, sources.emergency_number, sources.crisis)
    if notice and screening.stops:
        return only_notice(notice, reference)

    query = sources.glossary.expand(question)
    vector, tokens = index.encoder.encode_question(query)
    hits = index.search_vector(vector, query, CANDIDATES)
    named = named_studies(question, index.studies.values())
    explained = _explained(question, sources.glossary) | name_words(index.studies[study] for study in named)
    candidates = read_passages(restrict(hits, index, named), index, vector, tokens, explained)
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
