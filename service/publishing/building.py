"""Building for a release: a generation from files that are not in the library folder yet, and its trial."""

import threading
from pathlib import Path
from typing import NamedTuple

from corpus.fingerprint import corpus_sha256
from corpus.known import KNOWN_NAME, KnownQuestion, read_known
from corpus.studies import Study, load_studies
from index.build import Told, build_index, glossary_json
from index.errors import DamagedIndexError
from index.manifest import Manifest, read_manifest
from index.search import PassageIndex
from index.staging import Approve, return_to
from index.store import kept_generations
from service.library import Library, load_suggestions
from service.publishing.considerate import ConsiderateEncoder
from service.publishing.failures import ProbeError
from service.publishing.folder import Files, laid_out
from service.publishing.switching import KEPT_RELEASES


class Target(NamedTuple):
    """A library as it is to be.

    Attributes:
        sha256: what its generation's manifest will say that it was built from.
        glossary: as a generation keeps it; None where there is none.
        suggestions: the questions that it suggests.
        known: the questions whose answers are known.
    """

    sha256: str
    studies: tuple[Study, ...]
    glossary: bytes | None
    suggestions: tuple[str, ...]
    known: tuple[KnownQuestion, ...]


def read_target(files: Files) -> Target:
    """Reads a library's files.

    Raises:
        CorpusError: one of them cannot be read.
    """
    with laid_out(files) as folder:
        return Target(
            sha256=corpus_sha256(folder),
            studies=tuple(load_studies(folder)),
            glossary=glossary_json(folder),
            suggestions=load_suggestions(folder),
            known=read_known(folder / KNOWN_NAME),
        )


def make_generation(
    target: Target,
    index: Path,
    current: PassageIndex,
    *,
    kept: str | None,
    approve: Approve,
    told: Told,
    stop: threading.Event,
) -> None:
    """Makes a library's generation the one in use: one that is kept, where there is one, else a new one.

    Args:
        target: the library.
        index: the folder of generations.
        current: the index that is answered from; what is not new is taken over.
        kept: the name of the generation that was once built from the same files.
        approve: has the last word before the switch.
        told: called with how many texts are done, and how many there are.
        stop: set when the service is told to stop.

    Raises:
        PlainIndexError: it cannot be built.
        StoppedError: the service is told to stop.
    """
    if kept and _is_like(index, kept, target, current.manifest):
        return_to(index, kept, keep=KEPT_RELEASES, approve=approve)
        return
    build_index(
        target.studies,
        index,
        ConsiderateEncoder(current.encoder, stop),
        drafts=current.manifest.drafts,
        corpus_sha256=target.sha256,
        progress=False,
        glossary=target.glossary,
        known=target.known,
        told=told,
        keep=KEPT_RELEASES,
        approve=approve,
    )


def probe(library: Library, target: Target) -> None:
    """Puts a question to a new library before anybody else may.

    Raises:
        ProbeError: it was built from other files, or it does not answer.
    """
    if library.index.manifest.corpus_sha256 != target.sha256:
        raise ProbeError("The new index was not built from these files.")
    try:
        library.check()
    except Exception as error:
        raise ProbeError(f"The new index does not answer ({type(error).__name__}).") from error


def _is_like(index: Path, kept: str, target: Target, current: Manifest) -> bool:
    """Whether a generation is still there and is what a build would make."""
    try:
        folder = next((folder for folder in kept_generations(index) if folder.name == kept), None)
        if folder is None:
            return False
        manifest = read_manifest(folder)
    except DamagedIndexError:
        return False
    asked = (target.sha256, current.encoder.sha256, current.splitting_version, current.drafts)
    built = (manifest.corpus_sha256, manifest.encoder.sha256, manifest.splitting_version, manifest.drafts)
    return asked == built
