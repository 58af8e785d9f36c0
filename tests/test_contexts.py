"""When a pattern that stands in a clause counts."""

from dataclasses import replace

import pytest

from service.contexts import Context, Place, allows, scope, stands, taken_back
from service.phrases import Found, Step

CHEST = (3, 5)
"""Where the pattern stands: the fourth and fifth word."""


def place(*clauses: dict[str, list[tuple[int, int]]], words: int = 5) -> Place:
    """The first clause, in a sentence of its own, in a question of all of them."""
    together: list[tuple[Found, int]] = [(clause, words) for clause in clauses]
    return Place(clauses[0], scope(together[:1]), scope(together))


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (Context(), True),
        (Context(needs=frozenset({"{own}"})), True),
        (Context(needs=frozenset({"{now}"})), False),
        (Context(not_in_clause=frozenset({"{past}"})), False),
        (Context(not_in_clause=frozenset({"{past}"}), despite=frozenset({"{own}"})), True),
        (Context(not_in_sentence=frozenset({"{topic}"})), True),
        (Context(not_in_question=frozenset({"{topic}"})), False),
        (Context(not_in_question=frozenset({"{topic}"}), despite=frozenset({"{own}"})), False),
        (Context(at_most=10), True),
        (Context(at_most=9), False),
    ],
)
def test_what_stands_around_a_pattern_decides(context: Context, expected: bool) -> None:
    """Cues are needed in the sentence, or barred from clause, sentence or question; long questions may be."""
    here = place({"{own}": [(0, 1)], "{past}": [(1, 3)]}, {"{topic}": [(0, 1)]})
    assert allows(context, here) is expected


@pytest.mark.parametrize(
    ("field", "cue", "expected"),
    [
        ("not_before", (2, 3), True),
        ("not_before", (1, 2), True),
        ("not_before", (0, 1), False),
        ("not_touching", (2, 3), True),
        ("not_touching", (2, 4), True),
        ("not_touching", (1, 2), False),
        ("not_earlier", (0, 1), True),
        ("not_earlier", (3, 4), True),
        ("not_earlier", (4, 5), False),
        ("not_before", (5, 6), False),
    ],
)
def test_a_cue_takes_a_pattern_back_from_where_it_reaches(
    field: str, cue: tuple[int, int], expected: bool
) -> None:
    """A denial reaches one word on, a possibility none, a fear through the clause and into a gap."""
    context = replace(Context(), **{field: frozenset({"{cue}"})})  # type: ignore[arg-type]
    assert taken_back(context, {"{cue}": [cue]}, CHEST) is expected


def test_a_part_may_stand_in_any_clause_of_a_scope() -> None:
    """What must stand beside a pattern is looked for in every clause."""
    here = place({}, {"{topic}": [(0, 1)]})
    part = (Step(0, "{topic}"),)
    assert stands(part, here.question)
    assert not stands(part, here.sentence)
