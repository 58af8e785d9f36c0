"""The store of sentence vectors: what was encoded comes back, in the passages' order."""

from pathlib import Path

import numpy as np
import pytest

from index.rows import RowFile, embedding_key, read_keys, write_keys
from index.sentences import CHUNK, SentenceStore, write_sentences
from tests.toy import ToyEncoder

PASSAGES = [
    ["Kidneys healed.", "Nobody died."],
    [],
    ["", "Nobody died."],
    ["Pain was less after a year."],
]


@pytest.fixture
def store(tmp_path: Path) -> SentenceStore:
    write_sentences(tmp_path, PASSAGES, ToyEncoder(), old=None)
    return SentenceStore.open(tmp_path)


def test_each_passage_has_its_sentences(store: SentenceStore) -> None:
    """Vectors, token vectors and token ids of each sentence are those that the encoder gives."""
    encoder = ToyEncoder()
    assert len(store) == sum(map(len, PASSAGES))
    for number, sentences in enumerate(PASSAGES):
        stored = store.of(number)
        assert len(stored) == len(sentences)
        for text, own in zip(sentences, stored, strict=True):
            vector, tokens = encoder.encode_question(text)
            np.testing.assert_array_equal(own.vector, vector)
            np.testing.assert_allclose(own.tokens, tokens.vectors, atol=5e-4)
            assert own.vector.dtype == np.float32
            assert own.tokens.dtype == np.float32
            assert own.tokens.shape == (len(tokens.tokens), encoder.dimension)


def test_known_sentences_are_taken_over(tmp_path: Path) -> None:
    """Only new sentences are encoded; those taken over are the same to the bit, wherever they stand."""
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    write_sentences(tmp_path / "old", PASSAGES, ToyEncoder(), old=None)
    old = SentenceStore.open(tmp_path / "old")
    encoder = ToyEncoder()
    moved = [["A new one.", "Pain was less after a year."], ["Kidneys healed."]]
    done: list[int] = []
    reused = write_sentences(tmp_path / "new", moved, encoder, old=old, progress=done.append)
    new = SentenceStore.open(tmp_path / "new")
    assert (reused, encoder.encoded, sum(done)) == (2, 1, 3)
    for before, after in ((old.of(3)[0], new.of(0)[1]), (old.of(0)[0], new.of(1)[0])):
        np.testing.assert_array_equal(before.vector, after.vector)
        np.testing.assert_array_equal(before.tokens, after.tokens)


def test_sentences_of_another_encoder_are_not_taken_over(tmp_path: Path) -> None:
    """The key of an embedding holds the encoder's hash."""
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    write_sentences(tmp_path / "old", PASSAGES, ToyEncoder(), old=None)
    old = SentenceStore.open(tmp_path / "old")
    assert write_sentences(tmp_path / "new", PASSAGES, ToyEncoder(name="other"), old=old) == 0


def test_many_sentences_are_written_in_chunks(tmp_path: Path) -> None:
    """More sentences than one chunk holds come back in order, and progress adds up."""
    texts = [f"Sentence {number}." for number in range(2 * CHUNK + 3)]
    done: list[int] = []
    write_sentences(tmp_path, [texts], ToyEncoder(16), old=None, progress=done.append)
    store = SentenceStore.open(tmp_path)
    assert len(done) == 3
    assert sum(done) == len(texts)
    expected = ToyEncoder(16).encode(texts)
    np.testing.assert_array_equal(np.stack([own.vector for own in store.of(0)]), expected)


def test_a_store_without_sentences_can_be_read(tmp_path: Path) -> None:
    """Passages without sentences give none, and no file is unreadable for being empty."""
    write_sentences(tmp_path, [[], []], ToyEncoder(), old=None)
    store = SentenceStore.open(tmp_path)
    assert len(store) == 0
    assert store.of(1) == []


def test_a_sentence_without_tokens_has_none(tmp_path: Path) -> None:
    """A sentence that the tokenizer makes nothing of still has a vector."""
    write_sentences(tmp_path, [["..."]], ToyEncoder(), old=None)
    (own,) = SentenceStore.open(tmp_path).of(0)
    assert own.tokens.shape == (0, ToyEncoder().dimension)
    assert np.linalg.norm(own.vector) == pytest.approx(1.0)


def test_rows_are_a_numpy_file(tmp_path: Path) -> None:
    """What was appended piece by piece is read by NumPy as one array, memory-mapped or not."""
    path = tmp_path / "rows.npy"
    rows = np.arange(30, dtype=np.float32).reshape(10, 3)
    with RowFile(path, np.float32, 3) as file:
        for first in range(0, 10, 4):
            file.append(rows[first : first + 4])
    np.testing.assert_array_equal(np.load(path), rows)
    np.testing.assert_array_equal(np.load(path, mmap_mode="r"), rows)


def test_keys_come_back_with_their_places(tmp_path: Path) -> None:
    """A key names a text read by an encoder; broken text has one too."""
    keys = [
        embedding_key("ab", "x"),
        embedding_key("ab", "y"),
        embedding_key("cd", "x"),
        embedding_key("", "\ud83d"),
    ]
    write_keys(tmp_path / "keys.npy", keys)
    assert read_keys(tmp_path / "keys.npy") == {key: number for number, key in enumerate(keys)}
    assert len(set(keys)) == 4
    write_keys(tmp_path / "none.npy", [])
    assert read_keys(tmp_path / "none.npy") == {}
