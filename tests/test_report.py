"""Reports: plain values for scripts, tables for people."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from evaluation.report import WIDEST, Report, file_sha256

REPORT = Report(
    title="Retrieval: x, dev",
    measures={"nDCG@10": 0.25, "AUC": None},
    counts={"questions": 3},
    settings={"model": "toy", "weight": 0.35, "seed": 17},
    intervals={"nDCG@10": (0.125, 0.5)},
    timings={"search p50 ms": 1.234},
    rows=[{"kind": "none", "recall": None}, {"kind": "emergency", "recall": 1.0}],
)


def test_json_has_the_names_that_scripts_rely_on() -> None:
    """`measures` and `settings` are plain objects; what is not defined is null."""
    value = json.loads(json.dumps(REPORT.to_json()))
    assert value["measures"] == {"nDCG@10": 0.25, "AUC": None}
    assert value["settings"] == {"model": "toy", "weight": 0.35, "seed": 17}
    assert value["intervals"] == {"nDCG@10": [0.125, 0.5]}
    assert value["rows"][1] == {"kind": "emergency", "recall": 1.0}


def test_text_is_tables_with_aligned_columns() -> None:
    """People see the title, the measures with their intervals, and what they depend on."""
    assert REPORT.to_text().splitlines() == [
        "Retrieval: x, dev",
        "",
        "nDCG@10  0.2500  [0.1250, 0.5000]",
        "AUC      -",
        "",
        "questions  3",
        "",
        "search p50 ms  1.23",
        "",
        "kind       recall",
        "none       -",
        "emergency  1.0000",
        "",
        "model   toy",
        "weight  0.3500",
        "seed    17",
    ]


def test_groups_stand_before_the_rows() -> None:
    """A table of kinds or splits comes first; both have their own names."""
    report = replace(REPORT, groups=[{"group": "kind: long", "answered": 0.5}], intervals={}, timings={})
    assert report.to_text().splitlines()[7:11] == [
        "group       answered",
        "kind: long  0.5000",
        "",
        "kind       recall",
    ]
    assert report.to_json()["groups"] == [{"group": "kind: long", "answered": 0.5}]


def test_a_letter_takes_one_short_line_of_a_table() -> None:
    """A terminal is shown the beginning of a long cell; JSON has all of it."""
    letter = "Dear doctor,\nI am writing because my mother " + "and so on " * 20
    report = replace(REPORT, rows=[{"question": letter}])
    line = report.to_text().splitlines()[10]
    assert line.startswith("Dear doctor, I am writing because my mother and so on")
    assert len(line) == WIDEST
    assert line.endswith("\u2026")
    assert report.to_json()["rows"] == [{"question": letter}]


def test_hashes_a_file(tmp_path: Path) -> None:
    """A file's hash is that of its bytes."""
    (tmp_path / "file").write_bytes(b"some bytes")
    assert file_sha256(tmp_path / "file") == hashlib.sha256(b"some bytes").hexdigest()
