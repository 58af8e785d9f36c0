"""`plaincite evaluate compare` from its command line to its exit code."""

import json
from pathlib import Path

import pytest

from plaincite import run
from tests.comparisons import ranked, run_of, write_collection, write_runs

RUNS = {"one": run_of([2] * 12), "other": run_of([1] * 12)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A collection with two runs, in the folder that the command runs in."""
    write_collection(tmp_path)
    write_runs(tmp_path, RUNS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compare(*arguments: str) -> int:
    return run(["evaluate", "compare", *arguments])


@pytest.mark.usefixtures("folder")
def test_prints_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """Text on stdout, nothing on stderr, exit code 0; --show limits the examples."""
    assert compare("one.run", "other.run", "--qrels", "qrels.txt", "--show", "1") == 0
    out, err = capsys.readouterr()
    assert out.startswith("Comparison: 2 runs, 12 judged questions; baseline: one\n")
    assert "no corpus was given: passages are shown by their ids" in out
    assert out.count("relevant document;") == 1
    assert err == ""


@pytest.mark.usefixtures("folder")
def test_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    """--json is one object; --baseline and --measure are heeded."""
    arguments = ("--qrels", "qrels.txt", "--json", "--baseline", "other", "--measure", "P@1")
    assert compare("one.run", "other.run", *arguments) == 0
    value = json.loads(capsys.readouterr().out)
    assert list(value["measures"]) == ["other", "one"]
    assert (value["rows"][0]["run"], value["rows"][0]["losses"]) == ("one", 12)
    assert value["settings"]["leading_measure"] == "P@1"


def test_writes_a_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--html writes the page with texts; the terminal keeps the tables and leaves it the examples."""
    arguments = ("--qrels", "qrels.txt", "--corpus", "corpus.jsonl", "--queries", "queries.jsonl")
    assert compare("one.run", "other.run", *arguments, "--html", "page.html") == 0
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "What of 3?" in page
    assert page.endswith("</html>")
    assert "LARGEST" not in capsys.readouterr().out


def test_a_beir_folder_gives_judgments_and_texts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--beir and --split stand for --qrels, --corpus and --queries."""
    (folder / "qrels").mkdir()
    lines = [f"q{n}\tright-{n}\t1\n" for n in range(12)]
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(lines))
    assert compare("one.run", "other.run", "--beir", ".", "--split", "dev") == 0
    assert "What of 3?" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["one.run", "--qrels", "qrels.txt"], "at least two runs"),
        (["one.run", "other.run"], "--qrels FILE"),
        (["one.run", "other.run", "--beir", "."], "--beir DIR --split NAME"),
        (["one.run", "other.run", "--qrels", "qrels.txt", "--split", "dev"], "--beir DIR --split NAME"),
        (["one.run", "other.run", "--beir", ".", "--split", "dev"], "there is no such file"),
        (["one.run", "one.run", "--qrels", "qrels.txt"], "a run is given twice"),
        (["one.run", "missing.run", "--qrels", "qrels.txt"], "missing.run: it cannot be read"),
        (["one.run", "other.run", "--qrels", "missing"], "missing: it cannot be read"),
        (["one.run", "other.run", "--qrels", "qrels.txt", "--baseline", "x"], "the runs are: one, other"),
        (["one.run", "other.run", "--qrels", "qrels.txt", "--measure", "MAP"], "the measures are: nDCG@10"),
        (["one.run", "other.run", "--qrels", "qrels.txt", "--html", "one.run"], "name another for the page"),
        (["one.run", "other.run", "--qrels", "qrels.txt", "--html", "no/page.html"], "there is no folder no"),
        (["one.run", "other.run", "--qrels", "qrels.txt", "--show", "-1"], "--show"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_wrong_usage_ends_in_one_line_and_2(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be done is said in one line on stderr, and nothing is printed."""
    assert compare(*arguments) == 2
    out, err = capsys.readouterr()
    assert says in err
    assert len(err.splitlines()) == 1
    assert out == ""


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("other.run", "", "other.run: it has no lines"),
        ("other.run", "q0 Q0 right-0 1 0.9 t\nq0 Q0 wrong-0 2 0.", "other.run:2: 5 columns instead of 6"),
        ("other.run", "q0 Q0 a 1 0.9 tag\nq0 Q0 b 2 0.8 ta", "other.run:2: the tag 'ta' instead of 'tag'"),
        ("other.run", "q0 Q0 a 1 0.9 t\nq0 Q0 a 2 0.8 t\n", "other.run:2: document a comes twice"),
        ("other.run", "x0 Q0 a 1 0.9 t\n", "other.run: not one of its 1 question is judged"),
        ("qrels.txt", "", "qrels.txt: it has no judgments"),
        ("qrels.txt", "q0 0 right-0 1\nq1 0 right-1", "qrels.txt:2: 3 columns instead of 4"),
        ("qrels.txt", "q0 0 right-0 one\n", "qrels.txt:1: the relevance 'one' is no whole number"),
        ("qrels.txt", "q0 0 right-0 1\nq0 0 right-0 0\n", "qrels.txt:2: document right-0 is judged twice"),
        (
            "corpus.jsonl",
            '{"_id": "a", "text": "x"}\n{"_id": "b", ',
            "corpus.jsonl:2: not a whole line of JSON",
        ),
        ("corpus.jsonl", '{"_id": "a", "text": "x"}\n', "corpus.jsonl: it has none of the documents"),
        ("queries.jsonl", '{"_id": "q0", "text": "x"}\n' * 2, "queries.jsonl:2: the id q0 stands twice"),
    ],
)
def test_an_unusable_file_ends_in_one_line_with_its_place(
    folder: Path, name: str, content: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Empty, cut, doubled, contradictory, foreign: file and line, exit code 2, and no page half made."""
    (folder / name).write_text(content)
    arguments = ("--qrels", "qrels.txt", "--corpus", "corpus.jsonl", "--queries", "queries.jsonl")
    assert compare("one.run", "other.run", *arguments, "--html", "page.html") == 2
    out, err = capsys.readouterr()
    assert err.startswith(f"plaincite: {says}")
    assert len(err.splitlines()) == 1
    assert out == ""
    assert not list(folder.glob("*page.html*"))


def test_what_can_be_used_but_is_odd_is_told_beside_the_table(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unknown ids and missing questions are counted where the figures stand, in text and in JSON."""
    odd = {**run_of([1] * 9), "q77": ranked("right-0", "unknown-1")}
    odd["q0"] = ranked("right-0", "unknown-1", "unknown-2")
    write_runs(folder, {"odd": odd})
    arguments = ("one.run", "odd.run", "--qrels", "qrels.txt", "--corpus", "corpus.jsonl")
    assert compare(*arguments, "--json") == 0
    remarks = json.loads(capsys.readouterr().out)["remarks"]
    assert "odd: 1 question of the run not judged: left out (the first is q77)" in remarks
    assert "odd: 3 judged questions without hits: counted 0 (the first is q9)" in remarks
    assert "odd: 2 documents not in the corpus: shown without text (the first is unknown-1)" in remarks
    assert compare(*arguments) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert all(" ".join(remark.split()) in text for remark in remarks)
