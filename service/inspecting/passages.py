"""Passages: every one that search looked at, with its scores, and the rank by each of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from corpus.passages import Passage
from index.search import Found
from service.inspecting.inspection import Fate, Inspection
from service.wording import study_reference

SHOWN = frozenset({Fate.quoted, Fate.against, Fate.along})
"""What becomes of a sentence that patients see."""


class Score(NamedTuple):
    """A score, and its rank among the passages that have one, from 1; equal scores share the better rank."""

    value: float
    rank: int


class Scores(NamedTuple):
    """What search says of a passage.

    Attributes:
        dense: by meaning.
        lexical: by words; None where it has none of the question's.
        fused: by both.
        late: word by word; None where it was not among the first.
    """

    dense: Score
    lexical: Score | None
    fused: Score
    late: Score | None


class Candidate(NamedTuple):
    """A passage that was looked at.

    Attributes:
        rank: in the order in which search gives them; None for one that it leaves out.
        study: who and when.
        section: its heading.
        scores: None for one that search did not bring.
        is_read: whether its sentences were read.
        best: how likely its best sentence answers; None where none was read.
        quoted: how many of its sentences patients see.
    """

    rank: int | None
    study: str
    section: str
    text: str
    scores: Scores | None
    is_read: bool
    best: float | None
    quoted: int


def candidates_of(inspection: Inspection) -> Sequence[Candidate]:
    """The passages in the order of the search; after them those that are read for the study that is named."""
    looked = inspection.trace.looked
    if looked is None:
        return ()
    index = inspection.library.index
    scores = scores_of(looked.found, index.passages)
    ranks = {hit.passage.passage_id: hit.rank for hit in looked.hits}
    brought = (index.passages[int(number)] for number in looked.found.candidates.numbers)
    rest = sorted(brought, key=lambda passage: scores[passage.passage_id].fused.rank)
    every = [*(hit.passage for hit in looked.hits), *rest, *looked.passages]
    read = {passage.passage_id for passage in looked.passages}
    likely, quoted = _sentences_of(inspection)
    return [
        Candidate(
            ranks.get(passage_id),
            study_reference(inspection.library.studies[passage.study_id]),
            inspection.library.studies[passage.study_id].section(passage.section).title,
            passage.text,
            scores.get(passage_id),
            passage_id in read,
            max(likely.get(passage_id, ()), default=None),
            quoted.get(passage_id, 0),
        )
        for passage_id, passage in {each.passage_id: each for each in every}.items()
    ]


def scores_of(found: Found, passages: Sequence[Passage]) -> Mapping[str, Scores]:
    """What search says of each passage that it looked at, by their ids."""
    candidates = found.candidates
    ids = [passages[int(number)].passage_id for number in candidates.numbers]
    late = _ranked((hit.passage.passage_id, hit.late) for hit in found.hits if hit.late is not None)
    lexical = _ranked(pair for pair in zip(ids, candidates.lexical, strict=True) if pair[1] > 0)
    dense = _ranked(zip(ids, candidates.dense, strict=True))
    fused = _ranked(zip(ids, candidates.fused, strict=True))
    return {each: Scores(dense[each], lexical.get(each), fused[each], late.get(each)) for each in ids}


def _ranked(pairs: Iterable[tuple[str, float]]) -> Mapping[str, Score]:
    scores = {passage_id: float(score) for passage_id, score in pairs}
    ordered = -np.sort(-np.array(list(scores.values()), np.float64))
    return {
        passage_id: Score(score, int(np.searchsorted(-ordered, -score)) + 1)
        for passage_id, score in scores.items()
    }


def _sentences_of(inspection: Inspection) -> tuple[Mapping[str, Sequence[float]], Mapping[str, int]]:
    """By passage: how likely its sentences answer, and how many of them patients see."""
    likely: dict[str, list[float]] = {}
    quoted: dict[str, int] = {}
    for item in inspection.trace.read.sentences if inspection.trace.read else ():
        passage_id = item.passage.passage_id
        likely.setdefault(passage_id, []).append(item.score)
        quoted[passage_id] = quoted.get(passage_id, 0) + (inspection.fate_of(item).fate in SHOWN)
    return likely, quoted
