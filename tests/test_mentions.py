import pytest

from service.mentions import Mention, mentions


def words(mention: Mention) -> tuple[str, str | None, str, str]:
    noun = mention.noun.word if mention.noun else None
    parts = (mention.before, mention.after, mention.described)
    before, after, described = (" ".join(token.word for token in part) for part in parts)
    return before, noun, after, described


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what did the Deng trial find", ("deng", "trial", "", "")),
        ("the five-year follow up study", ("five year follow up", "study", "", "")),
        ("who paid for the study by Bai?", ("", "study", "by bai", "")),
        ("the study that had a placebo", ("", "study", "", "that had a placebo")),
        ("the one from 2018", ("", "one", "from 2018", "")),
        ("Sun's work on cords", ("sun", "work", "", "on cords")),
        ("the meta-analysis", ("", "meta-analysis", "", "")),
        ("the people from Nanjing", ("", "people", "from nanjing", "")),
        ("deng et al. 2017", ("deng 2017", None, "", "")),
        ("Deng and colleagues", ("deng", None, "", "")),
        ("in gu 2014", ("gu 2014", None, "", "")),
        ("what did wang find in 2018", ("wang 2018", None, "", "")),
        ("Deng's placebo group", ("deng", None, "", "")),
    ],
)
def test_phrases_that_speak_of_a_study(question: str, expected: tuple[str, str | None, str, str]) -> None:
    """A phrase has the words before its noun, those after a link or that describe; or it is a citation."""
    (mention,) = mentions(question)
    assert words(mention) == expected


@pytest.mark.parametrize(
    "question", ["does it work", "one of 12 people", "in march 2009", "people died", "since 2010", "", "?!"]
)
def test_no_study_is_spoken_of(question: str) -> None:
    """A verb, a count, a date and people as such are no phrases for a study."""
    assert mentions(question) == []


@pytest.mark.parametrize(
    ("question", "definite", "pointed", "plural"),
    [
        ("the trial", True, True, False),
        ("a trial", False, False, False),
        ("any trials", False, False, True),
        ("these trials", True, True, True),
        ("trial", True, False, False),
    ],
)
def test_a_phrase_may_point(question: str, definite: bool, pointed: bool, plural: bool) -> None:
    """A phrase with "the" speaks of a certain study, one with "a" of any."""
    (mention,) = mentions(question)
    assert (mention.definite, mention.pointed, mention.is_plural) == (definite, pointed, plural)


def test_phrases_end_with_their_sentence() -> None:
    """Words of another sentence belong to no phrase of this one."""
    assert [words(each) for each in mentions("It was Deng. The study was small")] == [("", "study", "", "")]
