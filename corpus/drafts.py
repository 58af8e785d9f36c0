"""Draft files: a study as a Markdown file for an editor to finish, never written over another."""

import os
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from corpus.errors import LibraryError, StudyFileError
from corpus.studies import Section, Study, parse_study, section_name

_HEADING = "## "


def draft_sections(parts: Iterable[tuple[str, str]]) -> tuple[Section, ...]:
    """Sections from pairs of title and text.

    Two titles that would get the same name are told apart by a number: `Results`, `Results (2)`. A line of
    text that looks like a section heading is moved in by one space, so that it stays text.

    Args:
        parts: title (one line) and text (paragraphs on one line each, separated by empty lines).
    """
    sections: list[Section] = []
    names: set[str] = set()
    for wanted, text in parts:
        title, number = wanted or "Text", 1
        while section_name(title) in names:
            number += 1
            title = f"{wanted or 'Text'} ({number})"
        names.add(section_name(title))
        sections.append(Section(name=section_name(title), title=title, text=_indent_headings(text).strip()))
    return tuple(sections)


def draft_text(study: Study, remarks: Sequence[str] = ()) -> str:
    """The file of a draft.

    Args:
        study: fields that are None or empty are left out.
        remarks: what an editor should look at, a line each; they become comments in the front matter.

    Raises:
        StudyFileError: the text does not read back as the same study.
    """
    comments = ["Imported draft: fields that the source does not give are missing.", *remarks]
    lines = ["---", *map(_comment, comments), _front_matter(study), "---"]
    for section in study.sections:
        lines += ["", f"{_HEADING}{section.title}", "", _indent_headings(section.text)]
    text = "\n".join(lines) + "\n"
    _check_reads_back(text, study)
    return text


def write_draft(study: Study, folder: Path, remarks: Sequence[str] = ()) -> Path:
    """Writes a draft as `ID.md`: whole or not at all, and never over a file that is there.

    Args:
        study: the study.
        folder: the folder; made where it is missing.
        remarks: see draft_text.

    Raises:
        LibraryError: the file is there already, or the folder or file cannot be written.
        StudyFileError: the text does not read back as the same study.
    """
    path = folder / f"{study.study_id}.md"
    text = draft_text(study, remarks)
    unfinished = folder / f".{study.study_id}.{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise LibraryError(folder, f"{path.name} is there already; it was left as it is")
        _write_synced(unfinished, text)
        unfinished.replace(path)
    except OSError as error:
        _remove(unfinished)
        raise LibraryError(folder, f"{path.name} cannot be written: {error.strerror}") from error
    return path


def _comment(text: str) -> str:
    """A comment line; YAML takes no control characters, not even in comments."""
    return f"# {''.join(letter for letter in ' '.join(text.split()) if letter.isprintable())}"


def _front_matter(study: Study) -> str:
    fields = study.model_dump(mode="json", by_alias=True, exclude={"sections"}, exclude_none=True)
    yaml = YAML()
    yaml.width = 1_000_000  # a wrapped value could put --- on a line of its own and close the front matter
    yaml.allow_unicode = True
    stream = StringIO()
    yaml.dump({name: value for name, value in fields.items() if value != []}, stream)
    return stream.getvalue().rstrip("\n")


def _check_reads_back(text: str, study: Study) -> None:
    path = Path(f"{study.study_id}.md")
    if parse_study(text, path).model_dump() != study.model_dump():
        raise StudyFileError(path, "the draft would not read back as it was written, so it was not written")


def _indent_headings(text: str) -> str:
    return "\n".join(f" {line}" if line.startswith(_HEADING) else line for line in text.splitlines())


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # The folder itself is gone or closed to us; the error that led here is the one to report.
        return
