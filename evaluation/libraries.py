"""Small libraries of plain summaries, written for this project, with the questions that people ask them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evaluation.errors import InputFileError

LIBRARIES = Path(__file__).parent / "data" / "libraries"
"""One JSON file a library: sentences by study, and questions with the numbers of those that answer."""


class Asked(BaseModel):
    """A question: the numbers of the sentences that answer it, by study; none where nothing does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    answers: Mapping[str, tuple[Annotated[int, Field(ge=0)], ...]]
    kind: str = ""


class SmallLibrary(BaseModel):
    """The sentences of each study, and what is asked of them.

    Attributes:
        fold: 0 to 9; nothing is learnt from 0, and from 1 only how sure to be.
        studies: their sentences, in reading order.
        questions: what is learnt from, or measured on.
        known: what staff of such a library might write down, by writers who knew none of the questions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fold: int
    studies: Mapping[str, tuple[str, ...]]
    questions: tuple[Asked, ...]
    known: tuple[Asked, ...] = ()

    @model_validator(mode="after")
    def _match(self) -> Self:
        for asked in (*self.questions, *self.known):
            for study, numbers in asked.answers.items():
                if not all(number < len(self.studies.get(study, ())) for number in numbers):
                    raise ValueError(f"{asked.question!r}: study {study} has no sentence {max(numbers)}")
        return self

    @property
    def sentences(self) -> tuple[str, ...]:
        """Of all studies, in order."""
        return tuple(text for texts in self.studies.values() for text in texts)

    def places(self, asked: Asked) -> list[int]:
        """The places in `sentences` of those that answer a question, in order."""
        every = [(study, number) for study, texts in self.studies.items() for number in range(len(texts))]
        right = {(study, number) for study, numbers in asked.answers.items() for number in numbers}
        return [place for place, where in enumerate(every) if where in right]


def read_library(path: Path) -> SmallLibrary:
    """Reads one library.

    Raises:
        InputFileError: the file is none.
    """
    try:
        return SmallLibrary.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise InputFileError(path, error.errors()[0]["msg"]) from error
    except OSError as error:
        raise InputFileError(path, f"cannot be read: {error.strerror}") from error
