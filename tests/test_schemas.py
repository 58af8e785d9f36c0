import pytest

from service.schemas import MAX_QUESTION, QuestionError, StudyText, clean_previous, clean_question
from tests.studies import make_study


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Did it   help\tthe kidneys? ", "Did it help the kidneys?"),
        ("Did it\x00 help\x1b[31m?", "Did it help[31m?"),
        ("sui\u200bcide", "suicide"),
        ("\u202ehelp\u202c", "help"),
        ("one\r\n\r\n  two\u2028three", "one\ntwo\nthree"),
        ("\ufeffهل ساعد الكلى؟", "هل ساعد الكلى؟"),  # noqa: RUF001  # Arabic
        ("می\u200cخواهم", "می\u200cخواهم"),  # noqa: RUF001  # Persian, with its joiner
        ("它对肾脏有帮助吗?", "它对肾脏有帮助吗?"),
        ("cafe\u0301", "café"),
        ("half \ud83d pair", "half pair"),
        ("<b>help</b>", "<b>help</b>"),
        ("👩‍⚕️?", "👩‍⚕️?"),
    ],
)
def test_question_is_cleaned(given: str, kept: str) -> None:
    """What cannot be seen goes, all scripts and line breaks stay, and markup is mere text."""
    assert clean_question(given) == kept


@pytest.mark.parametrize(
    "empty", ["", " \t\n ", "\x00\x07", "\u200b\ufeff", "\u200d", "\ud800", "\u00a0\u3000"]
)
def test_nothing_to_read_is_refused(empty: str) -> None:
    """A question without a visible character is refused in a plain sentence."""
    with pytest.raises(QuestionError, match="Please write a question"):
        clean_question(empty)


def test_longest_question_is_taken() -> None:
    """1,000 characters are taken, whatever white space stands around them or however they were composed."""
    assert len(clean_question(" " * 5000 + "e\u0301" * MAX_QUESTION + "\n")) == MAX_QUESTION


def test_longer_question_is_refused_with_its_length() -> None:
    """1,001 characters are refused, and the sentence says how many there are."""
    with pytest.raises(QuestionError, match=r"it has 1,001 characters, and at most 1,000"):
        clean_question("x" * (MAX_QUESTION + 1))


def test_refusal_never_repeats_the_question() -> None:
    """The sentence for the person who asked does not carry the question along."""
    with pytest.raises(QuestionError) as caught:
        clean_question("secret" * 300)
    assert "secret" not in str(caught.value)


def test_study_text_has_what_citations_need() -> None:
    """A served study has each section's text with its hash, and its card's plain words."""
    study = make_study("doe2020")
    served = StudyText.of(study)
    assert [(part.text, part.sha256) for part in served.sections] == [
        (section.text, section.sha256) for section in study.sections
    ]
    assert served.study_id == "doe2020"
    assert "10 people" in served.label


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        ("", None),
        (" \n\u200b", None),
        ("  Did it   help? ", "Did it help?"),
        ("one\r\ntwo", "one\ntwo"),
        ("x" * MAX_QUESTION, "x" * MAX_QUESTION),
    ],
)
def test_the_question_before_is_cleaned(given: str | None, kept: str | None) -> None:
    """The question before one is cleaned as a question is; nothing to read is none."""
    assert clean_previous(given) == kept


def test_a_question_before_that_is_too_long_is_refused() -> None:
    """Too long a question before is refused in a sentence that says which is meant, and repeats nothing."""
    with pytest.raises(QuestionError, match="before this one is too long") as caught:
        clean_previous("secret" * 300)
    assert "secret" not in str(caught.value)
