import numpy as np
import pytest

from index.encoder import TokenVectors
from index.layers import Judgement
from index.reader import match, missed_words, read, read_texts
from tests.toy import ToyEncoder

ENCODER = ToyEncoder()
SENTENCES = ["the kidneys leaked less protein", "two companies paid for it", "nobody died"]
X, Y = np.eye(2, dtype=np.float32)
EVEN = Judgement(match=2.0, worst=1.0, passage=0.5, offset=-1.0)


def test_sentence_with_the_questions_words_scores_best() -> None:
    """The sentence that says what is asked comes before those that do not, and scores are probabilities."""
    scores = read_texts(ENCODER, "less protein from the kidneys", SENTENCES)
    assert int(np.argmax(scores)) == 0
    assert all(0 <= score <= 1 for score in scores)


def test_matches_are_weighted_means() -> None:
    """By hand: of two tokens, 3 to 1, a sentence has the first; the next one has the second."""
    tokens = TokenVectors(("x", "y"), np.stack([X, Y]), np.array([0.75, 0.25], np.float32))
    found = match(tokens, [[X[None], Y[None]], [X[None]]])
    assert found is not None
    assert found.match == pytest.approx([0.75, 0.25, 0.75])
    assert found.passage == pytest.approx([1.0, 1.0, 0.75])
    share = 0.75 * np.exp(-8.0)
    assert found.worst[0] == pytest.approx(share / (share + 0.25), abs=1e-6)


def test_scores_are_logistic_in_the_matches() -> None:
    """By hand: the fitted weights times match, worst match and passage, and the offset."""
    tokens = TokenVectors.alike(("x",), X[None])
    assert read(tokens, [[X[None]]], judgement=EVEN).likely == [pytest.approx(1 / (1 + np.exp(-2.5)))]
    assert read(tokens, [[Y[None]]], judgement=EVEN).likely == [pytest.approx(1 / (1 + np.exp(1.0)))]


def test_word_that_a_sentence_misses_is_told() -> None:
    """By hand: of each sentence the word that weighs most on its worst match, with its pieces as one."""
    tokens = TokenVectors(("lu", "##pus", "y"), np.stack([X, X, Y]), np.array([0.3, 0.3, 0.4], np.float32))
    compared = read(tokens, [[X[None], Y[None]]], judgement=EVEN).comparison
    assert compared is not None
    assert missed_words(compared) == [("y", 0.0), ("lupus", 0.0)]
    nothing = read(TokenVectors.alike(("?",), X[None]), [[X[None]]], judgement=EVEN)
    assert (nothing.matches, nothing.comparison) == (None, None)


def test_missing_word_costs_more_than_its_share() -> None:
    """A sentence that lacks one of the words falls far behind: it may answer another question."""
    whole, lacking = read_texts(ENCODER, "protein insurance", ["protein insurance", "protein nothing"])
    assert lacking < whole - 0.3


def test_explained_words_need_no_match() -> None:
    """An everyday word whose medical word stands beside it costs nothing."""
    _, tokens = ENCODER.encode_question("foamy protein")
    stored = [[one.vectors for one in ENCODER.encode_tokens(SENTENCES)]]
    plain = read(tokens, stored, judgement=ENCODER.judgement).likely[0]
    explained = read(tokens, stored, judgement=ENCODER.judgement, explained={"foamy"})
    assert explained.likely[0] > plain


def test_words_in_pieces_are_explained_whole() -> None:
    """All pieces of an explained word are left out; where nothing else is there, all of them stay."""
    pieces = TokenVectors.alike(("lu", "##pus", "x"), np.stack([Y, Y, X]))
    found = match(pieces, [[X[None]]], explained={"lupus"})
    assert found is not None
    assert found.match == pytest.approx([1.0])
    alone = match(TokenVectors.alike(("lu", "##pus"), np.stack([Y, Y])), [[Y[None]]], explained={"lupus"})
    assert alone is not None
    assert alone.match == pytest.approx([1.0])


@pytest.mark.parametrize("question", ["", "???", "  "])
def test_nothing_to_read_scores_nothing(question: str) -> None:
    """A question without words scores 0 everywhere, and no sentences give no scores."""
    assert read_texts(ENCODER, question, SENTENCES) == [0.0, 0.0, 0.0]
    _, tokens = ENCODER.encode_question("protein")
    assert read(tokens, [], judgement=EVEN).likely == []
    assert read(tokens, [[]], judgement=EVEN).likely == []


def test_empty_sentence_among_others_is_no_fault() -> None:
    """A sentence without tokens scores below the others and disturbs none of them."""
    scores = read_texts(ENCODER, "protein", ["protein", "", "protein"])
    assert scores[0] == pytest.approx(scores[2])
    assert scores[1] < scores[0]


def test_empty_passage_among_others_is_no_fault() -> None:
    """A passage without sentences leaves the others their own context."""
    tokens = TokenVectors.alike(("x",), X[None])
    assert len(read(tokens, [[X[None]], [], [Y[None]]], judgement=EVEN).likely) == 2
