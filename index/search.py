"""PassageIndex: a question in, the passages that are nearest to it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from corpus.passages import Passage
from corpus.studies import Study
from index.dense import DenseIndex, finite
from index.encoder import Encoder
from index.fusion import Fusion, best, fuse, move_towards, reorder
from index.known import KnownQuestions
from index.late import best_matches
from index.lexical import LexicalIndex, encodable
from index.sentences import SentenceStore, SentenceVectors
from index.store import Generation, Manifest, open_generation

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found.

    Attributes:
        score: the fused score, 0 to 1, comparable only within one question.
        rank: from 1.
        dense: cosine of question and passage, -1 to 1.
        lexical: BM25 of the question's words, from 0: 0 where the passage has none of them or is not
            among the best by words.
        fused: of both, 0 to 1, before any passage was compared token by token.
        late: that comparison, a mean cosine; None for a passage that was not among the first.
    """

    passage: Passage
    score: float
    rank: int
    dense: float
    lexical: float
    fused: float = 0.0
    late: float | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages by number, ascending, with their scores side by side.

    Attributes:
        towards: the passages that the query was moved towards for a second search, nearest first; none where
            there was no second one.
    """

    numbers: Numbers
    dense: Floats
    lexical: Floats
    fused: Floats
    towards: Numbers


class Found(NamedTuple):
    """What a search brought: the hits, and all passages that they were chosen from."""

    hits: list[Hit]
    candidates: Candidates


class PassageIndex:
    """One generation, open for search.

    Attributes:
        manifest: what the generation was built from.
        studies: by their ids; empty for documents that are no studies.
        passages: their places are their numbers in the index.
        encoder: the one the index was built with.
        sentences: their vectors; a document that is no study is one sentence.
        known: questions that are known, with the sentences that answer them.
        fusion: how the searches are combined.
    """

    def __init__(self, generation: Generation, encoder: Encoder, fusion: Fusion) -> None:
        self.manifest: Manifest = generation.manifest
        self.studies: Mapping[str, Study] = generation.studies()
        self.passages: Sequence[Passage] = generation.passages()
        self.sentences: SentenceStore = generation.sentences()
        self.known = KnownQuestions.open(generation.known_folder, len(self.sentences))
        self.encoder = encoder
        self.fusion = fusion
        count = len(self.passages)
        self._dense = DenseIndex.read(generation.dense_file, dimension=encoder.dimension, count=count)
        self._lexical = LexicalIndex.open(generation.lexical_folder, count=count)
        self._vectors = generation.embeddings()
        self._numbers = {passage.passage_id: number for number, passage in enumerate(self.passages)}

    @classmethod
    def load(cls, index: Path, encoder: Encoder, *, fusion: Fusion | None = None) -> Self:
        """Opens the generation in use.

        Args:
            index: the folder of generations.
            encoder: must be the one it was built with.
            fusion: the shipped settings where None.

        Raises:
            PlainIndexError: the index is missing, stale or damaged.
        """
        return cls(open_generation(index, encoder=encoder), encoder, fusion or Fusion())

    def forget_known(self) -> None:
        """From now on no question is known: for measuring what known questions bring."""
        self.known = KnownQuestions([], None, len(self.sentences))

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """The passages nearest to a question, best first; ties in the index's order.

        Args:
            question: any text.
            k: how many at most; all passages may come where the index is small.
        """
        text = encodable(question)
        vector, tokens = self.encoder.encode_question(text)
        return self.search_vector(vector, tokens.vectors, text, k)

    def search_vector(self, vector: Floats, tokens: Floats, question: str, k: int = 10) -> list[Hit]:
        """The same for a question that is encoded already.

        Args:
            vector: (dimension,), unit length.
            tokens: the vectors of its tokens, (tokens, dimension), unit length.
            question: its words, for the lexical search.
            k: how many at most.
        """
        return self.find(vector, tokens, question, k).hits

    def find(self, vector: Floats, tokens: Floats, question: str, k: int) -> Found:
        """The same as `search_vector`, with all passages that were looked at."""
        found = self._candidates(finite(vector), question, max(self.fusion.depth, k))
        order = best(found.fused, max(k, self.fusion.late_passages, 0))
        fused, late = found.fused[order], self._read(tokens, found.numbers[order])
        scores = reorder(fused, late, self.fusion.late_weight) if len(late) else fused
        hits = [
            Hit(
                passage=self.passages[int(found.numbers[order[place]])],
                score=float(scores[place]),
                rank=rank,
                dense=float(found.dense[order[place]]),
                lexical=float(found.lexical[order[place]]),
                fused=float(fused[place]),
                late=float(late[place]) if place < len(late) else None,
            )
            for rank, place in enumerate(best(scores, max(k, 0)), start=1)
        ]
        return Found(hits, found)

    def sentences_of(self, passage: Passage) -> list[SentenceVectors]:
        """The vectors of a passage's sentences, in the order of `passage.sentences`."""
        return self.sentences.of(self._numbers[passage.passage_id])

    def numbers_of(self, passage: Passage) -> range:
        """The numbers of a passage's sentences over the whole index."""
        return self.sentences.numbers_of(self._numbers[passage.passage_id])

    def _candidates(self, vector: Floats, question: str, depth: int) -> Candidates:
        """Searches twice: the best passages of the first search say where the second one looks.

        Once only where the first search has brought every passage there is: a second one brings nothing
        new, and the order got no better by it (evaluation/README.md).
        """
        words = self._lexical.search(question, depth)
        found = self._fused(vector, words, depth)
        nearest = best(found.fused, self.fusion.feedback_passages)
        if not len(nearest) or len(self.passages) <= depth:
            return found
        moved = move_towards(vector, self._vectors[found.numbers[nearest]], self.fusion.feedback_weight)
        again = self._fused(moved, words, depth)
        towards = found.numbers[nearest]
        return replace(again, dense=self._vectors[again.numbers] @ vector, towards=towards)

    def _read(self, tokens: Floats, numbers: Numbers) -> Floats:
        """How well the first of some passages, best first, match token by token; empty where none is read."""
        if not len(tokens) or not self.fusion.late_passages:
            return np.zeros(0, np.float32)
        first = [self.sentences.tokens_of(int(number)) for number in numbers[: self.fusion.late_passages]]
        means: Floats = best_matches(tokens, first).mean(axis=0)
        return means

    def _fused(self, vector: Floats, words: tuple[Numbers, Floats], depth: int) -> Candidates:
        """What either search brings; the vectors are at hand, so no candidate lacks its dense score."""
        nearest, _ = self._dense.search(vector, depth)
        numbers = np.union1d(nearest, words[0])
        dense = self._vectors[numbers] @ vector
        lexical = np.zeros(len(numbers), np.float32)
        lexical[np.searchsorted(numbers, words[0])] = words[1]
        fused = fuse(dense, lexical, self.fusion.lexical_weight)
        return Candidates(numbers, dense, lexical, fused, towards=numbers[:0])
