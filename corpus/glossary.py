"""Term: a hard word with its plain meaning; load_glossary reads them, Glossary finds them in texts."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from corpus.errors import GlossaryError
from corpus.frontmatter import line_in
from corpus.sentences import Span

SHORT = 4
"""Abbreviations of up to this many letters count only in capitals: BUN is a blood test, a bun is not."""

_WORD = re.compile(r"\w+")
_GAP = re.compile(r"[^\S\n]*\n?[^\S\n]*|[-‐‑–/'’]|% ")  # noqa: RUF001 - hyphens and quotes as texts have them


class Term(BaseModel):
    """A hard word and what it means.

    Attributes:
        term: the word as it heads its meaning.
        meaning: one or two plain sentences.
        forms: other spellings, plurals and abbreviations that texts use.
        lay: what people say instead; looked for in questions only.
        drug: it is the name of a drug.
        illness: it is the name of an illness that a library may be about: what helps in one says nothing of
            another.
        kind_of: the term of what it is one of: what is said of steroids may answer who asks about prednisone.
        hard: it needs its meaning beside a text; a plain word stands here only for what people say instead.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    term: Annotated[str, Field(pattern=r"\w")]
    meaning: Annotated[str, Field(pattern=r"\w")]
    forms: tuple[Annotated[str, Field(pattern=r"\w")], ...] = ()
    lay: tuple[Annotated[str, Field(pattern=r"\w")], ...] = ()
    drug: bool = False
    illness: bool = False
    kind_of: str | None = None
    hard: bool = True


class _Name(NamedTuple):
    """One way to write a term, cut into words; `folded` leaves case out."""

    written: tuple[str, ...]
    folded: tuple[str, ...]
    lay: bool
    term: Term

    def is_written_as(self, words: tuple[str, ...]) -> bool:
        """Whether the words, equal but for case, stand as this name must be written."""
        word = self.written[0]
        short = len(self.written) == 1 and 1 < len(word) <= SHORT and word.isalpha() and word.isupper()
        return not short or words == self.written


class Glossary:
    """The terms of a library.

    Names are looked up in a table by their first word. One pattern of all 850 names was measured instead:
    it took 130 ms to compile, and a search took ten times as long.
    """

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self.terms = tuple(terms)
        self._names: dict[str, list[_Name]] = {}
        for term in self.terms:
            for place, name in _spellings(term):
                entry = _Name(_words(name), _words(name.casefold()), place[0] == "lay", term)
                self._names.setdefault(entry.folded[0], []).append(entry)
        for names in self._names.values():
            names.sort(key=lambda entry: -len(entry.folded))

    @classmethod
    def of(cls, stored: bytes | None) -> Self:
        """The glossary that a generation keeps as JSON; one without terms for None."""
        return cls(_TERMS.validate_json(stored) if stored else ())

    def find(self, text: str, *, lay: bool = False) -> list[tuple[Term, Span]]:
        """The terms in a text, in order, as whole words, the longest name first where several fit.

        Case does not matter, except that an abbreviation of up to SHORT letters must stand in capitals.
        A hyphen and a space are the same; a line break may stand between words, a paragraph break may not.

        Args:
            text: a summary's sentence, or a question.
            lay: for questions: everyday words and terms that are not hard count as well, in any case.

        Returns:
            Each term with its offsets in `text`; spans do not overlap.
        """
        words = list(_WORD.finditer(text))
        found: list[tuple[Term, Span]] = []
        at = 0
        while at < len(words):
            name = self._longest_name(text, words[at : at + self._reach(words[at])], lay=lay)
            if name:
                last = words[at + len(name.folded) - 1]
                found.append((name.term, Span(words[at].start(), last.end())))
            at += len(name.folded) if name else 1
        return found

    def expand(self, question: str) -> str:
        """A question with the library's own words added after it for the everyday words in it.

        "was the drip safe" becomes "was the drip safe infusion". Names that summaries use are left alone.
        """
        added = [term.term for term, _ in self.everyday(question)]
        return " ".join([question, *dict.fromkeys(added)])

    def everyday(self, question: str) -> list[tuple[Term, Span]]:
        """The terms of a question that it calls by an everyday word, with the place of that word."""
        plain = {span for _, span in self.find(question)}
        return [
            (term, span)
            for term, span in self.find(question, lay=True)
            if span not in plain and question[slice(*span)].casefold() not in _own_names(term)
        ]

    def _reach(self, word: re.Match[str]) -> int:
        names = self._names.get(word.group().casefold())
        return len(names[0].folded) if names else 0

    def _longest_name(self, text: str, words: list[re.Match[str]], *, lay: bool) -> _Name | None:
        if not words:
            return None
        written = tuple(word.group() for word in words)
        folded = tuple(word.casefold() for word in written)
        for name in self._names[folded[0]]:
            size = len(name.folded)
            if name.folded != folded[:size] or ((name.lay or not name.term.hard) and not lay):
                continue
            if not lay and not name.is_written_as(written[:size]):
                continue
            gaps = (text[words[n].end() : words[n + 1].start()] for n in range(size - 1))
            if all(_GAP.fullmatch(gap) for gap in gaps):
                return name
        return None


