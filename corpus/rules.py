"""What a summary must keep to: one function a rule, each yielding the faults that it finds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import unquote

from corpus.characters import harm_of, hidden_characters, name_of, shown_around
from corpus.figures import figures, missing_figures
from corpus.glossary import Glossary
from corpus.reading import hard_words
from corpus.sentences import Span
from corpus.studies import GLOSSARY_NAME, REQUIRED_SECTIONS, Section, Status, Study, section_name

MAX_GRADE = 8.0
"""Highest reading grade of a published summary; AHRQ advises grade 6 to 8 for health texts."""

FRONT_TEXTS = ("who", "comparison", "design_note")
"""Front matter that readers see in sentences, besides the cautions; its figures need facts too."""

_WITHDRAWN = ("retraction", "withdrawal")
_LINKED = {
    "doi": re.compile(r"https?://(?:dx\.)?doi\.org/(.+)", re.IGNORECASE),
    "pmid": re.compile(r"https?://pubmed\.ncbi\.nlm\.nih\.gov/(\d+)/?", re.IGNORECASE),
    "pmcid": re.compile(r"https?://(?:www\.|pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/(PMC\d+)/?", re.I),
}
_MARKUP = {
    "a heading": r"^[ \t]*#+[ \t]",
    "a list": r"^[ \t]*[-*+•][ \t]|(?:\A|\n[ \t]*\n)[ \t]*\d{1,2}[.)][ \t]",
    "a quote or table": r"^[ \t]*[>|]",
    "a rule": r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$",
    "a link": r"\[[^\]\n]{0,300}\][(\[]|\bhttps?://|\bwww\.",
    "emphasis": r"(?<![\w*_])([*_]{1,3})(?=\S)[^*_\n]*(?<=\S)\1(?![\w*_])",
    "code": r"`",
    "HTML": r"</?[a-zA-Z][^>\n]{0,300}>|<!--|&\#?\w+;",
}
_MARKUP_PATTERNS = {what: re.compile(pattern, re.MULTILINE) for what, pattern in _MARKUP.items()}
_SAFE = re.compile(r"\bsafe(?:ly|r|st)?\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?P<name>(?:[A-Z]['’])?[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:-[A-ZÀ-ÖØ-Þ][^\W\d_]+)?)"  # noqa: RUF001 - the apostrophe as texts have it
    r"(?P<others>\s+et\s+al\.?|\s+and\s+colleagues)?,?\s+\(?(?P<year>(?:19|20)\d\d)\b"
)
_NO_NAMES = frozenset(
    """
    After As At Before Between By During From In Of Since The This To Until January February March April
    May June July August September October November December Spring Summer Autumn Winter
    """.split()
)
"""Words in capitals that stand before a year without naming a study."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend.

    Attributes:
        path: the file, or the folder where no one file is meant.
        rule: the name of the rule.
        message: what is wrong and what to do, without the place.
        line: from 1; None where no line can be told.
        field: the front matter field or the section's title.
        level: a "todo" is left for later: nobody is served a worse answer by it.
    """

    path: Path
    rule: str
    message: str
    line: int | None = None
    field: str | None = None
    level: Literal["error", "todo"] = "error"


class NamedStudy(NamedTuple):
    """A mention such as "Liu et al., 2018"."""

    name: str
    year: int
    span: Span


@dataclass(frozen=True, slots=True)
class Page:
    """A study with the lines of its file, so that a fault can say where it stands."""

    path: Path
    study: Study
    lines: tuple[str, ...]

    def fault(self, rule: str, message: str, line: int | None = None, field: str | None = None) -> Fault:
        """A fault of wording or completeness: an error once published, until then something to do."""
        level: Literal["error", "todo"] = "error" if self.study.status is Status.published else "todo"
        return Fault(self.path, rule, message, line, field, level)

    def texts(self) -> Iterator[tuple[str, str]]:
        """What readers are shown: each section, and the front matter in sentences, by field."""
        for name in FRONT_TEXTS:
            text = getattr(self.study, name)
            if text:
                yield name, text
        for number, caution in enumerate(self.study.cautions):
            yield f"cautions.{number}", caution
        for section in self.study.sections:
            yield section.title, section.text

    def line(self, field: str, offset: int = 0) -> int | None:
        """The line of a character of a section, or of a front matter field."""
        for section in self.study.sections:
            if section.title == field:
                return self._section_line(section, offset)
        top = field.partition(".")[0]
        return next((n for n, line in enumerate(self.lines, 1) if line.startswith(f"{top}:")), None)

    def _section_line(self, section: Section, offset: int) -> int:
        first = section.line + 1
        while first <= len(self.lines) and not self.lines[first - 1].strip():
            first += 1
        return (first if section.text else section.line) + section.text.count("\n", 0, offset)


def named_studies(text: str) -> list[NamedStudy]:
    """The studies that a text names by author and year, such as "Liu 2018" or "Liu et al., 2018"."""
    return [
        NamedStudy(match["name"], int(match["year"]), Span(*match.span()))
        for match in _NAMED.finditer(text)
        if match["others"] or match["name"] not in _NO_NAMES
    ]


def _without_named_studies(text: str) -> str:
    """The same length of text: the year of a study named in it is no figure that needs a fact."""
    for mention in named_studies(text):
        blank = "\0" * (mention.span.end - mention.span.start)
        text = text[: mention.span.start] + blank + text[mention.span.end :]
    return text


def check_sections(page: Page) -> Iterator[Fault]:
    """The required sections are there, in order, and say something."""
    sections = {section.name: section for section in page.study.sections}
    required = [section_name(title) for title in REQUIRED_SECTIONS]
    for title in REQUIRED_SECTIONS:
        if section_name(title) not in sections:
            yield page.fault("section-missing", f"add the section `## {title}`", field=title)
    present = [name for name in sections if name in required]
    for name, expected in zip(present, sorted(present, key=required.index), strict=True):
        if name != expected:
            message = (
                f"should stand after {sections[expected].title!r}; order: {', '.join(REQUIRED_SECTIONS)}"
            )
            yield page.fault("section-order", message, sections[name].line, sections[name].title)
            break
    for section in page.study.sections:
        if not section.text:
            message = "is empty; write it or remove it"
            yield page.fault("section-empty", message, section.line, section.title)


def check_identifiers(page: Page, today: date) -> Iterator[Fault]:
    """DOI, link and dates are as they must be, beyond what their form alone can show."""
    study = page.study
    if study.doi and study.doi[-1] in ".,;":
        message = f"ends in {study.doi[-1]!r}, which belongs to the sentence that it was copied from"
        yield Fault(page.path, "doi", message, page.line("doi"), "doi")
    for name, pattern in _LINKED.items():
        match = pattern.match(study.link or "")
        given = getattr(study, name)
        if match and given and unquote(match[1]).rstrip("/").lower() != given.lower():
            message = f"leads to {name} {match[1]}, but the {name} here is {given}"
            yield Fault(page.path, "link", message, page.line("link"), "link")
    for name in ("reviewed_on", "updated"):
        day = getattr(study, name)
        if day and day > today:
            yield Fault(page.path, "date", f"{day} is in the future", page.line(name), name)
    # Journals date issues ahead, but never by more than a year.
    if study.year and study.year > today.year + 1:
        yield Fault(page.path, "date", f"{study.year} is in the future", page.line("year"), "year")


def check_standing(page: Page) -> Iterator[Fault]:
    """A paper that was taken back is not served, and a published summary has facts behind it."""
    if page.study.status is not Status.published:
        return
    for mark in page.study.marks:
        if mark.kind in _WITHDRAWN:
            message = (
                f"the paper carries a {mark.kind}, so its summary cannot be published; set status: retired"
            )
            yield Fault(page.path, "retracted", message, page.line("status"), "status")
    if not page.study.facts:
        yield Fault(page.path, "facts", "a published summary needs the facts that it rests on", None, "facts")


def check_figures(page: Page) -> Iterator[Fault]:
    """Each figure that readers see is in a fact of the study."""
    study = page.study
    about = (study.people, study.year, study.follow_up, study.title, study.journal)
    facts = "\n".join(
        [*(f"{fact.name}\n{fact.value}" for fact in study.facts), *map(str, filter(None, about))]
    )
    for field, text in page.texts():
        for figure in missing_figures(_without_named_studies(text), facts):
            quoted = text[figure.span.start : figure.span.end]
            message = f"{quoted!r} is in no fact of the study; add the fact or mend the figure"
            yield page.fault("figure", message, page.line(field, figure.span.start), field)


def check_words(page: Page, glossary: Glossary) -> Iterator[Fault]:
    """Each hard word is explained in the glossary; a word is reported once a study."""
    seen: set[str] = set()
    for section in page.study.sections:
        known = [span for _, span in glossary.find(section.text)]
        for span in hard_words(section.text, known=known):
            word = section.text[span.start : span.end]
            if word.lower() not in seen:
                seen.add(word.lower())
                message = (
                    f"{word!r} is hard and not in {GLOSSARY_NAME}; explain it there or use an easier word"
                )
                line = page.line(section.title, span.start)
                yield page.fault("hard-word", message, line, section.title)


def check_grade(page: Page, grade: float) -> Iterator[Fault]:
    """The text is easy enough to read."""
    if round(grade, 1) > MAX_GRADE:
        message = f"reading grade {grade:.1f}, at most {MAX_GRADE:.1f}; use shorter sentences and words"
        yield page.fault("grade", message)


def check_markup(page: Page) -> Iterator[Fault]:
    """Sections are plain sentences, so that a quote is byte for byte what a reader sees."""
    for section in page.study.sections:
        for what, pattern in _MARKUP_PATTERNS.items():
            match = pattern.search(section.text)
            if match:
                message = f"has {what} ({match.group().strip()[:30]!r}); write plain sentences"
                start = match.end() - len(match.group().lstrip())
                line = page.line(section.title, start)
                yield page.fault("markup", message, line, section.title)


def check_characters(path: Path, text: str) -> Iterator[Fault]:
    """No file has characters that nobody sees; each is reported once a line, in drafts too.

    Args:
        path: the file.
        text: all of it, so that what cannot be read as a study is looked at as well.
    """
    seen: set[tuple[int, str]] = set()
    for hidden in hidden_characters(text):
        if (hidden.line, hidden.letter) not in seen:
            seen.add((hidden.line, hidden.letter))
            what = f"{name_of(hidden.letter)} in {shown_around(text, hidden)!r}"
            message = f"has the hidden character {what}: {harm_of(hidden.letter)}; type these words anew"
            yield Fault(path, "hidden-character", message, hidden.line)


def check_safe(page: Page) -> Iterator[Fault]:
    """The word "safe" never stands without a number of people or events in its section; a year is none."""
    for section in page.study.sections:
        counts = [figure for figure in figures(section.text) if not 1900 <= figure.value <= 2100]  # noqa: PLR2004
        match = _SAFE.search(section.text)
        if match and not counts:
            message = f"{match.group()!r} needs a number in the same section: how many people had which harm"
            line = page.line(section.title, match.start())
            yield page.fault("safe", message, line, section.title)
