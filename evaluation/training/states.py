"""InnerStates: what the layers learn from: what the encoder makes of texts before its first layer, once."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from index.models import INNER_LAYER, PACKAGED_NAME, find_model, model_folder

LONGEST = 72
"""Tokens of a text that are read while learning; of 100 sentences 95 are shorter."""

BATCH = 64


class InnerStates:
    """States of texts, (tokens, dimension) each, with the model's own marks at both ends."""

    def __init__(
        self, states: NDArray[np.float16], starts: NDArray[np.int64], places: dict[str, int]
    ) -> None:
        self._states = states
        self._starts = starts
        self._places = places

    def length(self, text: str) -> int:
        """How many tokens a text has."""
        place = self._places[text]
        return int(self._starts[place + 1] - self._starts[place])

    def batch(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """States (texts, tokens, dimension), padded with zeros; their mask (texts, tokens), 1 for a token."""
        lengths = [self.length(text) for text in texts]
        states = torch.zeros(len(texts), max(lengths), self._states.shape[1])
        mask = torch.zeros(len(texts), max(lengths))
        for row, (text, length) in enumerate(zip(texts, lengths, strict=True)):
            start = self._starts[self._places[text]]
            states[row, :length] = torch.from_numpy(self._states[start : start + length].astype(np.float32))
            mask[row, :length] = 1
        return states, mask


def load_model() -> SentenceTransformer:
    """The packaged model."""
    folder = str(model_folder(find_model(PACKAGED_NAME)))
    return SentenceTransformer(folder, device="cpu", local_files_only=True)


def inner_states(
    model: SentenceTransformer, texts: Iterable[str], progress: Callable[[int], object] = lambda _: None
) -> InnerStates:
    """Runs what comes before the layers that learn over texts: the embeddings, and layers up to INNER_LAYER.

    Args:
        model: the packaged one.
        texts: any; repeated ones are run once.
        progress: called with the number of texts done since the last call.
    """
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    ids = model.tokenizer(list(places), truncation=True, max_length=LONGEST)["input_ids"]
    starts = np.cumsum([0, *map(len, ids)], dtype=np.int64)
    states = np.empty((int(starts[-1]), model.get_embedding_dimension()), np.float16)
    order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
    for first in range(0, len(order), BATCH):
        chunk = order[first : first + BATCH]
        layer = _run(model[0].model, [ids[place] for place in chunk])
        for row, place in enumerate(chunk):
            states[starts[place] : starts[place + 1]] = layer[row, : len(ids[place])]
        progress(len(chunk))
    return InnerStates(states, starts, places)


def _run(network: Any, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    longest = max(map(len, ids))
    tokens = torch.zeros(len(ids), longest, dtype=torch.long)
    mask = torch.zeros(len(ids), longest)
    for row, own in enumerate(ids):
        tokens[row, : len(own)] = torch.tensor(own)
        mask[row, : len(own)] = 1
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        states = network.embeddings(input_ids=tokens)
        for layer in network.encoder.layer[:INNER_LAYER]:
            states = run_layer(layer, states, mask)
    found: NDArray[np.float32] = states.float().numpy()
    return found


def run_layer(layer: Any, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """One layer of the model over padded texts."""
    found = layer(states, (1.0 - mask)[:, None, None, :] * -1e9)
    return found[0] if isinstance(found, tuple) else found
