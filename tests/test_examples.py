"""Wins and losses with what was found, side by side."""

from pathlib import Path

from evaluation.beir import Document
from evaluation.comparing.comparison import Comparison, compare_runs
from evaluation.comparing.contenders import Contender
from evaluation.comparing.examples import HITS, Examples, examples
from evaluation.comparing.texts import Texts
from tests.comparisons import run_of

QRELS = {f"q{number}": {f"right-{number}": 2, "wrong-0": 0, "nowhere": 1} for number in range(6)}
TEXTS = Texts(
    documents={"right-0": Document(_id="right-0", title="The title", text="The text.")},
    questions={"q0": "What was asked?"},
)


def compared() -> Comparison:
    runs = {"base": run_of([3, 2, 1, 1, 1, 5]), "other": run_of([1, 1, 1, 2, 0, 4])}
    contenders = [Contender(name, Path(name), name, run, ()) for name, run in runs.items()]
    return compare_runs(contenders, QRELS)


def found(most: int = 10) -> Examples:
    comparison = compared()
    return examples(comparison, comparison.differences[0], TEXTS, most=most)


def test_the_largest_come_first() -> None:
    """Wins and losses by their size, as many as asked for; a tie is neither."""
    assert [item.question for item in found().wins] == ["q0", "q1", "q5"]
    assert [item.question for item in found().losses] == ["q4", "q3"]
    assert [item.question for item in found(most=1).wins] == ["q0"]
    assert found(most=0) == ([], [])
    assert all(item.difference == item.value - item.baseline_value for item in found().wins)


def test_each_hit_has_its_judgment_and_its_place_in_the_other_run() -> None:
    """A judged hit shows its grade, 0 too; one that nobody judged shows none."""
    example = found().wins[0]
    assert len(example.passages) == len(example.baseline_passages) == HITS
    first, second = example.passages[0], example.baseline_passages[0]
    assert (first.rank, first.document, first.grade, first.other_rank) == (1, "right-0", 2, 3)
    assert (first.title, first.text) == ("The title", "The text.")
    assert (second.document, second.grade, second.other_rank, second.text) == ("wrong-0", 0, None, None)
    assert example.baseline_passages[1].grade is None
    assert (example.text, found().wins[1].text) == ("What was asked?", None)


def test_what_should_have_been_found_is_told_with_its_ranks() -> None:
    """Relevant documents, highest grade first, with their ranks in both runs or that they were not found."""
    relevant = found().wins[0].relevant
    assert [(item.document, item.grade, item.rank, item.baseline_rank) for item in relevant] == [
        ("right-0", 2, 1, 3),
        ("nowhere", 1, None, None),
    ]
    assert (found().losses[0].found, found().losses[0].baseline_found) == (0, 1)
