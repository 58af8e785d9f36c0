"""check_library: everything that is wrong with a library, in one report."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from corpus.errors import GlossaryError, KnownQuestionsError, StudyFileError
from corpus.glossary import Glossary, load_glossary
from corpus.known import KNOWN_NAME, KnownQuestion, read_known, strays
from corpus.passages import split_study
from corpus.reading import reading_grade
from corpus.rules import (
    Fault,
    Page,
    check_characters,
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
from corpus.studies import GLOSSARY_NAME, Status, Study, load_study, study_files

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
        known: how many questions are known.
    """

    faults: tuple[Fault, ...]
    grades: tuple[Grade, ...]
    terms: int
    known: int = 0

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that keep the library from being served as it is."""
        return tuple(fault for fault in self.faults if fault.level == "error")

    @property
    def todos(self) -> tuple[Fault, ...]:
        """What is left to do: unfinished drafts, studies that are named but not in the library."""
        return tuple(fault for fault in self.faults if fault.level == "todo")


@dataclass(frozen=True, slots=True)
class Standards:
    """What a summary is held against, beside the rules.

    Attributes:
        glossary: None where there is none that can be read: then every hard word would be a fault of its
            own, while one fault tells that the glossary is missing.
        titles: of all studies; they do not count towards a reading grade.
        today: dates after it are faults.
    """

    glossary: Glossary | None
    titles: tuple[str, ...]
    today: date


def check_library(folder: Path, *, today: date) -> Report:
    """Checks every study file of a folder, its glossary and known questions, and goes on after each fault.

    Args:
        folder: study files (`*.md`), `glossary.yaml`, and `known-questions.txt` if there are any.
        today: dates after it are faults.

    Raises:
        LibraryError: there is no such folder.
    """
    read = [read_page(path) for path in study_files(folder)]
    pages = [page for page, _ in read if page]
    glossary, faults = check_folder(folder)
    faults.extend(fault for _, found in read for fault in found)
    standards = Standards(glossary, tuple(page.study.title for page in pages), today)
    grades = []
    for page in pages:
        grade, found = check_page(page, standards)
        grades.append(grade)
        faults.extend(found)
    faults.extend(check_between(pages))
    known, found = check_known(folder, [page.study for page in pages])
    faults.extend(found)
    faults.sort(key=lambda fault: (fault.path, fault.line or 0))
    return Report(tuple(faults), tuple(grades), len(glossary.terms) if glossary else 0, len(known))


def read_page(path: Path) -> tuple[Page | None, list[Fault]]:
    """A study file, None where it cannot be read, and the faults that show without a look at the others."""
    try:
        study, faults = load_study(path), []
    except StudyFileError as error:
        study, faults = None, list(_schema_faults(error))
    text = _text(path)
    faults.extend(check_characters(path, text))
    return (Page(path, study, tuple(text.splitlines())) if study else None), faults


def check_page(page: Page, standards: Standards) -> tuple[Grade, list[Fault]]:
    """The reading grade of a summary, and where it does not keep to the rules."""
    text = "\n\n".join(section.text for section in page.study.sections).strip()
    terms = standards.glossary.terms if standards.glossary else ()
    drugs = [name for term in terms if term.drug for name in (term.term, *term.forms, *term.lay)]
    grade = reading_grade(text, leave_out=[*standards.titles, *drugs]) if text else None
    faults = [
        *check_sections(page),
        *check_identifiers(page, standards.today),
        *check_standing(page),
        *check_figures(page),
        *check_grade(page, grade or 0.0),
        *check_markup(page),
        *check_safe(page),
        *(check_words(page, standards.glossary) if standards.glossary else ()),
    ]
    return Grade(page.study.study_id, page.study.status, grade), faults


def check_between(pages: Sequence[Page]) -> list[Fault]:
    """What is wrong with summaries only beside each other."""
    return [*_duplicates(pages), *_missing_studies(pages)]


def check_folder(folder: Path) -> tuple[Glossary | None, list[Fault]]:
    """The glossary, None where there is none that can be read, and what is wrong beside the study files.

    Raises:
        LibraryError: there is no such folder.
    """
    empty = Fault(folder, "empty", "there is no study file (*.md) in this folder")
    faults = [*([] if study_files(folder) else [empty]), *_unread_files(folder)]
    path = folder / GLOSSARY_NAME
    if not path.is_file():
        faults.append(Fault(path, "glossary", "there is no glossary; hard words stay unexplained"))
        return None, faults
    faults.extend(check_characters(path, _text(path)))
    try:
        return load_glossary(path), faults
    except GlossaryError as error:
        return None, [*faults, Fault(path, "glossary", error.problem, error.line, error.field)]


def check_known(folder: Path, studies: Iterable[Study]) -> tuple[tuple[KnownQuestion, ...], list[Fault]]:
    """The known questions of a folder, and what is wrong with them.

    A sentence that no summary has any more is left to do: nothing is shown for it meanwhile, and whoever
    changes a summary shall not have to mend another file first.
    """
    path = folder / KNOWN_NAME
    faults = [*check_characters(path, _text(path))]
    try:
        known = read_known(path)
    except KnownQuestionsError as error:
        return (), [*faults, Fault(path, "known", error.problem, error.line, error.field)]
    passages = [passage for study in studies for passage in split_study(study)]
    left = (Fault(path, "known", message, at.line, level="todo") for at, message in strays(known, passages))
    return known, [*faults, *left]


def format_report(report: Report) -> str:
    """The report as lines to print: a line a fault, a line a study, one line that sums up."""
    lines = [_format_fault(fault) for fault in report.faults]
    for grade in report.grades:
        reading = "no text yet" if grade.grade is None else f"reading grade {grade.grade:.1f}"
        lines.append(f"{grade.study_id}: {reading} ({grade.status})")
    published = sum(grade.status is Status.published for grade in report.grades)
    lines.append(
        f"studies: {len(report.grades)}, published: {published}; glossary terms: {report.terms}; "
        f"known questions: {report.known}; "
        f"errors: {len(report.errors)}, to do: {len(report.todos)}"
    )
    return "\n".join(lines)


def _format_fault(fault: Fault) -> str:
    place = f"{fault.path}:{fault.line}" if fault.line else str(fault.path)
    words = "to do: " + fault.message if fault.level == "todo" else fault.message
    return ": ".join(part for part in (place, fault.field, words) if part)


def _text(path: Path) -> str:
    """The text of a file; what is not UTF-8 becomes nothing here, as reading the file says so."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""


def _schema_faults(error: StudyFileError) -> Iterator[Fault]:
    """The first fault of a file that cannot be read, and whatever else its front matter was found to have."""
    yield Fault(error.path, "schema", error.problem, error.line, error.field)
    if isinstance(error.__cause__, ValidationError):
        lines = _text(error.path).splitlines()
        for more in error.__cause__.errors()[1:]:
            field = ".".join(str(part) for part in more["loc"])
            top = field.partition(".")[0]
            line = next((n for n, line in enumerate(lines, 1) if line.startswith(f"{top}:")), None)
            yield Fault(error.path, "schema", more["msg"].removeprefix("Value error, "), line, field)


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
