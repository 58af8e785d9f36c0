"""Dense search: exact while small, measured recall above, whatever the query vector holds."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.dense import FLAT_LIMIT, TARGET_RECALL, DenseIndex, choose_kind
from index.errors import DamagedIndexError

Floats = NDArray[np.float32]


def unit(rows: NDArray[np.floating]) -> Floats:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def clustered(count: int, dimension: int = 32, clusters: int = 60) -> Floats:
    rng = np.random.default_rng(3)
    centres = unit(rng.standard_normal((clusters, dimension)))
    spread = 0.8 * unit(rng.standard_normal((count, dimension)))
    return unit(centres[rng.integers(0, clusters, count)] + spread)


def test_finds_the_nearest_by_inner_product() -> None:
    """Numbers come back best first with their inner products."""
    index = DenseIndex.build(unit(np.array([[1, 0], [0, 1], [3, 4]])))
    numbers, scores = index.search(np.array([1, 0], np.float32), 3)
    assert numbers.tolist() == [0, 2, 1]
    assert scores == pytest.approx([1.0, 0.6, 0.0])
    assert (index.kind, index.recall, len(index), index.dimension) == ("flat", 1.0, 3, 2)


def test_ties_come_in_the_order_of_the_passages() -> None:
    """Equal vectors are returned by number, so that the same question always gets the same order."""
    index = DenseIndex.build(np.tile(np.array([[1, 0]], np.float32), (7, 1)))
    assert index.search(np.array([1, 0], np.float32), 5)[0].tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("k", [-1, 0, 1, 3, 100])
def test_returns_as_many_as_there_are(k: int) -> None:
    """More than the index holds can be asked for, and nothing."""
    numbers, scores = DenseIndex.build(unit(np.eye(3))).search(np.ones(3, np.float32), k)
    assert len(numbers) == len(scores) == max(0, min(k, 3))


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("flat_limit", [FLAT_LIMIT, 10])
def test_a_vector_without_direction_does_no_harm(value: float, flat_limit: int) -> None:
    """Zero vectors and such with no numbers in them find something, in order, with finite scores."""
    index = DenseIndex.build(clustered(6000), flat_limit=flat_limit)
    numbers, scores = index.search(np.full(32, value, np.float32), 10)
    assert np.isfinite(scores).all()
    assert len(set(numbers.tolist())) == 10


def test_an_empty_index_finds_nothing() -> None:
    """No vectors, no hits."""
    index = DenseIndex.build(np.empty((0, 4), np.float32))
    assert len(index.search(np.ones(4, np.float32), 5)[0]) == 0


def test_reads_what_it_wrote(tmp_path: Path) -> None:
    """An index read back finds the same with the same scores."""
    vectors = clustered(300)
    index = DenseIndex.build(vectors)
    index.write(tmp_path / "dense")
    again = DenseIndex.read(tmp_path / "dense", dimension=32, count=300)
    for query in vectors[:20]:
        for one, other in zip(index.search(query, 10), again.search(query, 10), strict=True):
            assert one.tolist() == other.tolist()


@pytest.mark.parametrize(("dimension", "count"), [(31, 300), (32, 299)])
def test_refuses_other_vectors_than_expected(tmp_path: Path, dimension: int, count: int) -> None:
    """An index of another model or of other passages is told by its size, and refused."""
    DenseIndex.build(clustered(300)).write(tmp_path / "dense")
    with pytest.raises(DamagedIndexError, match="it holds 300 vectors of 32 numbers, expected") as caught:
        DenseIndex.read(tmp_path / "dense", dimension=dimension, count=count)
    assert caught.value.path == tmp_path / "dense"


@pytest.mark.parametrize("content", [None, b"", b"not an index", "half"])
def test_refuses_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | str | None) -> None:
    """A missing, empty, foreign or cut file is refused with one line that names it."""
    path = tmp_path / "dense"
    if content == "half":
        DenseIndex.build(clustered(300)).write(path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(DamagedIndexError) as caught:
        DenseIndex.read(path, dimension=32, count=300)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_many_vectors_go_into_lists_with_measured_recall(tmp_path: Path) -> None:
    """Above the limit inverted lists are built that find nearly all of the true ten, also when read back."""
    vectors = clustered(9000)
    index = DenseIndex.build(vectors, flat_limit=5000)
    assert index.kind == "lists"
    assert index.recall is not None
    assert index.recall >= TARGET_RECALL
    index.write(tmp_path / "dense")
    again = DenseIndex.read(tmp_path / "dense", dimension=32, count=9000)
    assert (again.kind, again.recall) == ("lists", None)
    flat = DenseIndex.build(vectors)
    queries = unit(vectors[:100] + 0.5 * np.roll(vectors, 1, axis=0)[:100])
    shares = [np.isin(flat.search(query, 10)[0], again.search(query, 10)[0]).mean() for query in queries]
    assert np.mean(shares) >= 0.95
    # A quarter of the bytes: 8-bit numbers, and 8 bytes for each vector's number.
    flat.write(tmp_path / "flat")
    assert (tmp_path / "dense").stat().st_size < 0.5 * (tmp_path / "flat").stat().st_size


def test_lists_that_were_not_looked_into_bring_nothing() -> None:
    """Asked for all, lists bring what they have looked at, each vector once, and no made-up numbers."""
    index = DenseIndex.build(clustered(9000), flat_limit=5000)
    numbers, _ = index.search(np.ones(32, np.float32), 9000)
    assert 10 <= len(numbers) < 9000
    assert numbers.min() >= 0
    assert len(set(numbers.tolist())) == len(numbers)


def test_the_kind_follows_from_the_number_of_vectors() -> None:
    """Up to the limit every vector is compared; one more, and lists are built."""
    assert choose_kind(65) == choose_kind(FLAT_LIMIT) == "flat"
    assert choose_kind(FLAT_LIMIT + 1) == "lists"
