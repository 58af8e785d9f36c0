"""The encoder: sentence-transformers' vectors without torch, whatever the text."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from corpus.studies import LIBRARY, load_studies
from index.encoder import Encoder, OnnxEncoder
from index.errors import EncoderError
from index.layers import UNTRAINED, read_stamp
from index.models import PACKAGED_NAME, PACKAGED_SHA256, find_model, read_export
from tests.toy import ToyEncoder

ROOT = Path(__file__).resolve().parents[1]
EXPORTED = ROOT / "var" / "encoders"

STUDIES = load_studies(LIBRARY)
SECTIONS = [section.text for study in STUDIES for section in study.sections]
ODD = [
    "",
    " ",
    "\n\t\r\n",
    ".",
    "a",
    "9 of 12 (75%)",
    "\x00\x01\x07\x1b[31m red \x7f",
    "\u200b\u200e\ufeff\u2028",
    "Sjögren's, naïve, façade, Ærø",
    "e\u0301 against \u00e9",
    "ループス腎炎に幹細胞は効きますか",
    "系统性红斑狼疮",
    "Помогли ли клетки почкам?",
    "هل ساعدت الخلايا الكلى؟",
    "האם זה עזר לכליות?",
    "क्या इससे गुर्दों को मदद मिली?",
    "🙂🧬 ¿ayudó a los riñones?",
    "[CLS] [SEP] [MASK] [PAD] [UNK]",
    "<script>alert('x')</script> &amp; DROP TABLE",
    "x" * 5_000,
    "kidney " * 2_000,
    "! " * 1_000,
]
TEXTS = [*ODD, *(study.title for study in STUDIES), *SECTIONS[:8], " ".join(SECTIONS[:10])]

REFERENCE = """
import json, sys
import numpy as np
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu", local_files_only=True)
texts = json.load(sys.stdin)
vectors = model.encode(texts)
tokens = model.encode(texts, output_value="token_embeddings")
np.savez(sys.argv[2], vectors=vectors, **{f"t{n}": own.numpy()[1:-1] for n, own in enumerate(tokens)})
"""


@pytest.fixture(scope="module")
def exported(encoder: OnnxEncoder) -> Path:  # noqa: ARG001  # makes the export where it is not there yet
    """The folder of the packaged model's export."""
    return EXPORTED / find_model(PACKAGED_NAME).slug


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """What sentence-transformers makes of TEXTS, in a process of its own; [CLS] and [SEP] left out."""
    out = tmp_path_factory.mktemp("reference") / "reference.npz"
    done = subprocess.run(
        [sys.executable, "-c", REFERENCE, str(find_model("all-MiniLM-L6-v2").folder), str(out)],
        input=json.dumps(TEXTS),
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with np.load(out) as file:
        return dict(file)


def test_gives_the_vectors_of_sentence_transformers(
    encoder: OnnxEncoder, reference: dict[str, np.ndarray]
) -> None:
    """Cosine of at least 0.9999 on short, long, empty and foreign texts: the model is the published one."""
    assert len(TEXTS) >= 40
    cosines = np.sum(encoder.encode(TEXTS) * reference["vectors"], axis=1)
    assert cosines.min() >= 0.9999, TEXTS[int(cosines.argmin())][:80]


def test_gives_the_token_vectors_of_sentence_transformers(
    exported: Path, reference: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without trained layers: the last hidden layer, token by token, of unit length; all count alike."""
    monkeypatch.setattr("index.encoder.load_layers", lambda *_, **__: None)
    encoder = OnnxEncoder.load(exported)
    assert (encoder.sha256, encoder.judgement) == (PACKAGED_SHA256, UNTRAINED)
    for number, own in enumerate(encoder.encode_tokens(TEXTS)):
        expected = reference[f"t{number}"]
        assert own.vectors.shape == expected.shape == (len(own.tokens), encoder.dimension)
        cosines = np.sum(own.vectors * expected, axis=1) / np.linalg.norm(expected, axis=1)
        assert (cosines >= 0.9999).all(), TEXTS[number][:80]
        assert own.weights == pytest.approx(np.full(len(own.tokens), 1 / max(len(own.tokens), 1)))


def test_trained_layers_make_other_tokens(encoder: OnnxEncoder, exported: Path) -> None:
    """With them tokens keep their number, but not their vectors, and count unlike each other."""
    own = encoder.encode_tokens(["How many people died?"])[0]
    assert own.weights.sum() == pytest.approx(1.0)
    assert own.weights.max() > own.weights.min()
    assert encoder.sha256 != read_export(exported).source_sha256


def test_is_the_packaged_model(encoder: OnnxEncoder) -> None:
    """Name, hash, dimension and longest text are those of all-MiniLM-L6-v2."""
    assert (encoder.name, encoder.sha256) == ("all-MiniLM-L6-v2", read_stamp().sha256)
    assert read_stamp().encoder_sha256 == PACKAGED_SHA256
    assert (encoder.dimension, encoder.max_tokens) == (384, 256)


def test_vectors_have_unit_length(encoder: OnnxEncoder) -> None:
    """Texts and tokens alike, also where a text is empty."""
    vectors, tokens = encoder.encode_with_tokens(TEXTS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    for own in tokens:
        assert len(own.tokens) == len(own.vectors) <= encoder.max_tokens - 2
        assert np.linalg.norm(own.vectors, axis=1) == pytest.approx(np.ones(len(own.tokens)), abs=1e-5)


def test_tokens_are_word_pieces_in_order(encoder: OnnxEncoder) -> None:
    """The model's own marks are left out, words written by the asker are not; an empty text has no tokens."""
    kidneys, nothing, marks = encoder.encode_tokens(["Did it help the kidneys?", "", "[SEP] yes"])
    assert kidneys.tokens == ("did", "it", "help", "the", "kidney", "##s", "?")
    assert (nothing.tokens, nothing.vectors.shape) == ((), (0, 384))
    assert marks.tokens == ("[SEP]", "yes")


def test_no_texts_give_no_vectors(encoder: OnnxEncoder) -> None:
    """Nothing in, nothing out, in the right shape."""
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.encode_tokens([]) == []


def test_half_a_character_does_not_stop_it(encoder: OnnxEncoder) -> None:
    """A lone surrogate, as JSON may carry it, reads as a question mark."""
    np.testing.assert_array_equal(encoder.encode(["kidney \ud83d"]), encoder.encode(["kidney ?"]))


def test_the_order_of_texts_is_kept(encoder: OnnxEncoder) -> None:
    """Batches go by length, but each vector stands where its text stood, and company does not matter."""
    together = encoder.encode(TEXTS)
    for number in range(0, len(TEXTS), 5):
        alone = encoder.encode([TEXTS[number]])[0]
        np.testing.assert_allclose(together[number], alone, atol=2e-6)


def test_the_same_texts_give_the_same_vectors(encoder: OnnxEncoder) -> None:
    """Bit for bit, however often and from however many threads it is asked."""
    first, tokens = encoder.encode_question(TEXTS[-2])
    with ThreadPoolExecutor(4) as threads:
        for vector, own in threads.map(encoder.encode_question, [TEXTS[-2]] * 12):
            np.testing.assert_array_equal(vector, first)
            np.testing.assert_array_equal(own.vectors, tokens.vectors)
    np.testing.assert_array_equal(encoder.encode(TEXTS[:20]), encoder.encode(TEXTS[:20]))


def test_a_question_has_the_vectors_of_a_text(encoder: OnnxEncoder) -> None:
    """`encode_question` gives what `encode` and `encode_tokens` give."""
    question = "Did it help the kidneys?"
    vector, tokens = encoder.encode_question(question)
    np.testing.assert_array_equal(vector, encoder.encode([question])[0])
    np.testing.assert_array_equal(tokens.vectors, encoder.encode_tokens([question])[0].vectors)


def test_what_lies_beyond_the_longest_text_is_not_read(encoder: OnnxEncoder) -> None:
    """254 tokens are read, whatever follows."""
    start = "kidney " * 254
    first, second = encoder.encode_with_tokens([start, f"{start} something else entirely"])[0]
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_progress_counts_every_text(encoder: OnnxEncoder) -> None:
    """The calls add up to the number of texts."""
    done: list[int] = []
    encoder.encode(TEXTS[:20], done.append)
    encoder.encode_with_tokens(TEXTS[:20], done.append)
    assert sum(done) == 40


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "export.json"])
@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_a_harmed_export_is_refused(exported: Path, tmp_path: Path, name: str, harm: str) -> None:
    """Each file of an export is checked against its hash before it is used; the line names the file."""
    folder = tmp_path / "export"
    shutil.copytree(exported, folder, copy_function=os.link)
    content = (folder / name).read_bytes()
    (folder / name).unlink()
    middle = len(content) // 2
    if harm == "flip":
        content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    if harm != "remove":
        (folder / name).write_bytes(content[:middle] if harm == "cut" else content)
    with pytest.raises(EncoderError, match=name) as caught:
        OnnxEncoder.load(folder)
    assert "\n" not in str(caught.value)


