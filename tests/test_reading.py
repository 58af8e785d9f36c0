import pytest
import textstat

from corpus.glossary import load_glossary
from corpus.reading import EASY_WORDS, HARD_SYLLABLES, hard_words, reading_grade
from corpus.sentences import Span
from corpus.studies import GLOSSARY_NAME, LIBRARY


def words(text: str, *known: Span) -> list[str]:
    return [text[span.start : span.end] for span in hard_words(text, known=known)]


def test_grade_is_that_of_flesch_and_kincaid() -> None:
    """Ten words of one syllable in one sentence have 0.39 * 10 + 11.8 - 15.59, worked out by hand."""
    assert reading_grade("The cat sat on the mat and saw the dog.") == pytest.approx(0.11)


def test_text_without_words_has_grade_zero() -> None:
    """An empty text is no error."""
    assert reading_grade("") == 0.0


def test_left_out_phrases_do_not_count_but_their_sentence_does() -> None:
    """A drug's long name weighs as much as "it", in any case and across a line break."""
    text = "The doctor gave Mycophenolate\nMofetil to the man at once."
    easy = reading_grade("The doctor gave it to the man at once.")
    assert reading_grade(text, leave_out=["mycophenolate", "mycophenolate mofetil"]) == easy
    assert reading_grade(text, leave_out=["mycophenolate"]) < reading_grade(text)
    assert reading_grade("The mats were red.", leave_out=["mat"]) == reading_grade("The mats were red.")


def test_decimals_and_et_al_end_no_sentence() -> None:
    """A full stop within a figure or after "et al" does not make a text look easier than it is."""
    plain = "It fell from 12 to 3 in all of the people who were seen there by Liu and others in that year."
    dotted = "It fell from 1.2 to 3 in all of the people who were seen there by Liu et al. in that year."
    assert textstat.flesch_kincaid_grade(dotted) < reading_grade(plain) - 1
    assert reading_grade(dotted) == pytest.approx(reading_grade(plain), abs=1)


@pytest.mark.parametrize(
    ("text", "hard"),
    [
        ("Immunosuppression was kept up.", ["Immunosuppression"]),
        ("It was an autoantibody test.", ["autoantibody"]),
        ("Leucopenia and glomerulonephritis were seen.", ["Leucopenia", "glomerulonephritis"]),
        ("Sometimes the involvement was everywhere.", []),
        ("The RCTs and the eGFR", ["RCTs", "eGFR"]),
        ("C3, IL-2, CD86 and Foxp3 rose by 2019", ["C3", "IL-2", "CD86", "Foxp3"]),
        ("They took prednisone or rituximab.", ["prednisone", "rituximab"]),
        ("The hospital gave information about treatment.", []),
        ("They came from Guatemala in mid-2018.", []),
        ("A life-threatening, anti-inflammatory thing", ["inflammatory"]),
        ("It fell.\n\nProteinuria rose.", ["Proteinuria"]),
    ],
)
def test_hard_words_are_long_words_abbreviations_and_drugs(text: str, hard: list[str]) -> None:
    """Long words, capitals, names with digits and drugs are hard; easy words and proper names are not."""
    assert words(text) == hard


def test_known_spans_are_skipped() -> None:
    """A word that the glossary explains is not hard any more, but the same word elsewhere still is."""
    assert words("Proteinuria fell; proteinuria rose.", Span(0, 11)) == ["proteinuria"]


def test_easy_words_are_long_and_not_explained_elsewhere() -> None:
    """The allowance holds only words that would be hard without it and that the glossary does not have."""
    glossary = load_glossary(LIBRARY / GLOSSARY_NAME)
    assert [word for word in EASY_WORDS if textstat.syllable_count(word) < HARD_SYLLABLES] == []
    assert [word for word in sorted(EASY_WORDS) if glossary.find(word)] == []
