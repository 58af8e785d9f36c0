"""What training leaves: the layers as int8 ONNX, with a stamp that names the encoder and the hashes."""

import io
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from evaluation.training.network import LearningLayers
from index.export import OPSET
from index.layers import (
    LAYERS_FILE,
    MASK_INPUT,
    STAMP_FILE,
    STATES_INPUT,
    TOKENS_OUTPUT,
    WEIGHTS_OUTPUT,
    Judgement,
    Stamp,
)
from index.models import PACKAGED_SHA256, file_sha256

STAMP_VERSION = 1
SAMPLE = (2, 5)
"""Texts and tokens that are traced; any numbers of both may come later."""


def write_layers(layers: LearningLayers, folder: Path) -> None:
    """Writes the layers as LAYERS_FILE, their weights in 8 bits.

    The weights keep 7 of the 8 bits: processors without VNNI overflow on products of 8 bits by 8.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / f"{LAYERS_FILE}.whole"
    try:
        whole.write_bytes(_traced(layers))
        quantize_dynamic(
            whole, folder / LAYERS_FILE, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
        )
    finally:
        whole.unlink(missing_ok=True)


def write_stamp(judgement: Judgement, folder: Path) -> None:
    """Writes what the layers belong to, and what to make of how tokens match."""
    stamp = Stamp(
        version=STAMP_VERSION,
        encoder_sha256=PACKAGED_SHA256,
        layers_sha256=file_sha256(folder / LAYERS_FILE),
        judgement=judgement,
    )
    (folder / STAMP_FILE).write_text(stamp.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _traced(layers: LearningLayers) -> bytes:
    size = layers.weigh.in_features
    states = torch.from_numpy(np.random.default_rng(0).standard_normal((*SAMPLE, size)).astype(np.float32))
    mask = torch.ones(SAMPLE, dtype=torch.long)
    mask[1, 3:] = 0  # padding is part of what is traced
    axes = {0: "texts", 1: "tokens"}
    written = io.BytesIO()
    with torch.no_grad(), warnings.catch_warnings():
        # Tracing is the older of torch's two ways and says so; the newer one needs packages that we have not.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            layers.eval(),
            (states, mask),
            written,
            input_names=[STATES_INPUT, MASK_INPUT],
            output_names=[TOKENS_OUTPUT, WEIGHTS_OUTPUT],
            dynamic_axes=dict.fromkeys((STATES_INPUT, MASK_INPUT, TOKENS_OUTPUT, WEIGHTS_OUTPUT), axes),
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load_from_string(written.getvalue()))
    return written.getvalue()
