from pathlib import Path

import pytest

from corpus.errors import GlossaryError
from corpus.glossary import Glossary, Term, load_glossary
from corpus.reading import reading_grade
from corpus.sentences import split_sentences
from corpus.studies import GLOSSARY_NAME, LIBRARY

SHIPPED = LIBRARY / GLOSSARY_NAME

TERMS = Glossary(
    [
        Term(term="lupus", meaning="An illness."),
        Term(term="lupus nephritis", meaning="Its kidney disease.", forms=("LN",)),
        Term(term="blood urea nitrogen", meaning="A waste product.", forms=("BUN",)),
        Term(term="double-blind", meaning="Nobody knows."),
        Term(term="C3", meaning="A protein."),
        Term(term="SLEDAI", meaning="A score."),
        Term(term="infusion", meaning="A liquid.", lay=("drip", "on a drip")),
    ]
)


def found(text: str, *, lay: bool = False) -> list[tuple[str, str]]:
    return [(term.term, text[span.start : span.end]) for term, span in TERMS.find(text, lay=lay)]


def write(folder: Path, text: str) -> Path:
    path = folder / "glossary.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_terms_are_found_as_whole_words() -> None:
    """A term stands for itself, not inside other words."""
    assert found("Lupus, (C3) and lupus's C30; lupuslike") == [
        ("lupus", "Lupus"),
        ("C3", "C3"),
        ("lupus", "lupus"),
    ]


def test_longest_name_wins() -> None:
    """Where two terms fit, only the longer one is found, and spans do not overlap."""
    assert found("lupus nephritis and lupus") == [("lupus nephritis", "lupus nephritis"), ("lupus", "lupus")]


@pytest.mark.parametrize("text", ["double-blind", "double blind", "Double\nblind", "double‑blind"])  # noqa: RUF001
def test_hyphen_space_and_line_break_are_the_same(text: str) -> None:
    """A name is found however its words are joined."""
    assert found(text) == [("double-blind", text)]


@pytest.mark.parametrize("text", ["double, blind", "double\n\nblind", "double. Blind"])
def test_names_do_not_reach_across_a_stop(text: str) -> None:
    """A comma, a full stop or a paragraph break parts the words of a name."""
    assert found(text) == []


def test_short_abbreviations_need_capitals() -> None:
    """BUN is a blood test and a bun is not, while longer ones and names with digits are found in any case."""
    assert found("BUN, LN") == [("blood urea nitrogen", "BUN"), ("lupus nephritis", "LN")]
    assert found("a bun, ln, sledai, c3") == [("SLEDAI", "sledai"), ("C3", "c3")]


def test_everyday_words_count_only_in_questions() -> None:
    """What people say instead is looked for when asked to, and case then matters nowhere."""
    assert found("on a drip, bun") == []
    assert found("on a drip, bun", lay=True) == [("infusion", "on a drip"), ("blood urea nitrogen", "bun")]


def test_question_is_expanded_by_the_librarys_words() -> None:
    """Everyday words bring the term along, once; the library's own words bring nothing."""
    assert TERMS.expand("was the drip or another DRIP bad for lupus?") == (
        "was the drip or another DRIP bad for lupus? infusion"
    )
    assert TERMS.expand("was the infusion bad?") == "was the infusion bad?"


@pytest.mark.parametrize(
    ("text", "line", "field", "says"),
    [
        ("- term: a\n  meaning: b\n- term: c\n", 3, "meaning", "required"),
        (
            "- term: a\n  meaning: b\n  form: [c]\n",
            3,
            "form",
            "no such field; a term has term, meaning, forms",
        ),
        ("- term: a\n  meaning: b\n  forms:\n    - c\n    - 3\n", 5, "forms.1", "valid string"),
        ("- term: a\n  meaning: '?!'\n", 2, "meaning", "no word"),
        ("- term: a\n  meaning: b\n  drug: maybe\n", 3, "drug", "boolean"),
        ("- term: a\n  meaning: b\n  kind_of: c\n", 3, "kind_of", "no term 'c'"),
        ("- term: a\n  meaning: b\n- term: A\n  meaning: c\n", 3, "term", "'A' already stands under 'a'"),
        (
            "- term: a\n  meaning: b\n  lay: [x y]\n- term: c\n  meaning: d\n  forms: [X-Y]\n",
            6,
            "forms.0",
            "under 'a'",
        ),
        ("- term: a\n  meaning: b\n  lay: [a]\n", 3, "lay.0", "already stands under 'a'"),
        ("term: a\n", 1, None, "list of terms"),
        ("", 1, None, "list of terms"),
        ("- term: [a\n", 2, None, "expected"),
        ("- term: a\n  term: b\n", 2, None, "duplicate key"),
    ],
)
def test_errors_name_file_line_and_field(
    tmp_path: Path, text: str, line: int, field: str | None, says: str
) -> None:
    """What is wrong with a glossary is told in one line with its place."""
    path = write(tmp_path, text)
    with pytest.raises(GlossaryError, match=says) as caught:
        load_glossary(path)
    assert (caught.value.path, caught.value.line, caught.value.field) == (path, line, field)
    assert "\n" not in str(caught.value)


def test_missing_and_undecodable_files_are_refused(tmp_path: Path) -> None:
    """A file that is not there or not UTF-8 ends in one line that says so."""
    with pytest.raises(GlossaryError, match="cannot be read: No such file"):
        load_glossary(tmp_path / "glossary.yaml")
    path = tmp_path / "latin.yaml"
    path.write_bytes("- term: caf\u00e9\n".encode("latin-1"))
    with pytest.raises(GlossaryError, match="not UTF-8"):
        load_glossary(path)


def test_shipped_glossary_covers_the_field() -> None:
    """The glossary that comes along has the words of lupus studies, and what people say instead."""
    glossary = load_glossary(SHIPPED)
    assert len(glossary.terms) >= 95
    asked = {
        "leaky kidneys": "proteinuria",
        "foamy urine": "proteinuria",
        "drip": "infusion",
        "dummy treatment": "placebo",
        "sugar pill": "placebo",
        "steroids": "corticosteroids",
        "plaquenil": "hydroxychloroquine",
        "cellcept": "mycophenolate",
        "cytoxan": "cyclophosphamide",
        "water pill": "diuretic",
        "came back": "relapse",
        "lung infection": "pneumonia",
    }
    answered = {words: [term.term for term, _ in glossary.find(words, lay=True)] for words in asked}
    assert answered == {words: [term] for words, term in asked.items()}


def test_shipped_meanings_are_plain() -> None:
    """Each meaning is one to three short sentences of grade 8.5 at most, nearly all of them of grade 8."""
    terms = load_glossary(SHIPPED).terms
    drugs = [name for term in terms if term.drug for name in (term.term, *term.forms)]
    grades = {term.term: reading_grade(term.meaning, leave_out=drugs) for term in terms}
    assert {term: grade for term, grade in grades.items() if grade > 8.5} == {}
    assert sum(grade > 8 for grade in grades.values()) <= len(grades) // 20
    assert [term.term for term in terms if not 1 <= len(split_sentences(term.meaning)) <= 3] == []


def test_shipped_meanings_give_no_advice() -> None:
    """A meaning says what a word means and never speaks to the reader."""
    advice = {"you", "your", "must", "ask", "avoid", "recommended", "advised"}
    terms = load_glossary(SHIPPED).terms
    assert [term.term for term in terms if advice & set(term.meaning.lower().split())] == []
