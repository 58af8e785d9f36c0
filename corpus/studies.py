"""Study: one summary with its metadata; load_studies reads a folder of them.

A study file is Markdown with YAML front matter. Below it stand sections, each opened by a `## Title`
line; their text is plain sentences in paragraphs, without inline markup, so that what is quoted is
byte for byte what is stored.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.errors import CorpusError, LibraryError, StudyFileError
from corpus.frontmatter import FrontMatter

LIBRARY = Path(__file__).parent / "library"
"""The summaries that come with plaincite."""

REQUIRED_SECTIONS = (
    "Key messages",
    "What was studied",
    "What they found",
    "Side effects and safety",
    "What to keep in mind",
)
"""Section titles of a published summary, in order (after Cochrane's plain-language summaries)."""

GLOSSARY_NAME = "glossary.yaml"
SHOWN = 60
"""Characters of a wrong value that an error repeats."""

ID_PATTERN = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


class Design(StrEnum):
    """How a study was made, strongest evidence first where they disagree on an effect."""

    meta_analysis = "meta_analysis"
    randomized_trial = "randomized_trial"
    controlled_study = "controlled_study"
    single_arm_trial = "single_arm_trial"
    cohort = "cohort"
    case_series = "case_series"
    case_report = "case_report"
    other = "other"


class Finding(StrEnum):
    """Which way a study's main result points."""

    benefit = "benefit"
    no_difference = "no_difference"
    harm = "harm"
    mixed = "mixed"
    not_reported = "not_reported"


class Status(StrEnum):
    """Where a summary stands; only published ones are answered from."""

    draft = "draft"
    published = "published"
    retired = "retired"


def _check_doi(doi: str) -> str:
    if not re.fullmatch(r"10\.\d{4,9}/\S+", doi):
        raise ValueError("a DOI looks like 10.1000/xyz123, without https://doi.org/ before it")
    return doi


def _check_link(link: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(?:/\S*)?", link):
        raise ValueError("a link starts with https:// or http:// and has no spaces")
    return link


Text = Annotated[str, Field(min_length=1)]
Doi = Annotated[str, AfterValidator(_check_doi)]
Link = Annotated[str, AfterValidator(_check_link)]
MarkKind = Literal["retraction", "expression_of_concern", "correction", "erratum", "withdrawal", "update"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Fact(_Record):
    """One figure or statement of the paper, with where it was read and how sure that is."""

    name: Text
    value: Text
    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    confidence: Literal["high", "medium", "low"] = "high"


class Mark(_Record):
    """A retraction, correction or the like that the record carries."""

    kind: MarkKind
    note: Text
    link: Link | None = None


class Section(_Record):
    """One section of a summary; offsets of quotes count in `text`.

    Attributes:
        name: the name in addresses and citations, made from the title: "what-they-found".
        title: the heading as written.
        text: the section's text, stripped; paragraphs are separated by an empty line.
        line: the line of the heading in the file, from 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    name: str
    title: str
    text: str
    line: int = Field(default=0, exclude=True)

    @property
    def sha256(self) -> str:
        """The hash of the text in UTF-8: what a citation is proven against."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Study(_Record):
    """A study summary. Fields that a source does not give stay None; nothing is filled in."""

    study_id: str = Field(alias="id", pattern=f"^{ID_PATTERN.pattern}$")
    title: Text
    authors: tuple[Text, ...] = ()
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    journal: Text | None = None
    doi: Doi | None = None
    pmid: Annotated[str, Field(pattern=r"^\d{1,8}$")] | None = None
    pmcid: Annotated[str, Field(pattern=r"^PMC\d+$")] | None = None
    registration: Text | None = None
    link: Link | None = None
    design: Design | None = None
    design_note: Text | None = None
    people: Annotated[int, Field(ge=0)] | None = None
    who: Text | None = None
    comparison: Text | None = None
    follow_up: Text | None = None
    finding: Finding | None = None
    funding: Text | None = None
    cautions: tuple[Text, ...] = ()
    marks: tuple[Mark, ...] = ()
    facts: tuple[Fact, ...] = ()
    status: Status
    reviewed_by: Text | None = None
    reviewed_on: date | None = None
    updated: date | None = None
    imported_from: Text | None = None
    sections: tuple[Section, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True)

    @model_validator(mode="after")
    def _published_is_complete(self) -> Self:
        if self.status is Status.published:
            missing = [name for name in ("year", "link", "design", "finding") if getattr(self, name) is None]
            if missing:
                raise ValueError(f"a published summary needs {', '.join(missing)}")
        if (self.reviewed_by is None) != (self.reviewed_on is None):
            raise ValueError("reviewed_by and reviewed_on are given together or not at all")
        return self

    def section(self, name: str) -> Section:
        """The section of that name.

        Raises:
            KeyError: there is none.
        """
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(name)


def section_name(title: str) -> str:
    """The name of a section in addresses: lower-case words joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower())) or "section"


def study_files(folder: Path) -> list[Path]:
    """The study files of a library folder, sorted by name.

    Raises:
        LibraryError: there is no such folder.
    """
    if not folder.is_dir():
        raise LibraryError(folder, "there is no such folder")
    return sorted(path for path in folder.glob("*.md") if path.name.lower() != "readme.md")


def load_studies(folder: Path) -> list[Study]:
    """Reads every study of a library folder, in order of their ids.

    Raises:
        StudyFileError: the first file that cannot be read; file, line and field are named.
        LibraryError: the folder is missing or holds the same study twice.
    """
    studies: dict[str, Study] = {}
    for path in study_files(folder):
        study = load_study(path)
        if study.study_id in studies:
            raise LibraryError(folder, f"two files have the id {study.study_id}; give one of them another id")
        studies[study.study_id] = study
    return [studies[study_id] for study_id in sorted(studies)]


def scan_studies(folder: Path) -> tuple[list[Study], list[CorpusError]]:
    """Reads what can be read of a folder, and says what cannot: for checks that list every fault."""
    studies: list[Study] = []
    errors: list[CorpusError] = []
    for path in study_files(folder):
        try:
            studies.append(load_study(path))
        except StudyFileError as error:
            errors.append(error)
    return studies, errors


def load_study(path: Path) -> Study:
    """Reads one study file.

    Raises:
        StudyFileError: it cannot be read; line and field are named where they can be told.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyFileError(path, f"not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise StudyFileError(path, f"cannot be read: {error.strerror}") from error
    study = parse_study(text, path)
    if study.study_id != path.stem:
        problem = f"is {study.study_id!r} but the file is called {path.name}; make them the same"
        raise StudyFileError(path, problem, line=FrontMatter(text, path).line(("id",)), field="id")
    return study


def parse_study(text: str, path: Path) -> Study:
    """Turns the text of a study file into a record; `path` is only named in errors.

    Raises:
        StudyFileError: the text is not a study.
    """
    front = FrontMatter(text, path)
    if "sections" in front.fields:
        problem = "is no front matter field; sections stand below as ## headings"
        raise StudyFileError(path, problem, line=front.line(("sections",)), field="sections")
    sections = tuple(_split_sections(text.splitlines()[front.end :], front.end + 1, path))
    try:
        return Study.model_validate({**front.fields, "sections": sections})
    except ValidationError as error:
        raise _as_file_error(error, front, path) from error


def _split_sections(lines: list[str], first: int, path: Path) -> Iterator[Section]:
    title, start, body = None, 0, list[str]()
    seen: set[str] = set()
    for number, line in enumerate([*lines, "## "], start=first):
        if not line.startswith("## "):
            if title is None and line.strip():
                raise StudyFileError(path, "text before the first ## heading", line=number)
            body.append(line.rstrip())
            continue
        if title is not None:
            name = section_name(title)
            if name in seen:
                raise StudyFileError(path, f"the section {title!r} stands twice", line=start, field=title)
            seen.add(name)
            yield Section(name=name, title=title, text="\n".join(body).strip(), line=start)
        title, start, body = line[3:].strip(), number, []


def _as_file_error(error: ValidationError, front: FrontMatter, path: Path) -> StudyFileError:
    first = error.errors()[0]
    place = tuple("id" if part == "study_id" else part for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = "no such field; see CONTRIBUTING.md for the fields of a study file"
    value = first.get("input")
    if isinstance(value, str | int | float) and len(str(value)) <= SHOWN:
        message += f" (it is {value!r})"
    field = ".".join(str(part) for part in place) or None
    return StudyFileError(path, message, line=front.line(place), field=field)
