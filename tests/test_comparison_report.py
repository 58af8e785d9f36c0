"""Comparisons as text and as JSON."""

import json
from pathlib import Path

import pytest

from evaluation.comparing.comparison_report import as_json, as_text
from evaluation.comparing.findings import Findings, Inputs, compare_files
from tests.comparisons import run_of, write_collection, write_runs


@pytest.fixture
def findings(tmp_path: Path) -> Findings:
    inputs = write_collection(tmp_path)
    runs = {"one": run_of([2] * 11 + [1]), "other": run_of([1] * 11 + [2]), "same": run_of([2] * 11 + [1])}
    return compare_files(write_runs(tmp_path, runs), inputs, leading="RR@10", show=2)


def test_text_has_the_table_and_the_verdicts(findings: Findings) -> None:
    """Means, intervals, differences, p, wins and losses, over which family p is corrected, and in words."""
    lines = as_text(findings).splitlines()
    assert lines[0] == "Comparison: 3 runs, 12 judged questions; baseline: one"
    (row,) = (line.split() for line in lines if line.startswith("RR@10      one"))
    assert row[:3] == ["RR@10", "one", "0.5417"]
    text = " ".join(as_text(findings).split())
    assert "p corrected by Holm over 2 comparisons. The other measures are not tested." in text
    assert "other is better than one by 0.4167 RR@10" in text
    assert "same and one have the same RR@10 on each of 12 questions." in text
    (tested,) = (line.split() for line in lines if line.startswith("other  +0.4167"))
    assert tested[4:7] == ["11", "0", "1"]


def test_text_shows_wins_and_losses_side_by_side(findings: Findings) -> None:
    """The largest of each, as many as asked for, with what is relevant and both runs' first hits."""
    text = as_text(findings)
    assert "LARGEST WINS of other over one" in text
    assert "LARGEST LOSSES of other over one" in text
    assert "of same over one" not in text
    assert text.count("one 0.5000, other 1.0000 (+0.5000)") == 2
    assert "[1] right-0: one rank 2, other rank 1" in text
    assert "1 [0] wrong-0 A document that answers nothing" in text
    assert "1 [1] right-0 Title 0" in text
    assert "LARGEST" not in as_text(findings, with_examples=False)


def test_text_cannot_steer_a_terminal(findings: Findings) -> None:
    """Turned text of questions and documents is marked; nothing but line ends is unprintable."""
    assert "\ufffdright to left" in as_text(findings)
    assert all(letter.isprintable() or letter == "\n" for letter in as_text(findings))


def test_json_has_the_names_that_scripts_rely_on(findings: Findings) -> None:
    """Measures, intervals and settings as everywhere; a row a run with all that the table shows, and more."""
    value = json.loads(json.dumps(as_json(findings), allow_nan=False))
    assert value["measures"]["one"]["RR@10"] == pytest.approx(6.5 / 12)
    assert value["intervals"]["one"]["RR@10"][0] < 6.5 / 12 < value["intervals"]["one"]["RR@10"][1]
    assert value["counts"] == {"runs": 3, "questions": 12}
    assert value["settings"]["leading_measure"] == "RR@10"
    row, same = value["rows"]
    assert (row["run"], row["wins"], row["ties"], row["losses"], row["comparisons"]) == ("other", 11, 0, 1, 2)
    assert row["holm_p"] == pytest.approx(2 * row["p"])
    assert row["by_question"]["q11"] == -0.5
    assert (same["p"], same["detectable"], same["needed_questions"]) == (1.0, None, None)
    assert value["recall"]["one"]["1"] == pytest.approx(1 / 12)
    assert value["risk_coverage"]["one"]["by_chance"] == pytest.approx(1 - 6.5 / 12)
    assert value["sources"][0]["role"] == "baseline"


def test_few_questions_are_said_to_show_nothing(tmp_path: Path) -> None:
    """Four clear wins out of four: too few to tell, whatever the table suggests."""
    inputs = Inputs(write_collection(tmp_path, questions=4).qrels)
    runs = write_runs(tmp_path, {"one": run_of([9] * 4), "other": run_of([1] * 4)})
    text = " ".join(as_text(compare_files(runs, inputs)).split())
    assert "Too few questions: other and one differ on 4 questions of 4" in text
    assert "no p below 0.12 for so few. It has no power here" in text
