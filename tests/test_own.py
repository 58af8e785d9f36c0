"""Measuring search over the library itself, with its own questions."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.passages import Passage
from corpus.studies import LIBRARY, load_studies
from evaluation.errors import FailedQuestionError, IncompleteRunError
from evaluation.measures import means, measure_questions
from evaluation.own import MEASURES, by_study, report_own, search_own, steps
from evaluation.qrels import read_qrels, write_qrels
from evaluation.questions import Question, read_questions
from evaluation.runs import Scored, read_run, write_run
from evaluation.searches import DENSE, LEXICAL, RANKS, SHIPPED, SLUGS, fuse_ranks, settings
from index.encoder import TokenVectors
from index.search import Hit, PassageIndex
from plaincite import run
from tests.conftest import ENCODERS
from tests.toy import ToyEncoder

LINES: tuple[dict[str, Any], ...] = (
    {
        "id": "k1",
        "question": "lung bleeding",
        "kind": "keyword",
        "split": "tuning",
        "outcome": "answered",
        "studies": {"liang2010_dah": 3},
    },
    {
        "id": "n1",
        "question": "what did the Deng trial with a placebo find for the kidneys?",
        "kind": "named",
        "split": "held_out",
        "outcome": "answered",
        "studies": {"deng2017": 3, "zhou2020": 1},
    },
    {"id": "m1", "question": "what does it cost?", "kind": "near miss", "outcome": "no_evidence"},
    {"id": "u1", "question": "did it help anyone?", "kind": "vague", "outcome": "answered"},
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return path


@pytest.fixture
def questions(file: Path) -> tuple[Question, ...]:
    return read_questions(file, {study.study_id: study for study in load_studies(LIBRARY)})


@pytest.fixture
def index(toy_index: Path) -> PassageIndex:
    return PassageIndex.load(toy_index, ToyEncoder())


@pytest.fixture
def command(file: Path, real_index: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """`evaluate retrieval` over the library that comes along, with the questions above."""
    monkeypatch.setenv("PLAINCITE_ENCODERS", str(ENCODERS))
    return ["evaluate", "retrieval", "--index", str(real_index), "--questions", str(file), "--json"]


def hit(study_id: str, score: float, rank: int) -> Hit:
    passage = Passage(f"{study_id}#{rank}", study_id, "", "key-messages", 0, "text", ())
    return Hit(passage=passage, score=score, rank=rank, dense=0.0, lexical=0.0)


def test_a_study_stands_where_its_best_passage_does() -> None:
    """Its further passages do not count, and neither push others down."""
    hits = [hit("a", 0.9, 1), hit("b", 0.8, 2), hit("a", 0.7, 3), hit("c", 0.6, 4), hit("b", 0.1, 5)]
    assert by_study((hit, hit.score) for hit in hits) == [
        Scored("a", 0.9),
        Scored("b", 0.8),
        Scored("c", 0.6),
    ]


def test_the_baselines_are_searched_in_the_same_run(
    questions: tuple[Question, ...], index: PassageIndex
) -> None:
    """Dense and BM25 alone stand beside the shipped search, which is in use again afterwards."""
    shipped, told = index.fusion, list[None]()
    searched = search_own(questions, index, progress=lambda: told.append(None))
    assert set(searched.runs) == {SHIPPED, DENSE, LEXICAL}
    assert len(told) == steps(questions) == 6
    assert index.fusion == shipped
    every = set(index.studies)
    assert {item.document for item in searched.runs[SHIPPED]["k1"]} == every
    # BM25 alone has nothing to say of a study without the words.
    assert searched.runs[LEXICAL]["k1"][0].document == "liang2010_dah"
    assert {item.document for item in searched.runs[LEXICAL]["k1"]} < every


def test_only_questions_with_an_answer_are_searched(
    questions: tuple[Question, ...], index: PassageIndex
) -> None:
    """What is not to be answered, or names no study, is left out; without any other there is no run."""
    searched = search_own(questions, index)
    report = report_own(questions, searched, title="Own", settings={})
    assert list(searched.qrels) == ["k1", "n1"]
    assert (report.counts["questions"], report.counts["left out"]) == (2, 2)
    with pytest.raises(IncompleteRunError, match="nothing to search for"):
        search_own(questions[2:], index)


def test_what_is_searched_may_differ_from_what_was_typed(
    questions: tuple[Question, ...], index: PassageIndex
) -> None:
    """A query that is empty finds nothing by words, whatever was typed."""
    typed = search_own(questions, index)
    emptied = search_own(questions, index, query=lambda _: "")
    assert any(typed.runs[LEXICAL].values())
    assert not any(emptied.runs[LEXICAL].values())


def test_the_report_has_a_row_a_search_and_a_group_a_kind(
    questions: tuple[Question, ...], index: PassageIndex
) -> None:
    """The measures are the shipped search's; it does not differ from itself."""
    searched = search_own(questions, index)
    report = report_own(questions, searched, title="Own", settings={"model": "toy"})
    rows = {row["search"]: row for row in report.rows}
    assert list(report.measures) == list(MEASURES)
    assert list(rows) == [SHIPPED, DENSE, LEXICAL]
    assert rows[SHIPPED]["p"] == 1.0
    assert {name: rows[SHIPPED][name] for name in MEASURES} == report.measures
    groups = {group["group"]: group for group in report.groups}
    assert list(groups) == ["kind: keyword", "kind: named"]
    assert groups["kind: named"][f"nDCG@10, {LEXICAL}"] == searched.values[LEXICAL]["nDCG@10"]["n1"]
    assert all(low <= (report.measures[name] or 0) <= high for name, (low, high) in report.intervals.items())


