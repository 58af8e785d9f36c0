"""Fusion by hand: normalising, combining, moving towards the best passages."""

import numpy as np
import pytest

from index.fusion import Fusion, best, fuse, min_max, move_towards, reorder


def floats(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_min_max_stretches_to_0_and_1() -> None:
    """The lowest score becomes 0, the highest 1, the rest keep their places in between."""
    assert min_max(floats(2, 6, 3)).tolist() == [0.0, 1.0, 0.25]
    assert min_max(floats(-0.5, 0.5)).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("scores", [(), (3.0,), (0.0, 0.0), (-1.0, -1.0, -1.0)])
def test_scores_that_are_all_the_same_tell_nothing(scores: tuple[float, ...]) -> None:
    """No spread, no share in the fused score, and no division by zero."""
    assert min_max(floats(*scores)).tolist() == [0.0] * len(scores)


def test_fuses_by_weight() -> None:
    """A candidate's score is the weighted sum of its normalised scores; 0 stands for no BM25 score."""
    fused = fuse(floats(0.8, 0.4, 0.6), floats(0, 10, 5), 0.25)
    assert fused == pytest.approx([0.75 * 1 + 0.25 * 0, 0.75 * 0 + 0.25 * 1, 0.75 * 0.5 + 0.25 * 0.5])


@pytest.mark.parametrize(("weight", "expected"), [(0.0, [1.0, 0.0, 0.5]), (1.0, [0.0, 1.0, 0.5])])
def test_a_weight_at_its_end_leaves_one_search_alone(weight: float, expected: list[float]) -> None:
    """With weight 0 the dense scores decide alone, with 1 the lexical ones."""
    assert fuse(floats(0.8, 0.4, 0.6), floats(0, 10, 5), weight) == pytest.approx(expected)


def test_words_decide_where_the_vectors_tell_nothing() -> None:
    """A zero query vector scores all passages alike: the order is that of BM25."""
    assert best(fuse(floats(0, 0, 0), floats(1, 3, 2), 0.35), 3).tolist() == [1, 2, 0]


def test_moves_towards_the_mean_of_passages() -> None:
    """The new query is the old one plus the weighted mean, at unit length."""
    moved = move_towards(floats(1, 0), np.array([[-0.6, 0.8], [0.6, 0.8]], np.float32), 0.9375)
    assert moved == pytest.approx([0.8, 0.6])
    assert np.linalg.norm(
        move_towards(floats(1, 0), np.array([[0.6, 0.8]], np.float32), 0.5)
    ) == pytest.approx(1)


def test_a_query_that_would_vanish_stays() -> None:
    """A passage opposite to the query, or a zero query with zero passages, leaves the query as it is."""
    assert move_towards(floats(1, 0), np.array([[-1, 0]], np.float32), 1.0).tolist() == [1.0, 0.0]
    assert move_towards(floats(0, 0), np.zeros((2, 2), np.float32), 0.5).tolist() == [0.0, 0.0]


def test_what_was_read_is_reordered_and_stays_in_front() -> None:
    """Half of the read passages' order is the late interaction's here; the others follow as they were."""
    scores = reorder(floats(1.0, 0.5, 0.4, 0.0), floats(0.2, 0.8), 0.5)
    assert scores == pytest.approx([0.75, 0.75, 0.2, 0.0])
    assert reorder(floats(1.0, 0.5), floats(0.2, 0.8), 1.0) == pytest.approx([0.5, 1.0])
    assert reorder(floats(0.9, 0.5), floats(), 0.5) == pytest.approx([0.45, 0.25])


def test_best_breaks_ties_by_order() -> None:
    """Equal scores keep the order of the passages; k may be larger than what there is."""
    assert best(floats(0.5, 0.9, 0.5, 0.9), 3).tolist() == [1, 3, 0]
    assert best(floats(0.5), 10).tolist() == [0]
    assert best(floats(), 10).tolist() == []


def test_the_shipped_settings_are_those_that_were_measured() -> None:
    """The defaults are the ones whose figures evaluation/README.md gives."""
    assert Fusion() == Fusion(depth=100, lexical_weight=0.35, feedback_passages=2, feedback_weight=0.5)
