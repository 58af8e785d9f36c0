"""Late interaction by hand."""

import numpy as np
import pytest

from index.late import best_matches


def rows(*vectors: tuple[float, ...]) -> np.ndarray:
    return np.array(vectors, np.float32).reshape(-1, 2)


def test_each_question_token_takes_its_best_match() -> None:
    """By cosine, within each text alone."""
    question = rows((1, 0), (0, 1))
    texts = [rows((1, 0), (0.6, 0.8)), rows((0, 1))]
    assert best_matches(question, texts) == pytest.approx(np.array([[1.0, 0.0], [0.8, 1.0]]))


def test_a_text_without_tokens_matches_nothing() -> None:
    """It scores 0, first, last or between others, and so does every text where none has tokens."""
    question, text, empty = rows((1, 0)), rows((0.6, 0.8)), rows()
    assert best_matches(question, [empty, text, empty, text, empty]) == pytest.approx(
        np.array([[0, 0.6, 0, 0.6, 0]])
    )
    assert best_matches(question, [empty, empty]).tolist() == [[0, 0]]


def test_half_precision_is_widened() -> None:
    """Tokens as they lie on disk give what the same tokens in memory give."""
    question = rows((0.6, 0.8))
    stored = rows((0.28, 0.96)).astype(np.float16)
    assert best_matches(question, [stored]).dtype == np.float32
    assert best_matches(question, [stored]) == pytest.approx(np.array([[0.936]]), abs=1e-3)
