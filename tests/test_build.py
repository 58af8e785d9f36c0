"""Building: what is indexed, what of the generation before is reused, and what is gone."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import index.build
from corpus.errors import LibraryError, StudyFileError
from corpus.fingerprint import corpus_sha256
from corpus.glossary import load_glossary
from corpus.passages import Passage
from corpus.sentences import split_sentences
from corpus.studies import GLOSSARY_NAME, LIBRARY, Status, Study
from index.build import build_index, build_library, build_passages_index
from index.errors import BuildFailedError, StaleIndexError
from index.lexical import LexicalIndex
from index.manifest import Manifest
from index.search import PassageIndex
from index.store import open_generation
from tests.studies import make_study
from tests.toy import ToyEncoder

SHA = "5a" * 32


def build(
    folder: Path, studies: list[Study], encoder: ToyEncoder | None = None, *, drafts: bool = False
) -> Manifest:
    encoder = encoder or ToyEncoder()
    return build_index(studies, folder, encoder, drafts=drafts, corpus_sha256=SHA, progress=False)


def documents(*texts: str) -> list[Passage]:
    return [
        Passage(f"d{number}", f"d{number}", f"Title {number}", "", 0, text, tuple(split_sentences(text)))
        for number, text in enumerate(texts)
    ]


def found(folder: Path, question: str) -> list[str]:
    hits = PassageIndex.load(folder, ToyEncoder()).search(question, k=100)
    return [hit.passage.study_id for hit in hits]


def test_indexes_published_studies_and_drafts_when_asked(tmp_path: Path) -> None:
    """Drafts are indexed only when they are asked for, retired studies never."""
    published, draft, retired = (make_study(name) for name in ("doe2020", "poe2021", "roe2001"))
    draft = draft.model_copy(update={"status": Status.draft})
    retired = retired.model_copy(update={"status": Status.retired})
    without = build(tmp_path / "a", [published, draft, retired])
    including = build(tmp_path / "b", [published, draft, retired], drafts=True)
    assert (
        set(open_generation(tmp_path / "a").studies()) == set(found(tmp_path / "a", "lupus")) == {"doe2020"}
    )
    assert set(open_generation(tmp_path / "b").studies()) == {"doe2020", "poe2021"}
    assert (without.drafts, including.drafts) == (False, True)


@pytest.mark.parametrize("drafts", [False, True])
def test_refuses_to_build_from_nothing(tmp_path: Path, drafts: bool) -> None:
    """Without a study to index there is one line, and nothing on disk."""
    retired = make_study().model_copy(update={"status": Status.retired})
    with pytest.raises(BuildFailedError, match="no published study") as caught:
        build(tmp_path / "index", [retired], drafts=drafts)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "index").exists()
    with pytest.raises(BuildFailedError, match="no document"):
        build_passages_index([], tmp_path / "index", ToyEncoder(), corpus_sha256=SHA, progress=False)


def test_unchanged_passages_and_sentences_are_not_encoded_again(tmp_path: Path) -> None:
    """Only what is new is encoded; what is taken over equals what encoding anew would give."""
    studies = [make_study("doe2020"), make_study("roe2021", what_they_found="Pain was less. It was mild.")]
    first = build(tmp_path / "index", studies)
    studies[1] = make_study("roe2021", what_they_found="Pain was less. It came back.")
    encoder = ToyEncoder()
    second = build(tmp_path / "index", studies, encoder)
    anew = build(tmp_path / "anew", studies)
    assert (first.reused.passages, first.reused.sentences) == (0, 0)
    assert (second.reused.passages, second.counts.passages) == (9, 10)
    assert (second.reused.sentences, second.counts.sentences) == (17, 18)
    assert encoder.encoded == 2
    assert {name: second.files[name] for name in second.files if not name.startswith("lexical/")} == {
        name: anew.files[name] for name in anew.files if not name.startswith("lexical/")
    }


def test_nothing_is_reused_of_another_encoder(tmp_path: Path) -> None:
    """Vectors of another encoder are never taken over."""
    build(tmp_path / "index", [make_study()])
    other = ToyEncoder(name="other")
    manifest = build(tmp_path / "index", [make_study()], other)
    assert (manifest.reused.passages, manifest.reused.sentences) == (0, 0)
    vectors = open_generation(tmp_path / "index", encoder=other).embeddings()
    assert vectors.shape == (manifest.counts.passages, other.dimension)


def test_nothing_is_reused_of_a_damaged_generation(tmp_path: Path) -> None:
    """Building over a damaged index mends it, without a look at the damaged vectors."""
    manifest = build(tmp_path / "index", [make_study()])
    path = tmp_path / "index" / "generations" / manifest.generation / "embeddings.npy"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    mended = build(tmp_path / "index", [make_study()])
    assert mended.reused.passages == 0
    assert open_generation(tmp_path / "index").manifest == mended


def test_a_deleted_study_is_gone_from_every_part(tmp_path: Path) -> None:
    """Its id and words are in no file of the next generation, in no vector, and no search finds it."""
    word = "xylophonic"
    doomed = make_study(
        "gone2019", title=f"A {word} title", what_they_found=f"The {word} cells helped. Nobody {word} died."
    )
    build(tmp_path / "index", [make_study("doe2020"), doomed])
    assert found(tmp_path / "index", word)[0] == "gone2019"
    manifest = build(tmp_path / "index", [make_study("doe2020")])

    generation = open_generation(tmp_path / "index")
    for path in (path for path in generation.folder.rglob("*") if path.is_file()):
        content = path.read_bytes().lower()
        assert word[:8].encode() not in content, path
        assert b"gone2019" not in content, path
    lexical = LexicalIndex.open(generation.lexical_folder, count=manifest.counts.passages)
    assert len(lexical.search(word, 10)[0]) == 0
    assert "gone2019" not in found(tmp_path / "index", f"{word} cells helped nobody died")
    vectors = np.asarray(generation.embeddings())
    buried = ToyEncoder().encode(
        [f"A {word} title: what they found {doomed.section('what-they-found').text}"]
    )
    assert float((vectors @ buried[0]).max()) < 0.9
    token = ToyEncoder().encode_tokens([word])[0].vectors[0]
    store = generation.sentences()
    assert store is not None
    left = np.concatenate(
        [own.tokens for passage in range(manifest.counts.passages) for own in store.of(passage)]
    )
    assert float((left @ token).max()) < 0.9


def test_a_document_is_encoded_once(tmp_path: Path) -> None:
    """Documents that are no studies go through the same store, and their embeddings are reused too."""
    folder = tmp_path / "index"
    texts = documents("Kidneys healed. Nobody died.", "", "Pain was less. \ud83d broken \x00 text")
    build_passages_index(texts, folder, ToyEncoder(), corpus_sha256=SHA, progress=False)
    again = ToyEncoder()
    manifest = build_passages_index(texts, folder, again, corpus_sha256=SHA, progress=False)
    opened = PassageIndex.load(folder, ToyEncoder())
    assert manifest.splitting_version is None
    assert (manifest.counts.studies, manifest.counts.sentences) == (0, 3)
    assert (manifest.reused.passages, again.encoded) == (3, 0)
    assert len(opened.sentences) == 3
    assert list(opened.passages) == texts
    assert opened.search("kidneys", 1)[0].passage.passage_id == "d0"


def test_shows_progress_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The bar goes to stderr and reaches its end; without it a build is silent."""
    build(tmp_path / "index", [make_study()])
    assert capsys.readouterr() == ("", "")
    build_index(
        [make_study()], tmp_path / "index", ToyEncoder(), drafts=False, corpus_sha256=SHA, progress=True
    )
    out, err = capsys.readouterr()
    assert out == ""
    assert "Building the index: 100%" in err
    assert "14/14" in err


