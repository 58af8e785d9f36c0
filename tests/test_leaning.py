import pytest

from corpus.passages import split_study
from corpus.sentences import Span, split_sentences
from service.evidence import Evidence
from service.leaning import in_a_row, in_context, with_neighbours
from tests.studies import make_study


def quoted(text: str, number: int) -> str:
    """What is quoted for the sentence of that number, from 0."""
    return text[slice(*with_neighbours(text, split_sentences(text)[number]))]


LEANS = [
    "This was not seen at 12 months.",
    "That report is not part of this library.",
    "These people had taken steroids before.",
    "They had hard-to-treat lupus.",
    "It was given once.",
    "Its kidney part fell as well.",
    "Her oxygen level improved.",
    "Both of them recovered.",
    "However, protein came back in two people.",
    "But two people had a relapse.",
    "Still, two people had a relapse.",
    "Yet two people had a relapse.",
    "Even so, the trial was stopped.",
    "Of these, two had a relapse.",
    "Of those people, two had a relapse.",
    "Two of them had a relapse.",
    "None of these side effects came from the cells.",
    "The rest stayed as they were.",
    "The others stayed as they were.",
    "The other 11 people stayed well.",
    "Neither group needed dialysis.",
    "Another person had a rash.",
    "In the other group nobody got better.",
    "In those two trials fewer people fell ill.",
    "In the same year four people had a flare.",
    "In all, seven people had a relapse.",
    "At the same time their albumin rose.",
    "For this reason the trial was stopped.",
    "As a result, the trial was stopped.",
    "So the trial cannot tell.",
    "Therefore the trial was stopped.",
    "Then she went home.",
    "Later, everyone took tablets.",
    "Together, that makes ten people.",
    "All three figures are averages.",
    "Three years later it was 5 of 12 people.",
    "A flare came in 11 of those 49 people.",
]

STANDS = [
    "Nine of 12 people got better.",
    "In all studies together 40 people died.",
    "The trial was small.",
    "It is not known who paid.",
    "Later studies found more.",
    "Of those who got better, two had joint pain.",
    "Protein fell in these 10 people.",
    "One of the 12 people died.",
    "Everyone also took other drugs.",
    "Of the 81 people, 13 died.",
]


@pytest.mark.parametrize("sentence", LEANS)
def test_sentence_that_leans_brings_the_one_before(sentence: str) -> None:
    """What points back to the sentence before is quoted with it."""
    assert quoted(f"Ten people got the cells. {sentence}", 1) == f"Ten people got the cells. {sentence}"


@pytest.mark.parametrize("sentence", STANDS)
def test_sentence_that_can_be_understood_stands_alone(sentence: str) -> None:
    """What says by itself what it is about needs nobody before it."""
    assert quoted(f"Ten people got the cells. {sentence}", 1) == sentence


@pytest.mark.parametrize(
    "after",
    [
        "However, it came back in most of them.",
        "But it came back in most of them.",
        "Yet it came back in most of them.",
        "Even so, most of them fell ill again.",
        "On the other hand, most of them fell ill again.",
        "Unfortunately, it came back.",
        "This was not seen at 12 months.",
        "That does not mean that they were cured.",
        "They did not stay well.",
        "By 12 months, protein was no longer lower.",
        "Gaps like these can come from chance alone.",
        "Protein in the urine showed no clear change after a year.",
        "Less protein in the urine does not prove that kidneys work better.",
    ],
)
def test_sentence_that_is_taken_back_brings_what_takes_it_back(after: str) -> None:
    """A quote that would mislead alone is quoted together with the sentence that narrows it."""
    text = f"Protein in the urine fell in nine people. {after} The weather was fine."
    assert quoted(text, 0) == f"Protein in the urine fell in nine people. {after}"


@pytest.mark.parametrize(
    "after",
    [
        "C3 showed no clear change.",
        "The study cannot show that stem cells made the difference.",
        "Albumin rose in eight people.",
        "Nobody knew who got what.",
    ],
)
def test_sentence_that_is_not_taken_back_stands_alone(after: str) -> None:
    """What comes after is left where it says something of another thing."""
    assert quoted(f"Protein in the urine fell in nine people. {after}", 0).endswith("nine people.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Remission came in 9 of 12 people given cells.", "Remission came in 5 of 6 people given placebo."),
        ("A high score remained in 3 of 12 people.", "With placebo, 4 of 6 people still had one."),
        ("Six of 16 (37%) had joint pain.", "Of the others, 43 of 53 had joint pain."),
        ("After the cells 3 of 20 people relapsed.", "In the control group 9 of 20 people did."),
    ],
)
def test_figure_of_one_group_comes_with_that_of_the_other(one: str, other: str) -> None:
    """Neither group's figure is quoted without the other's, whichever of them answers."""
    assert quoted(f"{one} {other}", 0) == quoted(f"{one} {other}", 1) == f"{one} {other}"


def test_figure_that_compares_already_stays_alone() -> None:
    """A sentence with both groups in it needs no other, nor does one before a sentence without a figure."""
    both = "It was 39 grams with cells and 36 with placebo. Remission came in 5 of 6 people given placebo."
    assert quoted(both, 0).endswith("36 with placebo.")
    assert (
        quoted("Nine of 12 got better. There was no comparison group in all 12.", 0)
        == "Nine of 12 got better."
    )


