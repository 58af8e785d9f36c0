"""Documents: what raters read of the library, kept with the pool as it was when the pool was made."""

from collections.abc import Mapping
from typing import NamedTuple

from corpus.passages import Passage
from corpus.studies import Study
from evaluation.judging.pool import Unit
from index.search import PassageIndex
from service.wording import study_card


class Part(NamedTuple):
    """A text with its heading."""

    heading: str
    text: str


class Document(NamedTuple):
    """A passage or a whole summary.

    Attributes:
        name: its id in runs and qrels.
        title: of the study.
        label: the study in plain words, as answers name it.
    """

    name: str
    title: str
    label: str
    parts: tuple[Part, ...]


def names_of(index: PassageIndex, unit: Unit) -> frozenset[str]:
    """The ids of all documents of a library."""
    if unit is Unit.study:
        return frozenset(index.studies)
    return frozenset(passage.passage_id for passage in index.passages)


def read_documents(index: PassageIndex, unit: Unit, names: frozenset[str]) -> dict[str, Document]:
    """The documents with these ids, in the order of the ids."""
    if unit is Unit.study:
        return {name: _study(index.studies[name]) for name in sorted(names)}
    passages = {passage.passage_id: passage for passage in index.passages if passage.passage_id in names}
    return {name: _passage(passages[name], index.studies) for name in sorted(names)}


def _study(study: Study) -> Document:
    parts = tuple(Part(section.title, section.text) for section in study.sections)
    return Document(study.study_id, study.title, study_card(study).label, parts)


def _passage(passage: Passage, studies: Mapping[str, Study]) -> Document:
    study = studies[passage.study_id]
    part = Part(study.section(passage.section).title, passage.text)
    return Document(passage.passage_id, study.title, study_card(study).label, (part,))
