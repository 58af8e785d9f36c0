"""Measuring search on a toy collection, end to end."""

import json
from pathlib import Path

import pytest

from evaluation.errors import InputFileError
from evaluation.measures import RETRIEVAL, means, measure_questions
from evaluation.retrieval import evaluate_retrieval
from evaluation.runs import read_run, read_tagged_run, write_run
from evaluation.searches import DENSE, DEPTH, LEXICAL, RANKS, SHIPPED, fuse_ranks
from index.fusion import Fusion
from plaincite import run as plaincite
from tests.conftest import ENCODERS
from tests.toy import ToyEncoder

SUBJECTS = ("kidney", "heart", "lung", "liver", "skin", "brain", "blood", "bone")


def collection(folder: Path) -> Path:
    """Eight questions, each with one document that names its subject twice, and others that name none."""
    (folder / "qrels").mkdir(parents=True)
    documents = [
        {"_id": f"d-{word}", "title": f"The {word}", "text": f"A trial of the {word} in people."}
        for word in SUBJECTS
    ]
    documents += [{"_id": f"x{n}", "title": "", "text": f"word{n} other{n % 7} people"} for n in range(120)]
    queries = [{"_id": f"q-{word}", "text": f"did the {word} get better?"} for word in SUBJECTS]
    # A question asked with a document of the collection: that document must not be its own answer.
    queries.append({"_id": "d-kidney", "text": "The kidney A trial of the kidney in people."})
    (folder / "corpus.jsonl").write_text("".join(json.dumps(item) + "\n" for item in documents))
    (folder / "queries.jsonl").write_text("".join(json.dumps(item) + "\n" for item in queries))
    judgments = [f"q-{word}\td-{word}\t1" for word in SUBJECTS] + ["d-kidney\td-heart\t1"]
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n" + "\n".join(judgments) + "\n")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return collection(tmp_path / "toy")


def test_measures_a_collection(folder: Path, tmp_path: Path) -> None:
    """Every judged question is searched; the subject's document comes first."""
    report, run = evaluate_retrieval(folder, "dev", ToyEncoder(), tmp_path / "cache")
    assert set(report.measures) == set(RETRIEVAL)
    assert report.counts == {"questions": 9, "documents": 128, "unanswered": 0}
    assert [run[f"q-{word}"][0].document for word in SUBJECTS] == [f"d-{word}" for word in SUBJECTS]
    assert report.measures["P@1"] == pytest.approx((8 + (run["d-kidney"][0].document == "d-heart")) / 9)
    for name, (low, high) in report.intervals.items():
        assert low <= (report.measures[name] or 0) <= high


def test_a_document_with_the_questions_own_id_is_left_out(folder: Path, tmp_path: Path) -> None:
    """As BEIR does; the run still has as many documents as were asked for."""
    _, run = evaluate_retrieval(folder, "dev", ToyEncoder(), tmp_path / "cache")
    assert "d-kidney" not in [item.document for item in run["d-kidney"]]
    assert "d-kidney" in [item.document for item in run["q-kidney"]]
    assert {len(found) for found in run.values()} == {DEPTH}


def test_the_report_says_what_a_repetition_needs(folder: Path, tmp_path: Path) -> None:
    """Hashes of all three files, index generation, model, configuration and seed."""
    encoder = ToyEncoder()
    report, _ = evaluate_retrieval(folder, "dev", encoder, tmp_path / "cache")
    settings = report.settings
    assert settings["model_sha256"] == encoder.sha256
    assert settings["lexical_weight"] == Fusion().lexical_weight
    for name in ("corpus_sha256", "queries_sha256", "qrels_sha256"):
        assert len(str(settings[name])) == 64
    assert settings["index_generation"]
    assert isinstance(settings["seed"], int)
    assert json.loads(json.dumps(report.to_json()))["measures"] == dict(report.measures)


def test_the_index_is_built_once(folder: Path, tmp_path: Path) -> None:
    """A second measurement takes the index from the cache and gives the same figures."""
    encoder = ToyEncoder()
    first, _ = evaluate_retrieval(folder, "dev", encoder, tmp_path / "cache")
    encoded = encoder.encoded
    second, _ = evaluate_retrieval(folder, "dev", encoder, tmp_path / "cache")
    assert encoder.encoded - encoded == 9
    assert (first.measures, first.settings) == (second.measures, second.settings)


