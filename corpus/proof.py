"""Proof: what a summary would be if it were published as it stands: its faults, its grade, its passages."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.check import Standards, check_between, check_folder, check_known, check_page, read_page
from corpus.glossary import Glossary, Term
from corpus.known import KNOWN_NAME
from corpus.passages import Passage, split_study
from corpus.rules import Fault, Page
from corpus.studies import GLOSSARY_NAME, Study

SUFFIX = ".md"


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of one summary, or of a file beside them.

    Attributes:
        study: None where it cannot be read, and for a file beside the summaries.
        faults: by line; only their lines say where they stand, as the text may be in no file yet.
        grade: its reading grade; None where it has no text.
        passages: what would be retrievable, in reading order.
        explained: the glossary's terms in it, each once, in order.
    """

    study: Study | None
    faults: tuple[Fault, ...]
    grade: float | None = None
    passages: tuple[Passage, ...] = ()
    explained: tuple[Term, ...] = ()

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What has to be mended before it can be published."""
        return tuple(fault for fault in self.faults if fault.level == "error")

    @property
    def todos(self) -> tuple[Fault, ...]:
        """What should be looked at."""
        return tuple(fault for fault in self.faults if fault.level == "todo")


class ProofReader:
    """Reads proofs by the rules of `plaincite corpus check`; what did not change is not read again.

    Safe to use from several threads: at worst one of them reads a file that another has read.
    """

    def __init__(self) -> None:
        self._pages: dict[tuple[str, str], Page | None] = {}
        self._glossaries: dict[str, Glossary | None] = {}

    def read(self, name: str, files: Mapping[str, bytes], *, today: date) -> Proof:
        """The proof of one file of a library.

        Args:
            name: a study file's, or that of a file beside them.
            files: the whole library, the text in question included.
            today: dates after it are faults.
        """
        with TemporaryDirectory(prefix="plaincite-") as folder:
            return self._read(Path(folder), name, files, today)

    def _read(self, folder: Path, name: str, files: Mapping[str, bytes], today: date) -> Proof:
        if name == GLOSSARY_NAME:
            (folder / name).write_bytes(files[name])
            faults = [fault for fault in check_folder(folder)[1] if fault.path.name == name]
            return Proof(None, tuple(faults))
        if name == KNOWN_NAME:
            (folder / name).write_bytes(files[name])
            studies = [page.study for other in sorted(files) for page in self._page(folder, other, files)]
            return Proof(None, _by_line(check_known(folder, studies)[1]))
        if not name.endswith(SUFFIX):
            return Proof(None, ())
        glossary = self._glossary(folder, files)
        others = [
            page for other in sorted(files) if other != name for page in self._page(folder, other, files)
        ]
        (folder / name).write_bytes(files[name])
        page, faults = read_page(folder / name)
        if page is None:
            return Proof(None, _by_line(faults))
        titles = tuple(each.study.title for each in (*others, page))
        grade, found = check_page(page, Standards(glossary, titles, today))
        # Last: of two files with the same study, the one that is worked on is told.
        between = [fault for fault in check_between([*others, page]) if fault.path == page.path]
        terms = _explained(page.study, glossary or Glossary())
        passages = tuple(split_study(page.study))
        return Proof(page.study, _by_line([*faults, *found, *between]), grade.grade, passages, terms)

    def _page(self, folder: Path, name: str, files: Mapping[str, bytes]) -> list[Page]:
        """Another study of the library; none where it cannot be read, which its own proof tells."""
        if not name.endswith(SUFFIX):
            return []
        key = name, hashlib.sha256(files[name]).hexdigest()
        if key not in self._pages:
            (folder / name).write_bytes(files[name])
            page = read_page(folder / name)[0]
            for outdated in [known for known in list(self._pages) if known[0] == name]:
                self._pages.pop(outdated, None)
            self._pages[key] = page
        page = self._pages.get(key)
        return [page] if page else []

    def _glossary(self, folder: Path, files: Mapping[str, bytes]) -> Glossary | None:
        content = files.get(GLOSSARY_NAME)
        if content is None:
            return None
        key = hashlib.sha256(content).hexdigest()
        if key not in self._glossaries:
            (folder / GLOSSARY_NAME).write_bytes(content)
            self._glossaries = {key: check_folder(folder)[0]}
        return self._glossaries.get(key)


def _by_line(faults: list[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))


def _explained(study: Study, glossary: Glossary) -> tuple[Term, ...]:
    found = {term.term: term for section in study.sections for term, _ in glossary.find(section.text)}
    return tuple(found.values())
