"""Generation: one built index on disk, opened only when every file of it is as it was written.

    INDEX/current                   the id of the generation in use
    INDEX/generations/<id>/         its files, listed with their hashes in manifest.json
    INDEX/lock                      held by the build that runs

A generation's id ends in the hash of its manifest, and the manifest holds the hash of every other file,
so that one changed byte anywhere is noticed.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.passages import SPLITTING_VERSION, Passage
from corpus.sentences import Span
from corpus.studies import Study
from index.encoder import Encoder
from index.errors import DamagedIndexError, MissingIndexError, StaleIndexError
from index.sentences import SentenceStore

FORMAT_VERSION = 1
"""Raised whenever the files of a generation change their meaning."""

CURRENT_FILE = "current"
GENERATIONS_FOLDER = "generations"
GENERATION_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")

MANIFEST_FILE = "manifest.json"
STUDIES_FILE = "studies.json"
PASSAGES_FILE = "passages.jsonl"
GLOSSARY_FILE = "glossary.json"
DENSE_FILE = "dense.faiss"
LEXICAL_FOLDER = "lexical"
SENTENCES_FOLDER = "sentences"
EMBEDDINGS_FILE = "embeddings.npy"
KEYS_FILE = "embedding-keys.npy"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EncoderStamp(_Record):
    """The encoder that an index was built with; questions must be encoded by the same one."""

    name: str
    sha256: Sha256
    dimension: Annotated[int, Field(ge=1)]


class FileStamp(_Record):
    """A file as it was written."""

    sha256: Sha256
    bytes: Count


class Counts(_Record):
    """How much of what; `sentences` is 0 for documents that are no studies."""

    studies: Count
    passages: Count
    sentences: Count


class Reused(_Record):
    """How many embeddings were taken over from the generation before."""

    passages: Count
    sentences: Count


class Manifest(_Record):
    """What a generation is made of and from.

    Attributes:
        created: when the build began, UTC.
        splitting_version: corpus.passages.SPLITTING_VERSION; None for documents that were not cut by it.
        corpus_sha256: the hash of the library folder, as `corpus_sha256` gives it.
        corpus_version: its first 12 digits: what answers are stamped with.
        drafts: whether drafts are included.
        files: every other file, by its path in the generation, with / between folders.
    """

    format_version: Annotated[int, Field(ge=1)]
    created: datetime
    encoder: EncoderStamp
    splitting_version: int | None
    corpus_sha256: Sha256
    drafts: bool
    counts: Counts
    reused: Reused
    files: dict[str, FileStamp]

    @property
    def corpus_version(self) -> str:
        """The first 12 digits of the library's hash: what answers are stamped with."""
        return self.corpus_sha256[:12]

    @property
    def generation(self) -> str:
        """The generation's id: when it was built, and the first digits of the manifest's own hash."""
        return f"{self.created:%Y%m%dT%H%M%SZ}-{hashlib.sha256(self.to_bytes()).hexdigest()[:8]}"

    def to_bytes(self) -> bytes:
        """The manifest as it is written."""
        return self.model_dump_json(indent=1).encode()


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation on disk whose files have been checked.

    Attributes:
        folder: INDEX/generations/<id>.
    """

    folder: Path
    manifest: Manifest

    @property
    def dense_file(self) -> Path:
        """What DenseIndex.read takes."""
        return self.folder / DENSE_FILE

    @property
    def lexical_folder(self) -> Path:
        """What LexicalIndex.open takes."""
        return self.folder / LEXICAL_FOLDER

    def studies(self) -> dict[str, Study]:
        """The studies by their ids, as they were when the index was built; none for other documents."""
        records = json.loads((self.folder / STUDIES_FILE).read_bytes())
        return {record["id"]: Study.model_validate(record) for record in records}

    def passages(self) -> list[Passage]:
        """The passages; their places in this list are their numbers everywhere in the index."""
        with (self.folder / PASSAGES_FILE).open(encoding="utf-8") as file:
            return [_passage(line) for line in file]

    def embeddings(self) -> NDArray[np.float32]:
        """The passages' vectors, (passages, dimension), left on disk until they are read."""
        return np.load(self.folder / EMBEDDINGS_FILE, mmap_mode="r")

    def sentences(self) -> SentenceStore | None:
        """The sentences' vectors; None for documents that are no studies."""
        folder = self.folder / SENTENCES_FOLDER
        return SentenceStore.open(folder) if folder.is_dir() else None

    def glossary(self) -> bytes | None:
        """The glossary as the build was given it."""
        path = self.folder / GLOSSARY_FILE
        return path.read_bytes() if path.is_file() else None


