"""Small libraries on disk, right in every point, for tests that put one point wrong."""

from pathlib import Path

GLOSSARY = """\
- term: lupus nephritis
  meaning: Kidney disease caused by lupus.
- term: randomized trial
  meaning: A study in which chance decides who gets what.
  forms: [RCT]
- term: C3
  meaning: A protein in the blood.
- term: cyclophosphamide
  meaning: A strong drug.
  lay: [cytoxan]
  drug: true
"""

SUMMARY = """\
---
id: doe2020
title: Outcomes of mesenchymal interventions in autoimmune nephropathy
authors: [Doe J, Roe R]
year: 2020
journal: A Journal 3(2):77-79
doi: 10.1000/xyz.1
pmid: "12345678"
link: https://doi.org/10.1000/xyz.1
design: randomized_trial
people: 18
who: People with lupus nephritis, all 18 of them new to drugs
comparison: A dummy drip
follow_up: 7 months
finding: no_difference
cautions:
  - Only 6 people got the dummy drip
facts:
  - name: Remission
    value: 9 of 12 (75%) and 5 of 6 (83.3%); 25 had been planned
    sources: [https://doi.org/10.1000/xyz.1]
  - name: Harms
    value: 1 person with pneumonia
    sources: [https://doi.org/10.1000/xyz.1]
status: published
reviewed_by:
reviewed_on:
updated: 2020-05-01
---

## Key messages

The cells did not help more than a dummy drip. Nine of 12 people (75%) got better with the cells.
With the dummy drip it was five of 6 people.

## What was studied

The trial took in 18 people with lupus nephritis.

## What they found

C3 in the blood rose in both groups. They were seen for seven months.

## Side effects and safety

One person had a lung infection.

## What to keep in mind

The trial was small. The plan was to ask 25 people.
"""


def line_of(text: str) -> int:
    """The line, from 1, of the first line of SUMMARY that has the text."""
    return next(number for number, line in enumerate(SUMMARY.splitlines(), start=1) if text in line)


def write_library(
    folder: Path,
    *edits: tuple[str, str],
    summary: str = SUMMARY,
    name: str = "doe2020.md",
    glossary: str = GLOSSARY,
) -> Path:
    """Writes one summary and the glossary; each edit replaces a text that must be there.

    Returns:
        The folder.
    """
    for old, new in edits:
        assert old in summary, f"{old!r} is not in the summary"
        summary = summary.replace(old, new, 1)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(summary, encoding="utf-8")
    (folder / "glossary.yaml").write_text(glossary, encoding="utf-8")
    return folder
