"""Comparing settings of search."""

from pathlib import Path

import pytest

from evaluation.searches import DENSE, LEXICAL, RANKS, SHIPPED, settings
from evaluation.tuning import compare_settings
from index.fusion import Fusion
from tests.test_retrieval import collection
from tests.toy import ToyEncoder


def test_compares_each_search_alone_with_both(tmp_path: Path) -> None:
    """One row a setting, the shipped one among them, which does not differ from itself."""
    told: list[str] = []
    folder = collection(tmp_path / "toy")
    with (folder / "qrels" / "dev.tsv").open("a") as file:
        file.write("q-kidney\td-heart\t1\n")  # has no word of the question
    report = compare_settings(folder, "dev", ToyEncoder(), tmp_path / "cache", progress=told.append)
    rows = {row["setting"]: row for row in report.rows}
    assert {SHIPPED, DENSE, LEXICAL, RANKS} <= set(rows)
    assert told == list(settings())
    assert rows[SHIPPED]["p"] == 1.0
    assert rows[SHIPPED]["nDCG@10"] == report.measures["nDCG@10"]
    assert settings()[SHIPPED] == Fusion()
    # BM25 finds every other relevant document, and nothing where the words are not.
    assert rows[LEXICAL]["R@100"] == pytest.approx(8.5 / 9)
