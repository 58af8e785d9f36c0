"""Export: the grades of a closed pool as qrels, with all that there is to know of how they came about."""

import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection

from evaluation.judging.agreement import Consistency, Figure, Pair
from evaluation.judging.findings import Findings
from evaluation.judging.pools import Pool, load_documents, load_questions, load_runs
from evaluation.judging.settling import RULE, How
from evaluation.qrels import Qrels, write_qrels

SPLIT = "judged"
"""What BEIR would call these judgments."""

UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def slug(pool: Pool) -> str:
    """A name for files."""
    return UNSAFE.sub("-", pool.name).strip("-.").lower()[:60] or f"pool-{pool.id}"


def qrels_of(findings: Findings) -> Qrels:
    """The settled grades."""
    qrels: dict[str, dict[str, int]] = {}
    for number, settled in findings.settled.items():
        item = findings.items[number]
        qrels.setdefault(item.question, {})[item.document] = settled.grade
    return qrels


def qrels_text(findings: Findings) -> str:
    """The settled grades in TREC's format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "qrels.txt"
        write_qrels(path, qrels_of(findings))
        return path.read_text(encoding="utf-8")


def account(connection: Connection, pool: Pool, findings: Findings) -> dict[str, object]:
    """How the grades came about; raters by their letters."""
    rests_on = [each.how for each in findings.settled.values()]
    return {
        "pool": pool.name,
        "unit": pool.unit.value,
        "depth": pool.depth,
        "questions_from": pool.asked,
        "made": pool.made.isoformat(),
        "closed": pool.closed.isoformat() if pool.closed else None,
        "corpus_version": pool.corpus_version,
        "index_generation": pool.generation,
        "guidelines": pool.guidelines.model_dump(),
        "rule": RULE,
        "runs": [
            {"name": run.name, "source": run.source, "brought": run.brought, "alone": run.alone}
            for run in load_runs(connection, pool.id)
        ],
        "counts": {
            "questions": len({item.question for item in findings.items.values()}),
            "documents": len(findings.items),
            "unjudged": findings.unjudged,
            "disagreements": len(findings.cases),
            "undecided": len(findings.undecided),
            **{how.value: rests_on.count(how) for how in How},
        },
        "agreement": {
            "krippendorff_alpha_ordinal": _figure(findings.alpha),
            "pairs": [_pair(pair) for pair in findings.pairs],
            "by_question": {each.question: _figure(each.alpha) for each in findings.by_question},
            "raters": {each: _rater(each, findings) for each in findings.raters},
        },
        "judgments": list(_judgments(findings)),
    }


def folder_of(connection: Connection, pool: Pool, findings: Findings) -> bytes:
    """A zip file: a BEIR folder with the judgments, the runs, and how the grades came about."""
    name, packed = slug(pool), io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for path, text in _files(connection, pool, findings):
            archive.writestr(f"{name}/{path}", text)
    return packed.getvalue()


def _files(connection: Connection, pool: Pool, findings: Findings) -> Iterator[tuple[str, str]]:
    qrels = qrels_of(findings)
    rows = (f"{q}\t{d}\t{grade}\n" for q, judged in qrels.items() for d, grade in judged.items())
    documents, questions = load_documents(connection, pool.id), load_questions(connection, pool.id)
    texts = ((each.name, each.title, "\n\n".join(part.text for part in each.parts)) for each in documents)
    yield "qrels.txt", qrels_text(findings)
    yield f"qrels/{SPLIT}.tsv", "".join(("query-id\tcorpus-id\tscore\n", *rows))
    yield "corpus.jsonl", _lines({"_id": name, "title": title, "text": text} for name, title, text in texts)
    yield "queries.jsonl", _lines({"_id": name, "text": text} for name, text in questions.items())
    for run in load_runs(connection, pool.id):
        yield f"runs/{run.name}.run", run.content
    yield "pool.json", json.dumps(account(connection, pool, findings), ensure_ascii=False, indent=2)


def _lines(rows: Iterator[Mapping[str, str]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _figure(figure: Figure) -> dict[str, object]:
    told: dict[str, object] = {"value": figure.value, "documents": figure.items}
    if figure.interval:
        told["interval"] = list(figure.interval)
    return told | ({"undefined": figure.why} if figure.why else {})


def _pair(pair: Pair) -> dict[str, object]:
    return {
        "raters": list(pair.raters),
        "cohen_kappa": _figure(pair.kappa),
        "cohen_kappa_quadratic": _figure(pair.weighted),
        "same": pair.same,
        "table": [list(row) for row in pair.table],
    }


def _rater(letter: str, findings: Findings) -> dict[str, int]:
    again = findings.consistency.get(letter, Consistency(0, 0, 0))
    graded = sum(each.letter == letter and each.occurrence == 1 for each in findings.given)
    return {"graded": graded, "twice": again.items, "same_twice": again.same, "farthest": again.farthest}


def _judgments(findings: Findings) -> Iterator[dict[str, object]]:
    decisions = {case.item.id: case.decision for case in findings.cases}
    grades: dict[int, dict[str, int]] = {}
    for each in findings.given:
        if each.occurrence == 1:
            grades.setdefault(each.item, {})[each.letter] = each.grade
    for number, settled in findings.settled.items():
        item, decision = findings.items[number], decisions.get(number)
        told: dict[str, object] = {
            "question": item.question,
            "document": item.document,
            "grades": grades.get(number, {}),
        }
        if decision:
            told["decided_by_a_rater_of_it"] = decision.was_rater
        yield told | {"grade": settled.grade, "rests_on": settled.how.value}