@pytest.mark.parametrize("gap", ["\n\n", "\n \n", "\n- ", "\n\n* "])
def test_nothing_comes_from_another_paragraph(gap: str) -> None:
    """A paragraph or a list item ends what may be quoted together."""
    text = f"Protein fell in nine people.{gap}However, they relapsed."
    assert quoted(text, 0) == "Protein fell in nine people."
    assert quoted(text, 1).strip("-* ") == "However, they relapsed."


def test_chain_is_quoted_from_its_start() -> None:
    """A sentence may lean on one that leans itself."""
    text = "Ten people took part. They got the cells. Of these, two died. Costs were not reported."
    assert quoted(text, 2) == text[: text.index(" Costs")]


def test_place_that_is_no_sentence_is_left_alone() -> None:
    """Offsets beyond the text are given back as they are."""
    assert with_neighbours("It fell.", Span(100, 110)) == (100, 110)


def test_quotes_in_a_row_touch_within_a_paragraph() -> None:
    """Nothing but space lies between them, and no end of a paragraph."""
    text = "One. Two.\n\nThree."
    one, two, three = split_sentences(text)
    assert in_a_row(text, one, two)
    assert in_a_row(text, two, one)
    assert in_a_row(text, one, one)
    assert not in_a_row(text, two, three)
    assert not in_a_row(text, one, three)


TEXT = (
    "Nine of 12 people improved. This was not seen at 12 months. Of these, two died. "
    "Costs were not reported.\n\nThe trial took a year."
)
STUDY = make_study("doe2020", what_they_found=TEXT)
STUDIES = {"doe2020": STUDY, "roe2021": make_study("roe2021", what_they_found=TEXT)}


def evidence(number: int, score: float = 0.9, study_id: str = "doe2020") -> Evidence:
    passage = next(p for p in split_study(STUDIES[study_id]) if p.section == "what-they-found")
    span = passage.sentences[number]
    return Evidence(passage=passage, sentence=span, quote=span, score=score)


def test_quotes_of_a_study_in_a_row_become_one() -> None:
    """Two sentences that answer and follow each other are one quote, in the place of the first."""
    (quote,) = in_context([evidence(3), evidence(2)], STUDIES)
    assert TEXT[slice(*quote.quote)] == TEXT[: TEXT.index("\n\n")]
    assert quote.highlight == (evidence(2).sentence.start, evidence(3).sentence.end)


def test_quotes_of_other_studies_and_paragraphs_stay_apart() -> None:
    """The same place in another study is another quote, as is the next paragraph."""
    quotes = in_context([evidence(3), evidence(3, study_id="roe2021"), evidence(4)], STUDIES)
    assert [(quote.study_id, TEXT[slice(*quote.quote)]) for quote in quotes] == [
        ("doe2020", "Costs were not reported."),
        ("roe2021", "Costs were not reported."),
        ("doe2020", "The trial took a year."),
    ]


def test_sentence_that_leans_is_marked_in_its_quote() -> None:
    """Of a quote that begins with a neighbour, the sentence that answers is marked."""
    (quote,) = in_context([evidence(2)], STUDIES)
    assert quote.highlight is not None
    assert TEXT[slice(*quote.highlight)] == "Of these, two died."


def test_sentence_that_is_taken_back_is_not_marked() -> None:
    """What the rest of the quote narrows is not told apart from it."""
    (quote,) = in_context([evidence(0)], STUDIES)
    assert TEXT[slice(*quote.quote)].startswith("Nine of 12 people improved. This was not seen")
    assert quote.highlight is None


def test_one_group_is_not_marked_without_the_other() -> None:
    """Of two groups' figures that are quoted together neither is told apart."""
    study = make_study(what_they_found="Cells helped 9 of 12 people. With placebo, 5 of 6 got better.")
    passage = next(p for p in split_study(study) if p.section == "what-they-found")
    for span in passage.sentences:
        item = Evidence(passage=passage, sentence=span, quote=span, score=0.9)
        (quote,) = in_context([item], {study.study_id: study})
        assert quote.quote == (passage.sentences[0].start, passage.sentences[1].end)
        assert quote.highlight is None


def test_what_another_quote_says_beside_something_new_is_not_said_twice() -> None:
    """A quote whose words stand in a longer one of the same study gives way to it."""
    study = make_study(
        key_messages="One of the 12 people died of pneumonia.",
        side_effects_and_safety="One of the 12 people died of pneumonia. Another person had a skin abscess.",
    )
    by_section = {passage.section: passage for passage in split_study(study)}
    key, safety = by_section["key-messages"], by_section["side-effects-and-safety"]
    spans = [(key, key.sentences[0]), (safety, safety.sentences[1])]
    items = [Evidence(passage=passage, sentence=span, quote=span, score=0.9) for passage, span in spans]
    (quote,) = in_context(items, {study.study_id: study})
    assert quote.passage.section == "side-effects-and-safety"


def test_neighbour_is_found_beyond_the_passage() -> None:
    """A long paragraph is cut into passages for search; what leans across the cut is quoted whole."""
    filler = " ".join(f"Person number {number} got better by the end of the year." for number in range(11))
    text = f"{filler} They stayed well."
    study = make_study(what_they_found=text)
    passages = [passage for passage in split_study(study) if passage.section == "what-they-found"]
    assert len(passages) > 1
    last = next(p for p in passages if p.text.startswith("They") or "They stayed" in p.text)
    span = last.sentences[-1]
    item = Evidence(passage=last, sentence=span, quote=span, score=0.9)
    (quote,) = in_context([item], {study.study_id: study})
    assert text[slice(*quote.quote)] == text[text.index("Person number 10") :]
