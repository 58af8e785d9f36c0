"""The spine: a question in, a cited answer out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid4

from corpus.glossary import Glossary
from corpus.passages import Passage
from index.encoder import TokenVectors
from index.search import Hit, PassageIndex
from service.answers import Answer, Contact, Notice, NoticeKind
from service.choosing import choose_sides, fitting_sentences
from service.evidence import Evidence, read_passages
from service.followup import screen_together
from service.highlight import mark_answers
from service.languages import ENGLISH, Language, Languages, load_languages
from service.leaning import in_context
from service.notices import notice_for
from service.overview import term_in
from service.restriction import restrict
from service.screening import Screen, Screening
from service.spelling import Speller
from service.translation import speak_to, written_in
from service.understanding import Understood, understand
from service.verification import verify
from service.wording import Reference, abstain, compose_answer, name_strangers, only_notice

CANDIDATES = 100
"""Passages that are read for evidence: all of a small library, the nearest of a large one."""

NEAR = 0.05
"""Least cosine of a question and a passage for its study to be named where there is no answer: about what
questions come to that have nothing to do with the library."""

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
    languages: Languages = field(default_factory=load_languages)

    def notice(self, kind: NoticeKind, card: str, language: Language) -> Notice:
        """The text of a screening class, with the operator's numbers."""
        return notice_for(kind, self.emergency_number, self.crisis, card=card, language=language)


class Weighed(NamedTuple):
    """An answer, and what it hung on; people are shown the answer alone.

    Attributes:
        best: the sentence that the reader is surest of, whether or not that was sure enough to be quoted;
            None where nothing was read.
    """

    answer: Answer
    best: Evidence | None


def answer_question(
    question: str,
    sources: Sources,
    *,
    previous: str | None = None,
    language: Language = ENGLISH,
    new_id: Callable[[], str] = lambda: uuid4().hex[:12],
) -> Answer:
    """Answers a question, as `weigh_question` does; one in another language than ours is told so in it."""
    answer = weigh_question(question, sources, previous=previous, language=language, new_id=new_id).answer
    return speak_to(written_in(question, sources.languages), answer, language, sources.notice)


def weigh_question(
    question: str,
    sources: Sources,
    *,
    previous: str | None = None,
    language: Language = ENGLISH,
    new_id: Callable[[], str] = lambda: uuid4().hex[:12],
) -> Weighed:
    """Answers a question: screened, searched, read, balanced, worded, proven.

    Args:
        question: what was asked, trimmed, at most 1,000 characters.
        sources: the library and the gate.
        previous: the question before it, for one that leans on that ("and after five years?").
        language: what the fixed words of the answer are in.
        new_id: makes the answer's id; it must say nothing of the question.
    """
    index = sources.index
    reference = Reference(new_id(), index.manifest.corpus_version, index.manifest.generation)
    screening = screen_together(sources.screen, question, previous)
    notice = _notice(screening, sources, language)
    if notice and notice.kind in ALONE:
        return Weighed(only_notice(notice, reference, language), None)
    if notice and notice.kind in UNANSWERED:
        return Weighed(abstain([], index.studies, notice, reference, language=language), None)

    asked, tokens, hits, passages = look_up(question, sources, previous)
    candidates = read_passages(passages, index, tokens, asked.ignored)
    is_dose = notice is not None and notice.kind is NoticeKind.dose
    fitting = fitting_sentences(asked, candidates, index.studies, sources.glossary if is_dose else None)
    chosen = choose_sides(asked, passages, fitting, index)
    quoted = [mark_answers(in_context(side, index.studies), asked.query, tokens, index) for side in chosen]
    setting = Setting(notice, reference, language)
    answer = _composed(quoted, asked, sources, setting) or _abstained(asked, hits, sources, setting)
    best = max([*chosen[0], *chosen[1]] or fitting, key=lambda item: item.score, default=None)
    told = {"respellings": asked.respellings, "read_with_previous": asked.read_with_previous}
    named = name_strangers(answer.model_copy(update=told), asked.unknown_names, language)
    return Weighed(named, best)


class Setting(NamedTuple):
    """What an answer has whatever is found."""

    notice: Notice | None
    reference: Reference
    language: Language


class LookedUp(NamedTuple):
    """What search brings for a question.

    Attributes:
        tokens: the question's, for reading.
        passages: those to read.
    """

    asked: Understood
    tokens: TokenVectors
    hits: Sequence[Hit]
    passages: Sequence[Passage]


def look_up(question: str, sources: Sources, previous: str | None = None) -> LookedUp:
    """Understands a question and searches for it."""
    index = sources.index
    asked = understand(question, index, sources.glossary, sources.speller, previous)
    vector, tokens = index.encoder.encode_question(asked.query)
    hits = index.search_vector(vector, tokens.vectors, asked.query, CANDIDATES)
    return LookedUp(asked, tokens, hits, restrict(hits, index, asked.named))


def _composed(
    quoted: Sequence[Sequence[Evidence]],
    asked: Understood,
    sources: Sources,
    setting: Setting,
) -> Answer | None:
    """The answer, proven; None where there is nothing to quote, or no quote is in its source."""
    statements, contrast = quoted
    if not statements:
        return None
    answer = compose_answer(
        statements,
        contrast,
        studies=sources.index.studies,
        glossary=sources.glossary,
        topic=asked.topic,
        **setting._asdict(),
    )
    return verify(answer, sources.index.studies)


def _abstained(asked: Understood, hits: Sequence[Hit], sources: Sources, setting: Setting) -> Answer:
    studies = sources.index.studies
    return abstain(
        [hit for hit in hits if hit.passage.study_id in asked.named]
        or [hit for hit in hits if hit.dense >= NEAR],
        studies,
        topic=asked.topic,
        subject=term_in(asked.query, sources.glossary, studies.values()),
        presumed=asked.presumed,
        **setting._asdict(),
    )


def _notice(screening: Screening, sources: Sources, language: Language) -> Notice | None:
    if screening.kind is None:
        return None
    return sources.notice(screening.kind, screening.card, language)
