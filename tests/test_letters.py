import pytest

from service.letters import read_letter

KNOWN = frozenset(
    """
    lupus kidneys kidney remission relapse disease stem cells cell cord donor bleeding lungs woman young
    study people placebo joint pain urine protein treatment infusion figures steroids prednisone safe years
    cure herpes patients trial group infections children
    """.split()
)


def known(word: str) -> bool:
    return word in KNOWN


@pytest.mark.parametrize(
    ("letter", "asked"),
    [
        (
            "hi, sorry for the long mail. my daughter has lupus in her kidneys and is 22. what I would "
            "really like to know is whether the stem cells were ever tested against a placebo. thanks a lot",
            "the stem cells were ever tested against a placebo.",
        ),
        (
            "Good evening. I write for my husband. Of the people in remission, how many had a relapse of "
            "the disease, and when did that happen? That is all I care about.",
            "Of the people in remission, how many had a relapse of the disease",
        ),
        (
            "I teach school and understand a little. Could you explain why there are two figures for "
            "remission of the kidneys?",
            "why there are two figures for remission of the kidneys?",
        ),
        (
            "My nephew says follow the money. I just want to be honest. So my question is a simple one. Who "
            "paid for the study that had a placebo?",
            "Who paid for the study that had a placebo?",
        ),
        (
            "Her gran found a place abroad. Should we let her go? If you can't tell me that, "
            "then at least what "
            "became of the kidneys of people with protein in the urine.",
            "what became of the kidneys of people with protein in the urine.",
        ),
        (
            "my wife gets shingles easily. did herpes come up among the patients who got cells?",
            "did herpes come up among the patients who got cells?",
        ),
        (
            "I am tired and it is late. I am wondering if stem cells are safe for children with lupus",
            "stem cells are safe for children with lupus",
        ),
        ("Can you tell me what the trial says about joint pain", "what the trial says about joint pain"),
        ("hello i have lupus and i want to know if the cells help kidneys", "the cells help kidneys"),
    ],
)
def test_the_part_that_asks_is_found(letter: str, asked: str) -> None:
    """Of a letter the asking sentence is left, without what only opens it and without its echo."""
    assert read_letter(letter, known).asked == asked


@pytest.mark.parametrize(
    "message",
    [
        "does it work?",
        "relapse",
        "lupus nephritis remission how many people",
        "I have lupus. My kidneys leak protein.",
        "tell me",
        "how do I know if the trial helped",
        "",
        "患者は良くなりましたか",
        "???",
    ],
)
def test_what_is_no_letter_stays_whole(message: str) -> None:
    """A short question, a row of keywords and a story that asks nothing are left as they are."""
    letter = read_letter(message, known)
    assert (letter.asked, letter.subject, letter.story) == (message, "", "")


def test_the_subject_comes_from_the_story_where_it_is_missing() -> None:
    """A question that only says "her" takes the library's words of the sentence that has most of them."""
    letter = read_letter(
        "I write for my brother. The doctor said that years ago a young woman with bleeding lungs was given "
        "donor cells. I cannot think of anything else. What became of her?",
        known,
    )
    assert letter.asked == "What became of her?"
    assert letter.subject == "years young woman bleeding lungs donor cells"


def test_a_question_of_its_own_takes_nothing_from_the_story() -> None:
    """A part that asks with words of its own does not get those of the story."""
    letter = read_letter(
        "My son has kidney pain and takes prednisone. Did the infusion cure lupus in the trial?", known
    )
    assert (letter.subject, letter.story) == ("", "")


def test_the_story_goes_along_for_the_study_that_it_names() -> None:
    """Those people are the people of the study that the story tells of."""
    letter = read_letter(
        "I found the study with 81 people. Why are there two figures for the remission of those people?",
        known,
    )
    assert letter.story == "I found the study with 81 people."


def test_several_thin_questions_are_kept_together() -> None:
    """Where no part asks with enough of the library's words, all parts that ask count."""
    letter = read_letter("She got donor cells. What was done before? And what became of her?", known)
    assert letter.asked == "What was done before? And what became of her?"