def _passage(line: str) -> Passage:
    record = json.loads(line)
    return Passage(**{**record, "sentences": tuple(Span(*pair) for pair in record["sentences"])})


def passage_line(passage: Passage) -> str:
    """A passage as its line of PASSAGES_FILE."""
    return json.dumps(asdict(passage), ensure_ascii=False) + "\n"


def current_generation(index: Path) -> Path | None:
    """The folder of the generation in use, unchecked; None where nothing has been built."""
    try:
        name = (index / CURRENT_FILE).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndexError(index / CURRENT_FILE, "it cannot be read") from error
    if not GENERATION_ID.fullmatch(name):
        raise DamagedIndexError(index / CURRENT_FILE, "it names no generation")
    return index / GENERATIONS_FOLDER / name


def open_generation(
    index: Path, *, encoder: Encoder | None = None, corpus_sha256: str | None = None
) -> Generation:
    """Opens the generation in use after checking all of it.

    Args:
        index: the folder of generations.
        encoder: what questions will be encoded with; None leaves that check out.
        corpus_sha256: the hash of the library as it is now; None leaves that check out.

    Raises:
        MissingIndexError: nothing has been built.
        DamagedIndexError: a file is gone, cut or changed; the file is named.
        StaleIndexError: it was built from another library, by another encoder or another way.
    """
    folder = current_generation(index)
    if folder is None:
        raise MissingIndexError(index)
    manifest = read_manifest(folder)
    reason = next(_stale_reasons(manifest, encoder, corpus_sha256), None)
    if reason:
        raise StaleIndexError(index, reason)
    for name, stamp in manifest.files.items():
        check_file(folder / name, stamp)
    return Generation(folder, manifest)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation's folder.

    Raises:
        DamagedIndexError: it is gone, cut or changed.
        StaleIndexError: its format is another one than this version reads.
    """
    path = folder / MANIFEST_FILE
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedIndexError(path, f"it cannot be read ({error.strerror})") from error
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        raise DamagedIndexError(path, "it is no manifest") from error
    if manifest.to_bytes() != content or manifest.generation != folder.name:
        raise DamagedIndexError(path, "it was changed after the build")
    return manifest


def check_file(path: Path, stamp: FileStamp) -> None:
    """Compares a file with its stamp, its size first.

    Raises:
        DamagedIndexError: they differ.
    """
    try:
        size = path.stat().st_size
        if size != stamp.bytes:
            raise DamagedIndexError(path, f"it has {size} bytes, {stamp.bytes} were written")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DamagedIndexError(path, f"it cannot be read ({error.strerror})") from error
    if found != stamp.sha256:
        raise DamagedIndexError(path, "its content was changed after the build")


def _stale_reasons(manifest: Manifest, encoder: Encoder | None, corpus_sha256: str | None) -> Iterator[str]:
    built = manifest.encoder
    if encoder and (encoder.sha256, encoder.dimension) != (built.sha256, built.dimension):
        yield f"it was built with the encoder {built.name} ({built.sha256[:12]}), this is {encoder.name} ({encoder.sha256[:12]})"
    if manifest.splitting_version not in (None, SPLITTING_VERSION):
        yield f"its passages were cut by version {manifest.splitting_version} of the rules, this is {SPLITTING_VERSION}"
    if corpus_sha256 and corpus_sha256 != manifest.corpus_sha256:
        yield f"the library has changed since it was built on {manifest.created:%Y-%m-%d %H:%M} UTC"


def index_info(index: Path) -> dict[str, object]:
    """What there is to know of the index in use, as plain values for `plaincite index info`.

    Raises:
        PlainIndexError: as open_generation does.
    """
    generation = open_generation(index)
    manifest = generation.manifest
    return {
        "index": str(index),
        "generation": manifest.generation,
        "created": manifest.created.isoformat(),
        "corpus_version": manifest.corpus_version,
        **manifest.model_dump(mode="json", include={"encoder", "splitting_version", "drafts", "counts", "reused"}),
        "bytes": sum(stamp.bytes for stamp in manifest.files.values()),
        "files": len(manifest.files),
    }
