"""python -m evaluation.training.judging: from how tokens match to how likely a sentence answers.

Fitted after the layers, on what these have not learnt from: small libraries that were kept for it, and the
tuning part of the project's own questions over the first library. The loss is that of the layers: the right
sentence before the others, and above the line where there is one; all sentences below it where there is none.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import click
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from evaluation.bench import open_bench
from evaluation.options import OWN_QUESTIONS
from evaluation.questions import Question, Split, holds_one
from evaluation.training.lessons import FITTED, Lesson
from evaluation.training.libraries import read_libraries
from evaluation.training.writing import write_stamp
from index.encoder import Encoder
from index.layers import SHIPPED, Judgement
from index.reader import match
from service.answering import UNANSWERED, Sources, look_up
from service.answers import Outcome
from service.settings import load_settings

START = (15.0, 3.0, 0.0, -10.0)
ROUNDS = 60
SHRINKAGE = 1e-5


class Judged(NamedTuple):
    """One question's sentences.

    Attributes:
        matches: (sentences, 3): match, worst match, match in the passage.
        answers: (sentences,), true where a sentence answers.
    """

    matches: NDArray[np.float32]
    answers: NDArray[np.bool_]


def judge_lessons(encoder: Encoder, lessons: Iterable[Lesson]) -> list[Judged]:
    """How the questions of lessons match their sentences."""
    found = []
    read: dict[tuple[str, ...], list[NDArray[np.floating]]] = {}
    for lesson in lessons:
        for text in lesson.passages:
            if text not in read:
                read[text] = [one.vectors for one in encoder.encode_tokens(text)]
        _, tokens = encoder.encode_question(lesson.question)
        matches = match(tokens, [read[text] for text in lesson.passages])
        if matches:
            answers = np.isin(np.arange(len(lesson.sentences)), list(lesson.answers))
            found.append(Judged(np.stack(matches, axis=1), answers))
    return found


def judge_questions(sources: Sources, questions: Iterable[Question]) -> list[Judged]:
    """How own questions match the library's sentences; those that the gate should stop are left out."""
    found = []
    for question in questions:
        if question.outcome is Outcome.screened or question.notice in UNANSWERED:
            continue
        looked = look_up(question.question, sources)
        passages = looked.passages
        stored = [[one.tokens for one in sources.index.sentences_of(each)] for each in passages]
        matches = match(looked.tokens, stored, explained=looked.asked.ignored)
        texts = [each.quote(span) for each in passages for span in each.sentences]
        answers = np.array([holds_one([text], question.sentences) for text in texts], np.bool_)
        if matches and (answers.any() or question.outcome is not Outcome.answered):
            found.append(Judged(np.stack(matches, axis=1), answers))
    return found


def fit(groups: Sequence[Sequence[Judged]]) -> Judgement:
    """The weights with the least loss; every group counts alike, whatever its size."""
    weights = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=ROUNDS, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        losses = [torch.stack([_loss(weights, one) for one in group]).mean() for group in groups if group]
        loss = torch.stack(losses).sum() + SHRINKAGE * weights.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    match_, worst, passage, offset = (round(float(weight), 2) for weight in weights)
    return Judgement(match=match_, worst=worst, passage=passage, offset=offset)


def _loss(weights: torch.Tensor, one: Judged) -> torch.Tensor:
    points = torch.from_numpy(one.matches.astype(np.float64)) @ weights[:-1] + weights[-1]
    if not one.answers.any():
        return functional.softplus(points.max())
    right = points[torch.from_numpy(one.answers)]
    return torch.logsumexp(points, 0) - torch.logsumexp(right, 0) + functional.softplus(-right.max())


@click.command()
def main() -> None:
    """Fits the judgement of the shipped layers, and writes it into reader.json."""
    bench = open_bench(OWN_QUESTIONS, load_settings(), split=Split.tuning.value, build=True)
    kept = [lesson for lesson in read_libraries() if lesson.fold == FITTED]
    judgement = fit(
        [
            judge_lessons(bench.library.index.encoder, kept),
            judge_questions(bench.library.sources, bench.questions),
        ]
    )
    write_stamp(judgement, SHIPPED)
    click.echo(judgement.model_dump_json())


if __name__ == "__main__":
    main()
