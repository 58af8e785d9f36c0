"""Abstract headings: `BACKGROUND: ... RESULTS: ...` taken apart, and headings set in ordinary letters."""

import re

from corpus.importers.records import Part

# Words that headings of structured abstracts are made of. A heading counts only if all its words are here,
# so that a sentence like "Patients: 18 were enrolled" is the worst that is cut, never an ordinary colon.
_WORDS = """aim aims analysis and assessment availability background case clinical conclusion conclusions
    context data description design discussion evidence extraction experimental exposure exposures
    finding findings
    funding hypothesis implementation implications importance information interpretation intervention
    interventions introduction key limitations main material materials measure measurement measurements
    measures method methodology methods motivation number objective objectives of outcome outcomes overview
    participants patients points population practice presentation primary principal procedure procedures
    purpose rationale recent registration relevance report results result review scope search secondary
    selection setting settings significance source sources statement statistical studies study subjects
    summary supplementary synthesis the trial"""
_HEADING_WORDS = frozenset(_WORDS.split())
_LABEL = re.compile(r"(?:^|(?<=[.!?)\]”\"] ))([A-Z][A-Za-z]*(?:[ /,&-]+[A-Za-z]+){0,5}): ")


def split_labelled(text: str, title: str = "Abstract") -> tuple[Part, ...]:
    """Cuts a text at the headings that stand in it, `Heading: text`.

    Args:
        text: one paragraph.
        title: the title of a text without such headings. A text counts as structured only if it begins with
            a known heading and has at least two.

    Returns:
        The parts; none for an empty text.
    """
    if not text:
        return ()
    found = [match for match in _LABEL.finditer(text) if _is_heading(match.group(1))]
    if len(found) < 2 or found[0].start() > 0:  # noqa: PLR2004
        return (Part(title, text),)
    ends = [*(match.start() for match in found[1:]), len(text)]
    parts = [
        Part(heading_case(match.group(1)), text[match.end() : end].strip())
        for match, end in zip(found, ends, strict=True)
    ]
    return tuple(part for part in parts if part.text)


def heading_case(label: str) -> str:
    """A heading in ordinary letters: `MATERIALS AND METHODS` becomes `Materials and methods`."""
    label = " ".join(label.split()).rstrip(":")
    return label.capitalize() if label.isupper() else label


def _is_heading(label: str) -> bool:
    return all(word.casefold() in _HEADING_WORDS for word in re.findall(r"[A-Za-z]+", label))
