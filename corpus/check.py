"""check_library: everything that is wrong with a library, in one report."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from corpus.errors import CorpusError, GlossaryError, StudyFileError
from corpus.glossary import Glossary, load_glossary
from corpus.reading import reading_grade
from corpus.rules import (
    Fault,
    Page,
    check_figures,
    check_grade,
    check_identifiers,
    check_markup,
    check_safe,
    check_sections,
    check_standing,
    check_words,
    named_studies,
)
from corpus.studies import GLOSSARY_NAME, Status, Study, scan_studies

READ_SUFFIXES = (".md", ".yaml")


@dataclass(frozen=True, slots=True)
class Grade:
    """The reading grade of one summary, None where it has no text yet."""

    study_id: str
    status: Status
    grade: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found.

    Attributes:
        faults: by file and line.
        grades: one a study that could be read, by id.
        terms: how many terms the glossary has.
    """

    faults: tuple[Fault, ...]
    grades: tuple[Grade, ...]
    terms: int

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that keep the library from being served as it is."""
        return tuple(fault for fault in self.faults if fault.level == "error")

    @property
    def todos(self) -> tuple[Fault, ...]:
        """What is left to do: unfinished drafts, studies that are named but not in the library."""
        return tuple(fault for fault in self.faults if fault.level == "todo")


def check_library(folder: Path, *, today: date) -> Report:
    """Checks every study file of a folder and its glossary, and goes on after each fault.

    Args:
        folder: study files (`*.md`) and `glossary.yaml`.
        today: dates after it are faults.

    Raises:
        LibraryError: there is no such folder.
    """
    studies, errors = scan_studies(folder)
    pages = [_page(folder, study) for study in studies]
    faults = [fault for error in errors for fault in _schema_faults(error)]
    if not studies and not errors:
        faults.append(Fault(folder, "empty", "there is no study file (*.md) in this folder"))
    glossary, glossary_faults = _load_glossary(folder / GLOSSARY_NAME)
    faults.extend(glossary_faults)
    grades = _grades(pages, glossary)
    for page, grade in zip(pages, grades, strict=True):
        faults.extend(_study_faults(page, grade, today))
        # Without a glossary every hard word would be a fault of its own; that it is missing is said once.
        faults.extend(check_words(page, glossary) if not glossary_faults else ())
    faults.extend(_duplicates(pages))
    faults.extend(_missing_studies(pages))
    faults.extend(_unread_files(folder))
    faults.sort(key=lambda fault: (fault.path, fault.line or 0))
    return Report(tuple(faults), tuple(grades), len(glossary.terms))


def format_report(report: Report) -> str:
    """The report as lines to print: a line a fault, a line a study, one line that sums up."""
    lines = [_format_fault(fault) for fault in report.faults]
    for grade in report.grades:
        reading = "no text yet" if grade.grade is None else f"reading grade {grade.grade:.1f}"
        lines.append(f"{grade.study_id}: {reading} ({grade.status})")
    published = sum(grade.status is Status.published for grade in report.grades)
    lines.append(
        f"studies: {len(report.grades)}, published: {published}; glossary terms: {report.terms}; "
        f"errors: {len(report.errors)}, to do: {len(report.todos)}"
    )
    return "\n".join(lines)


def _format_fault(fault: Fault) -> str:
    place = f"{fault.path}:{fault.line}" if fault.line else str(fault.path)
    words = "to do: " + fault.message if fault.level == "todo" else fault.message
    return ": ".join(part for part in (place, fault.field, words) if part)


def _page(folder: Path, study: Study) -> Page:
    path = folder / f"{study.study_id}.md"
    return Page(path, study, tuple(path.read_text(encoding="utf-8-sig").splitlines()))


def _schema_faults(error: CorpusError) -> Iterator[Fault]:
    """The first fault of a file that cannot be read, and whatever else its front matter was found to have."""
    if not isinstance(error, StudyFileError):
        raise error
    yield Fault(error.path, "schema", error.problem, error.line, error.field)
    if isinstance(error.__cause__, ValidationError):
        lines = error.path.read_text(encoding="utf-8-sig").splitlines()
        for more in error.__cause__.errors()[1:]:
            field = ".".join(str(part) for part in more["loc"])
            top = field.partition(".")[0]
            line = next((n for n, line in enumerate(lines, 1) if line.startswith(f"{top}:")), None)
            yield Fault(error.path, "schema", more["msg"].removeprefix("Value error, "), line, field)


def _load_glossary(path: Path) -> tuple[Glossary, list[Fault]]:
    if not path.is_file():
        return Glossary(), [Fault(path, "glossary", "there is no glossary; hard words stay unexplained")]
    try:
        return load_glossary(path), []
    except GlossaryError as error:
        return Glossary(), [Fault(path, "glossary", error.problem, error.line, error.field)]


def _grades(pages: Iterable[Page], glossary: Glossary) -> list[Grade]:
    pages = list(pages)
    titles = [page.study.title for page in pages]
    drugs = [name for term in glossary.terms if term.drug for name in (term.term, *term.forms, *term.lay)]
    grades = []
    for page in pages:
        text = "\n\n".join(section.text for section in page.study.sections).strip()
        grade = reading_grade(text, leave_out=[*titles, *drugs]) if text else None
        grades.append(Grade(page.study.study_id, page.study.status, grade))
    return grades


def _study_faults(page: Page, grade: Grade, today: date) -> Iterator[Fault]:
    yield from check_sections(page)
    yield from check_identifiers(page, today)
    yield from check_standing(page)
    yield from check_figures(page)
    yield from check_grade(page, grade.grade or 0.0)
    yield from check_markup(page)
    yield from check_safe(page)


def _duplicates(pages: Iterable[Page]) -> Iterator[Fault]:
    """The same study in two files; one id cannot stand twice, as it is the file's name."""
    seen: dict[tuple[str, str], Page] = {}
    for page in pages:
        study = page.study
        title = "".join(re.findall(r"\w", study.title.lower()))
        keys = {"doi": study.doi, "pmid": study.pmid, "pmcid": study.pmcid, "title": f"{title} {study.year}"}
        for field, value in keys.items():
            if value is None:
                continue
            first = seen.setdefault((field, value.lower()), page)
            if first is not page:
                message = f"the same {field} as {first.path.name}; keep one of the two"
                yield Fault(page.path, "duplicate", message, page.line(field), field)
                break


def _missing_studies(pages: Sequence[Page]) -> Iterator[Fault]:
    """Studies that a summary names but the library does not have; each once a summary."""
    known = {
        (part.lower(), page.study.year)
        for page in pages
        for author in page.study.authors[:1]
        for part in author.split()
    }
    for page in pages:
        seen: set[tuple[str, int]] = set()
        for field, text in page.texts():
            for mention in named_studies(text):
                key = (mention.name.lower(), mention.year)
                if key not in known and key not in seen:
                    seen.add(key)
                    message = f"names {mention.name} {mention.year}, which is not in the library"
                    line = page.line(field, mention.span.start)
                    yield Fault(page.path, "missing-study", message, line, field, "todo")


def _unread_files(folder: Path) -> Iterator[Fault]:
    """Files that begin like a study file but are called something else, so that nobody reads them."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix not in READ_SUFFIXES and path.read_bytes().startswith(b"---"):
            yield Fault(path, "unread", "is not read; the name of a study file ends in .md", level="todo")
