from evaluation.judging.pool import PooledRun, contributions, pool_runs
from tests.comparisons import ranked

ONE = {"q1": ranked("c", "a", "d"), "q2": ranked("x")}
OTHER = {"q1": ranked("b", "c", "e"), "q9": ranked("z")}


def test_a_pool_is_the_union_of_the_first_of_each_run() -> None:
    """Documents come by their ids, so that nothing of a rank is left; other questions stay out."""
    assert pool_runs([ONE, OTHER], ["q1", "q2", "q3"], 2) == {"q1": ("a", "b", "c"), "q2": ("x",)}


def test_what_each_run_brought() -> None:
    """Documents that it found among its first, and those that no other run did."""
    runs = [PooledRun("one", "", ONE), PooledRun("other", "", OTHER)]
    assert contributions(runs, pool_runs([ONE, OTHER], ["q1", "q2"], 2), 2) == {
        "one": (3, 2),
        "other": (2, 1),
    }
