"""What can be wrong with the files that are measured on.

EvaluationError
├── InputFileError           a file that is missing, or one line of it
└── IncompleteRunError       a measurement that could not be finished
    └── FailedQuestionError  because of a fault that one question ran into
"""

from pathlib import Path


class EvaluationError(Exception):
    """The base of all errors of this room; its text is one line for the person who can mend it."""


class InputFileError(EvaluationError):
    """A file, or one line of it, cannot be used.

    Attributes:
        path: the file.
        line: the line, from 1; None where the file as a whole is meant.
        problem: what is wrong, without the place.
    """

    def __init__(self, path: Path, problem: str, *, line: int | None = None) -> None:
        self.path = path
        self.line = line
        self.problem = problem
        super().__init__(f"{path}:{line}: {problem}" if line else f"{path}: {problem}")


class IncompleteRunError(EvaluationError):
    """Not everything was measured, so that nothing can be said of the whole."""


class FailedQuestionError(IncompleteRunError):
    """What is measured raised an error of its own.

    Attributes:
        question_id: the question.
    """

    def __init__(self, question_id: str, error: Exception) -> None:
        self.question_id = question_id
        super().__init__(f"question {question_id} failed with {type(error).__name__}: {error}")
