"""Libraries of made-up studies of any size, always the same ones, for pages that must bear them."""

import random
from functools import cache

from corpus.studies import Design, Finding, Study
from tests.studies import make_study


@cache
def generated(count: int, seed: int = 1) -> tuple[Study, ...]:
    """Studies of all designs, findings, sizes and 30 years; of some the number of people is not known."""
    draw = random.Random(seed)
    return tuple(_study(draw, number) for number in range(count))


def _study(draw: random.Random, number: int) -> Study:
    people = draw.choice([{}, *[{"people": str(round(10 ** draw.uniform(0, 4)))}] * 9])
    given = {
        "design": draw.choice(list(Design)),
        "finding": draw.choice(list(Finding)),
        "year": str(draw.randint(1995, 2024)),
        "title": f"Cells in illness, part {number}",
        "authors": f"[Doe{number} J, Roe R]",
        "who": "Adults with a long-lasting illness",
        "cautions": "[No comparison group, A small study, Short]",
    }
    return make_study(f"doe{number}", **given, **(people or {"people": "null"}))
