import numpy as np
import pytest

from index.encoder import TokenVectors
from index.reader import read, read_texts
from tests.toy import ToyEncoder

ENCODER = ToyEncoder()
SENTENCES = ["the kidneys leaked less protein", "two companies paid for it", "nobody died"]


def test_sentence_with_the_questions_words_scores_best() -> None:
    """The sentence that says what is asked comes before those that do not."""
    scores = read_texts(ENCODER, "less protein from the kidneys", SENTENCES).scores
    assert int(np.argmax(scores)) == 0
    assert all(0 <= score <= 1 for score in scores)


def test_best_match_is_the_mean_over_the_questions_tokens() -> None:
    """By hand: two question tokens, one of which the sentence has, match 1 and 0, so 0.5 on average."""
    x, y = np.eye(2, dtype=np.float32)
    tokens = TokenVectors(("x", "y"), np.stack([x, y]))

    class Sentence:
        vector = np.zeros(2, dtype=np.float32)
        tokens = x[None]

    reading = read(np.zeros(2, dtype=np.float32), tokens, [Sentence()])
    assert reading.support == pytest.approx(0.0)
    assert reading.scores == [pytest.approx(1 / (1 + np.exp(-(3.7 * 0.5 - 6.3))))]


def test_support_is_that_of_the_least_known_word() -> None:
    """A content word that no sentence has pulls the support down, and with it every score."""
    known = read_texts(ENCODER, "less protein from the kidneys", SENTENCES)
    unknown = read_texts(ENCODER, "less insurance from the kidneys", SENTENCES)
    assert known.support == pytest.approx(1.0, abs=1e-5)
    assert unknown.support < 0.6
    assert max(unknown.scores) < max(known.scores)


def test_function_words_need_no_support() -> None:
    """Words such as "what" and "did" say nothing of what is asked and cost nothing."""
    assert read_texts(ENCODER, "what did the kidneys do", SENTENCES).support == pytest.approx(1.0, abs=1e-5)


def test_explained_words_need_no_support() -> None:
    """An everyday word whose medical word stands beside it costs nothing."""
    vector, tokens = ENCODER.encode_question("foamy protein")
    vectors, all_tokens = ENCODER.encode_with_tokens(SENTENCES)

    class Sentence:
        def __init__(self, number: int) -> None:
            self.vector, self.tokens = vectors[number], all_tokens[number].vectors

    stored = [Sentence(number) for number in range(len(SENTENCES))]
    assert read(vector, tokens, stored).support < 0.6
    assert read(vector, tokens, stored, explained={"foamy"}).support == pytest.approx(1.0, abs=1e-5)


def test_pieces_count_as_one_word() -> None:
    """A word in pieces is supported by the mean of its pieces, not by its weakest one."""
    x, y = np.eye(2, dtype=np.float32)

    class Sentence:
        vector = np.zeros(2, dtype=np.float32)
        tokens = x[None]

    pieces = TokenVectors(("lu", "##pus"), np.stack([x, y]))
    assert read(np.zeros(2, dtype=np.float32), pieces, [Sentence()]).support == pytest.approx(0.5)


@pytest.mark.parametrize("question", ["", "???", "  "])
def test_nothing_to_read_scores_nothing(question: str) -> None:
    """A question without words scores 0 everywhere, and no sentences give no scores."""
    assert read_texts(ENCODER, question, SENTENCES).scores == [0.0, 0.0, 0.0]
    vector, tokens = ENCODER.encode_question("protein")
    assert read(vector, tokens, []).scores == []


def test_empty_sentence_among_others_is_no_fault() -> None:
    """A sentence without tokens scores below the others and disturbs none of them."""
    scores = read_texts(ENCODER, "protein", ["protein", "", "protein"]).scores
    assert scores[0] == pytest.approx(scores[2])
    assert scores[1] < scores[0]


def test_question_of_function_words_alone_finds_nothing() -> None:
    """A question such as "what did they do?" asks about nothing that could be looked up."""
    assert max(read_texts(ENCODER, "the", SENTENCES).scores) < 0.2
