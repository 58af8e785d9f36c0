"""Baseline: what the release gate holds a release against; one JSON file, written only after a review."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evaluation.errors import InputFileError
from evaluation.lines import validation_problem
from evaluation.report import Plain

FORMAT = 1
"""Raised when the file's fields change, or when a measure of the same name begins to mean something else."""

RECORD = "after a review run: plaincite evaluate gate --write-baseline"
"""What mends a baseline that no longer fits; ends a line."""

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(_Part):
    """One measure.

    Attributes:
        low: the lower end of its 95% bootstrap interval; `high` the upper one.
        questions: how many stand behind it.
    """

    value: Share
    low: Share
    high: Share
    questions: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"the interval ends at {self.high} before it begins at {self.low}")
        return self


class Baseline(_Part):
    """A whole run of the gate.

    Attributes:
        format: FORMAT of the release that wrote it.
        questions_sha256: of the file of questions.
        settings: what else it was measured with: for people, it may differ.
        measures: by name.
    """

    format: int = FORMAT
    questions_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    settings: Mapping[str, Plain]
    measures: Annotated[Mapping[str, Figure], Field(min_length=1)]


def read_baseline(path: Path) -> Baseline:
    """Reads a baseline.

    Raises:
        InputFileError: it is missing, damaged, or of another format.
    """
    try:
        record: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputFileError(path, f"there is no baseline; {RECORD}") from error
    except OSError as error:
        raise InputFileError(path, f"it cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise InputFileError(path, f"it is damaged ({error}); take it from version control") from error
    written = record.get("format") if isinstance(record, dict) else None
    if isinstance(written, int) and written != FORMAT:
        raise InputFileError(path, f"its format is {written}, this release writes {FORMAT}; {RECORD}")
    try:
        return Baseline.model_validate(record)
    except ValidationError as error:
        problem = f"it is damaged ({validation_problem(error)}); take it from version control"
        raise InputFileError(path, problem) from error


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Writes a baseline in one step: whatever happens, the file is the old one or the new one."""
    text = json.dumps(baseline.model_dump(mode="json"), indent=1, sort_keys=False) + "\n"
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
