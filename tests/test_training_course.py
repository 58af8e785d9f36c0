import random
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from evaluation.training.course import QUESTIONS, SENTENCES, draw_step, left_out
from evaluation.training.lessons import Lesson
from evaluation.training.network import Encoded, LearningLayers, compare, join
from index.encoder import TokenVectors
from index.reader import match


def lesson(name: str, answers: set[int], count: int = 9) -> Lesson:
    return Lesson(
        "set", f"{name}?", tuple(f"{name} {place}" for place in range(count)), frozenset(answers), 0
    )


def test_step_has_an_answer_a_question_and_others_of_its_document() -> None:
    """Each question comes with one sentence that answers, where there is one, and few that do not."""
    lessons = [lesson("a", {2, 3}), lesson("b", set()), lesson("c", {0}, count=1)]
    step = draw_step(lessons, random.Random(1))
    for place, (one, answer) in enumerate(zip(step.lessons, step.answers, strict=True)):
        own = [text for text, owner in zip(step.sentences, step.owners, strict=True) if owner == place]
        right = {one.sentences[number] for number in one.answers}
        assert len(own) == min(SENTENCES, len(one.others) + bool(right))
        assert len(right & set(own)) == bool(right)
        assert (answer >= 0) == bool(right)
        assert answer < 0 or step.sentences[answer] in right
    assert len(step.lessons) <= QUESTIONS


def test_right_sentences_are_no_wrong_answers() -> None:
    """Another right sentence, or one of the same document drawn for another question, is left out."""
    first = lesson("a", {0, 1})
    second = Lesson("set", "other?", first.sentences, frozenset({2}), 0)
    step = draw_step([first, second], random.Random(4))
    out = left_out(step, alone=False)
    for row, answer in enumerate(step.answers):
        one = step.lessons[row]
        assert not out[row, answer]
        for place, (text, owner) in enumerate(zip(step.sentences, step.owners, strict=True)):
            is_right = text in {one.sentences[number] for number in one.answers}
            if place != answer:
                assert bool(out[row, place]) == (is_right or owner != row)


def test_alone_only_the_own_document_counts() -> None:
    """Where a question does not name its subject, other documents' sentences are left out."""
    step = draw_step([lesson("a", {0}), lesson("b", {1})], random.Random(2))
    out = left_out(step, alone=True)
    assert [[bool(cell) for cell in row] for row in out] == [
        [owner != row for owner in step.owners] for row in range(2)
    ]


def encoded(rows: list[list[list[float]]], weights: list[list[float]]) -> Encoded:
    tokens = torch.nn.functional.normalize(torch.tensor(rows, dtype=torch.float32), dim=2)
    share = torch.tensor(weights, dtype=torch.float32)
    return Encoded(tokens, (share > 0).float(), share)


def test_learning_compares_as_the_reader_does() -> None:
    """What is learnt on is what is read by: match and worst match are those of index.reader."""
    questions = encoded([[[1, 0.2], [0.1, 1], [9, 9]]], [[0.7, 0.3, 0]])
    sentences = encoded([[[1, 0], [0, 1]], [[1, 1], [5, 5]]], [[0.5, 0.5], [1, 0]])
    compared = compare(questions, sentences)
    tokens = TokenVectors(("a", "b"), questions.tokens[0, :2].numpy(), np.array([0.7, 0.3], np.float32))
    found = match(tokens, [[sentences.tokens[0].numpy(), sentences.tokens[1, :1].numpy()]])
    assert found is not None
    assert compared.match[0].numpy() == pytest.approx(found.match, abs=1e-6)
    assert compared.worst[0].numpy() == pytest.approx(found.worst, abs=1e-6)


def test_batches_are_joined_in_order() -> None:
    """Texts that were encoded by length come back in the order in which they were given."""
    short = encoded([[[1, 0]]], [[1]])
    long = encoded([[[0, 1], [1, 1]], [[1, 2], [2, 1]]], [[0.5, 0.5], [0.2, 0.8]])
    joined = join([short, long], torch.tensor([2, 0, 1]))
    assert joined.weights.tolist() == pytest.approx(torch.tensor([[0.2, 0.8], [1, 0], [0.5, 0.5]]))
    assert joined.tokens[1, 0].tolist() == [1, 0]


class Layer(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by mypy
    """A layer that lets everything through."""

    def forward(self, states: torch.Tensor, _mask: torch.Tensor) -> torch.Tensor:
        return states


def test_layers_start_as_the_model_left_them() -> None:
    """Before anything is learnt all tokens count alike, and tokens are the model's own."""
    network = SimpleNamespace(
        encoder=SimpleNamespace(layer=torch.nn.ModuleList(Layer() for _ in range(4))),
        config=SimpleNamespace(hidden_size=3),
    )
    layers = LearningLayers(network)
    states = torch.tensor([[[3.0, 0, 0], [0, 0, 2]]])
    tokens, weights = layers(states, torch.ones(1, 2))
    assert tokens.tolist() == [[[1, 0, 0], [0, 0, 1]]]
    assert weights.tolist() == [[1, 1]]
