from pathlib import Path

import pytest

from evaluation.errors import EvaluationError
from evaluation.serving import evaluate_serving
from tests.conftest import ENCODERS


@pytest.fixture(autouse=True)
def _encoders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINCITE_ENCODERS", str(ENCODERS))


def test_a_real_service_is_measured(real_index: Path) -> None:
    """The report tells starts, answers and memory of the service that really ran."""
    report = evaluate_serving(["is it safe?", "what dose was used?"], starts=1, index=real_index)
    assert report.counts == {"starts": 1, "questions": 2}
    assert all(value and value > 0 for value in [*report.measures.values(), *report.timings.values()])


def test_service_that_does_not_start_is_an_error(tmp_path: Path) -> None:
    """Without an index there is nothing to measure, and the error says how to see why."""
    with pytest.raises(EvaluationError, match="plaincite serve"):
        evaluate_serving(["is it safe?"], starts=1, index=tmp_path / "none")
