"""Export: a sentence-transformers model as ONNX. The only home of torch and sentence_transformers."""

import io
import os
import shutil
import sys
import warnings
from pathlib import Path

import sentence_transformers
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules.normalize import Normalize
from sentence_transformers.base.modules.transformer import Transformer
from sentence_transformers.sentence_transformer.modules.pooling import Pooling

from index.errors import EncoderError
from index.models import (
    EXPORT_FILE,
    EXPORT_VERSION,
    INNER_LAYER,
    INNER_OUTPUT,
    MODEL_FILE,
    REFUSED,
    SENTENCE_OUTPUT,
    TOKEN_OUTPUT,
    TOKENIZER_FILE,
    Export,
    file_sha256,
    find_model,
    model_folder,
)

OPSET = 20
"""The newest that torch's exporter by tracing writes; onnxruntime 1.32 reads it."""

POOLINGS = ("mean", "cls")


class Outputs(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by mypy
    """The network as it is exported: token vectors, the text's pooled vector of unit length, inner states."""

    def __init__(self, network: torch.nn.Module, pooling: str) -> None:
        super().__init__()
        self.network = network
        self.pooling = pooling

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Token vectors, pooled vectors and inner states.

        The first, of the last hidden layer, and the third, after INNER_LAYER layers, are (texts, tokens,
        dimension); pooled ones are (texts, dimension).
        """
        found = self.network(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
        layer = found.last_hidden_state
        inner = found.hidden_states[min(INNER_LAYER, len(found.hidden_states) - 1)]
        if self.pooling == "cls":
            pooled = layer[:, 0]
        else:
            mask = attention_mask.unsqueeze(-1).to(layer.dtype)
            pooled = (layer * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return layer, torch.nn.functional.normalize(pooled, p=2, dim=1), inner


def export_encoder(model: str, folder: Path) -> None:
    """Exports a model; what stood in `folder` before is replaced in one step once all is written.

    Args:
        model: "all-MiniLM-L6-v2", or the folder of a sentence-transformers model.
        folder: gets model.onnx, tokenizer.json and export.json.

    Raises:
        EncoderError: the model is missing, not the published one, of an unknown kind, or the disk refuses.
    """
    found = find_model(model)
    loaded = _load(model_folder(found))
    _refuse_unknown(found.name, loaded)
    stage = folder.with_name(f"{folder.name}.part-{os.getpid()}")
    for leftover in folder.parent.glob(f"{folder.name}.part-*"):
        shutil.rmtree(
            leftover, ignore_errors=True
        )  # of an export that was killed; ensure_encoder holds the lock
    try:
        stage.mkdir(parents=True)
        _write_network(loaded, stage / MODEL_FILE)
        max_tokens = _write_tokenizer(loaded, stage / TOKENIZER_FILE)
        export = Export(
            version=EXPORT_VERSION,
            name=found.name,
            source_sha256=found.sha256,
            dimension=loaded.get_embedding_dimension(),
            max_tokens=max_tokens,
            opset=OPSET,
            versions={
                "sentence-transformers": sentence_transformers.__version__,
                "torch": torch.__version__,
                "transformers": transformers.__version__,
            },
            files={name: file_sha256(stage / name) for name in (MODEL_FILE, TOKENIZER_FILE)},
        )
        (stage / EXPORT_FILE).write_text(export.sealed().model_dump_json(indent=1), encoding="utf-8")
        _replace(folder, stage)
    except OSError as error:
        raise EncoderError(f"{folder}: the model cannot be exported: {error.strerror or error}") from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _load(folder: Path) -> SentenceTransformer:
    # Attention in its plain form: the fused one is not made for tracing. No code from the folder is run.
    return SentenceTransformer(
        str(folder),
        device="cpu",
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs={"attn_implementation": "eager", "dtype": torch.float32},
    ).eval()


def _refuse_unknown(name: str, loaded: SentenceTransformer) -> None:
    """Refuses what the exported network would not repeat exactly.

    Raises:
        EncoderError: with the reason.
    """
    kinds = [type(module) for module in loaded]
    if kinds not in ([Transformer, Pooling], [Transformer, Pooling, Normalize]):
        parts = ", ".join(kind.__name__ for kind in kinds)
        raise EncoderError(
            f"{name}: its modules are {parts}; only Transformer, Pooling, Normalize can be exported"
        )
    if loaded[1].pooling_mode not in POOLINGS:
        pooling = loaded[1].pooling_mode
        raise EncoderError(f"{name}: its pooling is {pooling}; only {' and '.join(POOLINGS)} can be exported")
    if Normalize not in kinds and loaded.similarity_fn_name not in (None, "cosine"):
        raise EncoderError(
            f"{name}: it compares by {loaded.similarity_fn_name}; plaincite compares by cosine"
        )
    if any(loaded.prompts.values()):
        raise EncoderError(f"{name}: it wants prompts before its texts; such models cannot be used")
    if loaded.max_seq_length is None or loaded.tokenizer.pad_token_id is None:
        raise EncoderError(f"{name}: it sets no longest text or no padding; such models cannot be used")


def _write_network(loaded: SentenceTransformer, path: Path) -> None:
    network = Outputs(loaded[0].model, loaded[1].pooling_mode).eval()
    # Two texts of unlike length, so that padding is part of what is traced.
    sample = loaded.tokenizer(["a short text", "a text that is longer"], padding=True, return_tensors="pt")
    written = io.BytesIO()
    with torch.no_grad(), warnings.catch_warnings():
        # Tracing is the older of torch's two ways and says so; the newer one needs packages that we have not.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (sample["input_ids"], sample["attention_mask"]),
            written,
            input_names=["input_ids", "attention_mask"],
            output_names=[TOKEN_OUTPUT, SENTENCE_OUTPUT, INNER_OUTPUT],
            dynamic_axes={
                "input_ids": {0: "texts", 1: "tokens"},
                "attention_mask": {0: "texts", 1: "tokens"},
                TOKEN_OUTPUT: {0: "texts", 1: "tokens"},
                SENTENCE_OUTPUT: {0: "texts"},
                INNER_OUTPUT: {0: "texts", 1: "tokens"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
    path.write_bytes(written.getbuffer())


def _write_tokenizer(loaded: SentenceTransformer, path: Path) -> int:
    """Writes the tokenizer as sentence-transformers uses it; returns the longest text in tokens."""
    tokenizer = loaded.tokenizer.backend_tokenizer
    tokenizer.enable_truncation(loaded.max_seq_length)
    tokenizer.enable_padding(pad_id=loaded.tokenizer.pad_token_id, pad_token=loaded.tokenizer.pad_token)
    path.write_text(tokenizer.to_str(), encoding="utf-8")
    return int(loaded.max_seq_length)


def _replace(folder: Path, stage: Path) -> None:
    old = stage.with_suffix(".old")
    if folder.exists():
        folder.rename(old)
    stage.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Exports as `ensure_encoder` asks, model then folder; an error is one line on stderr, and REFUSED."""
    try:
        export_encoder(arguments[0], Path(arguments[1]))
    except EncoderError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
