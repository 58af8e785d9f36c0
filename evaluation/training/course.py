"""The course: how the layers learn, in order.

The loss is contrastive (van den Oord et al., "Representation Learning with Contrastive Predictive Coding",
2018): a sentence that answers against those of its document that do not and, where questions name what they
are about, against the other questions' sentences. Beside it, a logistic loss holds answers above one line and
everything below it where nothing answers.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import torch
from torch.nn import functional

from evaluation.training.lessons import OWN, Lesson
from evaluation.training.libraries import SOURCE
from evaluation.training.network import Compared, Encoded, LearningLayers, compare, join
from evaluation.training.states import InnerStates

QUESTIONS = 10
SENTENCES = 6
LIBRARY_SENTENCES = 12
"""Questions in a step, and sentences at most of each one's document, or library."""

LEARNING_RATE = 5e-5
HEAD_RATE = 1e-3
LINE_RATE = 2e-2
WARM_UP = 30
LONGEST_NORM = 1.0

SHARES = {
    OWN: 12.0,
    SOURCE: 20.0,
    "squad2_dev_half": 4.0,
    "scifact_train": 2.5,
    "evidence_inference_abstract": 2.5,
    "wikiqa_test_full": 2.0,
    "bioasq11b": 1.5,
    "covidqa": 1.5,
    "pubmedqa": 1.0,
    "wikiqa_dev_answerable": 0.5,
    "mediqa2021_validation": 0.3,
}
"""How often a step is taken from each set."""

WITHOUT_SUBJECT = frozenset({OWN, SOURCE, "pubmedqa"})
"""Sets whose questions ("was it safe?") other documents' sentences may answer as well."""


class Step(NamedTuple):
    """What is learnt from in one step.

    Attributes:
        lessons: one a question.
        sentences: of all lessons, in order.
        owners: for each sentence the place of its lesson.
        answers: for each lesson the place of the sentence that answers; -1 where none does.
    """

    lessons: Sequence[Lesson]
    sentences: Sequence[str]
    owners: Sequence[int]
    answers: Sequence[int]


def learn(
    layers: LearningLayers,
    states: InnerStates,
    lessons: Mapping[str, Sequence[Lesson]],
    *,
    steps: int,
    seed: int,
    progress: Callable[[str, float], object] = lambda _name, _loss: None,
) -> None:
    """Takes the layers through the course.

    Args:
        layers: changed in place.
        states: of all texts of the lessons.
        lessons: by set, as SHARES names them.
        steps: how many; a second and a half each on two cores.
        seed: the same seed, machine and libraries give the same weights.
        progress: called after each step with the set and the loss.
    """
    draw = random.Random(seed)
    body = list(layers.layers.parameters())
    line = [layers.scale, layers.worst, layers.nothing]
    optimiser = torch.optim.AdamW(
        [
            {"params": body, "lr": LEARNING_RATE, "weight_decay": 0.01},
            {"params": list(layers.weigh.parameters()), "lr": HEAD_RATE, "weight_decay": 0.0},
            {"params": line, "lr": LINE_RATE, "weight_decay": 0.0},
        ]
    )
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / WARM_UP, 1 - step / steps)
    )
    names = [name for name in SHARES if lessons.get(name)]
    layers.train()
    for _ in range(steps):
        name = draw.choices(names, [SHARES[one] for one in names])[0]
        step = draw_step(lessons[name], draw)
        loss = _loss(layers, states, step, alone=name in WITHOUT_SUBJECT)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(layers.parameters(), LONGEST_NORM)
        optimiser.step()
        rate.step()
        progress(name, float(loss))
    layers.eval()


def draw_step(lessons: Sequence[Lesson], draw: random.Random) -> Step:
    """Questions of one set, each with an answer, where it has one, and sentences that do not answer."""
    chosen = draw.sample(lessons, min(QUESTIONS, len(lessons)))
    sentences: list[str] = []
    owners: list[int] = []
    answers: list[int] = []
    for owner, lesson in enumerate(chosen):
        right = [draw.choice(sorted(lesson.answers))] if lesson.answers else []
        most = LIBRARY_SENTENCES if lesson.source == SOURCE else SENTENCES
        wrong = draw.sample(lesson.others, min(most - len(right), len(lesson.others)))
        answers.append(len(sentences) if right else -1)
        sentences += [lesson.sentences[place] for place in (*right, *wrong)]
        owners += [owner] * (len(right) + len(wrong))
    return Step(chosen, sentences, owners, answers)


def _loss(layers: LearningLayers, states: InnerStates, step: Step, *, alone: bool) -> torch.Tensor:
    questions = layers.encode(states, [lesson.question for lesson in step.lessons])
    compared = compare(questions, _encode_evenly(layers, states, step.sentences))
    scores = compared.match * layers.scale
    answers = torch.tensor(step.answers)
    answered = answers >= 0
    loss = _line_loss(layers, scores, compared, step)
    if answered.any():
        shut = scores.masked_fill(left_out(step, alone=alone), float("-inf"))
        loss = loss + functional.cross_entropy(shut[answered], answers[answered])
    return loss


def _line_loss(layers: LearningLayers, scores: torch.Tensor, compared: Compared, step: Step) -> torch.Tensor:
    """The answer above the line; where there is none, all of the document's sentences together below it."""
    above = scores + layers.worst * compared.worst - layers.nothing
    losses = []
    for row, answer in enumerate(step.answers):
        own = [place for place, owner in enumerate(step.owners) if owner == row]
        point = above[row, answer] if answer >= 0 else torch.logsumexp(above[row, own], 0)
        losses.append(functional.softplus(-point if answer >= 0 else point))
    return torch.stack(losses).mean()


def left_out(step: Step, *, alone: bool) -> torch.Tensor:
    """(questions, sentences): which sentences are no wrong answers to be learnt from."""
    out = torch.zeros(len(step.lessons), len(step.sentences), dtype=torch.bool)
    for row, (lesson, answer) in enumerate(zip(step.lessons, step.answers, strict=True)):
        known = set(lesson.sentences)
        right = {lesson.sentences[place] for place in lesson.answers}
        for place, (sentence, owner) in enumerate(zip(step.sentences, step.owners, strict=True)):
            if place != answer:
                out[row, place] = sentence in right or (owner != row and (alone or sentence in known))
    return out


def _encode_evenly(
    layers: LearningLayers, states: InnerStates, texts: Sequence[str], parts: int = 3
) -> Encoded:
    """Encodes texts of like length together, so that little is spent on padding."""
    order = sorted(range(len(texts)), key=lambda place: states.length(texts[place]))
    cuts = [order[len(order) * part // parts : len(order) * (part + 1) // parts] for part in range(parts)]
    encoded = [layers.encode(states, [texts[place] for place in cut]) for cut in cuts if cut]
    return join(encoded, torch.argsort(torch.tensor(order)))
