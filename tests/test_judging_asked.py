from pathlib import Path

import pytest

from corpus.studies import Study
from evaluation.errors import InputFileError
from evaluation.judging.asked import MOST, given_questions, own_questions
from evaluation.options import OWN_QUESTIONS
from evaluation.questions import read_questions
from service.answers import Outcome
from service.screening import Screen, load_screen
from tests.shelf import STUDIES


@pytest.fixture(scope="module")
def screen() -> Screen:
    return load_screen()


def write(folder: Path, text: str, name: str = "asked.tsv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_own_questions_are_drawn_by_chance_and_the_same_again() -> None:
    """As many as were asked for, in the file's order; the seed decides which; screened ones never come."""
    drawn = own_questions(OWN_QUESTIONS, STUDIES, split="tuning", count=12, seed="a")
    every = {each.question_id: each for each in read_questions(OWN_QUESTIONS, STUDIES)}
    places = [list(every).index(name) for name in drawn.questions]
    assert len(places) == 12
    assert places == sorted(places)
    assert drawn == own_questions(OWN_QUESTIONS, STUDIES, split="tuning", count=12, seed="a")
    assert (
        drawn.questions != own_questions(OWN_QUESTIONS, STUDIES, split="tuning", count=12, seed="b").questions
    )
    whole = own_questions(OWN_QUESTIONS, STUDIES, split=None, count=None, seed="a")
    assert set(whole.questions) == {n for n, each in every.items() if each.outcome is not Outcome.screened}
    assert "12 of" in drawn.told
    assert "all" in whole.told


def test_own_questions_over_another_library_are_refused() -> None:
    """A pool over other studies needs its own questions: file and line of the first study that is missing."""
    others: dict[str, Study] = {name: study for name, study in STUDIES.items() if name != "zhou2020"}
    with pytest.raises(InputFileError, match=r"questions\.jsonl:1: the library has no study zhou2020"):
        own_questions(OWN_QUESTIONS, others, split=None, count=5, seed="a")


def test_given_questions_may_be_tabbed_lines_or_beirs(tmp_path: Path, screen: Screen) -> None:
    """Both forms give the same; texts are cleaned as those of patients are."""
    tabbed = write(tmp_path, "\ufeffq1\t Did it  help the kidneys?\n\nq2\tHow many people died?\n")
    beir = write(
        tmp_path,
        '{"_id": "q1", "text": "Did it help the kidneys?"}\n{"_id": "q2", "text": "How many people died?"}\n',
        "queries.jsonl",
    )
    wanted = {"q1": "Did it help the kidneys?", "q2": "How many people died?"}
    assert given_questions(tabbed, screen).questions == wanted
    assert given_questions(beir, screen).questions == wanted
    assert given_questions(tabbed, screen).told == "2 questions from asked.tsv"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "asked.tsv: it has no questions"),
        ("q1\tDid it help?\nq2 no tab\n", "asked.tsv:2: there is no tab"),
        ("q 1\tDid it help?\n", "asked.tsv:1: the id must have no blanks"),
        ("\tDid it help?\n", "asked.tsv:1: the id must have no blanks"),
        ("q1\tDid it help?\nq1\tHow many died?\n", "asked.tsv:2: the id q1 stands twice"),
        (
            "q1\tDid it help?\nq2\tDid it  help?\n",
            "asked.tsv:2: the same question stands in a line before it",
        ),
        ("q1\t \n", "asked.tsv:1: Please write a question"),
        ("q1\t" + "long " * 300, "asked.tsv:1: Please shorten your question"),
        ('{"_id": "q1"}\n', "asked.tsv:1: text: Field required"),
        ("".join(f"q{n}\tDid it help patient {n}?\n" for n in range(MOST + 1)), "a pool takes 500 at most"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_by_its_place(
    tmp_path: Path, screen: Screen, text: str, says: str
) -> None:
    """File and line, and nothing is taken."""
    with pytest.raises(InputFileError) as caught:
        given_questions(write(tmp_path, text), screen)
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["I want to die tonight", "chest pain and i cant breathe help"])
def test_a_question_with_a_safety_card_is_refused_and_not_repeated(
    tmp_path: Path, screen: Screen, text: str
) -> None:
    """Nothing is searched for it, so there is nothing to judge; and it is neither kept nor told again."""
    with pytest.raises(InputFileError, match=r"asked\.tsv:2: this question gets a safety card") as caught:
        given_questions(write(tmp_path, f"q1\tDid it help?\nq2\t{text}\n"), screen)
    assert text not in str(caught.value)
