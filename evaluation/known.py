"""What do known questions bring: small libraries read with them and without, question by question."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evaluation.errors import EvaluationError
from evaluation.libraries import Asked, SmallLibrary, read_library
from evaluation.measures import auc, interval, share
from evaluation.report import Plain, Report
from evaluation.significance import randomisation
from index.encoder import Encoder
from index.known import KnownQuestions, Settled, write_known
from index.reader import read
from service.remembering import points

NOTHING_LEARNT = frozenset({0, 1})
"""Folds of libraries from whose questions the reader's layers have not learnt."""

FIRST = 3
SEED = 17

Floats = NDArray[np.float64]


class _Scored(NamedTuple):
    """One question: whether each sentence answers it, and its log odds without known questions and with."""

    answers: NDArray[np.bool_]
    without: Floats
    recalled: Floats

    def first(self, scores: Floats, depth: int) -> bool:
        """Whether an answer is among the first sentences."""
        return bool(self.answers[np.argsort(-scores, kind="stable")[:depth]].any())


def evaluate_known(
    paths: Sequence[Path],
    encoder: Encoder,
    *,
    settings: Mapping[str, Plain],
    progress: Callable[[], object] = lambda: None,
) -> Report:
    """Measures libraries with known questions, and those without with the other half of their own as such.

    Args:
        paths: libraries; those that the reader has learnt from are left out.
        encoder: with the shipped layers.
        settings: what it is, for the report.
        progress: called after each library.

    Raises:
        InputFileError: a file is no library.
        EvaluationError: no library is left.
    """
    parts: dict[str, list[_Scored]] = {"known questions": [], "half of its own questions": []}
    rows: list[dict[str, Plain]] = []
    for path in paths:
        library = read_library(path)
        if library.fold in NOTHING_LEARNT:
            kind = "known questions" if library.known else "half of its own questions"
            found = list(_score(library, encoder))
            parts[kind] += found
            known = len(library.known) or len(library.questions) // 2
            rows.append({"library": path.stem, "known": known, **_measures(found)})
        progress()
    if not rows:
        raise EvaluationError("no library here is one that the reader has not learnt from")
    groups: list[dict[str, Plain]] = [
        {"what is known": kind, **_measures(found)} for kind, found in parts.items() if found
    ]
    dense = parts["known questions"] or parts["half of its own questions"]
    answered = [one for one in dense if one.answers.any()]
    return Report(
        title="Known questions, in libraries that the reader has not learnt from",
        measures={name: value for name, value in _measures(dense).items() if isinstance(value, float)},
        intervals={
            f"P@1, {name}": interval([one.first(scores(one), 1) for one in answered], SEED)
            for name, scores in (("without", _without), ("with", _with))
        },
        counts={"libraries": len(rows), "questions": sum(map(len, parts.values()))},
        settings={**settings, "seed": SEED},
        groups=groups,
        rows=rows,
    )


def _without(one: _Scored) -> Floats:
    return one.without


def _with(one: _Scored) -> Floats:
    return one.without + one.recalled


def _measures(found: Sequence[_Scored]) -> dict[str, Plain]:
    """P@1, an answer among the first three, AUC of the best score, each without known questions and with.

    `p` is the paired randomisation test of P@1.
    """
    answered = [one for one in found if one.answers.any()]
    others = [one for one in found if not one.answers.any()]
    values: dict[str, Plain] = {"questions": len(found)}
    for depth in (1, FIRST):
        for name, scores in (("without", _without), ("with", _with)):
            values[f"P@1, {name}" if depth == 1 else f"among {FIRST}, {name}"] = share(
                [one.first(scores(one), depth) for one in answered]
            )
    before, after = ([float(one.first(of(one), 1)) for one in answered] for of in (_without, _with))
    values["p"] = randomisation(before, after, SEED)
    for name, scores in (("without", _without), ("with", _with)):
        best = [[float(scores(one).max()) for one in part] for part in (answered, others)]
        values[f"AUC, {name}"] = auc(*best)
    return values


def _score(library: SmallLibrary, encoder: Encoder) -> Iterator[_Scored]:
    texts = [one.vectors for one in encoder.encode_tokens(library.sentences)]
    ends = [*accumulate(map(len, library.studies.values()))]
    studies = [texts[start:end] for start, end in pairwise([0, *ends])]
    for known, questions in _parts(library):
        with TemporaryDirectory(prefix="plaincite-") as folder:
            settled = [Settled(one.question, library.places(one)) for one in known]
            write_known(Path(folder) / "known", settled, encoder, old=None)
            memory = KnownQuestions.open(Path(folder) / "known", len(texts))
            for asked in questions:
                vector, tokens = encoder.encode_question(asked.question)
                likely = read(tokens, studies, judgement=encoder.judgement).likely
                recalled = memory.recall(vector, tokens.vectors)
                answers = np.isin(np.arange(len(texts)), library.places(asked))
                lifts = [points(float(one), recalled.unanswered) for one in recalled.shares]
                yield _Scored(answers, np.array([*map(_log_odds, likely)]), np.array(lifts))


def _parts(library: SmallLibrary) -> Iterator[tuple[Sequence[Asked], Sequence[Asked]]]:
    """What is known, and what is asked then: both halves in turn where nothing else is known."""
    if library.known:
        yield library.known, library.questions
        return
    order = np.random.default_rng(SEED).permutation(len(library.questions))
    halves = [[library.questions[place] for place in order[start::2]] for start in (0, 1)]
    yield halves[0], halves[1]
    yield halves[1], halves[0]


def _log_odds(likely: float) -> float:
    bounded = min(max(likely, 1e-9), 1.0 - 1e-9)
    return math.log(bounded / (1.0 - bounded))
