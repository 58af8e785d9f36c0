"""Evidence: the sentences that answer a question, and the quotes that are made of them."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import exp, log, prod
from typing import NamedTuple

from corpus.glossary import Glossary
from corpus.passages import Passage
from corpus.sentences import Span
from index.encoder import TokenVectors
from index.reader import Reading, read
from index.search import PassageIndex
from service.reasons import Reason, Tell, untold
from service.sayings import asks_what_is_known, asks_why, gives_reason, is_quotable, is_silent

THRESHOLD = 0.7
"""Least score of the best sentence; below it the library does not say.

Chosen on the tuning part of the own questions so that of all questions 1 in 8 gets an answer that is not
right, where no question is known, and 1 in 16 where many are (evaluation/README.md, "When to abstain").
"""

MAX_STATEMENTS = 3
ENOUGH = 0.9
"""How likely one of two sentences must answer for a third to be left out.

Only where people have said that the first one answers questions like this one: alone, the reader is surer of
itself than it should be.
"""

MAX_VOICES = 24
"""Sentences among which both sides of a question are looked for."""

MAX_PER_STUDY = 2
MAX_ALIKE = 2
"""Studies that may say the very same sentence: a third tells nothing new and takes another's place."""

REPEATED = 0.7
"""Share of a sentence's words that another one has when both say nearly the same."""

WELL_KNOWN = 0.2
"""The share of the known questions like one that a sentence must answer to fit it, whatever rules make of its
words. Up to 0.4 it made next to no difference on the tuning questions."""

SPREAD = 0.8
"""A further sentence is kept when its score is at least this share of the best one's."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a summary and how well it answers.

    Attributes:
        passage: the passage it stands in.
        sentence: its offsets in the section's text.
        quote: the offsets to be quoted: the sentence, with the neighbours that it needs.
        score: how likely it answers, 0 to 1.
        highlight: the offsets of the part of the quote that answers, where that can be told.
        known: the share of the known questions like this one that it answers, 0 to 1.
    """

    passage: Passage
    sentence: Span
    quote: Span
    score: float
    highlight: Span | None = None
    known: float = 0.0

    @property
    def study_id(self) -> str:
        """The study that is quoted."""
        return self.passage.study_id

    @property
    def text(self) -> str:
        """The words of the sentence itself."""
        return self.passage.quote(self.sentence)

    @property
    def is_known(self) -> bool:
        """Whether people have said that it answers questions like this one."""
        return self.known >= WELL_KNOWN

    @property
    def is_silent(self) -> bool:
        """Whether it only says what the source does not say."""
        return is_silent(self.text)

    def moved(self, points: float) -> "Evidence":
        """The same with its log odds changed."""
        score = min(max(self.score, 1e-9), 1.0 - 1e-9)
        return replace(self, score=1.0 / (1.0 + exp(-(log(score / (1.0 - score)) + points))))

    def marked(self, highlight: Span | None) -> "Evidence":
        """The same with the part that answers."""
        return replace(self, highlight=highlight)


class ReadSentences(NamedTuple):
    """Sentences with their scores, and, in the same order, what those were told by.

    Attributes:
        named: whether a score was raised because the sentence names what the question names.
    """

    sentences: list[Evidence]
    reading: Reading
    named: Sequence[bool] = ()


def read_passages(
    passages: Sequence[Passage],
    index: PassageIndex,
    tokens: TokenVectors,
    explained: Collection[str] = (),
) -> ReadSentences:
    """Every sentence of some passages with its score, in their order.

    Args:
        passages: what to read.
        index: where the sentences' tokens are stored.
        tokens: the question's.
        explained: lay words of the question whose medical word stands in it as well.
    """
    places = [(passage, span) for passage in passages for span in passage.sentences]
    stored = [[sentence.tokens for sentence in index.sentences_of(passage)] for passage in passages]
    reading = read(tokens, stored, judgement=index.encoder.judgement, explained=explained)
    sentences = [
        Evidence(passage=passage, sentence=span, quote=span, score=score)
        for (passage, span), score in zip(places, reading.likely, strict=True)
    ]
    return ReadSentences(sentences, reading)


