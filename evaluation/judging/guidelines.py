"""Guidelines: what raters go by; a pool keeps those that it began with."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

GUIDELINES = Path(__file__).with_name("guidelines.yaml")

Text = Annotated[str, Field(min_length=1)]


class Grade(BaseModel):
    """A grade with an example: a question, a text that gets this grade for it, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    grade: Annotated[int, Field(ge=0, le=3)]
    name: Text
    meaning: Text
    question: Text
    text: Text
    why: Text


class Guidelines(BaseModel):
    """How to grade.

    Attributes:
        version: changes whenever a word does that raters go by.
        task: what is to be judged.
        grades: from 0 to 3.
        rules: for what the grades leave open.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: Text
    title: Text
    task: Text
    grades: Annotated[tuple[Grade, ...], Field(min_length=4, max_length=4)]
    rules: tuple[Text, ...]


@cache
def load_guidelines() -> Guidelines:
    """Those that come along."""
    return Guidelines.model_validate(YAML(typ="safe").load(GUIDELINES.read_text(encoding="utf-8")))