def load_glossary(path: Path) -> Glossary:
    """Reads a glossary: a YAML list of terms.

    Raises:
        GlossaryError: it cannot be read, or a word stands twice; file, line and field are named.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise GlossaryError(path, f"not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise GlossaryError(path, f"cannot be read: {error.strerror}") from error
    try:
        # The loader that knows lines is the slow one; it is left for when there is something to explain.
        terms = _TERMS.validate_python(YAML(typ="safe").load(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join((error.problem or "not readable").split())
        raise GlossaryError(path, problem, line=mark.line + 1 if mark else None) from error
    except ValidationError as error:
        raise _as_glossary_error(error, text, path) from error
    except (YAMLError, ValueError) as error:
        raise GlossaryError(path, " ".join(str(error).split())) from error
    for place, problem in [*_repeated(terms), *_of_no_kind(terms)]:
        raise GlossaryError(path, problem, line=_line(text, place), field=_dotted(place))
    return Glossary(terms)


_TERMS = TypeAdapter(tuple[Term, ...])
_Place = tuple[str | int, ...]


def _of_no_kind(terms: Iterable[Term]) -> Iterator[tuple[_Place, str]]:
    """Terms that are said to be of a kind which is no term."""
    every = list(terms)
    known = {term.term for term in every}
    for number, term in enumerate(every):
        if term.kind_of and term.kind_of not in known:
            yield (number, "kind_of"), f"there is no term {term.kind_of!r}"


def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(name))


def _own_names(term: Term) -> set[str]:
    """What texts call a term that is not hard, and so is not found in them; nothing for all others."""
    return set() if term.hard else {name.casefold() for name in (term.term, *term.forms)}


def _spellings(term: Term) -> Iterator[tuple[_Place, str]]:
    """Every name of a term, with the field that it stands in."""
    yield ("term",), term.term
    for number, form in enumerate(term.forms):
        yield ("forms", number), form
    for number, word in enumerate(term.lay):
        yield ("lay", number), word


def _repeated(terms: Iterable[Term]) -> Iterator[tuple[_Place, str]]:
    """Names that stand twice: a text that has one would have two meanings to choose from."""
    owners: dict[tuple[str, ...], str] = {}
    for number, term in enumerate(terms):
        for place, name in _spellings(term):
            key = _words(name.casefold())
            if key in owners:
                yield (number, *place), f"{name!r} already stands under {owners[key]!r}; keep it in one place"
            owners.setdefault(key, term.term)


def _as_glossary_error(error: ValidationError, text: str, path: Path) -> GlossaryError:
    first = error.errors()[0]
    place = first["loc"]
    message = first["msg"]
    if not place:
        message = "a glossary is a list of terms, each `- term: ...` with a `meaning: ...`"
    elif first["type"] == "extra_forbidden":
        message = f"no such field; a term has {', '.join(Term.model_fields)}"
    elif first["type"] == "string_pattern_mismatch":
        message = "has no word in it"
    return GlossaryError(path, message, line=_line(text, place), field=_dotted(place))


def _dotted(place: _Place) -> str | None:
    """The field within its term: the number of the term says less than the line does."""
    return ".".join(str(part) for part in place[1:]) or None


def _line(text: str, place: _Place) -> int:
    """The line, from 1, of the innermost part of `place` that the file has."""
    return max(1, line_in(YAML(typ="rt").load(text), place))
