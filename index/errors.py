"""What can be wrong with an index or an encoder.

PlainIndexError
├── EncoderError        the model: not there, not the one that it says it is, or of an unknown kind
├── MissingIndexError   no index has been built yet
├── StaleIndexError     an intact index, built from other summaries, by another encoder or another way
├── DamagedIndexError   a file of the index is gone or changed
├── GoneIndexError      an older generation is not on the disk any more
├── BuildRunningError   another build has the lock
└── BuildFailedError    a build could not be finished; the index from before goes on
"""

from pathlib import Path

REBUILD = "run: plaincite index build"
"""What mends a missing, stale or damaged index; ends the error's line."""


class PlainIndexError(Exception):
    """The base of all errors of this room; its text is one line for the person who can mend it."""


class EncoderError(PlainIndexError):
    """The model cannot be used."""


class MissingIndexError(PlainIndexError):
    """No index is there.

    Attributes:
        index: the folder that was looked in.
    """

    def __init__(self, index: Path) -> None:
        self.index = index
        super().__init__(f"{index}: no index has been built here; {REBUILD}")


class StaleIndexError(PlainIndexError):
    """The index is intact, but answers from it would not be those of today's summaries and encoder.

    Attributes:
        index: the folder of generations.
        reason: what differs, without the place.
    """

    def __init__(self, index: Path, reason: str) -> None:
        self.index = index
        self.reason = reason
        super().__init__(f"{index}: the index is stale: {reason}; {REBUILD}")


class DamagedIndexError(PlainIndexError):
    """A file of the index is not as it was written.

    Attributes:
        path: the file.
        problem: what is wrong with it, without the place.
    """

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(f"{path}: the index is damaged: {problem}; {REBUILD}")


class GoneIndexError(PlainIndexError):
    """An older generation is not among those that stay on the disk.

    Attributes:
        generation: its id.
    """

    def __init__(self, index: Path, generation: str) -> None:
        self.generation = generation
        super().__init__(f"{index}: the generation {generation} is not on the disk any more")


class BuildRunningError(PlainIndexError):
    """Another build is at work on the same index.

    Attributes:
        pid: the other build's process, None where it cannot be told.
    """

    def __init__(self, index: Path, pid: int | None) -> None:
        self.pid = pid
        who = f" (process {pid})" if pid else ""
        super().__init__(f"{index}: another build is running{who}; wait for it, or stop it and build again")


class BuildFailedError(PlainIndexError):
    """A build could not be finished. Nothing of it is left; the index from before stays as it was."""
