"""Reports: plain values for scripts, tables for people."""

import hashlib
import json
from pathlib import Path

from evaluation.report import Report, file_sha256

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


def test_hashes_a_file(tmp_path: Path) -> None:
    """A file's hash is that of its bytes."""
    (tmp_path / "file").write_bytes(b"some bytes")
    assert file_sha256(tmp_path / "file") == hashlib.sha256(b"some bytes").hexdigest()