def test_every_setting_can_be_compared(questions: tuple[Question, ...], index: PassageIndex) -> None:
    """One run a setting, those of `evaluate retrieval --compare` on a BEIR folder; progress counts each."""
    told = list[None]()
    others = [*settings(), RANKS]
    searched = search_own(questions, index, others=others, progress=lambda: told.append(None))
    assert list(searched.runs) == [*settings(), RANKS]
    assert len(told) == steps(questions, others)
    assert searched.runs[RANKS] == fuse_ranks(searched.runs[DENSE], searched.runs[LEXICAL])


def test_the_report_can_be_of_another_setting(questions: tuple[Question, ...], index: PassageIndex) -> None:
    """Its measures and times are that search's; p stays against the shipped settings."""
    searched = search_own(questions, index)
    report = report_own(questions, searched, title="Own", settings={}, setting=LEXICAL)
    rows = {row["search"]: row for row in report.rows}
    assert report.measures == means(searched.values[LEXICAL])
    assert report.settings["setting"] == LEXICAL
    assert rows[SHIPPED]["p"] == 1.0


def test_a_search_that_fails_is_named_and_leaves_the_index_as_it_was(
    questions: tuple[Question, ...], toy_index: Path
) -> None:
    """The error has the question's id, and the shipped settings are in use again."""

    class Broken(ToyEncoder):
        def _tokens(self, text: str) -> TokenVectors:
            raise OSError(f"the disk is gone before {text}")

    index = PassageIndex.load(toy_index, Broken())
    shipped = index.fusion
    with pytest.raises(
        FailedQuestionError, match="question k1 failed with OSError: the disk is gone before lung"
    ):
        search_own(questions, index)
    assert index.fusion == shipped


def test_the_command_measures_the_library_that_comes_along(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a BEIR folder the library is searched; the written run and judgments give the same figures."""
    out, judged = tmp_path / "run", tmp_path / "qrels"
    assert run([*command, "--run-out", str(out), "--qrels-out", str(judged)]) == 0
    shown = capsys.readouterr()
    report = json.loads(shown.out)
    assert shown.err == ""
    assert report["measures"] == means(measure_questions(read_qrels(judged), read_run(out), MEASURES))
    assert report["measures"]["P@1"] == 1.0
    assert run([*command, "--split", "held_out"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["questions"] == 1
    assert run([*command, "--split", "dev"]) == 2
    assert "the splits here are: held_out, tuning" in capsys.readouterr().err


@pytest.mark.parametrize("setting", ["dense", "bm25", "ranks"])
def test_the_command_writes_a_baselines_run(
    setting: str, command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--setting NAME --run-out writes that search's run, whose figures are those of the report."""
    out, judged = tmp_path / "run", tmp_path / "qrels"
    given = ["--setting", setting, "--run-out", str(out), "--qrels-out", str(judged)]
    assert run([*command, *given]) == 0
    report = json.loads(capsys.readouterr().out)
    again = means(measure_questions(read_qrels(judged), read_run(out), MEASURES))
    (row,) = [row for row in report["rows"] if row["search"] == SLUGS[setting]]
    assert report["measures"] == again == {name: row[name] for name in MEASURES}
    assert report["settings"]["setting"] == SLUGS[setting]


@pytest.mark.parametrize(
    "arguments",
    [
        ["beir"],
        ["beir", "--split", "dev", "--questions", "q"],
        ["beir", "--split", "dev", "--qrels-out", "q"],
    ],
)
def test_a_beir_folder_has_its_own_questions(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What belongs to the own questions is refused beside a folder, and so is a folder without a split."""
    assert run(["evaluate", "retrieval", *arguments]) == 2
    assert "a BEIR folder needs --split NAME" in capsys.readouterr().err


def test_one_file_takes_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Many settings of search are not written into one file, nor left out of it in silence."""
    assert run(["evaluate", "retrieval", "beir", "--split", "dev", "--compare", "--run-out", "r"]) == 2
    assert "--compare makes many runs" in capsys.readouterr().err


def test_judgments_go_out_as_they_are(
    questions: tuple[Question, ...], index: PassageIndex, tmp_path: Path
) -> None:
    """A run and the graded judgments can be read back for `evaluate compare`."""
    searched = search_own(questions, index)
    write_qrels(tmp_path / "qrels", searched.qrels)
    write_run(tmp_path / "run", searched.runs[DENSE], "dense")
    assert read_qrels(tmp_path / "qrels") == searched.qrels
    again = measure_questions(read_qrels(tmp_path / "qrels"), read_run(tmp_path / "run"), MEASURES)
    assert again == searched.values[DENSE]
