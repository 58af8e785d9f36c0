import pytest

from evaluation.judging.agreement import GRADES, alpha, consistency, disagreements, distance, pairs

NONE = None

OBSERVERS = {
    "A": (1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE),
    "B": (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3),
    "C": (NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE),
    "D": (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE),
}
"""Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): twelve units, four observers."""


def ratings_of(observers: dict[str, tuple[int | None, ...]]) -> dict[int, dict[str, int]]:
    """Columns of a table of observers as ratings."""
    ratings: dict[int, dict[str, int]] = {}
    for name, values in observers.items():
        for unit, value in enumerate(values):
            ratings.setdefault(unit, {})
            if value is not None:
                ratings[unit][name] = value
    return ratings


def test_alpha_of_the_published_example() -> None:
    """Krippendorff's own data give the 0.815 printed there for ordinal data; single values drop out."""
    found = alpha(ratings_of(OBSERVERS))
    assert found.value == pytest.approx(0.815, abs=0.0005)
    assert found.items == 11
    assert found.why == ""


def test_alpha_worked_out_by_hand() -> None:
    """Two raters, grades (0, 0), (0, 1), (1, 1): observed and expected coincidences, ordinal distances.

    Of six grades three are 0 and three 1; the ordinal distance between them is ((3 + 3) - (3 + 3) / 2)^2.
    Observed off the diagonal: 2 of 6 coincidences; expected: 2 * 3 * 3 / 5. alpha = 1 - 2 / 3.6.
    """
    assert alpha({1: {"A": 0, "B": 0}, 2: {"A": 0, "B": 1}, 3: {"A": 1, "B": 1}}).value == pytest.approx(
        1 - 2 / 3.6
    )


def test_alpha_is_one_for_raters_who_agree_and_negative_for_those_who_contradict() -> None:
    """Both ends of the scale."""
    assert alpha({n: {"A": n % 4, "B": n % 4} for n in range(8)}).value == pytest.approx(1.0)
    against = alpha({n: {"A": n % 4, "B": 3 - n % 4} for n in range(8)}).value
    assert against is not None
    assert against < -0.5


@pytest.mark.parametrize(
    ("ratings", "why"),
    [
        ({}, "no passage has been judged by two raters"),
        ({1: {"A": 2}, 2: {"B": 2}}, "no passage has been judged by two raters"),
        ({1: {"A": 2, "B": 2}, 2: {"A": 2, "B": 2}}, "every grade is the same"),
    ],
)
def test_an_alpha_that_is_not_defined_says_why(ratings: dict[int, dict[str, int]], why: str) -> None:
    """Never a NaN, never a 1 for raters who gave one grade throughout."""
    found = alpha(ratings, with_interval=True)
    assert found.value is None
    assert found.why.startswith(why)
    assert found.interval is None


def test_the_interval_holds_alpha_and_is_the_same_each_time() -> None:
    """95% by resampling items, with a fixed seed; of fewer than ten items none is told."""
    ratings = {n: {"A": n % 4, "B": (n + (n % 5 == 0)) % 4} for n in range(40)}
    found = alpha(ratings, with_interval=True)
    assert found.interval is not None
    assert found.value is not None
    assert found.interval[0] < found.value < found.interval[1]
    assert found == alpha(ratings, with_interval=True)
    assert alpha({n: ratings[n] for n in range(9)}, with_interval=True).interval is None


def test_kappa_of_a_textbook_table() -> None:
    """20 and 15 alike, 5 and 10 not: 0.7 observed, 0.5 expected, so 0.4, weighted too with two grades."""
    cells = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    (pair,) = pairs({n: {"A": one, "B": other} for n, (one, other) in enumerate(cells)})
    assert pair.raters == ("A", "B")
    assert pair.kappa.value == pytest.approx(0.4)
    assert pair.weighted.value == pytest.approx(0.4)
    assert (pair.same, pair.kappa.items) == (35, 50)
    assert pair.table[0][:2] == (15, 10)
    assert pair.table[1][:2] == (5, 20)
    assert len(pair.table) == len(GRADES)


def test_weighted_kappa_worked_out_by_hand() -> None:
    """Grades 0123 and 1233: one in four alike as chance has it; squared distances 0.75 for 2.5 expected."""
    (pair,) = pairs({n: {"A": n, "B": min(n + 1, 3)} for n in GRADES})
    assert pair.kappa.value == pytest.approx(0.0)
    assert pair.weighted.value == pytest.approx(0.7)


def test_kappa_looks_only_at_what_both_judged() -> None:
    """Each two of three raters, on their common items; without any, or without variation, that is said."""
    ratings = {
        1: {"A": 0, "B": 0},
        2: {"A": 3, "B": 3},
        3: {"A": 1},
        4: {"B": 2, "C": 2},
        5: {"B": 2, "C": 2},
    }
    found = {pair.raters: pair for pair in pairs(ratings)}
    assert found["A", "B"].kappa.value == pytest.approx(1.0)
    assert found["A", "B"].kappa.items == 2
    assert found["A", "C"].kappa == (None, "no passage has been judged by both", 0, None)
    assert found["A", "C"].table == ((0,) * 4,) * 4
    assert found["B", "C"].weighted.value is None
    assert found["B", "C"].weighted.why.startswith("both gave one grade throughout")


def test_disagreements_begin_with_the_farthest_apart() -> None:
    """Equal distances keep their order; items that all grade alike are none."""
    ratings = {1: {"A": 1, "B": 2}, 2: {"A": 0, "B": 3}, 3: {"A": 2, "B": 2}, 4: {"A": 3, "B": 2, "C": 3}}
    assert disagreements(ratings) == [2, 1, 4]
    assert distance(ratings[2].values()) == 3
    assert distance([]) == 0


def test_consistency_counts_what_was_graded_twice() -> None:
    """How many items came twice, how many got the same grade, how far apart the farthest are."""
    assert consistency([(1, 1), (2, 0), (3, 3)]) == (3, 2, 2)
    assert consistency([]) == (0, 0, 0)
