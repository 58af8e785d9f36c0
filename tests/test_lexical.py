"""Lexical search: BM25, a bag of words and never a query language, whatever is typed."""

import math
import stat
from pathlib import Path

import numpy as np
import pytest

from index.errors import DamagedIndexError
from index.lexical import QUERY_WORDS, TITLE_WEIGHT, LexicalIndex

DOCUMENTS = [
    ("Stem cells in lupus", "Twelve people were treated. Nine of them improved."),
    ("A kidney study", "Protein in the urine fell. The kidneys improved."),
    ("Sjögren's syndrome", "Dryness of the eyes and the mouth."),
    ("Signs", "AND OR NOT text: kidney^5 *"),
]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    return LexicalIndex.build(tmp_path / "lexical", DOCUMENTS)


def found(index: LexicalIndex, query: str, k: int = 10) -> list[int]:
    return [int(number) for number in index.search(query, k)[0]]


def test_scores_are_bm25_by_hand(tmp_path: Path) -> None:
    """One word's score is Robertson's formula with k1 = 1.2 and b = 0.75, and idf as Lucene has it."""
    index = LexicalIndex.build(
        tmp_path, [("", "alpha beta"), ("", "alpha alpha gamma delta"), ("", "gamma x")]
    )
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    mean = (2 + 4 + 2) / 3
    expected = {
        number: idf * tf * 2.2 / (tf + 1.2 * (1 - 0.75 + 0.75 * length / mean))
        for number, tf, length in ((0, 1, 2), (1, 2, 4))
    }
    numbers, scores = index.search("alpha", 10)
    assert dict(zip(numbers.tolist(), scores.tolist(), strict=True)) == pytest.approx(expected, rel=1e-5)
    assert numbers.tolist() == sorted(expected, key=lambda number: -expected[number])


def test_a_word_of_the_title_counts_more(tmp_path: Path) -> None:
    """A document with the word in its title comes before one of the same length with it in its text."""
    assert TITLE_WEIGHT > 0
    index = LexicalIndex.build(tmp_path, [("other", "kidney"), ("kidney", "other")])
    numbers, scores = index.search("kidney", 10)
    assert numbers.tolist() == [1, 0]
    assert scores[0] > scores[1] > 0


def test_finds_words_by_their_stem_and_without_accents(index: LexicalIndex) -> None:
    """Endings, capitals and accents make no difference."""
    assert found(index, "KIDNEYS improving")[0] == 1
    assert found(index, "sjogren") == found(index, "SJÖGREN") == [2]


def test_words_that_say_nothing_are_not_looked_up(index: LexicalIndex) -> None:
    """A question made of function words alone finds nothing, although documents have those words."""
    assert index.words("What is it that they were?") == []
    assert found(index, "in the of and") == []


@pytest.mark.parametrize(
    "sign", ["AND", "OR", "NOT", "-", "+", '"', "(", "title:", "text:", "*", "^5", "~2", "\\"]
)
def test_no_word_or_sign_is_an_operator(index: LexicalIndex, sign: str) -> None:
    """Words and signs that a query language would obey leave the order of hits as it is."""
    plain = found(index, "urine kidney")
    assert plain[0] == 1
    assert set(found(index, f"{sign} urine {sign} kidney {sign}")) >= set(plain)
    assert found(index, f"{sign} urine {sign} kidney {sign}")[0] == 1


@pytest.mark.parametrize(
    "query",
    [
        "",
        " \t\n",
        "\x00\x07\x1b[31m",
        "\ud800 half a character",
        "狼疮 干细胞 治疗",
        "ذئبة الخلايا الجذعية",
        "\u05dc\u200f\u05d5\u05e4\u05d5\u05e1\u200e",
        "e\u0301" * 50,
        "🧬🩺",
        "<script>alert(1)</script>",
        "'; DROP TABLE studies; --",
        "a" * 100_000,
        "kidney " * 15_000,
        " ".join(f"word{number}" for number in range(12_000)),
        "title:[a TO z] AND text:/.*/ {!func}",
    ],
    ids=lambda query: ascii(query[:20]),
)
def test_no_question_breaks_it(index: LexicalIndex, query: str) -> None:
    """Empty, foreign, broken, hostile and huge questions get hits or none, never an error."""
    numbers, scores = index.search(query, 10)
    assert len(numbers) == len(scores) <= len(DOCUMENTS)
    assert (scores > 0).all()
    assert len(index.words(query)) <= QUERY_WORDS