def select_evidence(
    candidates: Iterable[Evidence],
    *,
    question: str = "",
    threshold: float = THRESHOLD,
    limit: int = MAX_STATEMENTS,
    tell: Tell = untold,
) -> list[Evidence]:
    """The fewest sentences that answer, most direct first; empty when none is sure enough.

    A sentence that says what the source does not say is the last choice, unless that is what is asked.

    Args:
        candidates: scored sentences, in any order.
        question: what was asked.
        threshold: the least score of the first sentence.
        limit: how many at most.
        tell: is told of those that are left out.
    """
    ranked = rank(candidates, tell)
    tell(Reason.unsure, (item for item in ranked if item.score < threshold))
    if not ranked or ranked[0].score < threshold:
        return []
    sure = [item for item in ranked if item.score >= max(threshold, ranked[0].score * SPREAD)]
    tell(Reason.behind, (item for item in ranked[len(sure) :] if item.score >= threshold))
    if ranked[0].is_silent and not asks_what_is_known(question):
        # Where people have said that silence answers, only what they have said as often comes before it.
        least = ranked[0].known * SPREAD if ranked[0].is_known else 0.0
        says = (
            item for item in ranked if item.score >= threshold and not item.is_silent and item.known >= least
        )
        sure = [*islice(says, 1), *sure]
    if asks_why(question):
        sure = sorted(sure, key=lambda item: not gives_reason(item.text))
    chosen = without_repeats(_silent_once(sure, question, tell), tell)
    is_enough = chosen[0].is_known and 1 - prod(1 - item.score for item in chosen[:2]) >= ENOUGH
    most = 2 if is_enough and limit == MAX_STATEMENTS else limit
    tell(Reason.enough, chosen[most:])
    return chosen[:most]


def _silent_once(sure: Sequence[Evidence], question: str, tell: Tell) -> list[Evidence]:
    """The same with one sentence at most that says what a source does not say, unless that is asked."""
    silent = [item for item in sure if item.is_silent]
    spare = [] if asks_what_is_known(question) else silent[1:]
    tell(Reason.says_nothing, spare)
    return [item for item in sure if item not in spare]


def rank(candidates: Iterable[Evidence], tell: Tell = untold) -> list[Evidence]:
    """The sentences among some texts, surest first; headings and references are none."""
    texts = list(candidates)
    tell(Reason.no_sentence, (item for item in texts if not is_quotable(item.text)))
    return sorted(
        (item for item in texts if is_quotable(item.text)),
        key=lambda item: (-item.score, item.passage.passage_id, item.sentence),
    )


def giving_reasons(candidates: Iterable[Evidence], tell: Tell = untold) -> list[Evidence]:
    """What may answer a question why: the sentences that give a reason, if the surest of all does.

    "Why did it cure everybody?" takes for granted that it did. Where what is nearest to that gives no reason
    for it, the library does not bear it out, and a reason for something else would seem to.
    """
    ranked = rank(candidates, tell)
    reasons = [item for item in ranked if gives_reason(item.text)]
    kept = reasons if reasons and reasons[0] is ranked[0] else []
    tell(Reason.no_reason, (item for item in ranked if item not in kept))
    return kept


def on_dose(
    candidates: Iterable[Evidence], question: str, glossary: Glossary, tell: Tell = untold
) -> list[Evidence]:
    """What may answer how much: the sentences that give a dose, of a drug that was named where one was.

    A study's dose of one thing is no answer to how much of another somebody may take.
    """
    drugs = {term.term for term, _ in glossary.find(question, lay=True) if term.drug}
    every = list(candidates)
    doses = [item for item in every if "dose" in item.text.lower()]
    kept = [
        item for item in doses if not drugs or any(term.term in drugs for term, _ in glossary.find(item.text))
    ]
    tell(Reason.no_dose, (item for item in every if item not in kept))
    return kept


def without_repeats(ranked: Iterable[Evidence], tell: Tell = untold) -> list[Evidence]:
    """The same, less what adds nothing to the sentences before and what is too much of one study."""
    chosen: list[Evidence] = []
    for item in ranked:
        mine = [other for other in chosen if other.study_id == item.study_id]
        if len(mine) == MAX_PER_STUDY:
            tell(Reason.study_full, [item])
        elif sum(other.text == item.text for other in chosen) == MAX_ALIKE:
            tell(Reason.said_twice, [item])
        elif mine and not _adds(item, mine):
            tell(Reason.repeats, [item])
        else:
            chosen.append(item)
    return chosen


def repeats(one: Evidence, other: Evidence, share: float = REPEATED) -> bool:
    """Whether two sentences of one study say nearly the same: most words of the shorter are in the longer."""
    mine, theirs = words_of(one.text), words_of(other.text)
    return one.study_id == other.study_id and len(mine & theirs) >= share * min(len(mine), len(theirs))


def _adds(item: Evidence, mine: Sequence[Evidence]) -> bool:
    """Whether a sentence says more than those chosen of its study: a new figure, or something else."""
    told = {figure for other in mine for figure in _figures(other.text)}
    share = REPEATED if _figures(item.text) - told else 0.5
    return not any(repeats(item, other, share) for other in mine)


def words_of(text: str) -> set[str]:
    """Its words and numbers, in lower case."""
    return set(re.findall(r"[a-z]{3,}|\d+", text.lower()))


def _figures(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)*", text))


def group_by_study(items: Sequence[Evidence]) -> list[Evidence]:
    """The same sentences with those of one study together; studies in order of their best sentence."""
    order = list(dict.fromkeys(item.study_id for item in items))
    return sorted(items, key=lambda item: order.index(item.study_id))
