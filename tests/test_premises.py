import pytest

from service.premises import presumed


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("why did the trial prove that it cures lupus?", "the trial prove that it cures lupus"),
        ("So why does it always work", "it always work"),
        ("how come everybody got better?", "everybody got better"),
        ("how is it possible that all of them got better", "all of them got better"),
        ("what made the company stop the trial", "the company stop the trial"),
        ("What is the reason that nobody died?", "nobody died"),
        ("Reason why protein fell so much?", "protein fell so much"),
        ("what is the explanation for the miracle cure", "for the miracle cure"),
        ("since it cures lupus, when can I have it?", "it cures lupus"),
        ("Given that the cells are approved, where are they sold?", "the cells are approved"),
        ("now that it is proven, why is it not used", "it is proven"),
        ("C3 dropped after the cells, what is the explanation for the drop", "C3 dropped after the cells"),
        ("it stopped the leak in all 15 people, how", "it stopped the leak in all 15 people"),
        ("There were no more relapses. What made them stop?", "There were no more relapses"),
        ("why was the trial stopped early?", "the trial stopped early"),
    ],
)
def test_claims_that_are_taken_for_granted(question: str, claim: str) -> None:
    """What a "why" or a "since" takes for granted is told in the question's own words."""
    assert presumed(question) == claim


@pytest.mark.parametrize(
    "question",
    [
        "why?",
        "why not?",
        "does it cure lupus?",
        "how many people died?",
        "what happened since 2010",
        "since I got lupus, I am tired. does it help?",
        "because my kidneys leak, I ask you",
        "what is lupus",
        "how does it work?",
        "In the Wang study, how many died?",
        "Kidney remission: stem cells against placebo, which group did better?",
        "after five years, how many were alive?",
        "",
        "???",
    ],
)
def test_questions_that_take_nothing_for_granted(question: str) -> None:
    """Plain questions, times and the writer's own story claim nothing."""
    assert presumed(question) is None