def test_two_generations_are_kept(tmp_path: Path) -> None:
    """The generation in use and the one before it stay; older ones go."""
    ids = [build(tmp_path / "index", [make_study()]).generation for _ in range(4)]
    kept = {path.name for path in (tmp_path / "index" / "generations").iterdir()}
    assert kept == set(ids[2:])
    assert (tmp_path / "index" / "current").read_text().split() == [ids[3], ids[2]]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the library, indexed by the toy encoder instead of the real model."""
    monkeypatch.setattr(index.build, "ensure_encoder", lambda _model, _encoders: ToyEncoder())
    return Path(shutil.copytree(LIBRARY, tmp_path / "library"))


def build_folder(folder: Path, index_folder: Path) -> Manifest:
    return build_library(
        folder, index_folder, "toy", folder.parent / "encoders", drafts=False, progress=False
    )


def test_a_library_folder_becomes_an_index(library: Path, tmp_path: Path) -> None:
    """The studies and glossary of a folder are indexed under the folder's hash."""
    manifest = build_folder(library, tmp_path / "index")
    generation = open_generation(tmp_path / "index", corpus_sha256=corpus_sha256(library))
    terms = json.loads(generation.glossary() or b"")
    assert manifest.counts.studies == len(generation.studies()) > 0
    assert [term["term"] for term in terms] == [t.term for t in load_glossary(library / GLOSSARY_NAME).terms]


def test_a_changed_library_makes_the_index_stale(library: Path, tmp_path: Path) -> None:
    """One changed letter in a study file is enough."""
    build_folder(library, tmp_path / "index")
    path = next(library.glob("*20*.md"))
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(StaleIndexError, match="the library has changed"):
        open_generation(tmp_path / "index", corpus_sha256=corpus_sha256(library))


def test_a_broken_library_leaves_the_index_alone(library: Path, tmp_path: Path) -> None:
    """A file that cannot be read stops the build before anything is written."""
    before = build_folder(library, tmp_path / "index")
    path = next(library.glob("*20*.md"))
    path.write_text("---\nid: [\n---\n")
    with pytest.raises(StudyFileError, match=path.name):
        build_folder(library, tmp_path / "index")
    with pytest.raises(LibraryError, match="no such folder"):
        build_folder(tmp_path / "nowhere", tmp_path / "index")
    assert open_generation(tmp_path / "index").manifest == before
