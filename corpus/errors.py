"""What can be wrong with a library of study summaries.

CorpusError
├── StudyFileError      one file, one line, one field
├── GlossaryError       the glossary file
├── KnownQuestionsError the file of known questions
├── LibraryError        the folder as a whole: missing, empty, the same study twice
└── ImportRefusedError  a record or file that no importer can read
"""

from pathlib import Path


class CorpusError(Exception):
    """The base of all errors of this room; its text is one line for the person who can mend it."""


class LibraryError(CorpusError):
    """The folder as a whole cannot be used.

    Attributes:
        folder: the folder that was read.
    """

    def __init__(self, folder: Path, problem: str) -> None:
        self.folder = folder
        super().__init__(f"{folder}: {problem}")


class StudyFileError(CorpusError):
    """One study file cannot be read.

    Attributes:
        path: the file.
        line: the line, from 1; None where no line can be told.
        field: the front matter field or section, None where the file as a whole is meant.
        problem: what is wrong and what to do, without the place.
    """

    def __init__(
        self, path: Path, problem: str, *, line: int | None = None, field: str | None = None
    ) -> None:
        self.path = path
        self.line = line
        self.field = field
        self.problem = problem
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {field}: {problem}" if field else f"{where}: {problem}")


class GlossaryError(StudyFileError):
    """The glossary cannot be read; carries the same place as a study file's error."""


class KnownQuestionsError(StudyFileError):
    """The known questions cannot be read; carries the same place as a study file's error."""


class ImportRefusedError(CorpusError):
    """A record or a whole file that cannot become a draft.

    Attributes:
        path: the file.
        record: which record of it (an identifier, or its number from 1); None for the whole file.
    """

    def __init__(self, path: Path, problem: str, *, record: str | None = None) -> None:
        self.path = path
        self.record = record
        super().__init__(f"{path}: record {record}: {problem}" if record else f"{path}: {problem}")
