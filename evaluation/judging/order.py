"""Order: in which a rater is shown the documents of a pool.

One question's documents come together, in an order of chance, another one for each rater. Why together:
raters judge alike documents more alike the sooner they see them after each other, for what they take to be
relevant shifts with time (Sanderson, Scholer and Turpin, "Relatively relevant: Assessor shift in document
judgements", ADCS 2010); TREC's assessors judge one topic's pool after another too. Why by chance: raters
agree less when documents come by falling relevance than in an order that has nothing to do with it (Damessie,
Scholer, Järvelin and Culpepper, "The effect of document order and topic difficulty on assessor agreement",
ICTIR 2016). Why another for each: what comes first colours what follows, and should not colour all alike.

A few documents come twice, much later, to tell how steadily a rater grades. Their question comes back
with as many documents that were held back for it, so that its return gives nothing away.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple, TypeVar

Thing = TypeVar("Thing")

SHARE = 20
"""One in so many documents comes twice,"""

FEWEST, MOST = 2, 20
"""but at least and at most so many."""


class Turn(NamedTuple):
    """What a rater is shown at one place.

    Attributes:
        item: the question with the document.
        occurrence: 2 where it comes again.
    """

    item: int
    occurrence: int = 1


def order_turns(groups: Mapping[int, Sequence[int]], seed: str) -> tuple[Turn, ...]:
    """A rater's order; the same seed gives the same.

    Args:
        groups: items by question.
        seed: names the pool and the rater.
    """
    random = Random(seed)
    questions = _shuffled(sorted(groups), random)
    blocks = {question: _shuffled(sorted(groups[question]), random) for question in questions}
    again = _choose_again(questions, blocks)
    returning: dict[int, list[list[Turn]]] = {}
    for place, question in enumerate(questions):
        if question in again:
            last = _hold_back(blocks[question], again[question], random)
            spot = random.randrange(max(place + 1, len(questions) // 2), len(questions))
            returning.setdefault(spot, []).append(last)
    order: list[Turn] = []
    for place, question in enumerate(questions):
        order += map(Turn, blocks[question])
        for last in returning.get(place, ()):
            order += last
    return tuple(order)


def _choose_again(questions: Sequence[int], blocks: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """How many documents come twice, by question: of the earlier half, so that much lies between."""
    wanted = min(max(sum(map(len, blocks.values())) // SHARE, FEWEST), MOST)
    early = questions[: len(questions) // 2]
    room = {each: len(blocks[each]) // 2 for each in early if len(blocks[each]) > 1}
    again: dict[int, int] = {}
    while sum(again.values()) < min(wanted, sum(room.values())):
        open_ones = [each for each in room if again.get(each, 0) < room[each]]
        least = min(open_ones, key=lambda each: again.get(each, 0))
        again[least] = again.get(least, 0) + 1
    return again


def _hold_back(block: list[int], count: int, random: Random) -> list[Turn]:
    """Takes as many from the block's end as come again from its start: the question's return."""
    held = [Turn(block.pop()) for _ in range(count)]
    repeated = [Turn(item, occurrence=2) for item in block[:count]]
    return _shuffled([*held, *repeated], random)


def _shuffled(things: Sequence[Thing], random: Random) -> list[Thing]:
    return random.sample(things, len(things))
