"""The spine: a question in, a cited answer out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid4

from corpus.glossary import Glossary
from corpus.passages import Passage
from index.encoder import TokenVectors
from index.known import Recalled
from index.search import Found, Hit, PassageIndex
from service.answers import Answer, Contact, Notice, NoticeKind
from service.choosing import choose_sides, fitting_sentences
from service.evidence import Evidence, ReadSentences, read_passages
from service.followup import screen_together
from service.highlight import mark_answers
from service.languages import ENGLISH, Language, Languages, load_languages
from service.leaning import in_context
from service.naming import lift_naming
from service.notices import notice_for
from service.overview import term_in
from service.reasons import Tell, untold
from service.remembering import lift_known
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


class Setting(NamedTuple):
    """What an answer has whatever is found."""

    notice: Notice | None
    reference: Reference
    language: Language


class LookedUp(NamedTuple):
    """What search brings for a question.

    Attributes:
        tokens: the question's, for reading.
        found: the hits, and all passages that they were chosen from.
        passages: those to read.
        recalled: what is known of questions like it.
    """

    asked: Understood
    tokens: TokenVectors
    found: Found
    passages: Sequence[Passage]
    recalled: Recalled

    @property
    def hits(self) -> Sequence[Hit]:
        """What search brings, best first."""
        return self.found.hits


Sides = tuple[Sequence[Evidence], Sequence[Evidence]]
"""What answers, and what stands against it."""


class Trace(NamedTuple):
    """All that the spine came by on its way to an answer; None for what it did not come to.

    Attributes:
        answer: what is sent.
        screening: what the gate said.
        looked: what was understood, and what search brought.
        read: every sentence that was read, with its score.
        fitting: those that speak of what was asked.
        chosen: those that were chosen, each side most direct first.
        quoted: what was made of them: each with the neighbours that it needs, some joined.
        composed: the answer before its quotes were proven.
    """

    answer: Answer
    screening: Screening
    looked: LookedUp | None = None
    read: ReadSentences | None = None
    fitting: Sequence[Evidence] = ()
    chosen: Sides = ((), ())
    quoted: Sides = ((), ())
    composed: Answer | None = None

    @property
    def weighed(self) -> Weighed:
        """The answer with the sentence that the reader is surest of."""
        chosen = [*self.chosen[0], *self.chosen[1]]
        return Weighed(self.answer, max(chosen or self.fitting, key=lambda item: item.score, default=None))


def answer_question(
    question: str,
    sources: Sources,
    *,
    previous: str | None = None,
    language: Language = ENGLISH,
    new_id: Callable[[], str] = lambda: uuid4().hex[:12],
) -> Answer:
    """Answers a question, as `trace_question` does."""
    return trace_question(question, sources, previous=previous, language=language, new_id=new_id).answer


def weigh_question(
    question: str, sources: Sources, *, previous: str | None = None, language: Language = ENGLISH
) -> Weighed:
    """What `answer_question` answers, with what it hung on."""
    return trace_question(question, sources, previous=previous, language=language).weighed


def trace_question(
    question: str,
    sources: Sources,
    *,
    previous: str | None = None,
    language: Language = ENGLISH,
    new_id: Callable[[], str] = lambda: uuid4().hex[:12],
    tell: Tell = untold,
) -> Trace:
    """Answers a question; one in another language than ours is told so in it.

    Args:
        question: what was asked, trimmed, at most 1,000 characters.
        sources: the library and the gate.
        previous: the question before it, for one that leans on that ("and after five years?").
        language: what the fixed words of the answer are in.
        new_id: makes the answer's id; it must say nothing of the question.
        tell: is told which sentences are left out, and why.
    """
    manifest = sources.index.manifest
    reference = Reference(new_id(), manifest.corpus_version, manifest.generation)
    screening = screen_together(sources.screen, question, previous)
    setting = Setting(_notice(screening, sources, language), reference, language)
    trace = _stopped(screening, setting, sources)
    if trace is None:
        trace = _searched(look_up(question, sources, previous), sources, screening, setting, tell)
    theirs = written_in(question, sources.languages)
    return trace._replace(answer=speak_to(theirs, trace.answer, language, sources.notice))


def _stopped(screening: Screening, setting: Setting, sources: Sources) -> Trace | None:
    """The answer to a question that is not searched for; None for every other one."""
    notice, reference, language = setting
    if notice and notice.kind in ALONE:
        return Trace(only_notice(notice, reference, language), screening)
    if notice and notice.kind in UNANSWERED:
        return Trace(abstain([], sources.index.studies, notice, reference, language=language), screening)
    return None


def _searched(
    looked: LookedUp, sources: Sources, screening: Screening, setting: Setting, tell: Tell
) -> Trace:
    """Read, balanced, worded, proven."""
    index = sources.index
    asked, tokens = looked.asked, looked.tokens
    read = read_passages(looked.passages, index, tokens, asked.ignored)
    read = lift_naming(read, asked.query, sources.glossary, index.studies.values())
    read = lift_known(read, looked.passages, index, looked.recalled)
    is_dose = setting.notice is not None and setting.notice.kind is NoticeKind.dose
    dose_terms = sources.glossary if is_dose else None
    fitting = fitting_sentences(asked, read.sentences, index.studies, dose_terms, tell)
    chosen = choose_sides(asked, looked.passages, fitting, index, tell)
    statements, contrast = (
        mark_answers(in_context(side, index.studies, tell), asked.query, tokens, index) for side in chosen
    )
    composed = _composed((statements, contrast), asked, sources, setting)
    proven = verify(composed, index.studies) if composed else None
    answer = proven or _abstained(asked, looked.hits, sources, setting)
    told = {"respellings": asked.respellings, "read_with_previous": asked.read_with_previous}
    answer = answer.model_copy(update=told)
    named = name_strangers(answer, asked.unknown_names, asked.unknown_subjects, setting.language)
    return Trace(named, screening, looked, read, fitting, chosen, (statements, contrast), composed)


def look_up(question: str, sources: Sources, previous: str | None = None) -> LookedUp:
    """Understands a question and searches for it."""
    index = sources.index
    asked = understand(question, index, sources.glossary, sources.speller, previous)
    vector, tokens = index.encoder.encode_question(asked.query)
    found = index.find(vector, tokens.vectors, asked.query, CANDIDATES)
    recalled = index.known.recall(vector, tokens.vectors)
    return LookedUp(asked, tokens, found, restrict(found.hits, index, asked.named), recalled)


def _composed(quoted: Sides, asked: Understood, sources: Sources, setting: Setting) -> Answer | None:
    """The answer, not yet proven; None where there is nothing to quote."""
    statements, contrast = quoted
    if not statements:
        return None
    return compose_answer(
        statements,
        contrast,
        studies=sources.index.studies,
        glossary=sources.glossary,
        topic=None if asked.is_of_both else asked.topic,
        **setting._asdict(),
    )


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
