"""How good is the choice of sentences: in what order, and whether one answers at all."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from evaluation.errors import EvaluationError
from evaluation.lines import read_records
from evaluation.measures import auc, interval, means, measure_questions
from evaluation.report import Plain, Report, file_sha256
from evaluation.runs import Scored
from index.encoder import Encoder

Scorer = Callable[[str, Sequence[str]], Sequence[float]]
"""Scores sentences against a question: one finite number a sentence, the higher the likelier it answers."""

RANKING = {"P@1": "P@1", "MAP": "AP"}
"""Our names of the measures, and ir_measures' names.

P@1: the first sentence answers. MAP: mean over lines of the average precision (Buckley and Voorhees 2000).
"""

SEED = 17


class Line(BaseModel):
    """A question with the sentences of one document.

    Attributes:
        labels: 1 for a sentence that answers, 0 for one that does not, in the sentences' order.
        answerable: whether the document answers the question at all.
    """

    model_config = ConfigDict(frozen=True)
    qid: str
    question: str
    sentences: Annotated[tuple[str, ...], Field(min_length=1)]
    labels: tuple[Annotated[int, Field(ge=0)], ...]
    answerable: bool

    @model_validator(mode="after")
    def _match(self) -> Self:
        if len(self.labels) != len(self.sentences):
            raise ValueError(f"{len(self.sentences)} sentences but {len(self.labels)} labels")
        return self


def evaluate_evidence(
    path: Path,
    score: Scorer,
    *,
    settings: Mapping[str, Plain],
    progress: Callable[[], object] = lambda: None,
) -> Report:
    """Measures a scorer on a file of questions with sentences.

    P@1 and MAP are over the answerable lines with at least one sentence that answers; AUC is how well the
    best sentence's score tells answerable lines from the others. What is not defined is None.

    Args:
        path: a .jsonl file, `{qid, question, sentences[], labels[], answerable}` a line.
        score: the scorer.
        settings: what it is and depends on, for the report.
        progress: called after each line.

    Raises:
        InputFileError: a line cannot be used.
        EvaluationError: the scorer did not give one finite number a sentence.
    """
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, list[Scored]] = {}
    best: dict[bool, list[float]] = {True: [], False: []}
    for number, line in read_records(path, Line):
        scores = _scores(score, line)
        best[line.answerable].append(max(scores))
        # By line: some files ask one question of several documents under one qid.
        if line.answerable and any(line.labels):
            run[str(number)] = _ranked(scores)
            qrels[str(number)] = {str(place): label for place, label in enumerate(line.labels)}
        progress()
    values = measure_questions(qrels, run, list(RANKING.values())) if qrels else {}
    mean = means(values)
    return Report(
        title=f"Evidence: {path.name}",
        measures={name: mean.get(known) for name, known in RANKING.items()}
        | {"AUC": auc(best[True], best[False])},
        intervals={
            name: interval(list(values[known].values()), SEED) for name, known in RANKING.items() if values
        },
        counts={
            "lines": len(best[True]) + len(best[False]),
            "ranked": len(qrels),
            "answerable": len(best[True]),
            "unanswerable": len(best[False]),
        },
        settings={"corpus_sha256": file_sha256(path), **settings, "seed": SEED},
    )


def cosine(encoder: Encoder) -> Scorer:
    """The plainest scorer, as a floor: cosine of question and sentence."""

    def score(question: str, sentences: Sequence[str]) -> Sequence[float]:
        vectors = encoder.encode([question, *sentences])
        return [float(value) for value in vectors[1:] @ vectors[0]]

    return score


def _scores(score: Scorer, line: Line) -> list[float]:
    scores = [float(value) for value in score(line.question, line.sentences)]
    if len(scores) != len(line.sentences) or not np.all(np.isfinite(scores)):
        raise EvaluationError(
            f"question {line.qid}: the scorer gave {scores} for {len(line.sentences)} sentences"
        )
    return scores


def _ranked(scores: Sequence[float]) -> list[Scored]:
    """Sentences best first, ties in reading order."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    return [Scored(str(place), scores[place]) for place in order]
