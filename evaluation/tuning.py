"""What do the settings of search bring: one BEIR folder, several ways to combine dense and lexical search."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from evaluation.beir import read_collection
from evaluation.measures import RETRIEVAL, means, measure_questions
from evaluation.report import Plain, Report
from evaluation.retrieval import SEED, encode_questions, open_index, search_all, what_was_searched
from evaluation.searches import (
    DENSE,
    LEXICAL,
    RANKS,
    SHIPPED,
    Searched,
    fuse_searched,
    search_with,
    settings,
)
from evaluation.significance import randomisation
from index.encoder import Encoder

LEADING = "nDCG@10"


def compare_settings(
    folder: Path,
    split: str,
    encoder: Encoder,
    cache: Path,
    *,
    progress: Callable[[str], object] = lambda _: None,
) -> Report:
    """Measures dense and lexical search alone, and what combining them brings, setting by setting.

    `p` in a row is the paired randomisation test of its nDCG@10 against the shipped settings; with so many
    rows a single small one means little.

    Args:
        folder: a BEIR folder.
        split: names the judgments; never one that is kept for the final test.
        encoder: what documents and questions are encoded with.
        cache: where indexes of BEIR folders are kept and found again; building one shows a bar on stderr, and
            so does encoding the questions.
        progress: called with each setting's name.

    Raises:
        InputFileError: a file of the folder cannot be used.
        PlainIndexError: the index cannot be built.
    """
    collection = read_collection(folder, split)
    index = open_index(collection, folder, encoder, cache, progress=True)
    search = partial(search_all, index, encode_questions(collection, encoder, progress=True))
    searched: dict[str, Searched] = {}
    for name in settings():
        progress(name)
        searched[name] = search_with(name, index, search)
    searched[RANKS] = fuse_searched(searched[DENSE], searched[LEXICAL])
    runs = {name: each.run for name, each in searched.items()}
    values = {name: measure_questions(collection.qrels, run, RETRIEVAL) for name, run in runs.items()}
    shipped = list(values[SHIPPED][LEADING].values())
    rows: list[dict[str, Plain]] = [
        {
            "setting": name,
            **means(found),
            "p": randomisation(list(found[LEADING].values()), shipped, SEED),
            "p50 ms": float(np.median(searched[name].milliseconds)),
        }
        for name, found in values.items()
    ]
    return Report(
        title=f"Settings of search: {folder.name}, {split}",
        measures=means(values[SHIPPED]),
        counts={"questions": len(collection.qrels), "documents": len(collection.documents)},
        settings=what_was_searched(index, folder, split),
        rows=rows,
    )
