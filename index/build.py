"""build_index: studies to a generation on disk; what has not changed keeps its embeddings."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from corpus.fingerprint import corpus_sha256
from corpus.glossary import Glossary, load_glossary
from corpus.known import KNOWN_NAME, KnownQuestion, read_known
from corpus.passages import SPLITTING_VERSION, Passage, split_study
from corpus.studies import GLOSSARY_NAME, Status, Study, load_studies
from index.dense import DenseIndex
from index.encoder import Encoder, Progress, ensure_encoder
from index.errors import BuildFailedError, DamagedIndexError, PlainIndexError
from index.known import settle, write_known
from index.lexical import LexicalIndex
from index.manifest import (
    FORMAT_VERSION,
    Counts,
    DenseStamp,
    EncoderStamp,
    Manifest,
    Reused,
    check_files,
    read_manifest,
    stamp_files,
)
from index.rows import RowFile, embedding_key, write_keys
from index.sentences import SentenceStore, write_sentences
from index.staging import KEPT, Approve, build_failed, publish, staging
from index.store import (
    DENSE_FILE,
    EMBEDDINGS_FILE,
    GLOSSARY_FILE,
    KEYS_FILE,
    KNOWN_FOLDER,
    LEXICAL_FOLDER,
    PASSAGES_FILE,
    SENTENCES_FOLDER,
    STUDIES_FILE,
    Generation,
    current_generation,
    passage_line,
)

Told = Callable[[int, int], object]
"""Called with how many texts are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What a generation is built from.

    Attributes:
        sentences: the sentences of each passage; of a document that is no study, its whole text.
    """

    studies: tuple[Study, ...]
    passages: tuple[Passage, ...]
    sentences: tuple[tuple[str, ...], ...]
    drafts: bool
    corpus_sha256: str
    glossary: bytes | None
    known: tuple[KnownQuestion, ...] = ()

    def counts(self) -> Counts:
        """How much of what it is."""
        sentences = sum(map(len, self.sentences))
        return Counts(studies=len(self.studies), passages=len(self.passages), sentences=sentences)


def build_library(
    folder: Path, index: Path, model: str, encoders: Path, *, drafts: bool, progress: bool
) -> Manifest:
    """Builds a generation from a library folder: what `plaincite index build` does.

    Args:
        folder: the library's study files, glossary and known questions.
        index: the folder of generations; made where it is missing.
        model: the packaged model's name, or the folder of a sentence-transformers model.
        encoders: the folder of exported models; the model is exported first where it is not there yet.
        drafts: whether drafts are indexed too.
        progress: whether to show a bar on stderr.

    Raises:
        CorpusError: a file of the library cannot be read.
        PlainIndexError: the model cannot be used, or as build_index.
    """
    sha256 = corpus_sha256(folder)  # first: what changes while the rest is read makes the index stale
    studies = load_studies(folder)
    glossary, known = glossary_json(folder), read_known(folder / KNOWN_NAME)
    encoder = ensure_encoder(model, encoders)
    return build_index(
        studies,
        index,
        encoder,
        drafts=drafts,
        corpus_sha256=sha256,
        progress=progress,
        glossary=glossary,
        known=known,
    )


def build_index(
    studies: Sequence[Study],
    index: Path,
    encoder: Encoder,
    *,
    drafts: bool,
    corpus_sha256: str,
    progress: bool,
    glossary: bytes | None = None,
    known: tuple[KnownQuestion, ...] = (),
    told: Told | None = None,
    old: Generation | None = None,
    keep: int = KEPT,
    approve: Approve | None = None,
) -> Manifest:
    """Builds a generation from studies and switches to it.

    Args:
        studies: the library; retired ones are left out, drafts unless they are asked for.
        index: the folder of generations; made where it is missing.
        encoder: what passages and sentences are encoded with.
        drafts: whether drafts are indexed too.
        corpus_sha256: the hash of the library folder that the studies were read from.
        progress: whether to show a bar on stderr.
        glossary: the library's glossary as JSON, kept beside the studies as it is.
        known: questions, with the sentences that answer them; those that these studies do not have are not
            searched for.
        told: called with how many texts are done and how many there are; may raise to give up.
        old: a whole generation by the same encoder, whose embeddings are taken over instead of those in use.
        keep: how many generations stay on the disk, this one included.
        approve: has the last word before the switch.

    Raises:
        BuildFailedError: there is no study to index, or the disk refuses; the index stays as it was.
        BuildRunningError: another build is at work.
    """
    indexed = tuple(study for study in studies if _is_indexed(study, drafts))
    passages = tuple(passage for study in indexed for passage in split_study(study))
    if not passages:
        wanted = "published study or draft" if drafts else "published study"
        raise BuildFailedError(
            f"no {wanted} with text among {len(studies)} in the library; nothing was built"
        )
    sentences = tuple(tuple(map(passage.quote, passage.sentences)) for passage in passages)
    source = _Source(indexed, passages, sentences, drafts, corpus_sha256, glossary, known)
    return _build(source, index, encoder, progress, told=told, old=old, keep=keep, approve=approve)


def build_passages_index(
    passages: Sequence[Passage], index: Path, encoder: Encoder, *, corpus_sha256: str, progress: bool
) -> Manifest:
    """Builds a generation from documents that are no studies, such as a BEIR corpus.

    A document is searched and read as a whole, so that its one "sentence" is the text that is searched.

    Raises:
        BuildFailedError: there is no passage, or the disk refuses; the index stays as it was.
        BuildRunningError: another build is at work.
    """
    if not passages:
        raise BuildFailedError("no document to index; nothing was built")
    whole = tuple((searched_text(passage),) for passage in passages)
    source = _Source((), tuple(passages), whole, False, corpus_sha256, None)
    return _build(source, index, encoder, progress)


def glossary_json(folder: Path) -> bytes | None:
    """The glossary of a library folder as a generation keeps it; None where it has none.

    Raises:
        GlossaryError: it cannot be read.
    """
    path = folder / GLOSSARY_NAME
    if not path.is_file():
        return None
    terms = [term.model_dump(mode="json") for term in load_glossary(path).terms]
    return json.dumps(terms, ensure_ascii=False).encode()


def heading(passage: Passage) -> str:
    """What a passage stands under, for search: "Its study's title: what they found"."""
    section = passage.section.replace("-", " ")
    return f"{passage.title}: {section}" if section else passage.title


def searched_text(passage: Passage) -> str:
    """What of a passage is encoded: its heading and its text."""
    return f"{heading(passage)} {passage.text}".strip()


def _is_indexed(study: Study, drafts: bool) -> bool:
    return study.status is Status.published or (drafts and study.status is Status.draft)


def _build(
    source: _Source,
    index: Path,
    encoder: Encoder,
    progress: bool,
    *,
    told: Told | None = None,
    old: Generation | None = None,
    keep: int = KEPT,
    approve: Approve | None = None,
) -> Manifest:
    with staging(index) as folder:
        created = datetime.now(UTC)
        old = old or _reusable(index, encoder)
        settled = settle(source.known, source.passages)
        total = len(source.passages) + sum(map(len, source.sentences)) + len(settled)
        with tqdm(total=total, desc="Building the index", unit=" texts", disable=not progress) as bar:
            advance = _telling(bar.update, told, total)
            reused_sentences = _embed_sentences(source.sentences, folder, encoder, old, advance)
            embeddings, reused_passages = _embed(source.passages, folder, encoder, old, advance)
            known = (
                SentenceStore.open(old.known_folder, keep=0) if old and old.known_folder.is_dir() else None
            )
            expand = Glossary.of(source.glossary).expand
            write_known(folder / KNOWN_FOLDER, settled, encoder, expand=expand, old=known, progress=advance)
        _write_records(folder, source)
        dense = _write_searches(folder, index, source.passages, embeddings)
        manifest = Manifest(
            format_version=FORMAT_VERSION,
            created=created,
            encoder=EncoderStamp(name=encoder.name, sha256=encoder.sha256, dimension=encoder.dimension),
            splitting_version=SPLITTING_VERSION if source.studies else None,
            corpus_sha256=source.corpus_sha256,
            drafts=source.drafts,
            counts=source.counts(),
            reused=Reused(passages=reused_passages, sentences=reused_sentences),
            dense=dense,
            files=stamp_files(folder),
        )
        publish(index, folder, manifest, keep=keep, approve=approve)
        return manifest


def _telling(update: Progress, told: Told | None, total: int) -> Progress:
    """What is called with each number of texts that are done."""
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        update(count)
        if told:
            told(done, total)

    return advance


def _reusable(index: Path, encoder: Encoder) -> Generation | None:
    """The generation in use, if its vectors are this encoder's and intact."""
    with suppress(PlainIndexError):
        folder = current_generation(index)
        if folder:
            manifest = read_manifest(folder)
            check_files(folder, manifest)
            if manifest.encoder.sha256 == encoder.sha256:
                return Generation(folder, manifest)
    return None


