import pytest

from corpus.passages import Passage, split_study
from service.evidence import MAX_ALIKE, MAX_PER_STUDY, Evidence, group_by_study, select_evidence, with_context
from tests.studies import make_study

TEXT = (
    "Nine of 12 people improved. This was not seen at 12 months. Of these, two died. Costs were not reported."
)


def passage(text: str = TEXT, study_id: str = "doe2020") -> Passage:
    study = make_study(study_id, what_they_found=text)
    return next(p for p in split_study(study) if p.section == "what-they-found")


def evidence(number: int, score: float, of: Passage | None = None) -> Evidence:
    place = of or passage()
    span = place.sentences[number]
    return Evidence(passage=place, sentence=span, quote=span, score=score)


def test_nothing_sure_enough_gives_nothing() -> None:
    """Below the threshold there is no evidence, however many sentences there are."""
    assert select_evidence([evidence(0, 0.39), evidence(3, 0.2)], threshold=0.4) == []
    assert select_evidence([], threshold=0.4) == []


def test_most_direct_sentence_comes_first() -> None:
    """Sentences are chosen by score, whatever order they come in."""
    other = passage(study_id="roe2021")
    chosen = select_evidence([evidence(3, 0.8), evidence(0, 0.9, other)], threshold=0.4)
    assert [(item.study_id, item.score) for item in chosen] == [("roe2021", 0.9), ("doe2020", 0.8)]


def test_sentences_far_behind_the_best_are_left_out() -> None:
    """A sentence that clears the threshold but is far less sure than the best one is not shown."""
    chosen = select_evidence([evidence(0, 0.9), evidence(3, 0.42)], threshold=0.4)
    assert [item.score for item in chosen] == [0.9]


def test_one_study_does_not_fill_the_answer() -> None:
    """A study gives at most MAX_PER_STUDY quotes, so that others have room."""
    text = "Apples are red. Pears taste sweet. Bread was baked. Water runs downhill."
    chosen = select_evidence([evidence(number, 0.9, passage(text)) for number in range(4)], threshold=0.4)
    assert len(chosen) == MAX_PER_STUDY


def test_sentence_that_leans_brings_its_neighbour() -> None:
    """A sentence such as "This was not seen" is quoted with the one before it; a chain from its start."""
    place = passage()
    assert place.quote(with_context(evidence(1, 0.9, place)).quote) == TEXT[: TEXT.index(" Of these")]
    assert place.quote(with_context(evidence(2, 0.9, place)).quote) == TEXT[: TEXT.index(" Costs")]
    assert place.quote(with_context(evidence(3, 0.9, place)).quote) == "Costs were not reported."


def test_context_stays_within_its_paragraph() -> None:
    """A leaning sentence that opens a paragraph is quoted by itself, not with the end of the one before."""
    place = passage("Nine people improved.\n\nThey had hard-to-treat lupus. They were young.")
    assert place.quote(with_context(evidence(1, 0.9, place)).quote) == "They had hard-to-treat lupus."
    assert place.quote(with_context(evidence(2, 0.9, place)).quote).startswith("They had")


def test_same_words_are_not_quoted_twice() -> None:
    """A sentence that already came along as a neighbour is not quoted again by itself."""
    place = passage()
    chosen = select_evidence([evidence(1, 0.9, place), evidence(0, 0.8, place)], threshold=0.4)
    assert len(chosen) == 1


def test_near_repeats_within_a_study_are_left_out() -> None:
    """The key message that says what the results say is not shown beside it."""
    text = (
        "Protein in the urine fell in 9 of 10 people. In 9 of 10 people protein in the urine fell. It rained."
    )
    place = passage(text)
    assert len(select_evidence([evidence(0, 0.9, place), evidence(1, 0.89, place)], threshold=0.4)) == 1


def test_quotes_of_one_study_stand_together() -> None:
    """Studies come in the order of their best sentence, each with all its quotes."""
    mine, theirs = passage(), passage(study_id="roe2021")
    items = [evidence(0, 0.9, mine), evidence(0, 0.8, theirs), evidence(3, 0.7, mine)]
    assert [item.study_id for item in group_by_study(items)] == ["doe2020", "doe2020", "roe2021"]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_limit_holds(limit: int) -> None:
    """Never more sentences than the limit."""
    texts = ("Apples are red.", "Pears taste sweet.", "Bread was baked.", "Water runs downhill.")
    items = [evidence(0, 0.9, passage(text, f"doe{year}")) for year, text in enumerate(texts, start=2000)]
    assert len(select_evidence(items, threshold=0.4, limit=limit)) == limit


def test_the_same_sentence_is_not_quoted_from_every_study() -> None:
    """Where many studies say the very same sentence, two of them stand for all."""
    items = [evidence(0, 0.9, passage(study_id=f"doe{year}")) for year in range(2000, 2005)]
    assert len(select_evidence(items, threshold=0.4)) == MAX_ALIKE
