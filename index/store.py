"""Generation: one built index on disk, opened only when every file of it is as it was written.

    INDEX/current                   the id of the generation in use, then those before it that stay
    INDEX/generations/<id>/         its files, listed with their hashes in manifest.json
    INDEX/building-...              a generation under construction (see index.staging)
    INDEX/lock                      held by the build that runs

A generation's id ends in the hash of its manifest, and the manifest holds the hash of every other file,
so that one changed byte anywhere is noticed.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.passages import SPLITTING_VERSION, Passage
from corpus.sentences import Span
from corpus.studies import Study
from index.encoder import Encoder
from index.errors import DamagedIndexError, GoneIndexError, MissingIndexError, StaleIndexError
from index.manifest import Manifest, check_files, read_manifest
from index.rows import read_keys
from index.sentences import SentenceStore

__all__ = [
    "Generation",
    "Manifest",
    "current_generation",
    "index_info",
    "kept_generations",
    "open_generation",
    "passage_line",
    "read_manifest",
]

CURRENT_FILE = "current"
GENERATIONS_FOLDER = "generations"
GENERATION_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")

STUDIES_FILE = "studies.json"
PASSAGES_FILE = "passages.jsonl"
GLOSSARY_FILE = "glossary.json"
DENSE_FILE = "dense.faiss"
LEXICAL_FOLDER = "lexical"
SENTENCES_FOLDER = "sentences"
KNOWN_FOLDER = "known"
EMBEDDINGS_FILE = "embeddings.npy"
KEYS_FILE = "embedding-keys.npy"


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
        embeddings: NDArray[np.float32] = np.load(self.folder / EMBEDDINGS_FILE, mmap_mode="r")
        return embeddings

    def embedding_keys(self) -> dict[bytes, int]:
        """The passages' numbers by their embedding keys."""
        return read_keys(self.folder / KEYS_FILE)

    def sentences(self) -> SentenceStore:
        """The sentences' vectors."""
        return SentenceStore.open(self.folder / SENTENCES_FOLDER)

    @property
    def known_folder(self) -> Path:
        """What KnownQuestions.open takes; there is no such folder where no question is known."""
        return self.folder / KNOWN_FOLDER

    def glossary(self) -> bytes | None:
        """The glossary as the build was given it."""
        path = self.folder / GLOSSARY_FILE
        return path.read_bytes() if path.is_file() else None


def _passage(line: str) -> Passage:
    record = json.loads(line)
    return Passage(**{**record, "sentences": tuple(Span(*pair) for pair in record["sentences"])})


def passage_line(passage: Passage) -> str:
    """A passage as its line of PASSAGES_FILE."""
    return json.dumps(asdict(passage)) + "\n"


def kept_generations(index: Path) -> list[Path]:
    """The folders of the generation in use and of those before it that stay; empty where nothing is built.

    They are unchecked, the latest in use first.

    Raises:
        DamagedIndexError: the file that names them is.
    """
    path = index / CURRENT_FILE
    try:
        names = path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndexError(path, "it cannot be read") from error
    if not names or not all(map(GENERATION_ID.fullmatch, names)):
        raise DamagedIndexError(path, "it names no generation")
    return [index / GENERATIONS_FOLDER / name for name in names]


def current_generation(index: Path) -> Path | None:
    """The folder of the generation in use, unchecked; None where nothing has been built.

    Raises:
        DamagedIndexError: the file that names it is.
    """
    return next(iter(kept_generations(index)), None)


def open_generation(
    index: Path, *, name: str = "", encoder: Encoder | None = None, corpus_sha256: str | None = None
) -> Generation:
    """Opens a generation after checking all of it.

    Args:
        index: the folder of generations.
        name: its id, for an older one that is still on the disk; the one in use where it is empty.
        encoder: what questions will be encoded with; None leaves that check out.
        corpus_sha256: the hash of the library as it is now; None leaves that check out.

    Raises:
        MissingIndexError: nothing has been built.
        GoneIndexError: the one that is named is not on the disk.
        DamagedIndexError: a file is gone, cut or changed; the file is named.
        StaleIndexError: it was built from another library, by another encoder or another way.
    """
    kept = kept_generations(index)
    if not kept:
        raise MissingIndexError(index)
    folder = next((each for each in kept if name in {"", each.name}), None)
    if folder is None:
        raise GoneIndexError(index, name)
    manifest = read_manifest(folder)
    reason = next(_stale_reasons(manifest, encoder, corpus_sha256), None)
    if reason:
        raise StaleIndexError(index, reason)
    check_files(folder, manifest)
    return Generation(folder, manifest)


def _stale_reasons(manifest: Manifest, encoder: Encoder | None, corpus_sha256: str | None) -> Iterator[str]:
    built = manifest.encoder
    if encoder and (encoder.sha256, encoder.dimension) != (built.sha256, built.dimension):
        then, now = f"{built.name} ({built.sha256[:12]})", f"{encoder.name} ({encoder.sha256[:12]})"
        yield f"it was built with the encoder {then}, this is {now}"
    version = manifest.splitting_version
    if version not in (None, SPLITTING_VERSION):
        yield f"its passages were cut by version {version} of the rules, this is {SPLITTING_VERSION}"
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
        **manifest.model_dump(
            mode="json", include={"encoder", "splitting_version", "drafts", "counts", "reused", "dense"}
        ),
        "bytes": sum(stamp.bytes for stamp in manifest.files.values()),
        "files": len(manifest.files),
    }
