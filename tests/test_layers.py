import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.errors import EncoderError
from index.layers import LAYERS_FILE, SHIPPED, STAMP_FILE, load_layers, read_stamp
from index.models import PACKAGED_SHA256, file_sha256

LARGEST = 25_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped layers that a test may damage."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "shipped"))


def test_shipped_layers_are_those_of_their_stamp() -> None:
    """The file that comes with plaincite has the hash that its stamp names, and is small enough to ship."""
    stamp = read_stamp()
    assert stamp.layers_sha256 == file_sha256(SHIPPED / LAYERS_FILE)
    assert stamp.encoder_sha256 == PACKAGED_SHA256
    assert (SHIPPED / LAYERS_FILE).stat().st_size <= LARGEST


def test_tokens_are_made_ready() -> None:
    """Tokens come out with unit length and weights above 0, whatever stands in the padding."""
    layers = load_layers(PACKAGED_SHA256)
    assert layers is not None
    states = np.random.default_rng(3).standard_normal((2, 6, 384)).astype(np.float32)
    mask = np.array([[1] * 6, [1, 1, 1, 1, 0, 0]])
    tokens, weights = layers.make_ready(states, mask)
    assert tokens.shape == (2, 6, 384)
    assert np.linalg.norm(tokens, axis=2) == pytest.approx(np.ones((2, 6)), abs=1e-4)
    assert (weights > 0).all()
    short, _ = layers.make_ready(states[1:, :4], mask[1:, :4])
    assert (tokens[1, :4] * short[0]).sum(axis=1) == pytest.approx(np.ones(4), abs=0.05)  # 8 bits


def test_layers_of_another_encoder_are_left_alone() -> None:
    """A model that the layers were not trained on is read by its own last layer."""
    assert load_layers("0" * 64) is None


def test_missing_layers_are_no_fault(tmp_path: Path) -> None:
    """Without layers every model is read by its own last layer."""
    assert load_layers(PACKAGED_SHA256, tmp_path) is None


def test_changed_layers_are_refused(folder: Path) -> None:
    """A file that is not the one of the stamp is refused by name."""
    path = folder / LAYERS_FILE
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(EncoderError, match=LAYERS_FILE):
        load_layers(PACKAGED_SHA256, folder)


def test_unreadable_stamp_is_refused(folder: Path) -> None:
    """A stamp that lacks a field, or is no JSON, is refused by name."""
    (folder / STAMP_FILE).write_text("{", encoding="utf-8")
    with pytest.raises(EncoderError, match=STAMP_FILE):
        load_layers(PACKAGED_SHA256, folder)


def test_layers_that_are_no_model_are_refused(folder: Path) -> None:
    """What onnxruntime cannot load is refused by name, even with the right hash."""
    (folder / LAYERS_FILE).write_bytes(b"no model")
    stamp = json.loads((folder / STAMP_FILE).read_text(encoding="utf-8"))
    stamp["layers_sha256"] = file_sha256(folder / LAYERS_FILE)
    (folder / STAMP_FILE).write_text(json.dumps(stamp), encoding="utf-8")
    with pytest.raises(EncoderError, match=LAYERS_FILE):
        load_layers(PACKAGED_SHA256, folder)
