import pytest

from evaluation.judging.settling import How, settle


@pytest.mark.parametrize(
    ("grades", "decided", "grade", "how"),
    [
        ([2], None, 2, How.alone),
        ([2, 2], None, 2, How.agreed),
        ([1, 2], None, 1, How.median),
        ([0, 3], None, 1, How.median),
        ([0, 1], None, 0, How.median),
        ([3, 0, 2], None, 2, How.median),
        ([0, 1, 2, 3], None, 1, How.median),
        ([0, 3], 3, 3, How.adjudicated),
        ([1, 2], 0, 0, How.adjudicated),
    ],
)
def test_several_grades_become_one(grades: list[int], decided: int | None, grade: int, how: How) -> None:
    """What was decided; else the median, rounded down."""
    assert settle(grades, decided) == (grade, how)


def test_what_nobody_judged_has_no_grade() -> None:
    """It is left out of qrels, which is not the same as 0."""
    assert settle([]) is None
