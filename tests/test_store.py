"""Generations on disk: opened only when they are whole and made from what is there now."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from corpus.fingerprint import corpus_sha256
from corpus.passages import SPLITTING_VERSION
from index.build import build_index
from index.errors import DamagedIndexError, MissingIndexError, PlainIndexError, StaleIndexError
from index.manifest import FORMAT_VERSION, Manifest, read_manifest
from index.store import current_generation, index_info, open_generation
from tests.studies import make_study
from tests.toy import ToyEncoder

SHA = "5a" * 32
STUDIES = [make_study("doe2020"), make_study("roe2021", title="Another study", people="7")]
COMMAND = "run: plaincite index build"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "index"
    build_index(
        STUDIES,
        folder,
        ToyEncoder(),
        drafts=False,
        corpus_sha256=SHA,
        progress=False,
        glossary=b'[{"term": "drip", "meaning": "A slow way into a vein."}]',
    )
    return folder


@pytest.fixture
def index_folder(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "index")


def only_generation(folder: Path) -> Path:
    (generation,) = (folder / "generations").iterdir()
    return generation


def one_line(error: pytest.ExceptionInfo[PlainIndexError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    assert message.endswith(COMMAND)
    return message


def test_reads_back_what_was_built(built: Path) -> None:
    """Studies, passages, embeddings, sentences and glossary come back as they went in."""
    generation = open_generation(built, encoder=ToyEncoder(), corpus_sha256=SHA)
    passages = generation.passages()
    read = [study.model_dump() for study in generation.studies().values()]
    assert read == [study.model_dump() for study in STUDIES]
    assert {passage.study_id for passage in passages} == {"doe2020", "roe2021"}
    for passage in passages:
        text = generation.studies()[passage.study_id].section(passage.section).text
        assert text[passage.start : passage.start + len(passage.text)] == passage.text
        assert [passage.quote(span) for span in passage.sentences]
    assert generation.embeddings().shape == (len(passages), ToyEncoder().dimension)
    assert generation.glossary() == b'[{"term": "drip", "meaning": "A slow way into a vein."}]'
    store = generation.sentences()
    assert store is not None
    assert len(store) == sum(len(passage.sentences) for passage in passages)


def test_manifest_tells_what_it_was_built_from(built: Path) -> None:
    """The manifest names encoder, library, counts and every file; its id ends in its own hash."""
    manifest = open_generation(built).manifest
    folder = only_generation(built)
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", manifest.generation)
    assert manifest.generation == folder.name == (built / "current").read_text().strip()
    assert manifest.corpus_version == SHA[:12]
    assert manifest.encoder.model_dump() == {
        "name": "toy",
        "sha256": ToyEncoder().sha256,
        "dimension": ToyEncoder().dimension,
    }
    assert (manifest.counts.studies, manifest.counts.passages) == (2, 10)
    on_disk = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    locks = {name for name in on_disk if name.endswith(".lock")}
    assert set(manifest.files) == on_disk - locks - {"manifest.json"}


def test_says_that_nothing_was_built(tmp_path: Path) -> None:
    """Without an index the error names the folder and the command that builds one."""
    with pytest.raises(MissingIndexError) as caught:
        open_generation(tmp_path / "none")
    assert str(tmp_path / "none") in one_line(caught)


@pytest.mark.parametrize("harm", ["cut", "flip", "grow", "remove"])
def test_refuses_a_generation_with_any_file_harmed(index_folder: Path, harm: str) -> None:
    """Any file, the manifest included: cut in half, grown, removed, or with one byte changed."""
    generation = only_generation(index_folder)
    files = [path for path in generation.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert len(files) > 15
    for path in files:
        before = path.read_bytes()
        middle = len(before) // 2
        if harm == "cut":
            path.write_bytes(before[:middle])
        elif harm == "grow":
            path.write_bytes(before + b" ")
        elif harm == "remove":
            path.unlink()
        else:
            path.write_bytes(before[:middle] + bytes([before[middle] ^ 1]) + before[middle + 1 :])
        with pytest.raises(DamagedIndexError) as caught:
            open_generation(index_folder, encoder=ToyEncoder())
        assert caught.value.path == path
        assert path.name in one_line(caught)
        path.write_bytes(before)
    open_generation(index_folder, encoder=ToyEncoder())


@pytest.mark.parametrize("content", [b"", b"\n", b"20261122T153000Z-ab12cd3", b"../../etc\n", b"\xff\xfe"])
def test_refuses_a_pointer_that_names_no_generation(index_folder: Path, content: bytes) -> None:
    """A harmed `current` is damage, never another folder."""
    (index_folder / "current").write_bytes(content)
    with pytest.raises(DamagedIndexError) as caught:
        open_generation(index_folder)
    assert "current" in one_line(caught)


def test_refuses_a_pointer_to_a_generation_that_is_gone(index_folder: Path) -> None:
    """A generation folder that somebody removed is damage, and its manifest is named."""
    shutil.rmtree(only_generation(index_folder))
    with pytest.raises(DamagedIndexError, match=r"manifest\.json.*No such file"):
        open_generation(index_folder)


def test_a_manifest_cannot_be_edited(index_folder: Path) -> None:
    """A manifest that is well-formed, but another one than was written, is damage too."""
    generation = only_generation(index_folder)
    manifest = read_manifest(generation)
    edited = manifest.model_copy(update={"drafts": True})
    (generation / "manifest.json").write_bytes(edited.to_bytes())
    with pytest.raises(DamagedIndexError, match="changed after the build"):
        open_generation(index_folder)


def test_lock_files_of_the_search_library_do_not_matter(index_folder: Path) -> None:
    """Tantivy's empty lock files may come and go."""
    for path in only_generation(index_folder).rglob("*.lock"):
        path.unlink()
    assert open_generation(index_folder).folder == only_generation(index_folder)