def test_documents_may_hold_anything(tmp_path: Path) -> None:
    """Control characters, half characters and other scripts are indexed like words, or left out."""
    index = LexicalIndex.build(
        tmp_path, [("\x00", "\ud800 alpha\x00beta"), ("狼疮", "干细胞 gamma"), ("", "")]
    )
    assert len(index) == 3
    assert found(index, "alpha") == [0]
    assert found(index, "狼疮") == [1]


def test_returns_as_many_as_asked_for_with_ties_in_order(tmp_path: Path) -> None:
    """At most k come back, equal scores by number; k may be larger than the index."""
    index = LexicalIndex.build(tmp_path, [("", "kidney")] * 9)
    assert found(index, "kidney", 4) == [0, 1, 2, 3]
    assert found(index, "kidney", 1000) == list(range(9))
    assert found(index, "kidney", 0) == []


def test_building_again_gives_the_same_scores(tmp_path: Path) -> None:
    """Two builds of the same documents agree on every score and on the order of ties."""
    rng = np.random.default_rng(5)
    words = [f"w{number}" for number in range(200)]
    documents = [
        (" ".join(rng.choice(words, 4)), " ".join(rng.choice(words, int(rng.integers(5, 60)))))
        for _ in range(2000)
    ]
    one, other = (LexicalIndex.build(tmp_path / name, documents) for name in ("one", "other"))
    for query in ("w1 w2 w3", "w7", " ".join(words)):
        for first, second in zip(one.search(query, 100), other.search(query, 100), strict=True):
            assert first.tolist() == second.tolist()


def test_opens_what_was_built(tmp_path: Path, index: LexicalIndex) -> None:
    """An index opened again finds the same, and its own files are left as they were."""
    folder = tmp_path / "lexical"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    opened = LexicalIndex.open(folder, count=len(DOCUMENTS))
    assert opened.search("kidney urine", 10)[1].tolist() == index.search("kidney urine", 10)[1].tolist()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_opens_in_a_folder_that_may_not_be_written(
    tmp_path: Path, index: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only index is searched like any other, and nothing is written into its folder."""
    folder = tmp_path / "lexical"
    before = sorted(path.name for path in folder.iterdir() if "lock" not in path.name)
    for path in folder.glob(".tantivy*"):
        path.unlink()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    # Root may write where the mode forbids it: then the answer of the system is given here.
    monkeypatch.setattr("index.lexical.os.access", lambda *_: False)
    opened = LexicalIndex.open(folder, count=len(DOCUMENTS))
    folder.chmod(stat.S_IRWXU)
    assert found(opened, "kidney urine") == found(index, "kidney urine")
    assert sorted(path.name for path in folder.iterdir()) == before


def test_refuses_what_is_no_index(tmp_path: Path) -> None:
    """A folder that is missing or empty is refused with one line that names it."""
    (tmp_path / "empty").mkdir()
    for name in ("missing", "empty"):
        with pytest.raises(DamagedIndexError) as caught:
            LexicalIndex.open(tmp_path / name, count=4)
        assert caught.value.path == tmp_path / name
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "missing").exists()


def test_refuses_another_number_of_documents(tmp_path: Path, index: LexicalIndex) -> None:
    """An index whose documents are not the passages is refused."""
    with pytest.raises(DamagedIndexError, match="it holds 4 documents, expected 5"):
        LexicalIndex.open(tmp_path / "lexical", count=len(index) + 1)


def test_refuses_a_cut_file(tmp_path: Path, index: LexicalIndex) -> None:
    """A file cut in half is noticed when the index is opened."""
    assert len(index) == 4
    for path in sorted((tmp_path / "lexical").glob("*.term")):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DamagedIndexError):
        LexicalIndex.open(tmp_path / "lexical", count=4)
