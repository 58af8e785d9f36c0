"""Passage: the unit that is retrieved; split_study cuts a study into passages."""

from dataclasses import dataclass

from corpus.sentences import Span, split_sentences
from corpus.studies import Section, Study

SPLITTING_VERSION = 1
"""Raised whenever the cutting changes, so that an index built the old way counts as stale."""

MAX_WORDS = 120
"""Longest passage in words: with its heading it stays within the 256 tokens that the encoder reads."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one section.

    Attributes:
        passage_id: `study_id#n`, n from 0 in reading order.
        study_id: the study it belongs to.
        title: the study's title: context for search, never quoted.
        section: the section's name; empty for a document without sections.
        start: first character of the passage in the section's text.
        text: the section's text from `start`, verbatim.
        sentences: offsets of its sentences in the section's text (not in `text`).
    """

    passage_id: str
    study_id: str
    title: str
    section: str
    start: int
    text: str
    sentences: tuple[Span, ...]

    def quote(self, span: Span) -> str:
        """The words of a span whose offsets count in the section's text."""
        return self.text[span.start - self.start : span.end - self.start]


def split_study(study: Study) -> list[Passage]:
    """Cuts a study into passages: each section at most MAX_WORDS at a time, never inside a sentence."""
    groups = [(section, group) for section in study.sections for group in _group(section)]
    return [
        Passage(
            passage_id=f"{study.study_id}#{number}",
            study_id=study.study_id,
            title=study.title,
            section=section.name,
            start=group[0].start,
            text=section.text[group[0].start : group[-1].end],
            sentences=tuple(group),
        )
        for number, (section, group) in enumerate(groups)
    ]


def _group(section: Section) -> list[list[Span]]:
    groups: list[list[Span]] = []
    words = 0
    for span in split_sentences(section.text):
        length = len(section.text[span.start : span.end].split())
        if not groups or words + length > MAX_WORDS:
            groups.append([])
            words = 0
        groups[-1].append(span)
        words += length
    return groups
