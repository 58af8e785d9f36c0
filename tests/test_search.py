"""Search from a question to hits, on small and on large indexes, with hostile questions."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import Passage
from index.build import build_index, build_passages_index
from index.errors import MissingIndexError, StaleIndexError
from index.fusion import Fusion, fuse
from index.search import PassageIndex
from tests.studies import make_study
from tests.toy import ToyEncoder

SHA = "5a" * 32
TEXTS = [
    "Protein in the urine fell after the stem cells.",
    "Two people had a fever on the day of the infusion.",
    "Nobody died in the first year.",
    "The kidneys worked better in nine of twelve people.",
    "The money came from a public fund.",
]


def passage(number: int, text: str, title: str = "A study") -> Passage:
    return Passage(f"d{number}#0", f"d{number}", title, "", 0, text, ())


def load(folder: Path, texts: list[str], fusion: Fusion | None = None) -> PassageIndex:
    encoder = ToyEncoder()
    passages = [passage(number, text) for number, text in enumerate(texts)]
    build_passages_index(passages, folder, encoder, corpus_sha256=SHA, progress=False)
    return PassageIndex.load(folder, encoder, fusion=fusion)


def many(count: int) -> list[str]:
    rng = np.random.default_rng(7)
    words = [f"w{number}" for number in range(300)]
    return [" ".join(rng.choice(words, 12)) for _ in range(count)]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    return load(tmp_path_factory.mktemp("small"), TEXTS)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    return load(tmp_path_factory.mktemp("large"), [*many(700), *TEXTS])


@pytest.mark.parametrize("name", ["small", "large"])
def test_finds_the_passage_that_is_asked_for(name: str, request: pytest.FixtureRequest) -> None:
    """The passage that shares the question's words comes first, whatever the size of the index."""
    index: PassageIndex = request.getfixturevalue(name)
    hits = index.search("did the kidneys work better?", 3)
    assert hits[0].passage.text == TEXTS[3]
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert 0 <= hits[-1].score <= hits[0].score <= 1


def test_a_hit_shows_both_of_its_parts(large: PassageIndex) -> None:
    """`dense` is the cosine with the question as asked, not as moved by feedback; `lexical` is BM25."""
    question = "fever on the day of the infusion"
    vector = large.encoder.encode([question])[0]
    for hit in large.search(question, 30):
        own = large.encoder.encode([f"{hit.passage.title} {hit.passage.text}"])[0]
        assert hit.dense == pytest.approx(float(own @ vector), abs=1e-5)
        assert (hit.lexical > 0) == bool(
            {"fever", "day", "infusion"} & set(hit.passage.text.strip(".").split())
        )


def test_scores_of_a_small_index_are_the_plain_fusion(tmp_path: Path) -> None:
    """Without feedback, as every passage is a candidate, and unread: cosine and BM25 fused."""
    small = load(tmp_path, TEXTS, Fusion(late_passages=0))
    hits = small.search("fever after the infusion", 10)
    dense = np.array([hit.dense for hit in hits], np.float32)
    lexical = np.array([hit.lexical for hit in hits], np.float32)
    expected = fuse(dense, lexical, small.fusion.lexical_weight)
    assert [hit.score for hit in hits] == pytest.approx(expected.tolist(), abs=1e-6)


def test_feedback_changes_the_order_of_a_large_index(tmp_path: Path) -> None:
    """Above the depth the best passages move the query, and others come up behind them."""
    shipped = load(tmp_path, many(400), Fusion(late_passages=0))
    plain = PassageIndex.load(tmp_path, shipped.encoder, fusion=Fusion(feedback_passages=0, late_passages=0))
    with_feedback, without = (
        [hit.passage.passage_id for hit in index.search("w1 w2 w3 w4", 50)] for index in (shipped, plain)
    )
    assert with_feedback != without
    assert with_feedback[0] == without[0]


def test_more_can_be_asked_for_than_there_is(small: PassageIndex) -> None:
    """With a k above the number of passages all come, each once; with 0 or less none."""
    assert sorted(hit.passage.passage_id for hit in small.search("urine", 100)) == [
        f"d{n}#0" for n in range(5)
    ]
    assert small.search("urine", 0) == small.search("urine", -3) == []


def test_a_k_above_the_depth_is_served(large: PassageIndex) -> None:
    """The number of candidates grows with k."""
    assert len(large.search("w1 urine", 400)) == 400


def test_ties_come_in_the_order_of_the_passages(tmp_path: Path) -> None:
    """Passages with the same words have the same score and keep the index's order, each time."""
    index = load(tmp_path, ["the same words"] * 150)
    order = [hit.passage.passage_id for hit in index.search("same words", 20)]
    assert order == [f"d{number}#0" for number in range(20)]
    assert [hit.passage.passage_id for hit in index.search("same words", 20)] == order


