"""A small library with two generations on the disk, for tests that put a question to the older one."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.build import build_index
from index.search import PassageIndex
from index.store import kept_generations
from tests.studies import make_study
from tests.toy import ToyEncoder

if TYPE_CHECKING:
    from service.library import Library

QUESTION = "protein in the urine fell in how many people?"
"""Answered otherwise by each of the two."""


class TwoGenerations(NamedTuple):
    """A folder of generations, the library over the newer one, and the name of the older one."""

    folder: Path
    live: "Library"
    older: str


def build_two(folder: Path, model: "Library") -> TwoGenerations:
    """Builds both with the toy encoder: 9 of 10 people became 8 of 10; the rules are those of `model`."""
    encoder = ToyEncoder()
    for count in (9, 8):
        study = make_study(what_they_found=f"Protein in the urine fell in {count} of 10 people.")
        build_index([study], folder, encoder, drafts=False, corpus_sha256=f"{count}a" * 32, progress=False)
    return TwoGenerations(folder, toy_library(folder, encoder, model), kept_generations(folder)[1].name)


def toy_library(folder: Path, encoder: ToyEncoder, model: "Library") -> "Library":
    """A library over the generation in use; its screening and its numbers are those of `model`."""
    from service.answering import Sources  # noqa: PLC0415  # brings FAISS along
    from service.library import Library, speller_of  # noqa: PLC0415

    index, glossary = PassageIndex.load(folder, encoder), model.sources.glossary
    sources = Sources(
        index=index,
        screen=model.sources.screen,
        glossary=glossary,
        speller=speller_of(index, glossary),
        emergency_number="911",
        crisis=model.sources.crisis,
    )
    return Library(sources)
