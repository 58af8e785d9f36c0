"""Comparison report: findings as tables for a terminal and as plain values for scripts."""

import textwrap
from collections.abc import Iterator, Sequence

from evaluation.comparing.comparison import MEASURES, Estimate
from evaluation.comparing.contenders import counted, printable
from evaluation.comparing.examples import HITS, Example, Passage, Relevant
from evaluation.comparing.findings import Findings
from evaluation.comparing.verdicts import least_p
from evaluation.report import table
from evaluation.significance import ASSIGNMENTS

WIDTH = 100
SIDE = 49
"""Letters of a hit's line, where two stand side by side."""

KEY = (
    "Each hit: rank, [judgment, or ? where nobody judged it], document. Before them what is judged relevant."
)


def as_text(findings: Findings, *, with_examples: bool = True) -> str:
    """Findings for reading in a terminal; without wins and losses where a page shows them better."""
    comparison = findings.comparison
    blocks = [f"{findings.title}; baseline: {comparison.baseline.name}"]
    if findings.remarks:
        blocks.append("\n".join(["Mind:", *(_wrapped(remark, "- ") for remark in findings.remarks)]))
    blocks.append(table(list(_measures(findings))))
    blocks += [_wrapped(family(findings)), table(list(_tests(findings)))]
    blocks += [_wrapped(difference.verdict) for difference in comparison.differences]
    blocks.append(table(list(_curves(findings))))
    blocks += _examples(findings) if with_examples else []
    blocks.append(table([["file", "name", "holds", "changed", "sha256"], *map(list, findings.sources)]))
    blocks.append(table([[name, str(value)] for name, value in findings.settings.items()]))
    return "\n\n".join("\n".join(map(printable, block.splitlines())) for block in blocks)


def as_json(findings: Findings) -> dict[str, object]:
    """Plain values under the names that the other commands use too: `measures`, `settings` and the rest."""
    comparison = findings.comparison
    standings = comparison.standings
    return {
        "title": findings.title,
        "measures": {
            item.name: {name: item.estimates[name].value for name in MEASURES} for item in standings
        },
        "intervals": {item.name: {name: item.estimates[name][1:] for name in MEASURES} for item in standings},
        "counts": {"runs": len(standings), "questions": len(comparison.qrels)},
        "settings": dict(findings.settings),
        "rows": [
            {
                "run": item.name,
                "differences": {name: item.estimates[name]._asdict() for name in MEASURES},
                "p": item.p,
                "holm_p": item.evidence.holm_p,
                "comparisons": item.evidence.comparisons,
                "least_p": least_p(item.evidence),
                "wins": item.wins,
                "ties": item.ties,
                "losses": item.losses,
                "detectable": item.evidence.detectable,
                "needed_questions": item.evidence.needed,
                "verdict": item.verdict,
                "by_question": dict(item.by_question),
            }
            for item in comparison.differences
        ],
        "remarks": list(findings.remarks),
        "recall": {name: dict(found) for name, found in findings.recall.items()},
        "risk_coverage": {
            name: {"area": curve.area, "by_chance": curve.by_chance} if curve else None
            for name, curve in findings.risk.items()
        },
        "sources": [source._asdict() for source in findings.sources],
    }


def family(findings: Findings) -> str:
    """What was tested, and over what family p is corrected."""
    comparison = findings.comparison
    others = counted(len(comparison.differences), "comparison")
    return (
        f"{comparison.leading} against {comparison.baseline.name}: paired randomisation test, "
        f"{ASSIGNMENTS:,} assignments; p corrected by Holm over {others}. The other measures are not tested."
    )


def shown_rank(rank: int | None) -> str:
    """A rank, or a mark where a document was not found."""
    return "not found" if rank is None else f"rank {rank}"


def _measures(findings: Findings) -> Iterator[list[str]]:
    yield ["measure", "run", "mean", "95% interval", "difference", "95% interval"]
    by_name = {item.name: item for item in findings.comparison.differences}
    for name in MEASURES:
        for place, item in enumerate(findings.comparison.standings):
            difference = by_name.get(item.name)
            cells = _cells(difference.estimates[name], "+.4f") if difference else ["", ""]
            yield [name if not place else "", item.name, *_cells(item.estimates[name], ".4f"), *cells]


def _cells(estimate: Estimate, how: str) -> list[str]:
    return [f"{estimate.value:{how}}", f"[{estimate.low:{how}}, {estimate.high:{how}}]"]


def _tests(findings: Findings) -> Iterator[list[str]]:
    yield ["run", "difference", "p", "corrected p", "wins", "ties", "losses", "detectable difference"]
    for item in findings.comparison.differences:
        limit = item.evidence.detectable
        counts = [f"{count:,}" for count in (item.wins, item.ties, item.losses)]
        found = [f"{item.evidence.difference:+.4f}", f"{item.p:.4f}", f"{item.evidence.holm_p:.4f}"]
        yield [item.name, *found, *counts, "-" if limit is None else f"{limit:.4f}"]


def _curves(findings: Findings) -> Iterator[list[str]]:
    depths = list(next(iter(findings.recall.values())))
    yield ["run", *(f"R@{depth}" for depth in depths), "area under risk-coverage", "by chance"]
    for name, found in findings.recall.items():
        risk = findings.risk[name]
        area = [f"{risk.area:.4f}", f"{risk.by_chance:.4f}"] if risk else ["not comparable", "-"]
        yield [name, *(f"{found[depth]:.4f}" for depth in depths), *area]


def _examples(findings: Findings) -> Iterator[str]:
    baseline = findings.comparison.baseline.name
    for name, found in findings.examples.items():
        for kind, shown in (("wins", found.wins), ("losses", found.losses)):
            if shown:
                yield f"LARGEST {kind.upper()} of {name} over {baseline}\n{KEY}"
                yield from (_example(example, name, baseline) for example in shown)


def _example(example: Example, run: str, baseline: str) -> str:
    values = f"{baseline} {example.baseline_value:.4f}, {run} {example.value:.4f} ({example.difference:+.4f})"
    lines = [f"{example.question}  {values}"]
    if example.text:
        lines.append(_wrapped(" ".join(example.text.split()), "  "))
    all_of_them = counted(len(example.relevant), "relevant document")
    lines.append(f"  {all_of_them}; {baseline} has {example.baseline_found}, {run} {example.found}")
    lines += [_relevant(item, run, baseline) for item in example.relevant[:HITS]]
    left, right = [*map(_passage, example.baseline_passages)], [*map(_passage, example.passages)]
    rows = max(len(left), len(right))
    left, right = [baseline, *_filled(left, rows)], [run, *_filled(right, rows)]
    lines += [
        f"  {mine[:SIDE]:{SIDE}}  {theirs[:SIDE]}".rstrip() for mine, theirs in zip(left, right, strict=True)
    ]
    return "\n".join(lines)


def _relevant(item: Relevant, run: str, baseline: str) -> str:
    ranks = f"{baseline} {shown_rank(item.baseline_rank)}, {run} {shown_rank(item.rank)}"
    return f"  [{item.grade}] {item.document}: {ranks}"


def _passage(passage: Passage) -> str:
    says = " ".join((passage.title or passage.text or "").split())
    grade = "?" if passage.grade is None else passage.grade
    return f"{passage.rank} [{grade}] {passage.document} {says}"


def _filled(lines: Sequence[str], rows: int) -> list[str]:
    return [*lines, *[""] * (rows - len(lines))]


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))
