"""What tests of comparing runs share: a small collection, and runs over it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluation.comparing.findings import Inputs
from evaluation.qrels import write_qrels
from evaluation.runs import Run, Scored, write_run

QUESTIONS = 12

EVIL = "<script>document.title='broken'</script><img src=x onerror=alert(1)>"
TURNED = "\u202eright to left\u202d"


def ranked(*documents: str, top: float = 0.9) -> list[Scored]:
    """Hits in this order; their scores fall from `top`."""
    return [Scored(document, top - place / 100) for place, document in enumerate(documents)]


def run_of(ranks: Sequence[int], *, depth: int = 10) -> Run:
    """A run that has question n's one relevant document `right-n` at a rank from 1; 0 leaves it out."""
    run = {}
    for number, rank in enumerate(ranks):
        documents = [f"wrong-{place}" for place in range(depth)]
        if rank:
            documents[rank - 1] = f"right-{number}"
        run[f"q{number}"] = ranked(*documents, top=0.9 - number / 50)
    return run


def write_collection(folder: Path, *, questions: int = QUESTIONS) -> Inputs:
    """Writes judgments, documents and questions; some of them mean to break a page."""
    folder.mkdir(parents=True, exist_ok=True)
    qrels = {f"q{number}": {f"right-{number}": 1, "wrong-0": 0} for number in range(questions)}
    write_qrels(folder / "qrels.txt", qrels)
    documents = [
        {
            "_id": f"right-{number}",
            "title": f"Title {number} {EVIL}",
            "text": f"{TURNED} {EVIL} " + "words " * 80,
        }
        for number in range(questions)
    ]
    documents += [
        {"_id": f"wrong-{place}", "text": "A document that answers nothing."} for place in range(10)
    ]
    asked = [
        {"_id": f"q{number}", "text": f"What of {number}? {TURNED} {EVIL}"} for number in range(questions)
    ]
    for name, records in (("corpus.jsonl", documents), ("queries.jsonl", asked)):
        (folder / name).write_text("".join(json.dumps(record) + "\n" for record in records))
    return Inputs(folder / "qrels.txt", folder / "corpus.jsonl", folder / "queries.jsonl")


def write_runs(folder: Path, runs: Mapping[str, Run]) -> list[Path]:
    """Writes runs under their names."""
    paths = [folder / f"{name}.run" for name in runs]
    for path, (name, run) in zip(paths, runs.items(), strict=True):
        write_run(path, run, "".join(letter for letter in name if letter.isalnum()))
    return paths
