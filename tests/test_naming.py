from corpus.glossary import Glossary, Term
from corpus.passages import split_study
from index.reader import Reading
from service.evidence import Evidence, ReadSentences
from service.naming import lift_naming
from tests.studies import make_study

STUDY = make_study("cells2020", what_they_found="One person had pneumonia. One had TB. It was a tb of a day.")
GLOSSARY = Glossary(
    [
        Term(term="pneumonia", meaning="An infection.", lay=("chest infection",)),
        Term(term="tuberculosis", meaning="An infection.", forms=("TB",)),
        Term(term="cells", meaning="Small parts."),
        Term(term="skin abscess", meaning="A pocket of pus."),
    ]
)
SENTENCES = [
    Evidence(passage=passage, sentence=span, quote=span, score=0.5)
    for passage in split_study(STUDY)
    for span in passage.sentences
]
READ = ReadSentences(SENTENCES, Reading([item.score for item in SENTENCES]))


def lifted(question: str) -> dict[str, float]:
    """The sentences whose score changed."""
    every = lift_naming(READ, question, GLOSSARY, [STUDY]).sentences
    assert [item.sentence for item in every] == [item.sentence for item in SENTENCES]
    return {item.text: round(item.score, 3) for item in every if item.score != 0.5}


def test_a_sentence_that_names_the_term_has_three_times_the_odds() -> None:
    """By the library's word or an everyday one; even odds become three to one."""
    found = {"One person had pneumonia.": 0.75, "One of 10 people had pneumonia.": 0.75}
    assert lifted("did anyone get pneumonia") == found
    assert lifted("who had a chest infection") == found


def test_an_abbreviation_counts_in_capitals() -> None:
    """TB is a disease, tb a slip of the keys."""
    assert list(lifted("anybody with tuberculosis?")) == ["One had TB."]


def test_each_term_of_the_question_has_to_be_named() -> None:
    """One of two is half of an answer, which gets nothing more."""
    assert lifted("pneumonia and a skin abscess") == {}


def test_what_the_library_is_about_tells_nothing_apart() -> None:
    """Where every title has the word, most sentences have it too."""
    assert lifted("did the cells do harm") == {}
    assert lifted("how old were they") == {}
