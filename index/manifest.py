"""Manifest: what a generation was built from, and every file of it with its hash."""

import hashlib
import json
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import DamagedIndexError, StaleIndexError

FORMAT_VERSION = 2
"""Raised whenever the files of a generation change their meaning."""

MANIFEST_FILE = "manifest.json"
CHANGED = "its content was changed after the build"

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
    """How much of what; a document that is no study is one sentence."""

    studies: Count
    passages: Count
    sentences: Count


class Reused(_Record):
    """How many embeddings were taken over from the generation before."""

    passages: Count
    sentences: Count


class DenseStamp(_Record):
    """How vectors are searched, and what share of the true ten nearest that finds."""

    kind: Literal["flat", "lists"]
    recall: Annotated[float, Field(ge=0, le=1)]


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
    dense: DenseStamp
    files: dict[str, FileStamp]

    @property
    def corpus_version(self) -> str:
        """The first 12 digits of the library's hash: what answers are stamped with."""
        return self.corpus_sha256[:12]

    @cached_property
    def generation(self) -> str:
        """The generation's id: when it was built, and the first digits of the manifest's own hash."""
        return f"{self.created:%Y%m%dT%H%M%SZ}-{_short_hash(self.to_bytes())}"

    def to_bytes(self) -> bytes:
        """The manifest as it is written."""
        return self.model_dump_json(indent=1).encode()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation's folder, whose name ends in the manifest's hash.

    Raises:
        DamagedIndexError: it is gone, cut or changed.
        StaleIndexError: its format is another one than this version reads.
    """
    path = folder / MANIFEST_FILE
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedIndexError(path, f"it cannot be read ({error.strerror})") from error
    if not folder.name.endswith(_short_hash(content)):
        raise DamagedIndexError(path, CHANGED)
    version = json.loads(content)["format_version"]
    if version != FORMAT_VERSION:
        index = folder.parent.parent
        raise StaleIndexError(
            index, f"its format is version {version}, this plaincite reads {FORMAT_VERSION}"
        )
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        raise DamagedIndexError(path, "it is no manifest") from error


def stamp_files(folder: Path) -> dict[str, FileStamp]:
    """The stamps of all files below a folder, by their paths in it; lock files, always empty, aside."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {
        path.relative_to(folder).as_posix(): FileStamp(sha256=_file_hash(path), bytes=path.stat().st_size)
        for path in files
    }


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compares every file of a generation with its stamp, sizes first.

    Raises:
        DamagedIndexError: a file is gone, cut or changed; the file is named.
    """
    for name, stamp in manifest.files.items():
        path = folder / name
        try:
            size = path.stat().st_size
            if size != stamp.bytes:
                raise DamagedIndexError(path, f"it has {size} bytes, {stamp.bytes} were written")
            if _file_hash(path) != stamp.sha256:
                raise DamagedIndexError(path, CHANGED)
        except OSError as error:
            raise DamagedIndexError(path, f"it cannot be read ({error.strerror})") from error


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _short_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]
