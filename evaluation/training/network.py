"""LearningLayers: the encoder's layers as they learn, and what is asked of them."""

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch.nn import functional

from evaluation.training.states import InnerStates, run_layer
from index.models import INNER_LAYER
from index.reader import WORST_SHARPNESS

SCALE = 20.0
"""What a match is multiplied by before it is compared with the others, at the start."""

NOTHING = 18.0
"""What all sentences have to stay below where none answers, at the start."""


class Encoded(NamedTuple):
    """Texts as the layers leave them.

    Attributes:
        tokens: (texts, tokens, dimension), unit length.
        words: (texts, tokens), 1 for a token of the text, 0 for padding and the model's own marks.
        weights: (texts, tokens), what each token counts, if it is one of a question; their sum is 1.
    """

    tokens: torch.Tensor
    words: torch.Tensor
    weights: torch.Tensor


class LearningLayers(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by mypy
    """The packaged model's layers from INNER_LAYER on, a weight a token, a line that nothing lies above."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(
            copy.deepcopy(layer) for layer in network.encoder.layer[INNER_LAYER:]
        )
        self.weigh = torch.nn.Linear(network.config.hidden_size, 1)
        torch.nn.init.zeros_(self.weigh.weight)
        torch.nn.init.zeros_(self.weigh.bias)
        self.scale = torch.nn.Parameter(torch.tensor(SCALE))
        self.worst = torch.nn.Parameter(torch.tensor(SCALE * 0.3))
        self.nothing = torch.nn.Parameter(torch.tensor(NOTHING))

    def forward(
        self, inner_states: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Token vectors (texts, tokens, dimension), unit length; weights (texts, tokens), above 0."""
        states, mask = inner_states, attention_mask.to(inner_states.dtype)
        for layer in self.layers:
            states = run_layer(layer, states, mask)
        tokens = functional.normalize(states.float(), dim=2)
        return tokens, torch.exp(self.weigh(tokens).squeeze(-1))

    def encode(self, states: InnerStates, texts: Sequence[str]) -> Encoded:
        """Texts, whose inner states are known, in 16-bit numbers where that is exact enough."""
        inner, mask = states.batch(texts)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            tokens, weights = self(inner, mask)
        words = mask.clone()
        words[:, 0] = 0  # the mark at the start, and the one at the end
        words[torch.arange(len(texts)), mask.sum(1).long() - 1] = 0
        weights = weights.float() * words
        return Encoded(tokens.float(), words, weights / weights.sum(1, keepdim=True).clamp(min=1e-6))


class Compared(NamedTuple):
    """Questions against sentences, (questions, sentences).

    Attributes:
        match: the weighted mean of the question's best matches.
        worst: the match of its worst matched tokens.
    """

    match: torch.Tensor
    worst: torch.Tensor


def compare(questions: Encoded, sentences: Encoded) -> Compared:
    """As index.reader compares them."""
    best = torch.einsum("qmd,snd->qsmn", questions.tokens, sentences.tokens)
    best = best.masked_fill(sentences.words[None, :, None, :] == 0, -1.0).amax(3)
    weights = questions.weights[:, None, :]
    share = torch.softmax(torch.log(weights.clamp(min=1e-9)) - WORST_SHARPNESS * best, 2)
    return Compared((best * weights).sum(2), (best * share).sum(2))


def join(parts: Sequence[Encoded], order: torch.Tensor) -> Encoded:
    """Texts that were encoded in several batches, as one, in another order.

    Args:
        parts: padded to different lengths.
        order: for each text its place among all of the parts' texts.
    """
    longest = max(part.words.shape[1] for part in parts)

    def put(name: str) -> torch.Tensor:
        tensors = (getattr(part, name) for part in parts)
        # Padding is given from the last axis backwards; tokens have one more, of the vectors.
        sides = (0, 0) if name == "tokens" else ()
        padded = [functional.pad(tensor, (*sides, 0, longest - tensor.shape[1])) for tensor in tensors]
        return torch.cat(padded)[order]

    return Encoded(put("tokens"), put("words"), put("weights"))
