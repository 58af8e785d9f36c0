"""Summaries: the text of a study file as the desk changes it, and the first text of a new one."""

import re

from corpus.frontmatter import FENCE
from corpus.studies import ID_PATTERN, REQUIRED_SECTIONS, Design, Finding, Status

MOST_CHARACTERS = 200_000
"""Of a summary's file: twenty times the longest one; more is a mistake."""

MOST_QUESTIONS = 5_000_000
"""Of the file of known questions: some 20,000 of them."""

TAKEN = frozenset({"new", "check", "glossary", "suggestions", "known", "links", "questions", "retractions"})
"""Ids that would be addresses of the desk."""


def clean_text(typed: str) -> str:
    """A text as a browser sends it, as it is kept: lines end in a line feed, the last one as well."""
    lines = typed.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return lines.rstrip("\n") + "\n"


def with_field(text: str, field: str, value: str) -> str:
    """The text with one field of its front matter set; every other line stays as it is.

    Where the field is not there it is added at the end of the front matter; a text without front matter comes
    back as it was, and is refused by the checks.
    """
    lines = text.split("\n")
    if not lines or lines[0].strip() != FENCE:
        return text
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == FENCE), None)
    if end is None:
        return text
    place = next((n for n in range(1, end) if re.match(rf"{field}\s*:", lines[n])), None)
    if place is None:
        lines.insert(end, f"{field}: {value}")
    else:
        lines[place] = f"{field}: {value}"
    return "\n".join(lines)


def is_retired(text: str) -> bool:
    """Whether a text says of itself that it is not answered from any more."""
    return f"\nstatus: {Status.retired}" in text


def id_fault(study_id: str) -> str:
    """What is wrong with the id of a new study; empty where nothing is."""
    if not ID_PATTERN.fullmatch(study_id) or len(study_id) > 60:  # noqa: PLR2004  # a name for people
        return "An id is the first author and the year in small letters and digits, as wang2018."
    if study_id in TAKEN:
        return f"{study_id} is an address of the desk; choose another id."
    return ""


def new_summary(study_id: str, title: str) -> str:
    """The first text of a new study's file: every field that a published summary needs, and its sections."""
    escaped = title.replace("'", "''")
    head = [
        FENCE,
        f"id: {study_id}",
        f"title: '{escaped}'",
        "authors: []",
        "year:",
        "journal:",
        "doi:",
        "link:",
        f"# one of: {', '.join(Design)}",
        "design:",
        "people:",
        "who:",
        "comparison:",
        "follow_up:",
        f"# one of: {', '.join(Finding)}",
        "finding:",
        "funding:",
        "cautions: []",
        "# each fact as: {name: People, value: 12 enrolled, sources: [https://...], confidence: high}",
        "facts: []",
        "status: draft",
        "reviewed_by:",
        "reviewed_on:",
        "updated:",
        FENCE,
    ]
    sections = [line for section in REQUIRED_SECTIONS for line in ("", f"## {section}", "")]
    return "\n".join([*head, *sections]) + "\n"
