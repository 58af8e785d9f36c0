"""Remembering: a sentence that answers what others asked in other words is likelier to answer it again.

The library's editors write down what people ask and which sentences answer that (`known-questions.txt`). The
reader sees likeness of words between a question and a sentence; between two questions it sees far better.
"""

from collections.abc import Sequence
from dataclasses import replace

from corpus.passages import Passage
from index.known import Recalled
from index.search import PassageIndex
from service.evidence import ReadSentences

LIFT = 10.0
"""Added to the log odds of a sentence that answers all known questions that are like this one."""

DOUBT = 4.0
"""Taken from the log odds of every sentence where nothing answers any of them.

Both, and the constants of index.known, were chosen on the tuning questions; from 6 to 14 and from 1 to 4 make
little difference there (evaluation/README.md, "Known questions").
"""


def lift_known(
    read: ReadSentences, passages: Sequence[Passage], index: PassageIndex, recalled: Recalled
) -> ReadSentences:
    """The same sentences, likelier the more they answer of the known questions that are like this one.

    Args:
        read: every sentence of the passages, scored, in order.
        passages: what was read.
        index: where they stand.
        recalled: what is known of questions like this one.
    """
    if not recalled.alike or read.reading.matches is None:
        return read
    numbers = [number for passage in passages for number in index.numbers_of(passage)]
    shares = [float(recalled.shares[number]) for number in numbers]
    lifted = [
        replace(item.moved(points(share, recalled.unanswered)), known=share)
        for item, share in zip(read.sentences, shares, strict=True)
    ]
    return read._replace(sentences=lifted)


def points(share: float, unanswered: float) -> float:
    """What is added to a sentence's log odds.

    Args:
        share: of the known questions like this one, the share that it answers, 0 to 1.
        unanswered: the share that nothing answers.
    """
    return LIFT * share - DOUBT * unanswered