def test_an_index_of_one_passage(tmp_path: Path) -> None:
    """A single passage is found; its score is the least of a passage that was read."""
    hits = load(tmp_path, ["some kidney"]).search("kidney", 5)
    assert [(hit.rank, hit.score) for hit in hits] == [(1, 0.5)]
    assert hits[0].lexical > 0


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "\x00\x01",
        "\ud800",
        "狼疮 治疗",
        "title:x AND (",
        "<b>urine</b>",
        "urine " * 16_000,
        "🧬",
        "a" * 100_000,
    ],
    ids=lambda question: ascii(question[:12]),
)
@pytest.mark.parametrize("name", ["small", "large"])
def test_no_question_breaks_it(name: str, question: str, request: pytest.FixtureRequest) -> None:
    """Whatever is asked, hits come back with finite scores in falling order."""
    index: PassageIndex = request.getfixturevalue(name)
    hits = index.search(question, 5)
    assert len(hits) == 5
    scores = [hit.score for hit in hits]
    assert np.isfinite(scores).all()
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
@pytest.mark.parametrize("name", ["small", "large"])
def test_a_vector_without_direction_leaves_it_to_the_words(
    name: str, value: float, request: pytest.FixtureRequest
) -> None:
    """Where the question's vector is zero or no number at all, BM25 decides the order."""
    index: PassageIndex = request.getfixturevalue(name)
    tokens = np.zeros((0, 64), np.float32)
    hits = index.search_vector(np.full(64, value, np.float32), tokens, "fever infusion", 3)
    assert hits[0].passage.text == TEXTS[1]
    assert np.isfinite([hit.score for hit in hits]).all()


def test_threads_may_search_at_once(large: PassageIndex) -> None:
    """Questions asked at the same time get the hits that they get alone."""
    questions = [f"w{number} w{number + 1} kidneys" for number in range(40)]
    alone = [large.search(question, 10) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: large.search(question, 10), questions))
    assert together == alone


def test_gives_studies_and_sentences(tmp_path: Path) -> None:
    """Over studies the index knows them by id, and the vectors of each passage's sentences."""
    encoder = ToyEncoder()
    study = make_study("doe2020")
    build_index([study], tmp_path, encoder, drafts=True, corpus_sha256=SHA, progress=False)
    index = PassageIndex.load(tmp_path, encoder)
    assert list(index.studies) == ["doe2020"]
    for hit in index.search("lupus", 50):
        stored = index.sentences_of(hit.passage)
        quotes = [hit.passage.quote(span) for span in hit.passage.sentences]
        assert np.stack([one.vector for one in stored]) == pytest.approx(encoder.encode(quotes), abs=1e-6)


def test_a_document_that_is_no_study_is_one_sentence(small: PassageIndex) -> None:
    """Its vector is that of the text that is searched, title and all."""
    (only,) = small.sentences_of(small.passages[0])
    assert only.vector == pytest.approx(small.encoder.encode([f"A study {TEXTS[0]}"])[0], abs=1e-6)
    assert dict(small.studies) == {}


def test_the_best_passages_are_read_token_by_token(tmp_path: Path) -> None:
    """With all the weight on it, they come in the order of the question tokens' mean best match."""
    index = load(tmp_path, [*many(60), *TEXTS], Fusion(late_passages=10, late_weight=1.0))
    question = "w1 w2 fever infusion"
    hits = index.search(question, 30)
    tokens = index.encoder.encode_tokens([question])[0].vectors
    late = [
        float((tokens @ index.sentences_of(hit.passage)[0].tokens.T).max(axis=1).mean()) for hit in hits[:10]
    ]
    assert late == sorted(late, reverse=True)
    assert all(hit.score >= 0.5 for hit in hits[:10])
    assert all(hit.score <= 0.5 for hit in hits[10:])


def test_reading_changes_the_order_among_the_best_alone(tmp_path: Path) -> None:
    """The same passages are the first ten; those behind them keep their order."""
    texts = [*many(60), *TEXTS]
    read = load(tmp_path, texts, Fusion(late_passages=10))
    unread = PassageIndex.load(tmp_path, read.encoder, fusion=Fusion(late_passages=0))
    one, other = (
        [hit.passage.passage_id for hit in index.search("w1 w2 w3 w4", 40)] for index in (read, unread)
    )
    assert set(one[:10]) == set(other[:10])
    assert one[10:] == other[10:]


def test_refuses_another_encoder_and_an_empty_folder(tmp_path: Path) -> None:
    """An index is only searched with the encoder that built it; where there is none, that is said."""
    load(tmp_path / "index", TEXTS)
    with pytest.raises(StaleIndexError):
        PassageIndex.load(tmp_path / "index", ToyEncoder(name="another"))
    with pytest.raises(MissingIndexError):
        PassageIndex.load(tmp_path / "nothing", ToyEncoder())


def test_weights_can_be_chosen(tmp_path: Path) -> None:
    """With weight 1 the words decide alone, with weight 0 the vectors."""
    words = load(tmp_path, TEXTS, Fusion(lexical_weight=1.0, late_passages=0))
    assert words.search("public money", 1)[0].passage.text == TEXTS[4]
    vectors = PassageIndex.load(tmp_path, words.encoder, fusion=replace(words.fusion, lexical_weight=0.0))
    hits = vectors.search("public money", 5)
    assert [hit.dense for hit in hits] == sorted((hit.dense for hit in hits), reverse=True)
