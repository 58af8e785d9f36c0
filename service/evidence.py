"""Evidence: the sentences that answer a question, with the neighbours they lean on."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpus.passages import Passage
from corpus.sentences import Span
from index.encoder import TokenVectors
from index.reader import read
from index.search import PassageIndex

THRESHOLD = 0.5
"""Least score of the best sentence; below it the library does not say."""

MAX_STATEMENTS = 4
MAX_PER_STUDY = 2
MAX_ALIKE = 2
"""Studies that may say the very same sentence: a third tells nothing new and takes another's place."""

SPREAD = 0.8
"""A further sentence is kept when its score is at least this share of the best one's."""

LEANING = re.compile(
    r"(?:(?:\w+ ){0,3}also|one of the \d had|so|this|that|these|those|they|it|its|their|them|he|she|both|"
    r"however|but|of these|of those|the other|in both|in all|among them|instead|even so|still|yet|"
    r"at the same time|the same)\b",
    re.IGNORECASE,
)
"""How a sentence begins that cannot be understood without the one before it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a summary and how well it answers.

    Attributes:
        passage: the passage it stands in.
        sentence: its offsets in the section's text.
        quote: the offsets to be quoted: the sentence, and the one before where it leans on that.
        score: how likely it answers, 0 to 1.
    """

    passage: Passage
    sentence: Span
    quote: Span
    score: float

    @property
    def study_id(self) -> str:
        """The study that is quoted."""
        return self.passage.study_id

    @property
    def text(self) -> str:
        """The words of the sentence itself."""
        return self.passage.quote(self.sentence)


def read_passages(
    passages: Sequence[Passage],
    index: PassageIndex,
    vector: NDArray[np.float32],
    tokens: TokenVectors,
    explained: Collection[str] = (),
) -> list[Evidence]:
    """Every sentence of some passages with its score, in their order.

    Args:
        passages: what to read.
        index: where the sentences' vectors are stored.
        vector: the question's vector, (dimension,), unit length.
        tokens: the question's tokens, from the same forward pass.
        explained: lay words of the question whose medical word stands in it as well.
    """
    places = [(passage, span) for passage in passages for span in passage.sentences]
    stored = [sentence for passage in passages for sentence in index.sentences_of(passage)]
    scores = read(vector, tokens, stored, explained=explained).scores
    return [
        Evidence(passage=passage, sentence=span, quote=span, score=score)
        for (passage, span), score in zip(places, scores, strict=True)
    ]


def select_evidence(
    candidates: Iterable[Evidence], *, threshold: float = THRESHOLD, limit: int = MAX_STATEMENTS
) -> list[Evidence]:
    """The fewest sentences that answer, most direct first; empty when none is sure enough.

    Args:
        candidates: scored sentences, in any order.
        threshold: the least score of the first sentence.
        limit: how many at most.
    """
    ranked = sorted(candidates, key=lambda item: (-item.score, item.passage.passage_id, item.sentence))
    if not ranked or ranked[0].score < threshold:
        return []
    floor = max(threshold, ranked[0].score * SPREAD)
    sure = [item for item in ranked if item.score >= floor]
    return without_repeats(sure)[:limit]


def without_repeats(ranked: Iterable[Evidence]) -> list[Evidence]:
    """The same with their context, less what has been said already and what is too much of one study."""
    chosen: list[Evidence] = []
    for item in ranked:
        if sum(other.study_id == item.study_id for other in chosen) == MAX_PER_STUDY:
            continue
        if sum(other.text == item.text for other in chosen) == MAX_ALIKE:
            continue
        if not any(_overlaps(item, other) or _repeats(item, other) for other in chosen):
            chosen.append(item)
    return [with_context(item) for item in chosen]


def with_context(item: Evidence) -> Evidence:
    """Brings along the sentences before one that leans on them ("However, ...", "They ...").

    Never over the end of a paragraph: what stands in another one is about something else.
    """
    passage, sentences = item.passage, item.passage.sentences
    first = sentences.index(item.sentence)
    while first > 0 and LEANING.match(passage.quote(sentences[first])):
        if "\n\n" in passage.quote(Span(sentences[first - 1].end, sentences[first].start)):
            break
        first -= 1
    return replace(item, quote=Span(sentences[first].start, item.sentence.end))


def _overlaps(one: Evidence, other: Evidence) -> bool:
    if (one.study_id, one.passage.section) != (other.study_id, other.passage.section):
        return False
    mine, theirs = with_context(one).quote, with_context(other).quote
    return mine.start < theirs.end and theirs.start < mine.end


def _repeats(one: Evidence, other: Evidence) -> bool:
    """Whether two sentences of one study say nearly the same: most words of the shorter are in the longer."""
    if one.study_id != other.study_id:
        return False
    mine, theirs = _words(one.text), _words(other.text)
    return len(mine & theirs) >= 0.7 * min(len(mine), len(theirs))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}|\d+", text.lower()))


def group_by_study(items: Sequence[Evidence]) -> list[Evidence]:
    """The same sentences with those of one study together; studies in order of their best sentence."""
    order = list(dict.fromkeys(item.study_id for item in items))
    return sorted(items, key=lambda item: order.index(item.study_id))
