import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.studies import LIBRARY
from plaincite import cli
from tests.conftest import ROOT, Served, settings_for
from tests.registers import export

Run = Callable[..., "subprocess.CompletedProcess[str]"]
SUMMARY = (LIBRARY / "deng2017.md").read_text(encoding="utf-8")


@pytest.fixture
def run(real_index: Path) -> Run:
    """Runs the real command in a process of its own."""

    def run(*arguments: str, **given: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "plaincite", *arguments],
            cwd=ROOT,
            env=settings_for(real_index, **given),
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def assert_refused(done: "subprocess.CompletedProcess[str]", says: str) -> None:
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr


def test_ask_answers_in_words(run: Run) -> None:
    """`ask` prints quotes, their sources and the disclaimer."""
    done = run("ask", "did it help the kidneys?")
    assert done.returncode == 0
    assert "\u201c" in done.stdout
    assert "not medical advice" in " ".join(done.stdout.split())


def test_ask_json_is_the_answer_of_the_api(run: Run) -> None:
    """`ask --json` prints the contract's names, quotes and offsets."""
    answer = json.loads(run("ask", "did it help the kidneys?", "--json").stdout)
    assert answer["outcome"] == "answered"
    citation = answer["statements"][0]["citation"]
    assert {"number", "study_id", "section", "start", "end", "source_sha256"} <= set(citation)
    assert {"disclaimer", "answer_id", "corpus_version", "index_generation", "terms", "contrast"} <= set(
        answer
    )


def test_ask_batch_answers_line_by_line(run: Run, tmp_path: Path) -> None:
    """`ask --batch` writes one line a line, in order, whatever comes."""
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"question": "is it safe?"}\nnonsense\n{"question": "what dose was used?"}\n')
    done = run("ask", "--batch", str(questions))
    assert done.returncode == 0
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line.get("outcome", "error" in line) for line in outcomes] == ["answered", True, "answered"]


def test_search_shows_hits_with_scores(run: Run) -> None:
    """`search` prints ranked passages, as text and as JSON."""
    hits = json.loads(run("search", "lung bleeding", "-k", "3", "--json").stdout)
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert hits[0]["study_id"] == "liang2010_dah"
    assert {"score", "dense", "lexical", "passage_id"} <= set(hits[0])
    assert "liang2010_dah" in run("search", "lung bleeding").stdout


def test_info_tells_what_is_indexed(run: Run) -> None:
    """`index info` names generation, encoder and counts, as text and as JSON."""
    info = json.loads(run("index", "info", "--json").stdout)
    assert info["counts"]["studies"] == 13
    assert info["generation"] in run("index", "info").stdout


def test_check_passes_the_shipped_library(run: Run) -> None:
    """`corpus check` finds nothing wrong with the shipped library and tells its reading grades."""
    done = run("corpus", "check")
    assert done.returncode == 0, done.stdout
    assert "studies: 13, published: 13" in done.stdout


def test_check_lists_faults_and_exits_with_1(run: Run, tmp_path: Path) -> None:
    """A fault is listed with its file and line, and the exit code is 1."""
    (tmp_path / "glossary.yaml").write_text((LIBRARY / "glossary.yaml").read_text(encoding="utf-8"))
    (tmp_path / "deng2017.md").write_text(SUMMARY.replace("9 of 12 people", "11 of 12 people", 1))
    done = run("corpus", "check", str(tmp_path))
    assert done.returncode == 1
    assert re.search(r"deng2017\.md:\d+: ", done.stdout)


