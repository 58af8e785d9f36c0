"""KnownQuestions: which sentences answer the questions, among those that are known, that are most like one.

Two people seldom ask in the same words, but the second is likely to ask what the first asked. What answered a
known question speaks for itself once more, the more the likelier the two questions are the same: a kernel
regression over questions (Nadaraya, "On Estimating Regression", 1964; Watson, "Smooth Regression Analysis",
1964), with some weight for there being no such question at all.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from corpus.known import KnownQuestion, Sentences
from corpus.passages import Passage
from index.encoder import Encoder, Progress
from index.late import likeness
from index.sentences import SentenceStore, write_sentences

Floats = NDArray[np.float32]

QUESTIONS_FILE = "questions.json"

NEAREST = 100
"""Known questions that are compared token by token: those nearest by their whole vectors."""

SHARPNESS = 24.0
"""How much more a likelier question counts: 0.1 more alike is 11 times the weight."""

STRANGENESS = 0.006
"""The weight of no known question being like this one: as much as one that is 0.79 alike."""

TOLD = 5
"""Of the most like questions, how many are told to whoever looks into an answer."""


class Settled(NamedTuple):
    """A known question as a generation keeps it: the numbers of the sentences that answer, or none."""

    question: str
    answers: Sequence[int]


class Alike(NamedTuple):
    """A known question, and how alike another one is: up to 1."""

    question: str
    likeness: float
    is_answered: bool


class Recalled(NamedTuple):
    """What is known of questions like one.

    Attributes:
        shares: (sentences of the index,): of the questions that are like it, weighted by how much, the share
            that each sentence answers; from 0 to 1.
        unanswered: the share that nothing answers.
        alike: the most like ones, most like first.
    """

    shares: Floats
    unanswered: float
    alike: Sequence[Alike]


class KnownQuestions:
    """The known questions of a generation."""

    def __init__(self, settled: Sequence[Settled], store: SentenceStore | None, sentences: int) -> None:
        """Makes them ready.

        Args:
            settled: the questions.
            store: their vectors and tokens; None where there is no question.
            sentences: how many the index has.
        """
        self._settled = settled
        self._store = store
        self._sentences = sentences
        self._vectors = store.vectors if store else np.zeros((0, 0), np.float32)

    def __len__(self) -> int:
        return len(self._settled)

    @classmethod
    def open(cls, folder: Path, sentences: int) -> Self:
        """Opens what `write_known` wrote; the caller has checked that it is intact.

        Args:
            folder: what was written; there is none where no question is known.
            sentences: how many the index has.
        """
        if not folder.is_dir():
            return cls([], None, sentences)
        records = json.loads((folder / QUESTIONS_FILE).read_bytes())
        return cls([Settled(*record) for record in records], SentenceStore.open(folder, keep=0), sentences)

    def recall(self, vector: Floats, tokens: Floats) -> Recalled:
        """What is known of questions like this one.

        Args:
            vector: the question's, (dimension,), unit length.
            tokens: those of its tokens, (tokens, dimension), unit length.
        """
        shares = np.zeros(self._sentences, np.float32)
        if not self._store or not len(tokens):
            return Recalled(shares, 0.0, ())
        near = np.argsort(-(self._vectors @ vector), kind="stable")[:NEAREST]
        alike = likeness(tokens, [self._store[int(number)].tokens for number in near])
        weights = np.exp(SHARPNESS * (alike - 1.0))
        weights /= weights.sum() + STRANGENESS
        unanswered = 0.0
        for number, weight in zip(near, weights, strict=True):
            answers = self._settled[number].answers
            shares[answers] += weight
            unanswered += 0.0 if answers else float(weight)
        first = np.argsort(-alike, kind="stable")[:TOLD]
        told = (self._told(int(near[place]), float(alike[place])) for place in first)
        return Recalled(shares, unanswered, tuple(told))

    def _told(self, number: int, alike: float) -> Alike:
        question, answers = self._settled[number]
        return Alike(question, alike, bool(answers))


def settle(known: Iterable[KnownQuestion], passages: Sequence[Passage]) -> list[Settled]:
    """Known questions with the numbers of the sentences that answer them.

    One whose answers stand in none of these passages, since their studies are drafts, say, or were changed,
    is left out: it is not known any more whether anything answers it.
    """
    sentences = Sentences(passages)
    settled = (
        (each, sorted({number for answer in each.answers for number in sentences.find(answer)}))
        for each in known
    )
    return [Settled(each.question, numbers) for each, numbers in settled if numbers or not each.answers]


def write_known(
    folder: Path,
    settled: Sequence[Settled],
    encoder: Encoder,
    *,
    expand: Callable[[str], str] = str,
    old: SentenceStore | None,
    progress: Progress | None = None,
) -> None:
    """Encodes known questions and writes them; nothing where there are none.

    Args:
        folder: made.
        settled: the questions.
        encoder: whose vectors are stored.
        expand: what makes of a question what is searched for: what people ask is expanded as well.
        old: an intact store whose vectors are taken over where text and encoder are the same.
        progress: called with the number of questions done since the last call.
    """
    if not settled:
        return
    folder.mkdir()
    write_sentences(
        folder, [[expand(each.question) for each in settled]], encoder, old=old, progress=progress
    )
    (folder / QUESTIONS_FILE).write_text(json.dumps(settled, ensure_ascii=False), encoding="utf-8")
