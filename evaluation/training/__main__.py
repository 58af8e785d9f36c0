"""python -m evaluation.training DATA: trains the reading layers that the project ships."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import torch
from tqdm import tqdm

from evaluation.errors import EvaluationError
from evaluation.evidence import Line
from evaluation.training.course import SHARES, learn
from evaluation.training.lessons import FITTED, HELD_OUT, OWN, Lesson, by_set, read_evidence, read_own
from evaluation.training.libraries import SOURCE, narrow, read_libraries
from evaluation.training.network import LearningLayers
from evaluation.training.states import LONGEST, inner_states, load_model
from evaluation.training.writing import write_layers, write_stamp
from index.layers import SHIPPED, UNTRAINED


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", default=SHIPPED, type=click.Path(file_okay=False, path_type=Path), show_default=False)
@click.option("--steps", default=1800, show_default=True, help="A second and a half each on two cores.")
@click.option("--seed", default=17, show_default=True)
@click.option("--lines", type=click.Path(file_okay=False, path_type=Path), help="Gets the held-out folds.")
def main(data: Path, out: Path, steps: int, seed: int, lines: Path | None) -> None:
    """Trains the reading layers on the data sets in DATA (`evidence`, `retrieval`, `questions`).

    Writes reader.onnx and reader.json; `python -m evaluation.training.judging` comes after it. With --lines
    also what nothing is learnt from, a file a set, as `plaincite evaluate evidence` reads it.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(os.cpu_count() or 1)
    try:
        lessons = [*read_own(data), *_evidence(data / "evidence"), *read_libraries()]
    except EvaluationError as error:
        raise click.ClickException(str(error)) from error
    if lines:
        _write_lines([lesson for lesson in lessons if lesson.fold == HELD_OUT], lines / "held-out")
        _write_lines([lesson for lesson in lessons if lesson.fold == FITTED], lines / "fitted")
    layers = train(
        [lesson for lesson in lessons if lesson.fold not in (HELD_OUT, FITTED)], steps=steps, seed=seed
    )
    write_layers(layers, out)
    write_stamp(UNTRAINED, out)


def train(lessons: Sequence[Lesson], *, steps: int, seed: int) -> LearningLayers:
    """Trains layers on lessons."""
    model = load_model()
    sets = by_set(lessons)
    lessons = [*(one for one in lessons if one.source != SOURCE), *narrow(sets[SOURCE], model)]
    texts = list(dict.fromkeys(text for one in lessons for text in (one.question, *one.sentences)))
    with tqdm(total=len(texts), unit="text", desc="embeddings") as bar:
        states = inner_states(model, texts, bar.update)
    layers = LearningLayers(model[0].model)
    # A letter that is cut may have lost its question.
    short = [lesson for lesson in lessons if states.length(lesson.question) < LONGEST]
    recent: dict[str, float] = {}
    with tqdm(total=steps, unit="step", desc="learning", mininterval=5) as bar:

        def told(name: str, loss: float) -> None:
            recent[name[:6]] = round(0.9 * recent.get(name[:6], loss) + 0.1 * loss, 2)
            bar.set_postfix(recent, refresh=False)
            bar.update()

        learn(layers, states, by_set(short), steps=steps, seed=seed, progress=told)
    return layers


def _evidence(folder: Path) -> Iterable[Lesson]:
    for name in SHARES:
        if name not in (OWN, SOURCE):
            yield from read_evidence(folder / f"{name}.jsonl")


def _write_lines(lessons: Sequence[Lesson], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, own in by_set(lessons).items():
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for number, one in enumerate(own):
                labels = tuple(int(place in one.answers) for place in range(len(one.sentences)))
                line = Line(
                    qid=str(number),
                    question=one.question,
                    sentences=one.sentences,
                    labels=labels,
                    answerable=bool(one.answers),
                )
                file.write(line.model_dump_json() + "\n")


if __name__ == "__main__":
    main()
