"""DenseIndex: nearest passages by inner product of unit vectors, the one home of FAISS."""

import math
from pathlib import Path
from typing import Any, Literal, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedIndexError

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Kind = Literal["flat", "lists"]

FLAT_LIMIT = 100_000
"""Most vectors that are searched one by one: 7 ms, what encoding a question takes (evaluation/README.md)."""

TARGET_RECALL = 0.98
"""Share of the true ten nearest that inverted lists must find; the build probes more lists until they do."""

RECALL_SAMPLE = 200
RECALL_DEPTH = 10
SEED = 17


class DenseIndex:
    """Unit vectors, numbered from 0 in the order they were given.

    Attributes:
        kind: `flat` compares with every vector; `lists` (inverted lists, 8 bits a number) with some.
        recall: recall@10 against comparing with every vector, measured when it was built; 1.0 for
            `flat`, None for lists that were read from disk.
    """

    def __init__(self, index: Any, recall: float | None) -> None:
        self._index = index
        self.kind: Kind = "flat" if isinstance(index, faiss.IndexFlat) else "lists"
        self.recall = recall

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self._index.d)

    @classmethod
    def build(cls, vectors: Floats, *, flat_limit: int = FLAT_LIMIT) -> Self:
        """Indexes vectors; above `flat_limit` of them as inverted lists whose recall is measured.

        Args:
            vectors: shape (n, dimension), unit length; n may be 0.
            flat_limit: most vectors that are searched one by one.
        """
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        if choose_kind(len(vectors), flat_limit) == "flat":
            return cls(_flat(vectors), recall=1.0)
        index = _lists(vectors)
        return cls(index, recall=_probe_enough(index, vectors))

    def write(self, path: Path) -> None:
        """Writes one file, which `read` takes."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def read(cls, path: Path, *, dimension: int, count: int) -> Self:
        """Reads what `write` wrote.

        Args:
            path: the file.
            dimension: what the encoder gives.
            count: how many passages the index has.

        Raises:
            DamagedIndexError: the file is missing, cannot be read, or holds other vectors than expected.
        """
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise DamagedIndexError(path, "it cannot be read") from error
        if (index.d, index.ntotal) != (dimension, count):
            found = f"{index.ntotal} vectors of {index.d} numbers"
            raise DamagedIndexError(path, f"it holds {found}, expected {count} of {dimension}")
        return cls(index, recall=1.0 if isinstance(index, faiss.IndexFlat) else None)

    def search(self, vector: Floats, k: int) -> tuple[Numbers, Floats]:
        """The numbers of the nearest vectors and their inner products, best first, ties by number.

        Args:
            vector: shape (dimension,). What is not a number in it counts as 0.
            k: how many; fewer come back where the index has fewer.
        """
        k = min(k, len(self))
        if k <= 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        # The setting belongs to the calling thread: without it every web thread would start one per core.
        faiss.omp_set_num_threads(1)
        scores, numbers = self._index.search(finite(vector).reshape(1, -1), k)
        found = numbers[0] >= 0
        ids, values = numbers[0][found].astype(np.int64), scores[0][found].astype(np.float32)
        order = np.lexsort((ids, -values))
        return ids[order], values[order]


def finite(vector: Floats) -> Floats:
    """The vector with 0 in place of whatever is not a number."""
    return np.nan_to_num(np.asarray(vector, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)


def choose_kind(n: int, flat_limit: int = FLAT_LIMIT) -> Kind:
    """How an index of n vectors is searched: `flat` up to `flat_limit`, else `lists`."""
    return "flat" if n <= flat_limit else "lists"


def _flat(vectors: Floats) -> Any:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def _lists(vectors: Floats) -> Any:
    """Inverted lists, about 2 sqrt(n) of them, with 8-bit numbers: a quarter of the memory."""
    lists = 2 ** round(math.log2(2 * math.sqrt(len(vectors))))
    index: Any = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.seed = SEED
    index.train(vectors)
    index.add(vectors)
    return index


def _probe_enough(index: Any, vectors: Floats) -> float:
    """Doubles the lists that a search looks into until TARGET_RECALL is met; returns the recall."""
    queries = _questions(vectors)
    true = _flat(vectors).search(queries, RECALL_DEPTH)[1]
    index.nprobe = 1
    recall = _recall(index, queries, true)
    while recall < TARGET_RECALL and index.nprobe < index.nlist:
        index.nprobe = min(2 * index.nprobe, index.nlist)
        recall = _recall(index, queries, true)
    return recall


def _questions(vectors: Floats) -> Floats:
    """Stand-ins for questions: means of three passages drawn by chance, moved as far again by chance.

    They lie as far from the passages as real questions do, whose recall they tell within 0.015; passages
    moved a little tell 0.98 where real questions get 0.89 (evaluation/README.md).
    """
    rng = np.random.default_rng(SEED)
    mixed = _unit(vectors[rng.integers(0, len(vectors), (RECALL_SAMPLE, 3))].mean(axis=1))
    return _unit(mixed + _unit(rng.standard_normal(mixed.shape)))


def _unit(vectors: NDArray[np.floating]) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _recall(index: Any, queries: Floats, true: Numbers) -> float:
    found = index.search(queries, RECALL_DEPTH)[1]
    return float(np.mean([np.isin(row, other).mean() for row, other in zip(true, found, strict=True)]))
