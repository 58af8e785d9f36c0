"""Findings: everything that is told of a comparison of files."""

import os
from pathlib import Path

import pytest

from evaluation.comparing.findings import Inputs, beir_inputs, check_page_path, compare_files
from evaluation.errors import EvaluationError, InputFileError
from evaluation.qrels import write_qrels
from evaluation.report import file_sha256
from tests.comparisons import run_of, write_collection, write_runs

ONE, OTHER = run_of([2] * 12), run_of([1] * 12)


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    return write_collection(tmp_path)


def test_says_what_it_rests_on(tmp_path: Path, inputs: Inputs) -> None:
    """Every file with its hash, what it holds and when it changed; names without folders."""
    runs = write_runs(tmp_path, {"one": ONE, "other": OTHER})
    os.utime(runs[0], (1_700_000_000, 1_700_000_000))
    found = compare_files(runs, inputs)
    assert found.title == "Comparison: 2 runs, 12 judged questions"
    assert [(item.role, item.name, item.holds) for item in found.sources] == [
        ("baseline", "one.run", "12 judged questions, 120 hits, tag one"),
        ("run", "other.run", "12 judged questions, 120 hits, tag other"),
        ("judgments", "qrels.txt", "12 questions, 24 judgments"),
        ("documents", "corpus.jsonl", "22 documents of runs and judgments"),
        ("questions", "queries.jsonl", "12 judged questions"),
    ]
    assert found.sources[0].changed == "2023-11-14 22:13 UTC"
    assert found.sources[1].sha256 == file_sha256(runs[1])
    assert (found.settings["baseline"], found.settings["seed"]) == ("one", 17)


@pytest.mark.parametrize("given", ["other", "{folder}/other.run"])
def test_the_baseline_may_be_named(tmp_path: Path, inputs: Inputs, given: str) -> None:
    """By its name or by its file; the others keep their order behind it."""
    runs = write_runs(tmp_path, {"one": ONE, "third": ONE, "other": OTHER})
    found = compare_files(runs, inputs, baseline=given.format(folder=tmp_path))
    assert [item.name for item in found.comparison.standings] == ["other", "one", "third"]
    assert list(found.examples) == ["one", "third"]


def test_a_baseline_or_measure_that_does_not_exist_is_refused(tmp_path: Path, inputs: Inputs) -> None:
    """The message lists what there is."""
    runs = write_runs(tmp_path, {"one": ONE, "other": OTHER})
    with pytest.raises(EvaluationError, match="the runs are: one, other"):
        compare_files(runs, inputs, baseline="two")
    with pytest.raises(EvaluationError, match="the measures are: nDCG@10, R@100, RR@10, P@1"):
        compare_files(runs, inputs, leading="MAP")


def test_oddities_of_all_files_are_remarks(tmp_path: Path) -> None:
    """Of judgments, of each run under its name, of curves that are left out, and of missing texts."""
    write_qrels(tmp_path / "qrels", {f"q{n}": {f"right-{n}": int(n > 0)} for n in range(12)})
    flat = {question: [item._replace(score=1.0) for item in hits] for question, hits in OTHER.items()}
    runs = write_runs(tmp_path, {"one": ONE, "flat": flat})
    found = compare_files(runs, Inputs(tmp_path / "qrels"))
    assert [remark[:45] for remark in found.remarks] == [
        "1 judged question without a relevant document",
        "one: at most 10 hits a question: recall beyon",
        "flat: at most 10 hits a question: recall beyo",
        "flat: no risk-coverage curve, because most qu",
        "no questions file was given: questions are sh",
        "no corpus was given: passages are shown by th",
    ]
    assert found.risk["flat"] is None
    assert found.risk["one"] is not None


def test_a_beir_folder_gives_all_three_files(tmp_path: Path, inputs: Inputs) -> None:
    """Its files are checked against each other, as wherever BEIR folders are measured on."""
    (tmp_path / "qrels").mkdir()
    split = tmp_path / "qrels" / "dev.tsv"
    split.write_text("query-id\tcorpus-id\tscore\nq1\tright-1\t1\n")
    assert beir_inputs(tmp_path, "dev") == Inputs(split, inputs.corpus, inputs.queries)
    split.write_text("query-id\tcorpus-id\tscore\nq1\tright-99\t1\n")
    with pytest.raises(InputFileError, match=r"document right-99 is not in corpus\.jsonl"):
        beir_inputs(tmp_path, "dev")


def test_a_page_never_replaces_what_it_is_made_from(tmp_path: Path, inputs: Inputs) -> None:
    """A mistyped --html is told before any work: not a run, not the judgments, not into a missing folder."""
    runs = write_runs(tmp_path, {"one": ONE, "other": OTHER})
    for path in (runs[0], tmp_path / "." / "qrels.txt", tmp_path, tmp_path / "missing" / "page.html"):
        with pytest.raises(InputFileError):
            check_page_path(path, runs, inputs)
    check_page_path(tmp_path / "page.html", runs, inputs)