def test_build_then_ask_a_library_of_ones_own(run: Run, tmp_path: Path) -> None:
    """A folder of summaries is built into its own index and answered from, drafts only when asked for."""
    own, index = tmp_path / "own", tmp_path / "index"
    own.mkdir()
    (own / "deng2017.md").write_text(SUMMARY.replace("status: published", "status: draft"))
    assert_refused(run("index", "build", "--corpus", str(own), "--index", str(index)), "no published study")
    built = run("index", "build", "--corpus", str(own), "--index", str(index), "--drafts")
    assert built.returncode == 0, built.stderr
    assert "1 studies" in built.stdout or "1 study" in built.stdout
    answer = json.loads(
        run("ask", "who paid for it?", "--index", str(index), "--json", CORPUS=str(own)).stdout
    )
    assert [card["study_id"] for card in answer["studies"]] == ["deng2017"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask"], "question"),
        (["ask", ""], "question"),
        (["ask", "x" * 1001], "1,000"),
        (["ask", "--batch", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["ask", "why?", "--index", "no-such-index"], "plaincite index build"),
        (["search", "why?", "-k", "0"], "-k"),
        (["frobnicate"], "frobnicate"),
        (["corpus", "check", "no-such-folder"], "no-such-folder"),
        (["index", "build", "--corpus", "no-such-folder"], "no-such-folder"),
        (["index", "info", "--index", "no-such-index"], "plaincite index build"),
        (["serve", "--port", "99999999"], "port"),
        (
            ["embed", "--origin", "clinic.example"],
            "--origin': clinic.example is no origin; write each as https://",
        ),
        (["embed", "--server", "https://a.example/ask"], "--server': https://a.example/ask is no address"),
        (["embed", "--language", "xx"], "--language: there is no xx, only en"),
        (["embed", "--mode", "popup"], "popup"),
    ],
)
def test_wrong_usage_ends_in_one_line_and_2(run: Run, arguments: list[str], says: str) -> None:
    """Wrong usage and unusable input exit with 2 and one line on stderr."""
    assert_refused(run(*arguments), says)


def test_embed_prints_lines_and_policy(run: Run) -> None:
    """`embed` prints the script with its hash, the element, and the policy of a page that may ask."""
    page = ["--server", "https://answers.example.org", "--origin", "https://clinic.example"]
    done = run("embed", *page, "--site", "clinic", SITES="clinic=https://clinic.example")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(
        r'^<script src="https://answers\.example\.org/ask\.js\?v=[0-9a-f]{8}" integrity="sha384-[\w+/]{64}" '
        r'crossorigin="anonymous" defer></script>$',
        done.stdout,
        re.MULTILINE,
    )
    assert '\n<plaincite-ask site="clinic"><a href="https://answers.example.org/">' in done.stdout
    assert (
        "\nscript-src https://answers.example.org; connect-src https://answers.example.org\n" in done.stdout
    )
    assert done.stdout.endswith("https://clinic.example may ask.\n")


def test_embed_tells_what_is_in_the_way(run: Run) -> None:
    """`embed` exits with 1 where the page may not ask, with the setting that lets it."""
    done = run("embed", "--origin", "https://clinic.example", ORIGINS="https://other.example")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1].endswith(
        "PLAINCITE_ORIGINS=https://other.example,https://clinic.example"
    )


def test_embed_looks_at_a_running_service(run: Run, server: Served) -> None:
    """`embed --check` compares script and leave of the running service, and exits with 1 on a fault."""
    listed = ["--server", server.url, "--origin", "http://localhost:8123", "--check"]
    good = run("embed", *listed, ORIGINS="http://localhost:8123")
    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "http://localhost:8123 may ask.")
    other = run("embed", "--server", server.url, "--origin", "https://clinic.example", "--check")
    assert other.returncode == 1
    assert f"{server.url} does not let https://clinic.example ask" in other.stdout
    away = run("embed", "--server", "http://127.0.0.1:1", "--check")
    assert (away.returncode, away.stderr) == (1, "")
    assert "http://127.0.0.1:1 cannot be reached" in away.stdout