def test_nothing_that_serves_imports_torch() -> None:
    """All rooms imported, a question encoded: neither torch nor sentence_transformers is loaded."""
    script = """
import importlib, pkgutil, sys
from pathlib import Path
import corpus, evaluation, index, service
for room in (corpus, index, service, evaluation):
    for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        if module.name != "index.export" and not module.name.startswith("evaluation.training."):
            importlib.import_module(module.name)
from index.encoder import ensure_encoder
ensure_encoder("all-MiniLM-L6-v2", Path(sys.argv[1])).encode_question("kidneys")
print(sorted({"torch", "sentence_transformers", "transformers", "onnx"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(EXPORTED)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.parametrize("text", [*ODD, *SECTIONS[:3]])
def test_each_token_has_its_place_in_the_text(encoder: Encoder, text: str) -> None:
    """There is a span a token, in order and within the text, whatever the text."""
    (own,) = encoder.encode_tokens([text])
    spans = encoder.token_spans(text)
    assert len(spans) == len(own.tokens)
    assert spans == sorted(spans)
    assert all(0 <= start <= end <= len(text) for start, end in spans)


def test_spans_are_the_words_of_the_text(encoder: Encoder) -> None:
    """A span cuts out what its token was made of, accents and capitals as they stand there."""
    text = "Na\u00efve: 92.5% of Sj\u00f6gren's \ud800 cells"
    words = [text[start:end] for start, end in encoder.token_spans(text)]
    assert words[:4] == ["Na\u00efve", ":", "92", "."]
    assert words[-1] == "cells"
    assert "".join(words).replace(" ", "") == text.replace(" ", "")


def test_the_toy_is_an_encoder() -> None:
    """The unit tests' encoder keeps the contract: unit vectors, deterministic, shared words are near."""
    toy: Encoder = ToyEncoder()
    vectors, tokens = toy.encode_with_tokens(["kidney protein fell", "protein in the kidney", "placebo", ""])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert [len(own.tokens) for own in tokens] == [3, 4, 1, 0]
    assert toy.token_spans("Kidney: protein") == [(0, 6), (8, 15)]
    np.testing.assert_array_equal(ToyEncoder().encode(["kidney"]), toy.encode(["kidney"]))
    assert toy.encode([]).shape == (0, toy.dimension)