@pytest.mark.parametrize("change", ["corpus", "encoder", "damage"])
def test_the_index_is_built_anew_when_it_no_longer_fits(folder: Path, tmp_path: Path, change: str) -> None:
    """Other documents, another encoder or a damaged file lead to a new index, not to old figures."""
    cache = tmp_path / "cache"
    evaluate_retrieval(folder, "dev", ToyEncoder(), cache)
    encoder = ToyEncoder(name="another") if change == "encoder" else ToyEncoder()
    if change == "corpus":
        path = folder / "corpus.jsonl"
        path.write_text(path.read_text() + '{"_id": "new", "text": "kidney kidney"}\n')
    if change == "damage":
        for path in cache.rglob("dense.faiss"):
            path.write_bytes(path.read_bytes()[:-9])
    report, _ = evaluate_retrieval(folder, "dev", encoder, cache)
    assert report.counts["documents"] == (129 if change == "corpus" else 128)
    assert report.settings["model"] == encoder.name
    assert encoder.encoded >= 9


def test_the_measures_of_the_written_run_are_those_of_the_report(folder: Path, tmp_path: Path) -> None:
    """What --run-out writes can be measured again with the same result."""
    report, run = evaluate_retrieval(folder, "dev", ToyEncoder(), tmp_path / "cache")
    write_run(tmp_path / "run", run, "plaincite")
    qrels = {f"q-{word}": {f"d-{word}": 1} for word in SUBJECTS} | {"d-kidney": {"d-heart": 1}}
    assert means(measure_questions(qrels, read_run(tmp_path / "run"), RETRIEVAL)) == report.measures


def test_other_settings_can_be_measured(folder: Path, tmp_path: Path) -> None:
    """The report names the setting that was used instead of the shipped one, and what it sets."""
    report, _ = evaluate_retrieval(folder, "dev", ToyEncoder(), tmp_path / "cache", setting=LEXICAL)
    settings = report.settings
    assert settings["setting"] == LEXICAL
    assert (settings["lexical_weight"], settings["feedback_passages"]) == (1.0, 0)


def test_ranks_are_those_of_the_two_searches_fused(folder: Path, tmp_path: Path) -> None:
    """Reciprocal ranks come from the runs that dense search and BM25 give by themselves; they differ."""
    runs = {
        name: evaluate_retrieval(folder, "dev", ToyEncoder(), tmp_path / "cache", setting=name).run
        for name in (SHIPPED, DENSE, LEXICAL, RANKS)
    }
    assert runs[RANKS] == fuse_ranks(runs[DENSE], runs[LEXICAL])
    assert all(runs[one] != runs[other] for one in runs for other in runs if one != other)


def test_progress_is_told_while_questions_are_encoded(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a terminal there is a bar over all nine questions, before they are searched."""
    evaluate_retrieval(folder, "dev", ToyEncoder(), tmp_path / "cache")
    capsys.readouterr()
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    evaluate_retrieval(folder, "dev", ToyEncoder(), tmp_path / "cache", progress=True)
    shown = capsys.readouterr().err
    assert "Encoding the questions: 100%" in shown
    assert shown.index("Encoding the questions: 100%") < shown.index("Searching")
    assert "9/9" in shown


@pytest.mark.usefixtures("real_index")
def test_the_command_writes_a_baselines_run(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """--setting bm25 --run-out writes BM25's run, with the setting in its tag, for `evaluate compare`."""
    monkeypatch.setenv("PLAINCITE_ENCODERS", str(ENCODERS))
    command = ["evaluate", "retrieval", str(folder), "--split", "dev", "--cache", str(tmp_path / "cache")]
    out = tmp_path / "bm25.run"
    assert plaincite([*command, "--setting", "bm25", "--run-out", str(out), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["settings"]["setting"] == LEXICAL
    written = read_tagged_run(out)
    assert written.tag == "plaincite-bm25"
    assert written.run["q-kidney"][0].document == "d-kidney"
    # BM25 says nothing of documents without the question's words.
    assert {len(found) for found in written.run.values()} != {DEPTH}


def test_one_setting_or_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    """--setting is refused beside --compare, and so is a name that is none."""
    command = ["evaluate", "retrieval", "beir", "--split", "dev"]
    assert plaincite([*command, "--compare", "--setting", "bm25"]) == 2
    assert "--compare measures every setting" in capsys.readouterr().err
    assert plaincite([*command, "--setting", "best"]) == 2
    assert "'shipped', 'dense', 'bm25', 'ranks'" in capsys.readouterr().err


def test_nothing_is_built_for_a_split_that_is_not_there(folder: Path, tmp_path: Path) -> None:
    """A mistyped split is told before any work is done."""
    with pytest.raises(InputFileError, match="the splits here are: dev"):
        evaluate_retrieval(folder, "test", ToyEncoder(), tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
