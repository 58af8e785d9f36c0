"""The spine: a question in, a cited answer out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import uuid4

from corpus.glossary import Glossary
from corpus.passages import Passage
from index.search import PassageIndex
from service.answers import Answer, Contact, Notice, NoticeKind
from service.balance import balance, on_topic
from service.evidence import Evidence, read_passages, select_evidence
from service.notices import notice_for
from service.overview import main_messages, overview
from service.restriction import restrict
from service.screening import Screen, Screening, screen_safely
from service.spelling import Speller
from service.understanding import Understood, understand
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
    speller: Speller
    emergency_number: str
    crisis: Contact


class Weighed(NamedTuple):
    """An answer, and what it hung on; people are shown the answer alone.

    Attributes:
        best: the sentence that the reader is surest of, whether or not that was sure enough to be quoted;
            None where nothing was read.
    """

    answer: Answer
    best: Evidence | None


def answer_question(
    question: str, sources: Sources, *, new_id: Callable[[], str] = lambda: uuid4().hex[:12]
) -> Answer:
    """Answers a question, as `weigh_question` does."""
    return weigh_question(question, sources, new_id=new_id).answer


def weigh_question(
    question: str, sources: Sources, *, new_id: Callable[[], str] = lambda: uuid4().hex[:12]
) -> Weighed:
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
        return Weighed(only_notice(notice, reference), None)
    if notice and notice.kind in UNANSWERED:
        return Weighed(abstain([], index.studies, notice, reference), None)

    asked = understand(question, index, sources.glossary, sources.speller)
    vector, tokens = index.encoder.encode_question(asked.query)
    hits = index.search_vector(vector, tokens.vectors, asked.query, CANDIDATES)
    passages = restrict(hits, index, asked.named)
    candidates = read_passages(passages, index, vector, tokens, asked.ignored)
    if notice and notice.kind is NoticeKind.dose:
        candidates = [item for item in candidates if "dose" in item.text.lower()]
    statements, contrast = _choose(asked, passages, candidates, index)
    answer = (
        compose_answer(
            statements,
            contrast,
            studies=index.studies,
            glossary=sources.glossary,
            topic=asked.topic,
            notice=notice,
            reference=reference,
        )
        if statements
        else abstain(hits, index.studies, notice, reference)
    )
    proven = verify(answer, index.studies) or abstain(hits, index.studies, notice, reference)
    considered = [*statements, *contrast] or on_topic(candidates, asked.topic)
    best = max(considered, key=lambda item: item.score, default=None)
    return Weighed(proven.model_copy(update={"respellings": asked.respellings}), best)


def _choose(
    asked: Understood, passages: Sequence[Passage], candidates: Sequence[Evidence], index: PassageIndex
) -> tuple[list[Evidence], list[Evidence]]:
    """What is quoted, and what stands against it; a named study is answered from alone."""
    if asked.is_general and asked.named:
        return main_messages(passages, asked.topic), []
    if asked.is_general and asked.topic:
        return overview(index.passages, index.studies, asked.topic)
    evidence = select_evidence(on_topic(candidates, asked.topic))
    if asked.named:
        return evidence, []
    return balance(evidence, candidates, index.studies, asked.topic)


def _notice(screening: Screening, sources: Sources) -> Notice | None:
    if screening.kind is None:
        return None
    return notice_for(screening.kind, sources.emergency_number, sources.crisis, card=screening.card)