def _embed(
    passages: Sequence[Passage], folder: Path, encoder: Encoder, old: Generation | None, progress: Progress
) -> tuple[NDArray[np.float32], int]:
    """Writes the passages' vectors and keys; returns the vectors and how many were taken over.

    A passage that is a sentence as well, as documents that are no studies are, is not encoded twice.
    """
    texts = list(map(searched_text, passages))
    keys = [embedding_key(encoder.sha256, text) for text in texts]
    kept = old.embedding_keys() if old else {}
    store = SentenceStore.open(folder / SENTENCES_FOLDER)
    sentences = store.keys()
    written = [number for number, key in enumerate(keys) if key not in kept and key in sentences]
    new = [number for number, key in enumerate(keys) if key not in kept and key not in sentences]
    reused = [number for number, key in enumerate(keys) if key in kept]
    embeddings = np.empty((len(texts), encoder.dimension), dtype=np.float32)
    if old and reused:
        embeddings[reused] = old.embeddings()[[kept[keys[number]] for number in reused]]
    for number in written:
        embeddings[number] = store[sentences[keys[number]]].vector
    progress(len(reused) + len(written))
    embeddings[new] = encoder.encode([texts[number] for number in new], progress)
    with RowFile(folder / EMBEDDINGS_FILE, np.float32, encoder.dimension) as file:
        file.append(embeddings)
    write_keys(folder / KEYS_FILE, keys)
    return embeddings, len(reused)


