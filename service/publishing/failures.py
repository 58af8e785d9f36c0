"""Failures: why a release did not come about, and what to do, in words for who ordered it."""

from corpus.errors import CorpusError, StudyFileError
from corpus.proof import Proof
from index.errors import BuildFailedError, PlainIndexError

AS_BEFORE = "Answers go on from the release before."
STOPPED = "The service was stopped before this was done. Nothing was changed; do it again."
SEE_TO_DISK = "See to the disk of the server, then do it again."


class BusyError(Exception):
    """A release is being made; the next one has to wait for it."""

    def __init__(self) -> None:
        super().__init__("Another release is being made. Wait until it answers, then do this again.")


class StoppedError(Exception):
    """The service is told to stop; what was being built is given up."""

    def __init__(self) -> None:
        super().__init__(STOPPED)


class FolderChangedError(Exception):
    """The library folder is not as it was shown to who asked."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody changed files in the library folder meanwhile, so that nothing was done. Look at the "
            "changes, then do it again."
        )


class ProbeError(Exception):
    """A new generation does not answer as it should; the text is a sentence."""


class FaultsError(Exception):
    """A summary cannot be published as it is.

    Attributes:
        proof: what is wrong with it.
    """

    def __init__(self, proof: Proof) -> None:
        self.proof = proof
        super().__init__(f"{len(proof.errors)} faults have to be mended first.")


def told(error: Exception) -> str:
    """What is said of a failure, in sentences."""
    if isinstance(error, (StoppedError, FolderChangedError)):
        return str(error)
    if isinstance(error, BuildFailedError):
        return f"{error}. {SEE_TO_DISK}"
    if isinstance(error, (CorpusError, PlainIndexError, ProbeError)):
        return f"{reason_of(error)}. {AS_BEFORE}"
    if isinstance(error, OSError):
        return f"The library folder could not be written: {reason_of(error)}. {AS_BEFORE} {SEE_TO_DISK}"
    return f"Something failed that nobody expected ({type(error).__name__}). {AS_BEFORE} See its log."


def reason_of(error: Exception) -> str:
    """What is wrong, without what to do; a study's file was read in a folder of no interest."""
    if isinstance(error, StudyFileError):
        place = f"{error.path.name}, line {error.line}" if error.line else error.path.name
        return f"{place}: {error.problem}"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error).rstrip(".")