def test_output_that_nobody_reads_is_no_fault(real_index: Path) -> None:
    """A reader that goes away (`| head -1`) ends the command quietly."""
    asking = subprocess.Popen(
        [sys.executable, "-m", "plaincite", "ask", "is it safe?"],
        cwd=ROOT,
        env=settings_for(real_index),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert asking.stdout is not None
    asking.stdout.close()
    assert asking.stderr is not None
    with asking.stderr as errors:
        assert errors.read() == ""
    assert asking.wait() == 0


def test_help_loads_no_model() -> None:
    """`plaincite --help` answers at once: neither a model runtime nor a web framework is imported for it."""
    code = (
        "import sys, plaincite; plaincite.run(['--help']);"
        "print([m for m in ('torch', 'onnxruntime', 'faiss', 'fastapi') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_asking_never_imports_torch(real_index: Path) -> None:
    """Answering a question runs without torch, sentence-transformers and transformers."""
    code = (
        "import sys, plaincite; plaincite.run(['ask', 'is it safe?']);"
        "print([m for m in ('torch', 'sentence_transformers', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=settings_for(real_index),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_commands_of_the_contract_are_there() -> None:
    """The commands that scripts rely on exist under their names."""
    groups = {
        name: set(command.commands) for name, command in cli.commands.items() if hasattr(command, "commands")
    }
    assert set(cli.commands) == {
        "ask",
        "corpus",
        "embed",
        "evaluate",
        "index",
        "search",
        "serve",
        "strings",
    }
    assert groups["corpus"] == {"check", "import", "retractions"}
    assert groups["index"] == {"build", "info"}
    assert groups["evaluate"] >= {"retrieval", "evidence", "answers", "screening"}


def test_ask_after_another_question(run: Run) -> None:
    """`ask --after` reads a short question together with the one before, and says so."""
    done = run("ask", "who paid for it?", "--after", "What did the Deng trial find?")
    assert "We read this together with your question before it." in done.stdout
    assert "Beike" in done.stdout


def test_after_and_batch_do_not_go_together(run: Run, tmp_path: Path) -> None:
    """With a file, the question before stands in its lines: one line on stderr says so."""
    done = run("ask", "--batch", str(tmp_path / "none.jsonl"), "--after", "does it work?")
    assert done.returncode == 2
    assert "previous" in done.stderr


def test_ask_speaks_another_language(run: Run) -> None:
    """`--language es` says the fixed words in Spanish; a language that is not there is refused."""
    told = " ".join(run("ask", "--language", "es", "me duele el pecho y no puedo respirar").stdout.split())
    assert "ESTO PUEDE SER UNA EMERGENCIA. LLAME AL 911 AHORA MISMO." in told
    assert "No es un consejo médico" in told
    assert_refused(run("ask", "--language", "fr", "does it help?"), "there is no fr, only en, es")


def test_retractions_are_told_and_end_in_1_until_they_are_marked(run: Run, tmp_path: Path) -> None:
    """`corpus retractions` prints what an export says of a library; a match that is marked is no finding."""
    register = tmp_path / "export.csv"
    paper = {"OriginalPaperDOI": "10.1136/ANNRHEUMDIS-2017-211073", "OriginalPaperPubMedID": "0"}
    register.write_bytes(export(paper))
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "deng2017.md").write_text(SUMMARY, encoding="utf-8")
    done = run("corpus", "retractions", str(register), "--corpus", str(folder))
    assert done.returncode == 1
    assert "deng2017 (published): Retraction, 6 February 2010, by DOI, record 4036" in done.stdout
    mark = "marks:\n  - kind: retraction\n    note: Known\nfacts:\n"
    (folder / "deng2017.md").write_text(SUMMARY.replace("facts:\n", mark, 1), encoding="utf-8")
    done = run("corpus", "retractions", str(register), "--corpus", str(folder))
    assert done.returncode == 0
    assert "matches: 0 new, 1 marked already" in done.stdout
    assert_refused(run("corpus", "retractions", str(folder / "deng2017.md")), "was expected")
    assert_refused(run("corpus", "retractions", str(tmp_path / "none.csv")), "No such file")