def _embed_sentences(
    sentences: Sequence[Sequence[str]],
    folder: Path,
    encoder: Encoder,
    old: Generation | None,
    progress: Progress,
) -> int:
    """Writes the sentences' vectors; returns how many were taken over."""
    (folder / SENTENCES_FOLDER).mkdir()
    store = old.sentences() if old else None
    return write_sentences(folder / SENTENCES_FOLDER, sentences, encoder, old=store, progress=progress)


def _write_records(folder: Path, source: _Source) -> None:
    records = [study.model_dump(mode="json", by_alias=True) for study in source.studies]
    (folder / STUDIES_FILE).write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    with (folder / PASSAGES_FILE).open("w", encoding="utf-8") as file:
        file.writelines(map(passage_line, source.passages))
    if source.glossary is not None:
        (folder / GLOSSARY_FILE).write_bytes(source.glossary)


def _write_searches(
    folder: Path, index: Path, passages: Sequence[Passage], embeddings: NDArray[np.float32]
) -> DenseStamp:
    try:
        dense = DenseIndex.build(embeddings)
        dense.write(folder / DENSE_FILE)
        # FAISS says nothing of a write that fails at the very end: read it back.
        DenseIndex.read(folder / DENSE_FILE, dimension=embeddings.shape[1], count=len(passages))
        LexicalIndex.build(
            folder / LEXICAL_FOLDER, ((heading(passage), passage.text) for passage in passages)
        )
    except DamagedIndexError as error:
        raise build_failed(index, f"{DENSE_FILE} could not be written whole") from error
    except (RuntimeError, ValueError) as error:
        # This is how FAISS and tantivy report that the disk refused.
        raise build_failed(index, " ".join(str(error).split())) from error
    return DenseStamp(kind=dense.kind, recall=dense.recall or 0.0)