def test_refuses_another_library(built: Path) -> None:
    """An index of other summaries is stale."""
    with pytest.raises(StaleIndexError) as caught:
        open_generation(built, corpus_sha256="0" * 64)
    assert "the library has changed" in one_line(caught)


@pytest.mark.parametrize("encoder", [ToyEncoder(32), ToyEncoder(name="other")])
def test_refuses_another_encoder(built: Path, encoder: ToyEncoder) -> None:
    """An index is read with the encoder that it was built with, told by hash and dimension."""
    with pytest.raises(StaleIndexError) as caught:
        open_generation(built, encoder=encoder)
    assert f"this is {encoder.name}" in one_line(caught)


def test_refuses_passages_cut_by_other_rules(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raising the splitting version makes every index of studies stale."""
    monkeypatch.setattr("index.store.SPLITTING_VERSION", SPLITTING_VERSION + 1)
    with pytest.raises(StaleIndexError) as caught:
        open_generation(built)
    assert "passages were cut by version" in one_line(caught)


def test_refuses_another_format(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An intact index of another format version is stale, not damaged."""
    monkeypatch.setattr("index.manifest.FORMAT_VERSION", FORMAT_VERSION + 1)
    with pytest.raises(StaleIndexError) as caught:
        open_generation(built)
    assert "its format is version" in one_line(caught)


def test_manifest_survives_its_own_reading(built: Path) -> None:
    """Parsing and writing a manifest gives the same bytes: its hash depends on that."""
    content = (only_generation(built) / "manifest.json").read_bytes()
    assert Manifest.model_validate_json(content).to_bytes() == content


def test_info_is_plain_json(built: Path) -> None:
    """`index_info` gives plain values: names, counts, size."""
    info = json.loads(json.dumps(index_info(built)))
    folder = only_generation(built)
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.name != "manifest.json"]
    assert info["generation"] == folder.name
    assert info["counts"] == {"studies": 2, "passages": 10, "sentences": 18}
    assert info["files"] >= 15
    assert 0 < info["bytes"] <= sum(sizes)


def test_info_of_a_damaged_index_is_an_error(index_folder: Path) -> None:
    """`index_info` says nothing about an index that cannot be trusted."""
    os.truncate(only_generation(index_folder) / "dense.faiss", 10)
    with pytest.raises(DamagedIndexError, match=r"dense\.faiss"):
        index_info(index_folder)


def test_no_generation_is_none(tmp_path: Path) -> None:
    """Where nothing was built there is no current generation."""
    assert current_generation(tmp_path) is None


def test_library_hash_sees_names_and_bytes(tmp_path: Path) -> None:
    """A changed, renamed, added or removed study or glossary changes the hash; the read-me does not."""
    (tmp_path / "a.md").write_text("one")
    hashes = [corpus_sha256(tmp_path)]
    (tmp_path / "README.md").write_text("about")
    assert corpus_sha256(tmp_path) == hashes[0]
    (tmp_path / "a.md").write_text("two")
    hashes.append(corpus_sha256(tmp_path))
    (tmp_path / "a.md").rename(tmp_path / "b.md")
    hashes.append(corpus_sha256(tmp_path))
    (tmp_path / "glossary.yaml").write_text("[]")
    hashes.append(corpus_sha256(tmp_path))
    (tmp_path / "c.md").write_text("")
    hashes.append(corpus_sha256(tmp_path))
    assert len(set(hashes)) == len(hashes)
