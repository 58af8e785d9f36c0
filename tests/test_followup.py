import pytest

from service.answers import NoticeKind
from service.followup import Lean, carry_on, join, lean_of, screen_together
from service.schemas import MAX_QUESTION
from service.screening import Screen, load_screen

ALIVE = "How many people were alive after one year?"
KIDNEYS = "Does it help the kidneys?"


@pytest.fixture(scope="module")
def screen() -> Screen:
    return load_screen()


@pytest.mark.parametrize(
    ("question", "lean"),
    [
        ("and after five years?", Lean.fragment),
        ("after 5 years?", Lean.fragment),
        ("ok, and in children?", Lean.fragment),
        ("and men?", Lean.fragment),
        ("what about the placebo group?", Lean.fragment),
        ("how many of them?", Lean.words),
        ("why?", Lean.words),
        ("for how long?", Lean.words),
        ("what happened to them?", Lean.words),
        ("did they recover?", Lean.words),
        ("how much of it should I take?", Lean.words),
        ("what about side effects?", Lean.topic),
        ("but what about the kidneys", Lean.topic),
        ("and the Gu study?", Lean.topic),
        ("who paid for it?", Lean.studies),
        ("was it blinded?", Lean.studies),
        ("and how many people died?", Lean.studies),
        ("how many people died?", Lean.nothing),
        ("Did protein in the urine go down?", Lean.nothing),
        ("does stem cell therapy work", Lean.nothing),
        ("relapse", Lean.nothing),
        ("complement C4", Lean.nothing),
        ("how do they do it", Lean.studies),
        ("thanks!", Lean.nothing),
        ("are you sure?", Lean.nothing),
        ("", Lean.nothing),
        ("?!", Lean.nothing),
        ("患者は?", Lean.nothing),
        ("and " * 300, Lean.nothing),
        (
            "and I wonder whether anybody in all of these studies had a child within the first year after it",
            Lean.nothing,
        ),
    ],
)
def test_a_question_leans_or_stands(question: str, lean: Lean) -> None:
    """A fragment needs the words before it, a pronoun the study before it, a whole question nothing."""
    assert lean_of(question) is lean


@pytest.mark.parametrize(
    ("question", "previous", "joined"),
    [
        ("and after five years?", ALIVE, "How many people were alive after five years?"),
        ("after 5 years?", ALIVE, "How many people were alive after 5 years?"),
        (
            "and in the placebo group?",
            ALIVE,
            "How many people were alive after one year in the placebo group?",
        ),
        ("and in children?", KIDNEYS, "Does it help the kidneys in children?"),
        ("and men?", KIDNEYS, "Does it help the kidneys in men?"),
        ("and without steroids?", KIDNEYS, "Does it help the kidneys without steroids?"),
        ("for how long?", KIDNEYS, "Does it help the kidneys? for how long?"),
        ("how many of them?", ALIVE, "How many people were alive after one year? how many of them?"),
        (
            "and in the placebo group?",
            "How many died in the stem cell group?",
            "How many died in the placebo group?",
        ),
        ("how many people died?", ALIVE, "how many people died?"),
        ("what about side effects?", KIDNEYS, "what about side effects?"),
        (
            "and after 6 months?",
            "How many died after one year?\nand in the placebo group?",
            "How many died after 6 months in the placebo group?",
        ),
        ("and in men?", "I have lupus.\nDoes it help?", "Does it help in men?"),
    ],
)
def test_what_is_missing_is_put_in(question: str, previous: str, joined: str) -> None:
    """A time takes the place of a time, a group of a group; all else is added; rows are joined in order."""
    assert join(question, previous).question == joined


@pytest.mark.parametrize(
    ("question", "previous", "kind"),
    [
        ("how much of it should I take?", "cyclophosphamide in the trials", NoticeKind.dose),
        ("and in children?", "how much prednisone should I take?", NoticeKind.dose),
        ("and now?", "my chest hurts so bad and i cant breathe", NoticeKind.emergency),
        ("my chest hurts so bad and i cant breathe", "did patients in the trial die?", NoticeKind.emergency),
        ("and i want to kill myself", "how many people died in the study?", NoticeKind.crisis),
        ("and in men?", "did any patients in the trial have chest pain?", None),
        ("how many people died?", "should I stop prednisone?", None),
        ("how many people died?", None, None),
    ],
)
def test_both_questions_are_screened(
    screen: Screen, question: str, previous: str | None, kind: NoticeKind | None
) -> None:
    """A follow-up is screened by itself and with what it leans on; the graver class counts."""
    assert screen_together(screen, question, previous).kind is kind


@pytest.mark.parametrize(
    "previous", ["how many people died in the study?", "patients in the trial\nand men?", "x"]
)
def test_the_question_before_never_weakens_the_gate(screen: Screen, previous: str) -> None:
    """What is an emergency or a crisis by itself stays one, whatever study was spoken of before."""
    for question in (
        "i cant breathe",
        "and i want to die",
        "but what about me, i took all my pills just now",
    ):
        assert screen_together(screen, question, previous).kind is screen.check(question).kind


def test_a_row_of_follow_ups_goes_along() -> None:
    """What was read together goes along together, as long as it may; nothing else does."""
    assert carry_on("and after a year?", ALIVE) == f"{ALIVE}\nand after a year?"
    assert carry_on(ALIVE, None) == ALIVE
    assert carry_on("", ALIVE) == ""
    assert carry_on("and men?", "x" * MAX_QUESTION) == "and men?"
