"""Explaining: what a study of this kind, size and result can show, in fixed plain words.

The texts, what each of them rests on, and when each is shown are data (`explaining.yaml`), so that a
clinician can read them. No text is about one study: they hang on design, size, finding, marks, and on a
few phrases of the cautions.
"""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from corpus.studies import Design, Finding, MarkKind, Study
from service.languages import ENGLISH, Language
from service.notices import UNREVIEWED

EXPLANATIONS = Path(__file__).with_name("explaining.yaml")
"""The texts that come with plaincite."""

Text = Annotated[str, Field(min_length=1)]
People = Annotated[int, Field(ge=1)]


class ExplanationsError(Exception):
    """The file of explanations cannot be used; one line that says why."""


class Explanation(BaseModel):
    """One text, and of which studies it is true.

    Attributes:
        text: `{people}` in it stands for the number of people.
        source: what the text rests on.
        designs: its design is one of these; none means any.
        findings: its main finding is one of these; none means any.
        at_least: as many people took part, or more.
        fewer_than: fewer people took part.
        counted: whether one number of people is known.
        marks: it carries one of these; none means any or no mark.
        says: its cautions or the note on its design, a line each, have one of these phrases, in lower case.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Text
    source: Text
    designs: frozenset[Design] = frozenset()
    findings: frozenset[Finding] = frozenset()
    at_least: People | None = None
    fewer_than: People | None = None
    counted: bool | None = None
    marks: frozenset[MarkKind] = frozenset()
    says: tuple[Text, ...] = ()

    def fits(self, study: Study) -> bool:
        """Whether the text is true of the study; a size that is not known fits no number."""
        warnings = "\n".join(["", study.design_note or "", *study.cautions]).lower()
        return (
            (not self.designs or study.design in self.designs)
            and (not self.findings or study.finding in self.findings)
            and (not self.marks or any(mark.kind in self.marks for mark in study.marks))
            and (not self.says or any(phrase in warnings for phrase in self.says))
            and self.counted in {None, study.people is not None}
            and self._fits_size(study.people)
        )

    def _fits_size(self, people: int | None) -> bool:
        if people is None:
            return self.at_least is None and self.fewer_than is None
        return (self.at_least or 0) <= people and (self.fewer_than is None or people < self.fewer_than)


class Explanations(BaseModel):
    """The texts of a file, in the order in which they are shown, and who has reviewed them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Text
    reviewed_by: str
    reviewed_on: str
    explanations: tuple[Explanation, ...]

    @property
    def reviewed(self) -> str:
        """Who reviewed the texts and when, or that nobody has."""
        if self.reviewed_by and self.reviewed_on:
            return f"Reviewed by {self.reviewed_by} on {self.reviewed_on}"
        return UNREVIEWED


def explain(study: Study, language: Language = ENGLISH) -> tuple[str, ...]:
    """What a study like this can show: one or two plain sentences each, in a fixed order."""
    known = load_explanations().explanations
    return tuple(language.gettext(item.text, people=study.people) for item in known if item.fits(study))


@cache
def load_explanations(path: Path = EXPLANATIONS) -> Explanations:
    """The texts of a file; read once.

    Raises:
        ExplanationsError: it cannot be read, or a field is wrong.
    """
    try:
        return Explanations.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise ExplanationsError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ExplanationsError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
